"""Journals as real sessions leave them, made without any I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from backstop.journal.events import (
    CheckFinished,
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    Problem,
    RollbackFinished,
    RollbackStarted,
    Said,
    ScenarioDeclared,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
    TargetResolved,
    VersionSeen,
    Witnessed,
)
from backstop.journal.record import Record
from tests.unit.sample_checks import CHECKS, SCENARIOS, Sample

GOOD = "6f1c2b0e-5a77-4f0c-9e0b-8f6a1d0c4b21"
FAULTS = (
    "71570803-d6b0-4a51-b97f-42fadb8da7e1",
    "b3d5c9aa-0a42-4d11-8c1f-2f1b7f6f1d02",
    "c0ffee11-7b0d-4e8e-a1f5-93f0a1b2c3d4",
)
BEGAN = datetime(2026, 11, 23, 3, 12, 31, 250_000, UTC)
TOOLS = {
    "backstop": "0.1.0",
    "Python": "3.11.7",
    "pytest": "9.2.0",
    "Node": "24.11.0",
    "wrangler": "4.153.0",
    "workerd": "1.20261023.1",
    "system": "Linux 6.1 x86_64",
}


@dataclass
class Tape:
    """Collects events; ``t`` moves on by what each is said to take."""

    t: float = 0.0
    records: list[Record] = field(default_factory=list)

    def say(self, event: Event, after: float = 0.02) -> None:
        """Append an event ``after`` seconds."""
        self.t = round(self.t + after, 6)
        self.records.append(Record(len(self.records), BEGAN + timedelta(seconds=self.t), self.t, event))


def numbered(events: Iterable[Event]) -> tuple[Record, ...]:
    """Records of these events, a tenth of a second apart."""
    tape = Tape(t=-0.1)
    for event in events:
        tape.say(event, 0.1)
    return tuple(tape.records)


def _finished(
    sample: Sample, stage: str, scenario: str = "", *, red: bool = False, **other: object
) -> CheckFinished:
    members = {
        "check": sample.id,
        "title": sample.title,
        "suite": sample.id.partition(".")[0],
        "severity": sample.severity,
        "stage": stage,
        "outcome": "fail" if red else "pass",
        "message": sample.red if red else "",
        "scenario": scenario,
        "step": sample.step,
        "expected_red": red,
        "seconds": 0.02,
    }
    return CheckFinished(**(members | other))  # type: ignore[arg-type]


def _stage_checks(tape: Tape, stage: str, scenario: str = "", notices: tuple[str, ...] = ()) -> int:
    for sample in CHECKS:
        took = 0.19 if sample.id.startswith("latency") else 0.018
        tape.say(_finished(sample, stage, scenario, red=sample.id in notices, seconds=took), took)
    return len(CHECKS)


def drill() -> tuple[Record, ...]:
    """A drill of three scenarios in the sandbox, all as declared."""
    tape = Tape()
    tape.say(
        SessionStarted(
            run="20261123T031231Z-drill-local",
            session="drill",
            target="local",
            worker="reference-bot",
            url="",
            command=("pytest", "-m", "drill"),
            mutates="deploys three faults to reference-bot, and rolls each back",
            tools=TOOLS,
        ),
        0,
    )
    for name, title, fault, changes, notices, severity in SCENARIOS:
        tape.say(ScenarioDeclared(name, title, fault, changes, notices, severity, "done"), 0.001)
    planned = _first_stage(tape)
    for index, (scenario, fault) in enumerate(zip(SCENARIOS, FAULTS, strict=True)):
        planned += _scenario(tape, index, scenario, fault)
    tape.say(SessionFinished(planned, round(tape.t + 0.21, 3)), 0.21)
    return tuple(tape.records)


def _first_stage(tape: Tape) -> int:
    tape.say(StageStarted("0-good", "good"), 0.01)
    tape.say(Said("starting the sandbox …"), 0.01)
    tape.say(TargetResolved("reference-bot", "http://127.0.0.1:41873"), 2.41)
    tape.say(
        VersionSeen(
            GOOD, "good", 1, "v1.4.2", "Answer /register faster", "local@sandbox", "2026-11-23T03:12:33Z"
        )
    )
    tape.say(StageReady("0-good", GOOD, 2.45))
    return _stage_checks(tape, "0-good")


def _scenario(
    tape: Tape, index: int, scenario: tuple[str, str, str, str, tuple[str, ...], str], version: str
) -> int:
    name, title, fault, _, notices, _ = scenario
    broken, mended, mutation = (
        f"{2 * index + 1}-fault-{name}",
        f"{2 * index + 2}-good-{name}",
        f"m{index + 1}",
    )
    tape.say(StageStarted(broken, "fault", name), 0.004)
    tape.say(Said(f"{title}: deploying the bot under {fault} …"), 0.001)
    tape.say(
        MutationArmed(mutation, f"deploy the bot under {fault} to reference-bot", f"deploy {GOOD} at 100 %")
    )
    tape.say(VersionSeen(version, "fault", index + 2, fault, f"drill: {fault}", "local@sandbox", ""), 1.1)
    tape.say(Witnessed(broken, "api", True, version, version), 0.15)
    tape.say(Witnessed(broken, "edge", True, version, version), 0.06)
    tape.say(MutationDone(mutation, True, f"{version} serves"), 0.001)
    tape.say(StageReady(broken, version, 1.34), 0.001)
    planned = _stage_checks(tape, broken, name, notices)
    tape.say(StageStarted(mended, "good", name), 0.004)
    why = "it served before the fault was deployed"
    tape.say(RollbackStarted(mended, version, GOOD, f"drill {name}", why, name), 0.001)
    tape.say(Witnessed(mended, "command", True, GOOD, GOOD), 1.32 + 0.1 * index)
    tape.say(Witnessed(mended, "api", True, GOOD, GOOD), 0.03)
    tape.say(Witnessed(mended, "edge", True, GOOD, GOOD), 0.12)
    timings = {
        "command": 1.32 + 0.1 * index,
        "api_active": 1.35 + 0.1 * index,
        "first_correct": 1.38 + 0.1 * index,
        "serving": 1.47 + 0.1 * index,
    }
    tape.say(RollbackFinished(mended, "done", timings, "", name), 0.001)
    tape.say(MutationUndone(mutation, "three witnesses say that the good version serves"), 0.001)
    tape.say(Said("old version serving everywhere we look; validating …"), 0.001)
    tape.say(StageReady(mended, GOOD, 1.48 + 0.1 * index), 0.001)
    return planned + _stage_checks(tape, mended, name)


def failed_post_rollback() -> tuple[Record, ...]:
    """A rollback of production that did not heal it: hostile text, a degraded and accepted findings."""
    tape = Tape()
    old, new = GOOD, FAULTS[0]
    tape.say(
        SessionStarted(
            run="20261123T031231Z-post_rollback-prod",
            session="post_rollback",
            target="prod",
            worker="beluga",
            url="https://beluga.example.workers.dev",
            reason="commands time out since 03:05 <b>all guilds</b>",
            command=(
                "pytest",
                "-m",
                "post_rollback",
                "--target",
                "prod",
                "--rollback",
                "--reason",
                "commands time out",
            ),
            mutates="rolls beluga back",
            tools=TOOLS,
        ),
        0,
    )
    tape.say(
        VersionSeen(
            new, "from", 42, "v2.0.0", "Rewrite of /register", "ada@example.com", "2026-11-23T03:01:12Z"
        )
    )
    tape.say(VersionSeen(old, "to", 41, "v1.9.3", "Fix typo", "grace@example.com", "2026-11-20T10:44:00Z"))
    tape.say(StageStarted("0-live", "live"))
    tape.say(MutationArmed("m1", "roll beluga back to v1.9.3", f"deploy {new} at 100 %"))
    why = "the last version that was verified here"
    tape.say(RollbackStarted("0-live", new, old, "commands time out", why))
    tape.say(MutationDone("m1", True, "wrangler rollback ended with exit code 0"), 4.31)
    tape.say(Witnessed("0-live", "command", True, old, old))
    tape.say(Witnessed("0-live", "api", True, old, old), 0.42)
    tape.say(Witnessed("0-live", "edge", True, old, old), 7.8)
    timings = {"command": 4.31, "api_active": 4.75, "first_correct": 8.02, "serving": 12.6}
    tape.say(RollbackFinished("0-live", "done", timings))
    tape.say(StageReady("0-live", old, 12.8))
    count = 0
    for event in _wounded("0-live"):
        tape.say(event, event.seconds)
        count += 1
    tape.say(SessionFinished(count, round(tape.t + 0.3, 3)), 0.3)
    return tuple(tape.records)


def _wounded(stage: str) -> Iterator[CheckFinished]:
    hostile = (
        "body: \x1b[31mTypeError\x1b[0m at <script>alert(1)</script> \u202edesrever\u202c \x00 **bold** | `x`"
    )
    for sample in CHECKS:
        other: dict[str, object] = {"seconds": 0.31}
        if sample.id == "discord.command.register":
            other |= {
                "outcome": "fail",
                "seconds": 3.02,
                "message": "POST / (command register, signed) → no answer within 3.0 s, wanted type 4\n  "
                + hostile,
            }
        if sample.id == "health.fresh":
            other |= {
                "outcome": "degraded",
                "message": "held after a retry: first answer was 74 s old, wanted ≤ 60 s",
            }
        if sample.id == "security.headers.method":
            other |= {
                "outcome": "accepted",
                "message": "x-frame-options missing; accepted: the bot serves no pages",
            }
        if sample.id == "discord.signed.ping":
            other |= {"outcome": "accepted", "message": "no signing key; accepted: Discord holds the key"}
        if sample.id == "latency.health":
            other |= {
                "outcome": "inconclusive",
                "seconds": 4.2,
                "message": "11 of 20 samples were lost on our side; the control probe was slow too",
            }
        if sample.id == "health.environment":
            other |= {"outcome": "n/a", "message": "the target declares no environment"}
        yield _finished(sample, stage, **other)  # type: ignore[arg-type]


def refused() -> tuple[Record, ...]:
    """A rollback that the plan refused: nothing was changed and nothing was checked."""
    tape = Tape()
    tape.say(
        SessionStarted(
            run="20261123T031231Z-post_rollback-staging",
            session="post_rollback",
            target="staging",
            worker="beluga-staging",
            url="https://beluga-staging.example.workers.dev",
            reason="bad deploy",
            command=("pytest", "-m", "post_rollback", "--target", "staging", "--rollback"),
            tools=TOOLS,
        ),
        0,
    )
    tape.say(
        VersionSeen(
            FAULTS[0], "from", 42, "v2.0.0", "Rewrite of /register", "ada@example.com", "2026-11-23T03:01:12Z"
        )
    )
    tape.say(StageStarted("0-live", "live"))
    tape.say(RollbackStarted("0-live", FAULTS[0], "", "bad deploy", "no earlier version was at 100 %"), 0.8)
    tape.say(RollbackFinished("0-live", "refused", {}, "there is no earlier version to go back to"))
    tape.say(
        Problem(
            21,
            "there is no earlier version of beluga-staging to go back to",
            "deploy a good build: wrangler deploy --env staging",
            "0-live",
        )
    )
    tape.say(SessionFinished(16, 1.1), 0.3)
    return tuple(tape.records)
