"""A plan as somebody reads it at night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backstop.journal.events import RollbackPlanned, VersionSeen
from backstop.report.plan import plan_in_words
from backstop.report.text import age
from tests.unit.rollbacks import NOW, vid

SEEN: dict[str, VersionSeen] = {
    vid(2): VersionSeen(
        vid(2), "from", 2, "v2", "Faster", "dev@example.com", (NOW - timedelta(hours=3)).isoformat()
    ),
    vid(1): VersionSeen(vid(1), "to", 1),
}


def test_a_plan_says_from_to_why_and_what_follows() -> None:
    """Versions as people know them; empty parts are left out."""
    planned = RollbackPlanned(
        "0", vid(2), vid(1), "health is red", "it was verified", ("flags",), (), ("split",)
    )

    assert plan_in_words(planned, SEEN, NOW) == (
        f"from    {vid(2)} · v2 “Faster” · dev@example.com, 3 hours ago",
        f"to      {vid(1)}",
        "why     it was verified",
        "reason  health is red",
        "changes as well:",
        "  - flags",
        "mind:",
        "  - split",
    )


def test_versions_that_nobody_described_are_shown_by_their_id() -> None:
    """A journal of another time may not have them."""
    planned = RollbackPlanned("0", vid(2), vid(1), "", "because", refusals=("a lock",))

    assert plan_in_words(planned, {}, NOW) == (
        f"from    {vid(2)}",
        f"to      {vid(1)}",
        "why     because",
        "refused, because:",
        "  - a lock",
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds ago"),
        (1, "1 second ago"),
        (59.9, "59 seconds ago"),
        (60, "1 minute ago"),
        (7200, "2 hours ago"),
        (200_000, "2 days ago"),
        (-5, "in the future, by this clock"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    """And a clock that is off is not hidden."""
    assert words == age(seconds)
