"""A journal with all kinds of evidence: a bad deploy that was rolled back, and what was seen and measured."""

from __future__ import annotations

from dataclasses import replace

from backstop.journal.events import (
    AvailabilitySeen,
    CheckFinished,
    ErrorRateSeen,
    Event,
    ExchangeSeen,
    HeadersSeen,
    LatencyCompared,
    LatencySampled,
    MutationArmed,
    MutationDone,
    RollbackFinished,
    RollbackPlanned,
    RollbackStarted,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
    TailExcerpt,
    TailWatched,
    ToolsSeen,
    VersionSeen,
    Witnessed,
)
from backstop.journal.record import Record
from tests.unit.samples import FAULTS, GOOD, TOOLS, Tape, numbered

BAD = FAULTS[0]
LIVE, AFTER = "0-live", "1-after"
URL = "https://beluga.example.workers.dev/"
HEADERS = {
    "Content-Type": "application/json",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Frame-Options": "DENY",
    "CF-RAY": "8f0000000000a1b2-FRA",
    "Date": "Mon, 23 Nov 2026 03:12:41 GMT",
}
_WARM = (
    41.2,
    38.9,
    44.0,
    39.7,
    52.3,
    40.1,
    43.6,
    38.2,
    61.9,
    42.4,
    40.8,
    39.5,
    47.7,
    41.9,
    40.0,
    58.8,
    43.1,
    39.9,
)


def evidenced(text: str = "") -> tuple[Record, ...]:
    """The journal. ``text`` is put wherever somebody else's text may stand."""
    tape = Tape()
    _begin(tape, text)
    _stage(tape, LIVE, BAD, text)
    tape.say(
        _check(
            "health.status", LIVE, "fail", f"GET {URL}: found 503{text}, wanted 200\n  → read the log", "x1"
        )
    )
    tape.say(_check("health.healthy", LIVE, "fail", f"found {{}}, wanted healthy{text}", "x1"))
    tape.say(_check("discord.ping", LIVE, "pass"), 0.3)
    _roll_back(tape, text)
    _stage(tape, AFTER, GOOD, text)
    for name in ("health.status", "health.healthy", "discord.ping"):
        tape.say(_check(name, AFTER, "pass"), 0.2)
    tape.say(_check("security.grade", AFTER, "degraded", f"grade B{text}", "x2"))
    tape.say(AvailabilitySeen(LIVE, 30, 7, 7.0, 5.0, 1.0, 1))
    tape.say(
        LatencyCompared(
            AFTER, BAD, GOOD, "baseline", "fine", f"the old version is not slower{text}", 20, 0.91, 0.84, 0.99
        )
    )
    tape.say(SessionFinished(7, round(tape.t + 0.2, 3)), 0.2)
    return tuple(tape.records)


def many_stages(count: int) -> tuple[Record, ...]:
    """A journal of so many stages: one check passes in all of them, one fails in the fifth."""
    events: list[Event] = []
    for number in range(count):
        stage, outcome = f"{number}-live", "fail" if number == 4 else "pass"
        message = "found 1, wanted 2" if number == 4 else ""
        events.append(StageStarted(stage, "live"))
        events.append(CheckFinished("a.same", "It stays", "a", "low", stage, "pass"))
        events.append(CheckFinished("a.other", "It does not", "a", "low", stage, outcome, message))
    return numbered(events)


def _begin(tape: Tape, text: str) -> None:
    started = SessionStarted(
        run="4f1c2b0e",
        session="post_deploy",
        target="prod",
        worker="beluga",
        url=URL,
        command=("pytest", "-m", "post_deploy", "--target", "prod", f"--reason={text or 'deploy'}"),
        reason=f"commands time out since 03:05{text}",
        mutates="rolls beluga back if it is found to be broken",
        tools=TOOLS,
        by="ada@bridge",
    )
    tape.say(started, 0)
    tape.say(
        VersionSeen(
            BAD,
            "from",
            42,
            f"v2.0.0{text}",
            f"Rewrite{text}",
            f"ada@example.com{text}",
            "2026-11-23T03:01:12Z",
        )
    )
    tape.say(VersionSeen(GOOD, "to", 41, "v1.9.3", "Fix typo", "grace@example.com", "2026-11-20T10:44:00Z"))
    tape.say(ToolsSeen({"wrangler": "4.153.0", "OpenSSL": f"3.0.19{text}"}))


def _stage(tape: Tape, stage: str, version: str, text: str) -> None:
    bad = version == BAD
    tape.say(StageStarted(stage, "live" if bad else "after"))
    headers = (
        HEADERS
        if not bad
        else {n: v for n, v in HEADERS.items() if n != "X-Frame-Options"} | {"X-Debug": f"1{text}"}
    )
    tape.say(StageReady(stage, version, 0.4), 0.4)
    tape.say(HeadersSeen(stage, version, f"GET {URL}", 503 if bad else 200, headers))
    tape.say(TailWatched(stage, 52, 3 if bad else 0, 1))
    outcome, thrown = ("exception", (f"TypeError: x is undefined{text}",)) if bad else ("ok", ())
    tape.say(
        TailExcerpt(
            stage,
            "2026-11-23T03:12:41.000+00:00",
            version,
            f"GET {URL}",
            outcome,
            503 if bad else 200,
            "probe",
            (f'{{"level":"info"}}{text}',),
            thrown,
        )
    )
    tape.say(_exchange("x1" if bad else "x2", stage, text))
    slow = 9.0 if bad else 1.0
    tape.say(
        LatencySampled(stage, version, f"GET /{text}", tuple(v * slow for v in _WARM), (120.0 * slow, 131.5))
    )
    tape.say(
        ErrorRateSeen(
            stage, "probes", 60, 28 if bad else 0, 0.34 if bad else 0, 0.6 if bad else 0.0487, 2, version
        )
    )


def _exchange(name: str, stage: str, text: str) -> ExchangeSeen:
    sent = {"X-Signature-Timestamp": f"1764000000{text}"}
    answer = f'{{"status":"unhealthy"}}{text}'
    return ExchangeSeen(
        name, stage, "GET", f"{URL}{text}", sent, f'{{"type":1}}{text}', 503, HEADERS, answer, 0.036, 2
    )


def _check(name: str, stage: str, outcome: str, message: str = "", *exchanges: str) -> CheckFinished:
    made = CheckFinished(
        name, f"What {name} says", name.partition(".")[0], "critical", stage, outcome, message
    )
    return replace(made, exchanges=exchanges, step="1. Health check failures, step 1", seconds=0.02)


def _roll_back(tape: Tape, text: str) -> None:
    why = f"the last version that was verified here{text}"
    stays = (f"secrets stay as they are{text}", "crons stay")
    tape.say(RollbackPlanned(AFTER, BAD, GOOD, "deploy", why, (f"a variable changes{text}",), stays), 0.9)
    tape.say(MutationArmed("m1", "roll beluga back to v1.9.3", f"deploy {BAD} at 100 %{text}"))
    tape.say(RollbackStarted(AFTER, BAD, GOOD, f"deploy{text}", why), 2.0)
    for witness, after in (("command", 4.3), ("api", 0.4), ("edge", 7.8)):
        tape.say(Witnessed(AFTER, witness, True, GOOD, GOOD), after)
    timings = {"command": 4.31, "api_active": 4.75, "first_correct": 8.02, "serving": 12.5}
    tape.say(RollbackFinished(AFTER, "done", timings, text))
    tape.say(MutationDone("m1", True, f"{GOOD} serves{text}"))
