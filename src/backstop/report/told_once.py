"""Reasons of the first screen: what many checks say in the same words is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backstop.journal.reason import Reason

_MANY = 3


def told_once(reasons: Iterable[Reason]) -> Iterator[tuple[str, int | None]]:
    """Texts with their lines, in order. Where three checks or more say the same, the first stands for all."""
    groups: dict[tuple[str, str, str], list[Reason]] = {}
    for reason in reasons:
        groups.setdefault(_without_name(reason), []).append(reason)
    for (before, after, whole), alike in groups.items():
        if whole or not before + after or len(alike) < _MANY:
            yield from ((reason.text, reason.line) for reason in alike)
        else:
            yield f"{before}{alike[0].check} and {len(alike) - 1} more checks{after}", alike[0].line


def _without_name(reason: Reason) -> tuple[str, str, str]:
    """What stands before and after the check's name, or the whole of a reason that names none."""
    before, name, after = reason.text.partition(reason.check) if reason.check else ("", "", "")
    return (before, after, "") if name else ("", "", reason.text)
