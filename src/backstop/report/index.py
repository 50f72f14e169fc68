"""``index.html``: the sessions among the reports, with their verdicts and trends. One file, no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstop.model.verdict import Verdict
from backstop.report.archive import Ended, Left
from backstop.report.paper import printed
from backstop.report.signs import Sign, Tone, sign_of_verdict
from backstop.report.some import some
from backstop.report.text import duration, plural

INDEX = "index.html"

_MOST_ROWS = 400
_MOST_TRENDS = 100  # the first by name
_RECENT = 20  # sessions in a trend
_DRAWN = 24  # rollbacks in a picture
_WIDTH, _HEIGHT, _MARGIN = 120.0, 24.0, 3.0
_NO_VERDICT = Sign("question", "no verdict", Tone.UNSURE)


@dataclass(frozen=True, slots=True)
class Row:
    """One session; ``note`` is what there is to do, ``link`` where its report is, if there is one."""

    left: Left
    sign: Sign
    session: str
    target: str
    severity: str
    note: str
    lasted: str
    recovered: str
    link: str

    @property
    def began(self) -> str:
        """When it did, to the minute."""
        return f"{self.left.began:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Trend:
    """How the sessions of one target and kind have ended, the oldest first, and how long rollbacks took."""

    target: str
    session: str
    signs: tuple[Sign, ...]
    words: str
    dots: tuple[tuple[float, float], ...]
    times: str
    longest: str

    @property
    def newest(self) -> Sign:
        """How the last of them ended."""
        return self.signs[-1]


def index_page(left: Sequence[Left]) -> str:
    """The page of these sessions, the newest first; the same sessions give the same bytes."""
    rows = [_row(each) for each in left[:_MOST_ROWS]]
    ended = [each.ended for each in left if each.ended is not None]
    return printed(
        "index.html.j2",
        rows=rows,
        more=len(left) - len(rows),
        count=plural(len(left), "session"),
        newest=rows[0] if rows else None,
        trends=(trends := some(_trends(ended), _MOST_TRENDS)),
        legend=list(dict.fromkeys(sign for trend in trends for sign in trend.signs)),
    )


def _row(left: Left) -> Row:
    ended = left.ended
    if ended is None:
        return Row(left, _NO_VERDICT, left.name[17:].replace("_", " "), "", "", left.why, "", "", "")
    return Row(
        left=left,
        sign=sign_of_verdict(ended.verdict),
        session=ended.session.replace("_", " "),
        target=ended.target,
        severity="" if ended.severity == "none" else ended.severity,
        note="" if ended.decision == "nothing" else ended.decision,
        lasted="" if ended.lasted is None else duration(ended.lasted),
        recovered="" if ended.recovered is None else duration(ended.recovered),
        link=f"{left.name}/report.html",
    )


def _trends(ended: Sequence[Ended]) -> Iterator[Trend]:
    groups: dict[tuple[str, str], list[Ended]] = {}
    for each in ended:
        groups.setdefault((each.target, each.session), []).append(each)
    for (target, session), newest_first in sorted(groups.items()):
        recent = newest_first[:_RECENT][::-1]
        well = sum(each.verdict is Verdict.VERIFIED for each in recent)
        taken = [each.recovered for each in newest_first if each.recovered is not None][:_DRAWN][::-1]
        yield Trend(
            target=target,
            session=session.replace("_", " "),
            signs=tuple(sign_of_verdict(each.verdict) for each in recent),
            words=f"{well} of the last {len(recent)} verified",
            dots=tuple(_dots(taken)),
            times=", ".join(map(duration, taken)),
            longest=_longest(taken),
        )


def _longest(taken: Sequence[float]) -> str:
    """The last and the longest of them, in words; what a picture shows without its numbers."""
    if not taken:
        return ""
    last, longest = duration(taken[-1]), duration(max(taken))
    return last if len(taken) == 1 else f"last {last}, longest {longest}"


def _dots(taken: Sequence[float]) -> Iterator[tuple[float, float]]:
    """From left to right, higher the longer it took; the top is the longest of them."""
    longest = max(taken, default=0.0)
    for place, seconds in enumerate(taken):
        share = seconds / longest if longest else 0.0
        x = _MARGIN + (_WIDTH - 2 * _MARGIN) * (place / (len(taken) - 1) if len(taken) > 1 else 0.5)
        yield round(x, 1), round(_HEIGHT - _MARGIN - (_HEIGHT - 2 * _MARGIN) * share, 1)
