"""What a session sent, in words."""

from __future__ import annotations

from backstop.journal.events import RequestsSpent
from backstop.report.text import duration, plural


def requests_in_words(spent: RequestsSpent | None) -> str:
    """One line; empty when the session never got as far as to count its requests."""
    if spent is None:
        return ""
    budget = f", at most {spent.per_minute} a minute" if spent.per_minute else ""
    waited = f", which took {duration(spent.waited)} of waiting" if spent.waited > 0 else ""
    refused = f"; {plural(spent.discord_invalid, 'request')} refused by Discord (401, 403, 429)"
    line = f"{plural(spent.requests, 'request')} to the bot{budget}{waited}"
    return line + (refused if spent.discord_invalid > 0 else "")
