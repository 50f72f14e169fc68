"""The need/have table of a readiness session: what sessions need, and what of that is proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from backstop.journal.facts import CheckFacts
from backstop.model.run import SessionKind
from backstop.model.verdict import Outcome

_MARKS = {
    Outcome.PASS: "✓",
    Outcome.DEGRADED: "~",
    Outcome.ACCEPTED: "·",
    Outcome.NOT_APPLICABLE: "-",
    Outcome.FAIL: "✗",
    Outcome.INCONCLUSIVE: "?",
}
_LEFT_OPEN = {Outcome.FAIL: "no: ", Outcome.INCONCLUSIVE: "not proven: ", Outcome.DEGRADED: "but: "}
_ARROW = "→ "


class Purpose(Enum):
    """What sessions do, and need something for."""

    LOOK = "looks"
    TAIL = "looks at the tail"
    ROLLBACK = "rollbacks"
    DRILL = "drills"
    ANNOUNCE = "announcements"

    @property
    def letter(self) -> str:
        """Its column in the table on a terminal."""
        return self.name[0]


LOOK, TAIL, ROLLBACK, DRILL, ANNOUNCE = Purpose


@dataclass(frozen=True, slots=True)
class Need:
    """Something that sessions need: what it is called, and what cannot be done without it."""

    what: str
    purposes: tuple[Purpose, ...]


NEEDS: Mapping[str, Need] = MappingProxyType(
    {
        "ready.token.valid": Need("a Cloudflare credential that is taken", (LOOK, TAIL, ROLLBACK, DRILL)),
        "ready.account": Need("one account that is meant", (LOOK, TAIL, ROLLBACK, DRILL)),
        "ready.permission.scripts-read": Need(
            "Account · Workers Scripts · Read", (LOOK, TAIL, ROLLBACK, DRILL)
        ),
        "ready.permission.tail": Need("Account · Workers Tail · Read", (TAIL,)),
        "ready.permission.scripts-write": Need("Account · Workers Scripts · Edit", (ROLLBACK, DRILL)),
        "ready.worker-and-url": Need("worker and url belong together", (LOOK, ROLLBACK, DRILL)),
        "ready.node": Need("Node", (ROLLBACK, DRILL)),
        "ready.wrangler": Need("wrangler", (ROLLBACK, DRILL)),
        "ready.project": Need("the bot's project builds", (DRILL,)),
        "ready.discord-token": Need("the right application's Discord token", (LOOK,)),
        "ready.signed-path": Need("a way to prove the signed path", (LOOK, DRILL)),
        "ready.rollback": Need("a version to roll back to, and nothing in the way", (ROLLBACK,)),
        "ready.channels": Need("channels that take a message", (ANNOUNCE,)),
    }
)
_ONLY_FOR: Mapping[Purpose, str] = MappingProxyType({DRILL: "ready.project", ANNOUNCE: "ready.channels"})


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of the table. ``have`` says what was found, ``remedies`` what to do about a gap."""

    need: Need
    check: CheckFacts
    have: str
    remedies: tuple[str, ...]

    @property
    def gap(self) -> bool:
        """Whether it is lacking, or could not be proven."""
        return self.check.outcome in {Outcome.FAIL, Outcome.INCONCLUSIVE}

    @property
    def found(self) -> str:
        """What was found, with whether that is enough."""
        return _LEFT_OPEN.get(self.check.outcome, "") + self.have


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether sessions with a purpose could do their work: ``gaps`` keep them from it, ``buts`` may.

    ``none`` says why a target has no such sessions.
    """

    purpose: Purpose
    gaps: tuple[str, ...]
    buts: tuple[str, ...]
    none: str = ""

    @property
    def mark(self) -> str:
        """The sign of it, as for a need."""
        return _MARKS[Outcome.NOT_APPLICABLE if self.none else Outcome.FAIL if self.gaps else Outcome.PASS]

    def __str__(self) -> str:
        if self.none:
            return f"{self.purpose.value}: none here, {self.none}"
        if self.gaps:
            return f"{self.purpose.value}: not ready, for want of {', '.join(self.gaps)}"
        return f"{self.purpose.value}: ready" + (f", but see {', '.join(self.buts)}" if self.buts else "")


def need_rows(session: str, checks: Sequence[CheckFacts]) -> tuple[NeedRow, ...]:
    """The rows of a readiness session, in the order of NEEDS; none for any other session."""
    if session != SessionKind.READY.value:
        return ()
    found = {check.check: check for check in checks}
    return tuple(_row(found[name], need) for name, need in NEEDS.items() if name in found)


def standings(rows: Sequence[NeedRow]) -> tuple[Standing, ...]:
    """For each purpose whether it can be served; nothing of one that nothing was asked for."""
    asked = {purpose for row in rows for purpose in row.need.purposes}
    return tuple(_standing(purpose, rows) for purpose in Purpose if purpose in asked)


def needs_in_words(rows: Sequence[NeedRow]) -> Iterator[tuple[str, bool]]:
    """The lines of the table for a terminal, and whether each tells of a gap."""
    width = max((len(row.need.what) for row in rows), default=0)
    letters = "".join(purpose.letter for purpose in Purpose)
    yield f"  {'need':<{width}}  {'for':<{len(letters)}}  have", False
    for row in rows:
        served = "".join(p.letter if p in row.need.purposes else " " for p in Purpose)
        mark = _MARKS[row.check.outcome]
        yield f"{mark} {row.need.what:<{width}}  {served}  {row.found}", row.gap
        yield from ((f"    {_ARROW}{remedy}", row.gap) for remedy in row.remedies)
    yield "  for " + ", ".join(f"{purpose.letter} {purpose.value}" for purpose in Purpose), False
    for standing in standings(rows):
        yield f"{standing.mark} {standing}", bool(standing.gaps)


def _standing(purpose: Purpose, rows: Sequence[NeedRow]) -> Standing:
    needed = [row for row in rows if purpose in row.need.purposes]
    if none := _unused(purpose, rows):
        return Standing(purpose, (), (), none)
    buts = tuple(row.need.what for row in needed if row.check.outcome is Outcome.DEGRADED)
    return Standing(purpose, tuple(row.need.what for row in needed if row.gap), buts)


def _unused(purpose: Purpose, rows: Sequence[NeedRow]) -> str:
    """Why a target has no sessions with a purpose: what only those need is nothing that it has."""
    asked = _ONLY_FOR.get(purpose)
    found = (row for row in rows if row.check.check == asked)
    return next((row.have for row in found if row.check.outcome is Outcome.NOT_APPLICABLE), "")


def _row(check: CheckFacts, need: Need) -> NeedRow:
    said = [line.strip() for line in check.message.splitlines() if line.strip()]
    plain = [line for line in said if not line.startswith(_ARROW)]
    remedies = tuple(line.removeprefix(_ARROW) for line in said if line.startswith(_ARROW))
    return NeedRow(need, check, " ".join(plain), remedies)
