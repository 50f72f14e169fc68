"""The steps of ``backstop init``: read, build, deploy into the sandbox, ask, look once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from backstop.discord.signer import Signer
from backstop.journal.conclusion import Conclusion
from backstop.model.errors import BackstopError
from backstop.model.scenario import Scenario
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome
from backstop.onboard import commands
from backstop.onboard.build import bundle
from backstop.onboard.deployment import deployed, trial_file, with_stubs
from backstop.onboard.draft import TARGET, Draft
from backstop.onboard.findings import Finding, findings_of, light
from backstop.onboard.health import HealthFound, find_health
from backstop.onboard.interactions import InteractionsFound, find_interactions
from backstop.onboard.needs import needs_of
from backstop.onboard.paths import beneath, health_paths, interactions_paths
from backstop.onboard.session import look
from backstop.onboard.survey import survey
from backstop.place import Place
from backstop.provision import Say

Deploy = Callable[[Draft], AbstractContextManager[Place]]
DAYS = 90  # for which a finding is accepted, when nobody says for how long
_TRIES = 3  # deployments, each with what the one before wanted stubbed
REASON = "to fill in: why this is fine"


@dataclass(frozen=True, slots=True)
class Onboarded:
    """A draft with what its first session found. ``open`` are the findings that it does not accept."""

    draft: Draft
    first: Conclusion
    open: tuple[Finding, ...]

    def can_show(self, scenario: Scenario) -> bool:
        """Whether this bot can be seen to break so: what must notice it holds today, or does not apply.

        What is left must weigh as much as the scenario does.
        """
        wrong = {each.check for each in findings_of(self.first.checks)}
        notices = [check for check in self.first.checks if check.check in scenario.notices]
        held = [check.severity for check in notices if check.outcome in {Outcome.PASS, Outcome.DEGRADED}]
        heaviest = max(held, default=Severity.NONE)
        return wrong.isdisjoint(scenario.notices) and not heaviest < scenario.severity


def onboard(config: Path, env_name: str, reports: Path, today: date, say: Say) -> Onboarded:
    """Find out what a targets file must say of the bot with this wrangler config.

    Raises UsageError for a project that can't be used, BotRejected for a bot that does not start.
    """
    say(f"reading {config} …")
    found = survey(config, env_name)
    say(f"building {found.project.name} with real wrangler …")
    code = bundle(found.project)
    draft = Draft(found, needs_of(found, code))
    say(f"deploying {found.project.name} into the sandbox with real wrangler …")
    with standing(draft, say) as (deployable, place):
        say("asking it where it is well, and where it takes interactions …")
        draft = probed(deployable, place, code)
    say("running every check once …")
    with trial_file(draft) as path:
        first = look(path, TARGET, reports)
    findings = findings_of(first.checks, first.url)
    accepted = light(findings) if draft.takes_interactions else ()
    entries = tuple(each.entry(REASON, today + timedelta(days=DAYS)) for each in accepted)
    rest = tuple(each for each in findings if each not in accepted)
    return Onboarded(replace(draft, accept=entries), first, rest)


@contextmanager
def standing(draft: Draft, say: Say, deploy: Deploy = deployed) -> Iterator[tuple[Draft, Place]]:
    """The bot deployed, with stubs for the bindings that the sandbox names as unserved."""
    with ExitStack() as stack:
        for left in reversed(range(_TRIES)):
            try:
                place = stack.enter_context(deploy(draft))
                break
            except BackstopError as error:
                more = with_stubs(draft, error)
                if more is None or not left:
                    raise
                say(f"the sandbox does not serve {', '.join(more.stub)}: once more, with stubs …")
                draft = more
        yield draft, place


def probed(draft: Draft, place: Place, code: str) -> Draft:
    """The draft with what the bot answers."""
    draft = replace(draft, health=_health(place, code))
    if place.signer is None:
        return draft
    application = place.target.discord_application_id
    found = _interactions(place, place.signer, code)
    draft = replace(draft, interactions=found)
    if not found.path:
        return draft
    mentioned = commands.candidates(draft.survey.project.directory)
    used = commands.find_commands(place.prober, place.signer, application, found.path, mentioned)
    return replace(draft, commands=used, mentioned=tuple(each.name for each in mentioned))


def _health(place: Place, code: str) -> HealthFound:
    """What the usual paths say; beneath the bases that the code names where none of them is there for it."""
    found, further = find_health(place.prober, health_paths(code)), beneath(code, health_paths(code))
    if not further or _is_its_own(found):
        return found
    deeper = find_health(place.prober, ("/", *further))
    return deeper if _is_its_own(deeper) else found


def _is_its_own(found: HealthFound) -> bool:
    return found.expectation is not None and found.expectation.path != "/"


def _interactions(place: Place, signer: Signer, code: str) -> InteractionsFound:
    """Where the usual paths take interactions; beneath the bases that the code names where none does."""
    paths, application = interactions_paths(code), place.target.discord_application_id
    found, further = find_interactions(place.prober, signer, application, paths), beneath(code, paths)
    if not further or found.path:
        return found
    deeper = find_interactions(place.prober, signer, application, further)
    return deeper if deeper.path else found
