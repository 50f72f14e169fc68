"""How long a drill took, beside what its bare commands take: nothing can be faster than those."""

from __future__ import annotations

from backstop.journal.conclusion import Conclusion
from backstop.report.text import duration

_COMMAND = "command"  # the time of a rollback at which its command had ended


def bare_commands(conclusion: Conclusion) -> float:
    """Seconds for which the commands that deploy and roll back were at work, all of them together."""
    deployed = sum(each.done.took for each in conclusion.facts.mutations if each.done is not None)
    finished = [each.finished for each in conclusion.facts.rollbacks if each.finished is not None]
    return deployed + sum(each.timings.get(_COMMAND, 0.0) for each in finished)


def beside_the_floor(conclusion: Conclusion) -> str:
    """The two in a sentence; nothing where the drill did not come to its end, or changed nothing."""
    footer, bare = conclusion.facts.footer, bare_commands(conclusion)
    if footer is None or not bare:
        return ""
    return f"{duration(footer.seconds)}; the bare deploy and rollback commands alone took {duration(bare)}"
