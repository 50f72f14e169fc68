"""What a target lives with, and what it does not."""

from __future__ import annotations

from datetime import date

import pytest

from backstop.model.check import Check
from backstop.model.severity import Severity
from backstop.model.target import Acceptance, Target
from backstop.model.verdict import Outcome
from backstop.policy.adjudicate import adjudicate

TODAY = date(2026, 11, 24)
PING = Check("discord.ping", "A signed PING", Severity.CRITICAL)
HEADERS = Check("security.headers.interaction", "Headers of an interaction", Severity.MEDIUM)


def _weighed(seen: Outcome, pattern: str, *, only_discord_signs: bool, check: Check = PING) -> Outcome:
    target = Target("t", sandbox=False, accept=(Acceptance(pattern, "Discord holds the key"),))
    return adjudicate(seen, check, target, TODAY, only_discord_signs=only_discord_signs)[0]


@pytest.mark.parametrize(
    ("pattern", "check"),
    [
        ("discord.signed.*", PING),
        ("discord.signed.*", HEADERS),
        ("discord.signed.ping", PING),
        ("discord.ping", PING),
    ],
)
def test_what_only_discord_can_sign_is_accepted_under_one_name(pattern: str, check: Check) -> None:
    """In whichever suite it is, and by its own name as ever."""
    found = _weighed(Outcome.INCONCLUSIVE, pattern, only_discord_signs=True, check=check)

    assert found is Outcome.ACCEPTED


def test_that_name_covers_nothing_else() -> None:
    """Neither what was seen to fail, nor what could not be looked at for another reason."""
    pattern = "discord.signed.*"

    assert _weighed(Outcome.FAIL, pattern, only_discord_signs=False) is Outcome.FAIL
    assert _weighed(Outcome.FAIL, pattern, only_discord_signs=True) is Outcome.FAIL
    assert _weighed(Outcome.INCONCLUSIVE, pattern, only_discord_signs=False) is Outcome.INCONCLUSIVE


def test_the_reason_is_told() -> None:
    """It stands in the verdict's line."""
    target = Target("t", sandbox=False, accept=(Acceptance("discord.signed.*", "Discord holds the key"),))

    _, why = adjudicate(Outcome.INCONCLUSIVE, PING, target, TODAY, only_discord_signs=True)

    assert why == "accepted: Discord holds the key"
