"""A login of wrangler's (`wrangler login`): its access token ends after an hour, and wrangler renews it.

Wrangler is asked for it (`wrangler auth token`): only wrangler knows where it lies, in a file or a keyring.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

from backstop.cloudflare.failures import why
from backstop.cloudflare.toolchain import Toolchain
from backstop.cloudflare.workspace import workspace
from backstop.deadline import DEADLINE
from backstop.environment import read_environment
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.polling import SYSTEM, Clock
from backstop.process import Completed, run
from backstop.redaction import REDACTOR

NAME = "wrangler login"
_LIMIT_S = 30.0  # it takes one second, and a request where the token has ended
_TRUSTED_S = 60.0  # so long what wrangler said is held to be so
_FIXED = {"CI": "true", "NO_COLOR": "1", "WRANGLER_HIDE_BANNER": "true", "WRANGLER_SEND_METRICS": "false"}
_QUIET = {"WRANGLER_SEND_ERROR_REPORTS": "false", "WRANGLER_WRITE_LOGS": "false"}
_KEPT = Path(".wrangler") / "config"  # below wrangler's directory; only a login makes it
_HOMES = ("", ".config", "Library/Preferences")  # of a user, where those of programs lie


class NotLoggedIn(CouldNotLook):
    """Raised when wrangler has no login, or can't renew the one it has."""


class Login:
    """The login of whoever runs this. ``ask`` gets the access token from wrangler, or raises NotLoggedIn."""

    def __init__(self, ask: Callable[[], str], clock: Clock = SYSTEM) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.RLock()
        self._secret: Secret | None = None
        self._asked = 0.0
        self._stays: float | None = None  # when wrangler said that what was rejected is what it has
        self._failed: tuple[float, CouldNotLook] | None = None  # when it told nothing, and why

    def current(self) -> Secret:
        """The access token that was got last. Raises NotLoggedIn."""
        with self._lock:
            return self._secret or self._got()

    def fresh(self) -> Secret:
        """The access token; wrangler is asked again unless it was a moment ago. Raises as ``current``.

        Where wrangler does not tell, the one that was got before may still be good.
        """
        with self._lock:
            if self._secret is not None and self._clock.now() - self._asked < _TRUSTED_S:
                return self._secret
            try:
                return self._got()
            except CouldNotLook:
                if self._secret is None:
                    raise
                return self._secret

    def renewed(self, rejected: Secret) -> Secret | None:
        """The token that took the place of a rejected one; None where it still is what wrangler has.

        Such a one lacks a permission: for a while wrangler is not asked again.
        """
        with self._lock:
            if self._secret is not None and self._secret != rejected:
                return self._secret  # another thread was told first
            if self._stays is not None and self._clock.now() - self._stays < _TRUSTED_S:
                return None
            try:
                found = self._got()
            except CouldNotLook:
                return None
            self._stays = self._asked if found == rejected else None
            return None if found == rejected else found

    def _got(self) -> Secret:
        """Ask wrangler. One that told nothing is not asked again at once: it may hang for as long again."""
        if self._failed is not None and self._clock.now() - self._failed[0] < _TRUSTED_S:
            raise self._failed[1]
        try:
            value = self._ask()
        except CouldNotLook as error:
            self._failed = (self._clock.now(), error)
            raise
        REDACTOR.register(NAME, value)
        self._secret, self._asked = Secret(NAME, value), self._clock.now()
        return self._secret


def login_of(tools: Toolchain) -> Login | None:
    """The login of whoever runs this; None where nobody has ever logged in here, which takes no look."""
    environment = read_environment()
    home, named = environment.plain("HOME"), environment.plain("XDG_CONFIG_HOME")
    places = [Path(home) / each for each in _HOMES] if home else []
    if named:
        places.append(Path(named))
    if not any((place / _KEPT).is_dir() for place in places):
        return None
    return Login(lambda: ask_wrangler(tools))


def ask_wrangler(tools: Toolchain) -> str:
    """The access token that wrangler has, renewed where it has ended.

    Raises NotLoggedIn, and ProcessTimedOut: a session that must end soon does not spend all of it on that.
    """
    limit = min(_LIMIT_S, DEADLINE.left() / 2)
    with workspace() as space:
        argv = [str(tools.node), str(tools.wrangler), "auth", "token", "--json", "--env-file"]
        environment = {**read_environment().of_a_login(), **_FIXED, **_QUIET}
        compiled = {"NODE_COMPILE_CACHE": str(tools.compiled)}
        directory = space.directory
        ended = run([*argv, str(space.no_env)], env=environment | compiled, cwd=directory, limit=limit)
    return _token(ended)


def _token(ended: Completed) -> str:
    try:
        found = json.loads(ended.stdout) if ended.returncode == 0 else None
    except ValueError:
        found = None
    token = found.get("token") if isinstance(found, dict) and found.get("type") == "oauth" else None
    if isinstance(token, str) and token:
        return token
    said = "" if ended.returncode == 0 else f": {why(ended)}"  # what it wrote may hold a token otherwise
    message = f"wrangler has no login that it can use{said}"
    raise NotLoggedIn(message, remedy="log in again (wrangler login), or set CLOUDFLARE_API_TOKEN")
