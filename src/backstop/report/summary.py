"""``summary.md``: a drill in five lines, for an issue or a chat."""

from __future__ import annotations

from collections.abc import Sequence

from backstop.journal.conclusion import Conclusion
from backstop.journal.record import began
from backstop.journal.rules import left_over
from backstop.journal.scenarios import ScenarioResult
from backstop.model.objective import RTO, RTO_CRITICAL
from backstop.model.scenario import Place
from backstop.model.severity import Severity
from backstop.model.verdict import Ending
from backstop.report.markdown import sentence
from backstop.report.text import duration, plural, visible

_PICK = "--scenario"
_MOST = 3  # scenarios that are named in one line
_LONGEST = 300  # characters of a line; a chat cuts longer ones off


def summary(conclusion: Conclusion) -> str:
    """Five lines: the verdict, the scenarios, the time to verified, what is left, and what to do next."""
    word = f"**{conclusion.verdict.value.upper()}** · "
    first, *others = (
        _verdict(conclusion),
        _scenarios(conclusion.scenarios) + _picked(conclusion),
        _recovery(conclusion.scenarios),
        _left(conclusion),
        f"Next: {conclusion.next_step or 'nothing; the report has the rest'}",
    )
    listed = (_line("- ", each) for each in others)  # a list, since Markdown joins lines that are none
    return "".join(f"{line}\n" for line in (_line(word, first), *listed))


def _verdict(conclusion: Conclusion) -> str:
    records = conclusion.facts.records
    at = began(records)
    day = f" · {at:%Y-%m-%d %H:%M} UTC" if at else ""
    header = conclusion.facts.header
    place = "in a sandbox" if header and header.place == Place.SANDBOX.value else ""
    more = ", ".join(filter(None, (conclusion.worker, place)))
    where = f"{conclusion.target} ({more})" if more else conclusion.target
    return f"drill of {where}{day} · run {conclusion.run} · exit code {int(conclusion.ending)}"


def _scenarios(results: Sequence[ScenarioResult]) -> str:
    well = sum(each.verdict == "verified" for each in results)
    others = [f"{each.name} {each.verdict}" for each in results if each.verdict != "verified"]
    told = f": {_some(others)}" if others else ""
    return f"Scenarios: {well} of {len(results)} as declared{told}"


def _picked(conclusion: Conclusion) -> str:
    """That it was no whole drill: what was left out is as unproven as before."""
    header = conclusion.facts.header
    picked = header is not None and any(word.partition("=")[0] == _PICK for word in header.command)
    return f", picked by {_PICK}; `backstop score` has the others" if picked else ""


def _recovery(results: Sequence[ScenarioResult]) -> str:
    taken = [(each.timings["verified"], each) for each in results if "verified" in each.timings]
    if not taken:
        return "Time to verified: none was measured"
    seconds, slowest = max(taken, key=lambda pair: pair[0])
    rto = RTO_CRITICAL if slowest.declared.severity == Severity.CRITICAL.value else RTO
    share = f"{100 * seconds / rto:.0f} % of the {rto:.0f} s allowed"
    return f"Time to verified: at most {duration(seconds)} ({slowest.name}), {share}"


def _left(conclusion: Conclusion) -> str:
    changes = conclusion.facts.mutations
    left = [each.what for each in changes if left_over(conclusion.facts, each) is not Ending.VERIFIED]
    if left:
        return f"Left in place: {_some(left)}"
    return (
        f"Left in place: nothing; {plural(len(changes), 'change')} undone"
        if changes
        else "Nothing was changed"
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _line(begin: str, text: str) -> str:
    """Cut before it is made harmless: a half of that would not be."""
    most = _LONGEST - len(begin)
    while len(line := begin + sentence(_cut(text, most))) > _LONGEST:
        most = most * 3 // 4
    return line


def _cut(text: str, most: int) -> str:
    whole = visible(" ".join(text.split()))
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"
