"""What a session sent, told in its reports and read from its journal alone."""

from __future__ import annotations

import pytest

from backstop.journal.conclusion import conclude
from backstop.journal.events import RequestsSpent, SessionFinished, SessionStarted, StageStarted
from backstop.report.html import render_html
from backstop.report.requests import requests_in_words
from backstop.report.verdict_json import verdict
from tests.unit.samples import numbered

STARTED = SessionStarted("r", "look", "t", "w", "u", ())


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (None, ""),
        (RequestsSpent(131), "131 requests to the bot"),
        (RequestsSpent(1, 300), "1 request to the bot, at most 300 a minute"),
        (
            RequestsSpent(400, 300, 82.04),
            "400 requests to the bot, at most 300 a minute, which took 1 min 22 s of waiting",
        ),
        (
            RequestsSpent(9, discord_invalid=2),
            "9 requests to the bot; 2 requests refused by Discord (401, 403, 429)",
        ),
    ],
)
def test_in_words(spent: RequestsSpent | None, words: str) -> None:
    """A wait and refusals are told only where there were some."""
    assert words == requests_in_words(spent)


@pytest.mark.parametrize(
    ("events", "requests", "waited"),
    [
        ([], None, None),
        ([RequestsSpent(131)], {"to_bot": 131, "per_minute": None}, None),
        (
            [RequestsSpent(400, 300, 82.04, 3)],
            {"to_bot": 400, "per_minute": 300, "refused_by_discord": 3},
            82.04,
        ),
    ],
)
def test_for_programs_and_people(
    events: list[RequestsSpent], requests: dict[str, int | None] | None, waited: float | None
) -> None:
    """The verdict has the figures, the report the words."""
    records = numbered([STARTED, StageStarted("0-live", "live"), *events, SessionFinished(0, 1.0)])
    members = verdict(conclude(records))
    words = requests_in_words(events[0] if events else None)

    assert requests == members["requests"]
    assert waited == members["timings"].get("waited_s")
    assert words in render_html(records)
    assert ("to the bot" in render_html(records)) == bool(events)
