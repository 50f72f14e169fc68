"""The one place that reads the environment and ``.env``."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from backstop.model.errors import UsageError
from backstop.model.target import Secret
from backstop.redaction import REDACTOR

_HANDED_DOWN = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TERM",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)

_PEOPLE = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "LOGNAME")  # who started a CI job, or is logged in

_OF_A_LOGIN = (  # where wrangler keeps somebody's login, and whom it asks to renew it
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "CLOUDFLARE_AUTH_USE_KEYRING",
    "WRANGLER_API_ENVIRONMENT",
    "WRANGLER_AUTH_DOMAIN",
    "WRANGLER_CLIENT_ID",
    "WRANGLER_TOKEN_URL",
)

_NAMED_AS_A_CREDENTIAL = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|(?:API|ACCESS|SIGNING|PRIVATE|SECRET)_KEY|WEBHOOK(?:_URL)?)$"
)


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """The variables of this process, over those of a ``.env`` file; later changes do not show."""

    variables: Mapping[str, str]

    def get(self, name: str) -> Secret | None:
        """The value of a credential, known to the redactor from now on; None when unset or empty."""
        value = self.variables.get(name, "").strip()
        if not value:
            return None
        REDACTOR.register(name, value)
        return Secret(name, value)

    def know_credentials(self) -> None:
        """Make what is named as a credential known to the redactor, before anybody asks for it.

        A session may end, and say why, before it has read which of them it uses.
        """
        for name in filter(_NAMED_AS_A_CREDENTIAL.search, self.variables):
            self.get(name)

    def plain(self, name: str) -> str:
        """The value of a variable that is no secret; empty when unset."""
        return self.variables.get(name, "").strip()

    def who(self) -> str:
        """Who runs this: as the environment says, else the owner of this process; empty where nobody is."""
        named = next((found for name in _PEOPLE if (found := self.plain(name))), "")
        try:
            return named or pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return ""

    def handed_down(self) -> dict[str, str]:
        """What any child process may have: where programs, home and certificates are; no credentials."""
        return {name: self.variables[name] for name in _HANDED_DOWN if name in self.variables}

    def of_a_login(self) -> dict[str, str]:
        """What wrangler must have to find a login: the same, and where that lies; no credentials."""
        named = {name: self.variables[name] for name in _OF_A_LOGIN if name in self.variables}
        return {**self.handed_down(), **named}

    def __repr__(self) -> str:
        return f"Environment({len(self.variables)} variables)"


def read_environment(dotenv: Path | None = None) -> Environment:
    """The environment of this process; what it lacks is taken from ``dotenv``, which need not exist.

    Raises UsageError when the file can't be read or understood.
    """
    below = _read_dotenv(dotenv) if dotenv is not None else {}
    return Environment(MappingProxyType({**below, **os.environ}))


def _read_dotenv(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} can't be read: {error}"
        raise UsageError(message, remedy="make it a readable UTF-8 text of NAME=value lines") from error
    for binding in parse_stream(StringIO(text)):
        if _is_faulty(binding):
            message = f"{path}:{_line(binding)}: not understood; wanted NAME=value, every quote closed"
            raise UsageError(message, remedy="mend that line")  # never quoted: it may hold a secret
    values = dotenv_values(stream=StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def _is_faulty(binding: Binding) -> bool:
    """Also what python-dotenv lets pass: a name without a value, and a name that no variable can have."""
    if binding.key is None:
        return binding.error
    return binding.value is None or not binding.key.isidentifier()


def _line(binding: Binding) -> int:
    """Where it begins: python-dotenv counts the empty lines above it as its own."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
