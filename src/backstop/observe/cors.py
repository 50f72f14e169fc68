"""What an answer lets pages of other origins read."""

from __future__ import annotations

from backstop.observe.reply import Reply

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
FOREIGN = "https://backstop.invalid"  # an origin that no bot can mean
_ANYBODY = frozenset({"*", "null", FOREIGN})


def open_with_credentials(reply: Reply) -> str:
    """The headers with which any page may act as the visitor, in words; empty when there are none."""
    credentials = (reply.answer.header(ALLOW_CREDENTIALS) or "").strip().lower() == "true"
    found = open_to_all(reply)
    return f"{found} with {ALLOW_CREDENTIALS}: true" if found and credentials else ""


def open_to_all(reply: Reply) -> str:
    """The header with which any page may read the answer, in words; empty when there is none."""
    allowed = [value.strip() for value in reply.answer.all(ALLOW_ORIGIN)]
    open_to = _ANYBODY.intersection(allowed)
    return f"{ALLOW_ORIGIN}: {min(open_to)}" if open_to else ""
