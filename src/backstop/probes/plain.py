"""The plainest thing that a bot must answer: what tells whether it is up."""

from __future__ import annotations

from urllib.parse import urljoin

from backstop.model.http import Headers, Request
from backstop.model.target import Target

_PING = b'{"type":1}'


def plain_request(target: Target, headers: Headers = ()) -> Request:
    """What any client may ask: for the bot's health; where it has none, an interaction that nobody signed.

    Such a bot owes an answer to nothing else: whatever it says at ``/`` is no outage.
    """
    if target.health:
        return Request("GET", urljoin(target.url, target.health.path), headers)
    url = urljoin(target.url, target.interactions_path)
    return Request("POST", url, (("Content-Type", "application/json"), *headers), _PING)
