"""``scorecard.html``: what drills have proven, for each target. One file, no script, no request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backstop.report.paper import printed
from backstop.report.signs import Sign, Tone
from backstop.report.text import duration, plural
from backstop.score.standing import LASTS_DAYS, Score, Standing, State

_SIGNS = {
    State.PROVEN: Sign("tick", State.PROVEN.value, Tone.GOOD),
    State.EXPIRED: Sign("wave", State.EXPIRED.value, Tone.WARN),
    State.FAILING: Sign("cross", State.FAILING.value, Tone.BAD),
    State.UNPROVEN: Sign("cross", State.UNPROVEN.value, Tone.BAD),
    State.NEVER: Sign("dash", State.NEVER.value, Tone.BAD),
    State.CHANGED: Sign("wave", State.CHANGED.value, Tone.WARN),
}
_DRAWN = 24  # drills in a picture: two years of monthly ones
_WIDTH, _HEIGHT, _MARGIN = 120.0, 24.0, 3.0
_FULL = 100


@dataclass(frozen=True, slots=True)
class Dot:
    """A pass in the picture; ``words`` say when and how long."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario, in words."""

    name: str
    title: str
    sign: Sign
    last_pass: str
    until: str
    verified: str
    share: str
    trend: str
    dots: tuple[Dot, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Board:
    """One target. ``expires`` is the last day on which the score holds, in words."""

    target: str
    place: str
    percent: int
    proven: int
    of: int
    sign: Sign
    expires: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What the page says besides: targets that are not drilled, files that are no records."""

    not_drilled: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def scorecard(
    scores: Sequence[Score], today: date, notes: Notes | None = None, availability: Sequence[str] = ()
) -> str:
    """The whole page; the same scores, day, notes and lines about availability give the same bytes."""
    boards = tuple(map(_board, scores))
    until = min((each.until for each in scores if each.until), default=None)
    return printed(
        "scorecard.html.j2",
        boards=boards,
        sign=_overall(boards),
        today=_day(today),
        until=_day(until) if until else "",
        after=_day(until + timedelta(days=1)) if until else "",
        lasts=LASTS_DAYS,
        notes=notes or Notes(),
        availability=availability,
    )


def score_in_words(score: Score) -> Iterator[str]:
    """The same for a terminal: a line for the target, and one for each scenario."""
    board = _board(score)
    until = f", until {board.expires}" if board.expires else ""
    yield f"{board.target} ({board.place}): {board.percent} % · {board.proven} of {board.of} scenarios{until}"
    for row in board.rows:
        told = [row.sign.word, row.last_pass, " ".join(filter(None, (row.verified, row.share))), row.trend]
        yield f"  {row.name}: {' · '.join(part for part in told if part)}"


def _overall(boards: Sequence[Board]) -> Sign:
    if not boards:
        return Sign("dash", "Nothing to drill", Tone.UNSURE)
    if all(board.percent == _FULL for board in boards):
        return Sign("tick", "All proven", Tone.GOOD)
    if any(board.proven for board in boards):
        return Sign("wave", "Partly proven", Tone.WARN)
    return Sign("cross", "Not proven", Tone.BAD)


def _board(score: Score) -> Board:
    tone = Tone.GOOD if score.percent == _FULL else Tone.WARN if score.proven else Tone.BAD
    return Board(
        target=score.target,
        place=score.place.value,
        percent=score.percent,
        proven=score.proven,
        of=len(score.standings),
        sign=Sign({Tone.GOOD: "tick", Tone.WARN: "wave"}.get(tone, "cross"), f"{score.percent} %", tone),
        expires=_day(score.until) if score.until else "",
        rows=tuple(map(_row, score.standings)),
    )


def _row(standing: Standing) -> Row:
    found, age = standing.last_pass, standing.age
    verified = found.verified if found else None
    return Row(
        name=standing.scenario,
        title=standing.title,
        sign=_SIGNS[standing.state],
        last_pass=f"{_day(found.at.date())}, {_ago(age)}" if found and age is not None else "",
        until=_day(standing.until) if standing.until else "",
        verified="" if verified is None else duration(verified),
        share="" if verified is None else f"{_FULL * verified / standing.rto:.1f} % of {standing.rto:.0f} s",
        trend=standing.trend,
        dots=tuple(_dots(standing)),
        note=_note(standing),
    )


def _note(standing: Standing) -> str:
    notes = []
    if standing.state is State.FAILING and standing.last:
        notes.append(f"{standing.last.verdict} on {_day(standing.last.at.date())}, run {standing.last.run}")
    if standing.changed:
        notes.append(standing.changed)
    if standing.misdated:
        notes.append(f"{plural(len(standing.misdated), 'drill')} misdated: a clock was wrong, or is now")
    return "; ".join(notes)


def _dots(standing: Standing) -> Iterator[Dot]:
    """Passes from left to right, higher the longer they took; the top is the longest of them."""
    drawn = [each for each in standing.passes if each.verified is not None][-_DRAWN:]
    longest = max((each.verified or 0.0 for each in drawn), default=0.0)
    for place, attempt in enumerate(drawn):
        share = (attempt.verified or 0.0) / longest if longest else 0.0
        x = _MARGIN + (_WIDTH - 2 * _MARGIN) * (place / (len(drawn) - 1) if len(drawn) > 1 else 0.5)
        y = _HEIGHT - _MARGIN - (_HEIGHT - 2 * _MARGIN) * share
        words = f"{_day(attempt.at.date())}: {duration(attempt.verified or 0.0)}"
        yield Dot(round(x, 1), round(y, 1), words)


def _ago(days: int) -> str:
    return "today" if days <= 0 else f"{plural(days, 'day')} ago"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
