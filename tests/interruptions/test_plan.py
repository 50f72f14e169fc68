"""Which interruptions a seed stands for."""

from __future__ import annotations

from collections import Counter

from soak.plan import Way, interruptions


def test_a_round_can_be_had_again() -> None:
    """The seed and the number alone decide: a round that failed is run once more by itself."""
    assert interruptions(7, 20)[12:13] == interruptions(7, 1, first=13)


def test_every_way_comes_once_in_six() -> None:
    """Also in a small sample."""
    assert dict.fromkeys(Way, 2) == Counter(each.way for each in interruptions(3, 12))


def test_seeds_differ() -> None:
    """Another seed has other moments."""
    assert interruptions(1, 20) != interruptions(2, 20)


def test_some_are_aimed_and_some_are_not() -> None:
    """At the lines of the journal between which a rollback is made, and anywhere."""
    aimed = [each.line for each in interruptions(1, 200)]

    assert {"", "rollback-planned", "mutation-armed", "rollback-started", "witnessed"} <= set(aimed)
