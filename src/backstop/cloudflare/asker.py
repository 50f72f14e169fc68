"""Asks Cloudflare's API, and goes on with a new token when the one it had has ended meanwhile."""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing

from backstop.cloudflare.credential import Credential
from backstop.cloudflare.otherwise import DASHBOARD, STATUS_PAGE
from backstop.model.target import Secret
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Reply, Rest

LIMITS = Limits(total=10.0, connect=4.0, body=8 * 1024 * 1024)
_REJECTED = frozenset({401, 403})
_OTHERWISE = f"{STATUS_PAGE}; {DASHBOARD}"


class Asker:
    """The API over kept connections, with one credential. Several threads may use it at once.

    A request that is rejected with 401 or 403 was not done. It is sent once more where the credential has
    another token by then, which only a login ever has.
    """

    def __init__(self, base: str, credential: Credential, limits: Limits = LIMITS) -> None:
        self._base = base
        self._credential = credential
        self._limits = limits
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._with: tuple[Secret, Rest] | None = None

    def close(self) -> None:
        """Close every connection."""
        self._stack.close()

    def call(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> Reply:
        """Ask once. Raises as ``Rest.call`` does, and NotLoggedIn for a login that is none."""
        token, rest = self._connected(self._with[0] if self._with else self._credential.current())
        reply = rest.call(method, path, body, content_type)
        if reply.status not in _REJECTED:
            return reply
        another = self._credential.renewed(token)
        if another is None:
            return reply
        return self._connected(another)[1].call(method, path, body, content_type)

    def _connected(self, token: Secret) -> tuple[Secret, Rest]:
        """Connections that send this token; those of the one before stay for who still uses them."""
        with self._lock:
            if self._with is None or self._with[0] != token:
                header = ("Authorization", Secret(token.name, f"Bearer {token.value}"))
                rest = Rest("Cloudflare", Prober(self._base, (header,), self._limits), _OTHERWISE)
                self._stack.enter_context(closing(rest))
                self._with = (token, rest)
            return self._with
