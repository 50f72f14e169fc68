"""Who was told: the rows of the pages and the lines of the terminal, from the journal alone."""

from __future__ import annotations

from backstop.journal.events import NotificationSent
from backstop.journal.record import Record
from backstop.report.html import render_html
from backstop.report.incident import render_incident
from backstop.report.told import told_in_words, told_rows
from tests.unit.samples import numbered
from tests.unit.telling import ended, rolled_back

GONE = "the webhook is gone (404, code 10015) <b>"


def _told() -> tuple[Record, ...]:
    events = [record.event for record in rolled_back()]
    sent = [
        NotificationSent("slack", "initiated", True, "posted", 1, 0.05),
        NotificationSent("discord", "initiated", False, GONE, 1, 0.1),
        NotificationSent("slack", "completed", True, "posted", 2, 1.2),
        NotificationSent("statuspage", "completed", False, "KEY is not set", 0, 0.0),
    ]
    return ended(numbered([*events, *sent]))


def test_every_message_has_its_row() -> None:
    """With what it took and what became of it."""
    rows = told_rows(_told())

    assert ["Slack", "Discord", "Slack", "Statuspage"] == [row.channel for row in rows]
    assert ["1 request, 50 ms", "2 requests, 1.20 s", "nothing was sent"] == [
        rows[at].effort for at in (0, 2, 3)
    ]
    assert (False, GONE) == (rows[1].ok, rows[1].answer)


def test_the_terminal_has_a_line_for_each_channel() -> None:
    """In red where it missed anything."""
    assert (
        ("told:   Slack: initiated, completed", True),
        (f"told:   ✗ Discord was not told (initiated): {GONE}", False),
        ("told:   ✗ Statuspage was not told (completed): KEY is not set", False),
    ) == told_in_words(_told())


def test_what_was_perhaps_told_is_neither_yes_nor_no() -> None:
    """Somebody has to look into the channel."""
    why = "no answer (timed out); it may have been posted all the same"
    sent = NotificationSent("slack", "initiated", ok=False, answer=why, attempts=1, seconds=5.0, perhaps=True)
    records = ended(numbered([*(record.event for record in rolled_back()), sent]))

    assert ((f"told:   ? Slack was perhaps told (initiated): {why}", False),) == told_in_words(records)
    assert f"perhaps: {why}" in render_html(records)
    assert "Slack, initiated: perhaps told" in render_incident(records)


def test_what_was_perhaps_told_and_what_was_not_are_two_lines() -> None:
    """One has to be looked for in the channel, the other certainly is not there."""
    sent = [
        NotificationSent(
            "statuspage", occasion, ok=False, answer=why, attempts=1, seconds=1.0, perhaps=perhaps
        )
        for occasion, why, perhaps in (("initiated", "lost", True), ("completed", "not seen", False))
    ]
    records = ended(numbered([*(record.event for record in rolled_back()), *sent]))

    assert (
        ("told:   ? Statuspage was perhaps told (initiated): lost", False),
        ("told:   ✗ Statuspage was not told (completed): not seen", False),
    ) == told_in_words(records)


def test_the_report_says_who_was_told() -> None:
    """A section of its own; where nobody was to be told there is none."""
    page = render_html(_told())

    assert "Who was told" in page
    assert "10015) &lt;b&gt;" in page
    assert "Who was told" not in render_html(ended(rolled_back()))


def test_the_incident_says_who_was_told() -> None:
    """Among what was done about it."""
    page = render_incident(_told())

    assert "- Stakeholders notified:" in page
    assert "Slack, initiated: told (posted; line" in page
    assert "Discord, initiated: not told (the webhook is gone" in page
    assert "Stakeholders notified" not in render_incident(ended(rolled_back()))
