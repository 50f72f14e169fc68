"""What there is to tell of an incident: a pure function of the journal, and of a little that is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from backstop.journal.chain import seal
from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import AlertChanged
from backstop.journal.record import Record
from backstop.model.severity import Severity
from backstop.model.target import Target
from backstop.notify.occasion import Occasion
from backstop.report.text import duration
from backstop.report.versions import named, version_rows

BY_HAND = "by hand"  # in place of a session's name
_MOST_FINDINGS = 3
_SEVERITIES = {severity.value: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What a message needs that no journal holds. ``report`` is where the report will be.

    ``commands`` are the slash commands that users know. ``drill``: nothing is wrong with any bot.
    """

    report: str = ""
    commands: tuple[str, ...] = ()
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a template can say. Texts are empty where nothing is known.

    ``occasion`` is in words. ``state`` is how it stands, ``verdict`` its word at the end of a session,
    ``took`` how long it took; ``since`` and ``at`` are UTC. ``subject``, ``alert`` and ``failures`` are those
    of a monitor's alert.
    """

    occasion: str
    drill: bool
    target: str
    worker: str
    run: str
    session: str
    at: str
    since: str
    severity: str
    state: str
    verdict: str
    reason: str
    by: str
    from_version: str
    to_version: str
    took: str
    findings: tuple[str, ...]
    next_step: str
    report: str
    seal: str
    commands: tuple[str, ...]
    subject: str = ""
    alert: str = ""
    failures: int = 0

    @property
    def weight(self) -> Severity:
        """The severity as a value; none where it was not assessed."""
        return _SEVERITIES.get(self.severity, Severity.NONE)

    def members(self) -> dict[str, Any]:
        """By name, as templates are given it."""
        return asdict(self)


def story(
    records: Sequence[Record], occasion: Occasion, backdrop: Backdrop, alert: AlertChanged | None = None
) -> Story:
    """What there is to tell, after these records."""
    found = conclude(records)
    header, rows = found.facts.header, version_rows(found.facts)
    ended = occasion in _ENDS
    return Story(
        occasion=occasion.value,
        drill=backdrop.drill,
        target=found.target,
        worker=found.worker,
        run=found.run,
        session=found.session.replace("_", " "),
        at=_clock(records[-1].at) if records else "",
        since=alert.since if alert else _since(found),
        severity=alert.severity if alert else _severity(found),
        state=found.headline if ended else _UNDER_WAY.get(occasion, ""),
        verdict=found.verdict.value if ended else "",
        reason=_reason(found),
        by=header.by if header else "",
        from_version=named(rows, found.from_version) if found.from_version else "",
        to_version=named(rows, found.to_version) if found.to_version else "",
        took=_took(found) if ended else "",
        findings=found.reasons[:_MOST_FINDINGS] if ended else (),
        next_step=found.next_step if ended else "",
        report=backdrop.report,
        seal=seal(records),
        commands=backdrop.commands,
        subject=alert.subject if alert else "",
        alert=alert.text if alert else "",
        failures=alert.failures if alert else 0,
    )


def closed_by_hand(target: Target, run: str, reason: str, by: str, backdrop: Backdrop) -> Story:
    """What there is to tell where somebody says that the incident of ``run`` is over; nothing was checked."""
    return Story(
        occasion=Occasion.RESOLVED.value,
        drill=backdrop.drill,
        target=target.name,
        worker=target.worker,
        run=run,
        session=BY_HAND,
        at=_clock(datetime.now(UTC)),
        since="",
        severity="",
        state="closed by hand, which no session has checked",
        verdict="",
        reason=reason,
        by=by,
        from_version="",
        to_version="",
        took="",
        findings=(),
        next_step="",
        report="",
        seal="",
        commands=backdrop.commands,
    )


_ENDS = frozenset({Occasion.COMPLETED, Occasion.FAILED, Occasion.RESOLVED, Occasion.DRILL_ENDED})
_UNDER_WAY = {
    Occasion.INITIATED: "in progress",
    Occasion.ROLLED_BACK: "the older version serves; being checked",
    Occasion.DRILL_BEGUN: "in progress",
}


def _severity(found: Conclusion) -> str:
    return found.severity.value if found.severity is not Severity.NONE else ""


def _reason(found: Conclusion) -> str:
    started = [rollback.started.reason for rollback in found.facts.rollbacks]
    header = found.facts.header
    return (header.reason if header else "") or (started[-1] if started else "")


def _since(found: Conclusion) -> str:
    """When the rollback began, or else the session."""
    lines = [rollback.line for rollback in found.facts.rollbacks] or [0]
    at = next((record.at for record in found.facts.records if record.n == lines[0]), None)
    return _clock(at) if at else ""


def _took(found: Conclusion) -> str:
    """How long until the older version was verified, else the whole session."""
    seconds = found.timings.get("verified_s", found.timings["session_s"])
    return duration(seconds)


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
