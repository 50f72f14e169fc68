"""Journals and channels for tests of what people are told."""

from __future__ import annotations

from pathlib import Path

from backstop.journal.events import (
    CheckFinished,
    Event,
    RollbackFinished,
    RollbackStarted,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
    TargetResolved,
    VersionSeen,
)
from backstop.journal.record import Record
from backstop.model.target import Secret, Statuspage, Webhook
from backstop.notify.discord import Discord
from backstop.notify.notifier import Letter
from backstop.notify.occasion import Occasion
from backstop.notify.slack import Slack
from backstop.notify.statuspage import Statuspage as StatuspageNotifier
from backstop.notify.texts import Words
from tests.unit.samples import numbered

OLD, NEW = "6f1c2b0e-5a77-4f0c-9e0b-8f6a1d0c4b21", "71570803-d6b0-4a51-b97f-42fadb8da7e1"
HOOK = "/services/T024BE7LD/B024BE7LH/k3J9sQ0wLm3N5pR7tV9yB2dF"
WEBHOOK = "/webhooks/1300000000000000001/k3J9sQ-0wLm3N5pR7tV9yB2dF"
KEY = "89a229ce1a8dbcf9ff30430fbe35eb4c"
NOTHING = Path("/nowhere")


def rolled_back(
    reason: str = "commands time out",
    message: str = "Rewrite of /register",
    *,
    outcome: str = "pass",
    done: str = "done",
    session: str = "post_rollback",
) -> tuple[Record, ...]:
    """A rollback of beluga from v2.0.0 to v1.9.3, with one check after it."""
    events: list[Event] = [
        SessionStarted(
            run="3acaa75a",
            session=session,
            target="prod",
            worker="beluga",
            url="https://beluga.example.workers.dev",
            command=("pytest", "-m", session),
            reason=reason,
            mutates="rolls beluga back",
            by="ada",
        ),
        StageStarted("0-after", "after"),
        TargetResolved("beluga", "https://beluga.example.workers.dev"),
        VersionSeen(NEW, "from", 42, "v2.0.0", message, "ada@example.com", "2026-11-23T03:01:12Z"),
        VersionSeen(OLD, "to", 41, "v1.9.3", "Answer faster", "ada@example.com", "2026-11-20T03:01:12Z"),
        RollbackStarted("0-after", NEW, OLD, reason, "the last version that was verified here"),
        RollbackFinished("0-after", done, {"command": 0.1}),
        StageReady("0-after", OLD, 0.2),
        CheckFinished("health.status", "It is well", "health", "critical", "0-after", outcome, ""),
    ]
    return numbered(events)


def ended(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """The journal with its last line."""
    last = records[-1]
    return (*records, Record(last.n + 1, last.at, last.t, SessionFinished(1, 1.0)))


def slack(url: str) -> Slack:
    """A webhook of Slack's at this address."""
    return Slack(Webhook("SLACK", Secret("SLACK", url + HOOK)))


def discord(url: str) -> Discord:
    """A webhook of Discord's at this address."""
    return Discord(Webhook("DISCORD", Secret("DISCORD", url + WEBHOOK)))


def statuspage(url: str) -> StatuspageNotifier:
    """A page at this address."""
    return StatuspageNotifier(Statuspage("p1", "c1", "KEY", Secret("KEY", KEY), url))


def letter(occasion: Occasion = Occasion.INITIATED, title: str = "title", text: str = "text") -> Letter:
    """A message on its way."""
    return Letter(occasion, Words(title, text))
