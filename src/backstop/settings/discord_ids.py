"""Whether a Discord token and an application belong together, as far as both say so themselves."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

_TOKEN = re.compile(r"(?P<id>[A-Za-z0-9_-]{17,30})\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}")
_SNOWFLAKE = re.compile(r"\d{15,21}")
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # Discord's, from which an id counts milliseconds
_MILLISECONDS = 22  # the bits of an id below them
# Since then a bot has the id of its application; older bots have one of their own.
_ONE_ID_SINCE = datetime(2017, 1, 1, tzinfo=UTC)


def application_of(token: str) -> str:
    """The id that a bot's token begins with; empty for what is no such token."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return ""
    encoded = found["id"]
    try:
        decoded = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return decoded if _SNOWFLAKE.fullmatch(decoded) else ""


def of_another_application(token: str, application: str) -> str:
    """The application that a token belongs to where that is another for certain, else empty."""
    found = application_of(token)
    if not found or found == application or not _SNOWFLAKE.fullmatch(application):
        return ""
    return found if min(_made(found), _made(application)) >= _ONE_ID_SINCE else ""


def _made(snowflake: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(snowflake) >> _MILLISECONDS)
