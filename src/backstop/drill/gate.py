"""What must hold before a drill changes anything; where it does not, the drill is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.drill.cost import Cost, expected_cost
from backstop.model.drill_rules import MONTH_MIN
from backstop.model.errors import CouldNotLook, Refused, Unconfirmed
from backstop.model.http import NoAnswer
from backstop.model.scenario import Scenario
from backstop.model.target import Target
from backstop.model.version import Deployment, VersionId
from backstop.place import Place
from backstop.probes.hurdles import blocked
from backstop.probes.plain import plain_request
from backstop.probes.prober import SERVER_ERROR
from backstop.rollback.address import see_that_it_leads_there
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import mark_of
from backstop.root import set_up

_MOST_NAMED = 5
_LOOKS = 3  # a tail may take its time
_SHOW_IT = (
    "correct url or worker of this target; or have the bot show its version, or let the token read its tail"
)
_BESIDE = ", and how long it took them to deploy and to look at the good version"


def refuse_by_rules(
    target: Target,
    scenarios: Sequence[Scenario],
    now: datetime,
    took: Mapping[str, float],
    beside: float = 0.0,
) -> None:
    """Raise Refused for a protected target, in an exclusion window, or where it would cost too much.

    ``took`` are seconds from fault to verified in earlier drills, by scenario; ``beside`` is how many more
    each scenario took, before its fault served and after it was verified.
    """
    if target.protected:
        message = f"{target.name} is protected: it is never drilled"
        raise Refused(message, remedy="drill staging, or the same project with sandbox = true")
    cost, left = expected_cost(scenarios, took), _error_budget(target)
    _refuse_in_a_window(target, now, cost, beside * len(scenarios) / 60)
    if left is not None and cost.minutes > left:
        message = (
            f"this drill may cost {cost.minutes:.1f} minutes of service, and the error budget is {left:g} "
            f"(counted: {cost.told})"
        )
        raise Refused(message, remedy="drill fewer with --scenario NAME, or raise drills.error_budget")


def refuse_twin(target: Target, twin: str) -> None:
    """Raise Refused where a protected target, named ``twin``, is the same worker or has the same address."""
    if twin:
        message = f"{target.name} is not drilled: {twin}, which is protected, has its worker, or its address"
        remedy = f"see that {target.name} is a worker of its own: wrangler_env or worker, and url"
        raise Refused(message, remedy=remedy)


def _refuse_in_a_window(target: Target, now: datetime, cost: Cost, beside: float) -> None:
    """Also where it is not over before a window begins: ``beside`` are minutes that cost no service."""
    zone = target.drills.timezone or "UTC"
    if found := target.drills.forbid(now):
        message = f"{target.name} is not drilled in {found[0]} ({zone}), and that is now"
        raise Refused(message, remedy="drill it later, or the same project with sandbox = true")
    minutes = cost.minutes + beside
    if found := target.drills.forbid(now, minutes):
        message = (
            f"{target.name} is not drilled in {found[0]} ({zone}); that begins at {found[1]:%H:%M}, and this "
            f"drill may take {minutes:.1f} minutes (counted: {cost.told}{_BESIDE if beside else ''})"
        )
        raise Refused(message, remedy="drill it later, or fewer with --scenario NAME")


def see_that_no_window_has_begun(target: Target, now: datetime) -> None:
    """Before each fault: raise CouldNotLook where an exclusion window began while the drill took its time."""
    if found := target.drills.forbid(now):
        zone = target.drills.timezone or "UTC"
        message = f"{found[0]} ({zone}), in which {target.name} is not drilled, has begun: no more faults"
        raise CouldNotLook(message, remedy="drill what was not reached later, with --scenario NAME")


def _error_budget(target: Target) -> float | None:
    """Minutes; a sandbox has no month that anything could be spent of, unless it states one."""
    return target.drills.error_budget or (None if target.sandbox else MONTH_MIN)


def what_a_drill_needs(place: Place) -> tuple[CloudflareApi, Wrangler]:
    """The two that a drill changes things with. Raises CouldNotLook where one of them is not there."""
    if place.api is None:
        raise place.unreadable
    if place.wrangler is None:
        message = f"{place.target.name} can't be drilled: that needs a project, wrangler and Node"
        raise CouldNotLook(message, remedy=f"set project for this target; {set_up()}")
    return place.api, place.wrangler


def refuse_split(target: Target, head: Deployment) -> None:
    """Raise Refused where more than one version is deployed, if only staged: both of ours end with one."""
    if head.alone is None:
        what = "has a version staged" if head.only_version else "is split"
        message = f"{target.worker} {what} ({head.shown}); drills and rehearsals start from one version"
        raise Refused(message, remedy="finish that deployment first: wrangler versions deploy ID@100")


def refuse_unless_it_answers(place: Place) -> None:
    """Ask the bot once more than needed. Raises Refused where it is down or blocked before the start.

    CouldNotLook where our own network is what does not work.
    """
    target = place.target
    request = plain_request(target)
    url, result = request.url, place.prober.ask_twice(request)[-1].result
    if isinstance(result, NoAnswer):
        found = f"no answer ({result.silence.value}: {result.detail})"
        if not place.control.answers():
            message = f"{url}: {found}, and an independent address does not answer either"
            raise CouldNotLook(message, remedy="look at this machine's own network first")
        raise _down(target, url, found)
    if hurdle := blocked(result):
        message = f"{target.name} is blocked before the drill: {hurdle.what} answers at {url}"
        raise Refused(message, remedy=hurdle.remedy)
    if result.status >= SERVER_ERROR:
        raise _down(target, url, f"HTTP {result.status}")


def refuse_another_worker(place: Place, api: CloudflareApi) -> None:
    """Raise Refused unless the target's address is seen to lead to its worker.

    Else another one would be looked at, and this one be broken unseen. Where nothing shows which version
    answers, no drill could be confirmed either.
    """
    target = place.target
    if target.sandbox:
        return
    why = ""
    known = {version.id for version in api.versions(target.worker)}
    known |= set(api.deployments(target.worker)[0].versions)  # it may be older than those that are listed
    with EdgeWitness(target, place.prober, api, known) as edge:
        for _ in range(_LOOKS):
            why = see_that_it_leads_there(target, api, edge)
            if not why:
                return
    message = f"{why}; a drill would break {target.worker} unseen"
    raise Refused(message, remedy=_SHOW_IT)


def refuse_unsteady(red: Sequence[str]) -> None:
    """Raise Refused where checks failed before anything was changed. ``red`` are their ids."""
    if not red:
        return
    more = f" and {len(red) - _MOST_NAMED} more" if len(red) > _MOST_NAMED else ""
    named = ", ".join(red[:_MOST_NAMED]) + more
    message = f"the bot is not well before the drill, and nothing was changed: {named} failed"
    raise Refused(message, remedy="mend it first: a fault can't be told from what is wrong already")


def _down(target: Target, url: str, found: str) -> Refused:
    message = f"{target.name} is down before the drill: {url} gives {found}"
    return Refused(message, remedy=f"bring it up first; what is wrong: pytest --target {target.name}")


def refuse_foreign(head: Deployment, ours: VersionId, *, changed: bool) -> None:
    """Raise where something else than ours is deployed: Refused before the first change, else Unconfirmed."""
    if head.only_version == ours:
        return
    message = f"{head.author or 'somebody'} deployed {head.shown} in the middle of the drill"
    remedy = "it is left as it is; agree on a time, and drill again"
    if not changed:
        raise Refused(f"{message}; the drill had changed nothing", remedy=remedy)
    raise Unconfirmed(message, remedy=remedy)


def refuse_between(history: Sequence[Deployment], before: str, run: str) -> None:
    """Raise Unconfirmed where anybody but this run has deployed since the deployment ``before`` (its id).

    ``history`` is newest first. A command takes seconds: what came meanwhile, ours may have gone over.
    """
    remedy = "look at `wrangler deployments list`, and deploy that again if it is wanted; drill again later"
    ids = [entry.id for entry in history]
    if before not in ids:
        message = "the history no longer shows what was deployed before, nor whether anybody deployed since"
        raise Unconfirmed(message, remedy=remedy)
    for entry in history[: ids.index(before)]:
        mark = mark_of(entry.message)
        if mark is None or mark.run != run:
            by = entry.author or "somebody"
            message = f"{by} deployed {entry.shown} in the middle of the drill, while it deployed itself"
            over = "" if entry is history[0] else f"; {history[0].shown} went over it"
            raise Unconfirmed(message + over, remedy=remedy)
