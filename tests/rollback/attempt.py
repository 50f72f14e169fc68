"""One rollback with real clients, as a session does it, and what must hold however it ends."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backstop.cloudflare.api import CloudflareApi
from backstop.journal.events import Event, RollbackFinished, RollbackStarted, Witnessed
from backstop.model.errors import BackstopError
from backstop.model.target import Secret
from backstop.model.verdict import Ending
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.rollback.request import RollbackRequest, Via
from backstop.rollback.responder import Responder, Safeguards
from backstop.rollback.testimony import Confirmation
from tests.rollback.incident import Incident

PATIENCE_S = 10.0  # for the edge to follow; it does so at once unless it is told otherwise
SHORT_S = 0.5  # the same where nothing will come
ANSWER_S = 1.5  # for each answer of the API; it takes a hundredth of that
WRANGLER_S = 30.0  # for a run of wrangler; it takes one, and longer on a busy machine
CUT_OFF_S = 2.5  # the same where the API hangs
BOUND_S = 45.0  # in which each ends; one that never does is one that nobody can rely on
_OUTCOMES = {Ending.VERIFIED: "done", Ending.REFUSED: "refused", Ending.UNCONFIRMED: "unconfirmed"}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a rollback of ``run`` ended; ``head`` is the deployment that served before it.

    ``confirmation`` is None where nothing was rolled back, ``error`` where nothing was raised.
    """

    run: str
    head: str
    confirmation: Confirmation | None
    error: BackstopError | None
    events: Sequence[Event]
    guards: Safeguards
    seconds: float

    @property
    def ending(self) -> Ending:
        """The exit code that it leads to, as far as the rollback goes."""
        return self.error.ending if self.error else Ending.VERIFIED


def attempt(
    incident: Incident,
    state: Path,
    *faults: Mapping[str, Any],
    via: Via = Via.API,
    within: float = PATIENCE_S,
    begun: Callable[[str], object] = len,
) -> Ended:
    """Roll back, and settle what was cut short, while the API has these faults.

    ``begun`` is called with the run when it is about to act.
    """
    run, head = uuid.uuid4().hex[:8], str(incident.last["id"])
    incident.misbehave(*faults)
    guards, events = Safeguards.beneath(state), list[Event]()
    api = _api(incident)

    def record(event: Event) -> None:
        events.append(event)
        if isinstance(event, RollbackStarted):
            begun(run)

    began = time.monotonic()
    with api, Prober(incident.target.url) as prober:
        responder = Responder(
            run,
            incident.target,
            api,
            replace(incident.wrangler, limit=_limit(faults)),
            prober,
            guards,
            record,
            confirm_within=within,
        )
        confirmation, error = _outcome(responder, RollbackRequest("proof", via=via, fresh=True))
    seconds = time.monotonic() - began
    incident.misbehave()
    return Ended(run, head, confirmation, error, events, guards, seconds)


def _limit(faults: Sequence[Mapping[str, Any]]) -> float:
    """How long wrangler may run. Where the API does what it asks, and hangs, it must come to ask for it."""
    answers = [each["answer"] for each in faults if "hang_s" in each["answer"]]
    if any(answer.get("done") for answer in answers):
        return 2 * CUT_OFF_S
    return CUT_OFF_S if answers else WRANGLER_S


def _api(incident: Incident) -> CloudflareApi:
    target = incident.target
    token = target.cloudflare_token or Secret("none", "")
    return CloudflareApi(target.cloudflare_api, token, target.cloudflare_account, Limits(total=ANSWER_S))


def _outcome(
    responder: Responder, request: RollbackRequest
) -> tuple[Confirmation | None, BackstopError | None]:
    confirmation: Confirmation | None = None

    def roll_back() -> None:
        nonlocal confirmation
        confirmation = responder.roll_back("0-after", request)

    first, second = _raised(roll_back), _raised(responder.settle)
    assert second is None, "a rollback that ended has nothing to settle"
    return confirmation, first


def _raised(act: Callable[[], None]) -> BackstopError | None:
    try:
        act()
    except BackstopError as error:
        return error
    return None


def hold(incident: Incident, ended: Ended) -> None:
    """Assert what must be so after any rollback, by the sandbox's own account."""
    assert ended.seconds < BOUND_S
    _once(incident, ended)
    _as_said(incident, ended)
    _tidy(incident, ended)


def _once(incident: Incident, ended: Ended) -> None:
    """What was made is at most one deployment, and it bears the mark of the run."""
    newer = [each["id"] for each in incident.history()]
    newer = newer[: newer.index(ended.head)]

    assert len(newer) <= 1
    assert newer == [each["id"] for each in incident.made_by(ended.run)]


def _as_said(incident: Incident, ended: Ended) -> None:
    """Verified is said of the good version only, refused only where nothing was changed."""
    made = incident.made_by(ended.run)
    finished = [each.outcome for each in ended.events if isinstance(each, RollbackFinished)]
    witnessed = [each for each in ended.events if isinstance(each, Witnessed)]

    assert ended.ending in {*_OUTCOMES, Ending.INCONCLUSIVE}
    if ended.confirmation is not None:
        assert ended.confirmation.agreed
        assert incident.good == incident.served()
        assert 1 == len(made)
    elif ended.ending is not Ending.UNCONFIRMED:
        assert incident.bad == incident.served()
        assert [] == made
    assert all(each.found.startswith(each.wanted) for each in witnessed if each.agrees)
    assert finished in ([], [_OUTCOMES.get(ended.ending, "")])
    assert len(finished) == 1 or ended.ending is not Ending.UNCONFIRMED


def _tidy(incident: Incident, ended: Ended) -> None:
    """A note stays while it is not known what became, and nobody holds the lock."""
    target = incident.target
    note = ended.guards.notes.pending(target.name)

    assert (ended.ending is Ending.UNCONFIRMED) == (note is not None)
    assert ended.guards.locks.free(target)
