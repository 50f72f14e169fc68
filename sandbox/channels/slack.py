"""The double of Slack's incoming webhooks: they take what is a message, and refuse what Slack refuses."""

from __future__ import annotations

import secrets
import string
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.channels.slack_form import acts, unfit
from sandbox.channels.trouble import Troubles

HOST = "https://hooks.slack.com"
_MOST_KEPT = 1_000
_UPPER = string.ascii_uppercase + string.digits
_STATUS = {
    "no_service": 404,
    "no_team": 404,
    "channel_not_found": 404,
    "invalid_token": 403,
    "action_prohibited": 403,
    "channel_is_archived": 410,
    "invalid_payload": 400,
    "invalid_blocks": 400,
    "msg_too_long": 400,
    "too_many_attachments": 400,
    "no_text": 400,
    "rate_limited": 429,
}
CONDITIONS = ("no_service", "channel_not_found", "action_prohibited", "channel_is_archived")
_AT_ONCE = 3  # messages of a short burst; after that about one a second, by Slack's documentation


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook of a workspace; ``condition`` is why it takes nothing, empty when it does."""

    team: str
    service: str
    token: str = field(repr=False)
    condition: str = ""

    @property
    def path(self) -> str:
        """Its address below the host."""
        return f"/services/{self.team}/{self.service}/{self.token}"


class Slack:
    """The webhooks of one workspace.

    ``received`` is what they were sent, oldest first; ``acts`` of it are the mentions and links in it.
    """

    def __init__(self, troubles: Troubles | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._troubles = troubles or Troubles()
        self._clock = clock
        self._spent: dict[str, tuple[float, float]] = {}
        self._team = f"T{_letters(10)}"
        self._hooks: dict[str, Hook] = {}
        self.received: deque[dict[str, Any]] = deque(maxlen=_MOST_KEPT)

    def bind(self, app: web.Application, prefix: str) -> None:
        """Make the application answer as Slack below ``prefix``."""
        path = f"{prefix}/services/{{team}}/{{service}}/{{token}}"
        app.router.add_post(path, self._troubles.guard("slack", self.post))

    def new_hook(self, condition: str = "") -> Hook:
        """One more webhook. Raises ValueError for a condition that there is not."""
        if condition and condition not in CONDITIONS:
            message = f"wanted one of {', '.join(CONDITIONS)}; found {condition}"
            raise ValueError(message)
        alphabet = string.ascii_letters + string.digits
        token = "".join(secrets.choice(alphabet) for _ in range(24))
        hook = Hook(self._team, f"B{_letters(10)}", token, condition)
        self._hooks[hook.service] = hook
        return hook

    async def post(self, request: web.Request) -> web.Response:
        """POST /services/TEAM/SERVICE/TOKEN: one message."""
        body = await request.text()
        service = request.match_info["service"]
        word = self._refusal(request) or unfit(body) or self._haste(service)
        status = _STATUS[word] if word else 200
        kept = {"service": service, "body": body, "answer": word or "ok", "acts": acts(body)}
        self.received.append(kept)
        headers = {"Retry-After": "1"} if word == "rate_limited" else {}
        return web.Response(status=status, text=word or "ok", content_type="text/html", headers=headers)

    def _haste(self, service: str) -> str:
        """Whether a webhook posts faster than Slack takes it: a bucket that fills by one a second."""
        now = self._clock()
        spent, at = self._spent.get(service, (0.0, now))
        spent = max(0.0, spent - (now - at))
        if spent > _AT_ONCE - 1:
            return "rate_limited"
        self._spent[service] = (spent + 1, now)
        return ""

    def _refusal(self, request: web.Request) -> str:
        """Why the webhook takes nothing, whatever it is."""
        named = request.match_info
        hook = self._hooks.get(named["service"])
        if named["team"] != self._team:
            return "no_team"
        if hook is None:
            return "no_service"
        return hook.condition if secrets.compare_digest(hook.token, named["token"]) else "invalid_token"


def _letters(length: int) -> str:
    return "".join(secrets.choice(_UPPER) for _ in range(length))
