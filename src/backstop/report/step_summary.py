"""A session on one screen, as Markdown, for the page of a run of GitHub Actions.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backstop.journal.conclusion import Conclusion
from backstop.journal.events import RollbackPlanned
from backstop.journal.record import select
from backstop.model.verdict import Ending
from backstop.report.cases import name_of_session
from backstop.report.markdown import markdown
from backstop.report.text import duration

MOST_BYTES = 1024 * 1024  # of one step; GitHub shows nothing of a larger one
_MOST_NAMED = 25
_LONGEST = 300
_GOOD = {Ending.VERIFIED, Ending.ROLLED_BACK}


def step_summary(conclusion: Conclusion) -> str:
    """The verdict, what speaks against it, the decision, and what to do; the same for the same journal."""
    word = conclusion.verdict.value.replace("_", " ").upper()
    icon = "✅" if conclusion.ending in _GOOD else "❌" if conclusion.ending is Ending.FAILED else "⚠️"
    lines = [
        f"## {icon} {word}: {markdown(name_of_session(conclusion))}",
        "",
        markdown(conclusion.headline),
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {markdown(value)} |" for name, value in _facts(conclusion) if value),
        *_list("What speaks against it", (reason.text for reason in conclusion.findings)),
        *_list("Scenarios", _scenarios(conclusion)),
        *_list("What a rollback does not undo", _stays(conclusion)),
        "",
        f"**Next:** {markdown(conclusion.next_step or 'nothing; the report has the rest')}",
        "",
    ]
    return "\n".join(lines) + "\n"


def _facts(conclusion: Conclusion) -> Iterator[tuple[str, str]]:
    yield "exit code", str(int(conclusion.ending))
    yield "severity", conclusion.severity.value
    yield "decision", conclusion.decision
    yield "worker", conclusion.worker
    yield "address", conclusion.url
    if conclusion.to_version and conclusion.facts.rollbacks and not conclusion.facts.is_drill:
        yield "rollback", f"{conclusion.from_version or 'not known'} → {conclusion.to_version}"
    yield "checks", ", ".join(f"{number} {name}" for name, number in conclusion.counts.items() if number)
    yield "took", duration(conclusion.facts.ended)
    yield "run", conclusion.run
    yield "seal", conclusion.seal


def _scenarios(conclusion: Conclusion) -> Iterator[str]:
    for each in conclusion.scenarios:
        taken = each.timings.get("verified")
        yield f"{each.name}: {each.verdict}" + (f", {duration(taken)} to verified" if taken else "")


def _stays(conclusion: Conclusion) -> Iterator[str]:
    return (line for _, plan in select(conclusion.facts.records, RollbackPlanned) for line in plan.stays)


def _list(title: str, texts: Iterable[str]) -> Iterator[str]:
    """A heading with its lines, the first of each text; nothing where there are none."""
    known = list(dict.fromkeys(texts))
    if not known:
        return
    yield from ("", f"### {title}", "")
    for text in known[:_MOST_NAMED]:
        yield f"- {markdown(_short(text.strip().partition(chr(10))[0]))}"
    if len(known) > _MOST_NAMED:
        yield f"- and {len(known) - _MOST_NAMED} more, in the report"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
