"""The one place that reads the environment and ``.env``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

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
_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*)")
_QUOTED = re.compile(r"'(?P<single>[^']*)'\s*(?:#.*)?|\"(?P<double>(?:\\.|[^\"\\])*)\"\s*(?:#.*)?")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


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

    def plain(self, name: str) -> str:
        """The value of a variable that is no secret; empty when unset."""
        return self.variables.get(name, "").strip()

    def handed_down(self) -> dict[str, str]:
        """What any child process may have: where programs, home and certificates are; no credentials."""
        return {name: self.variables[name] for name in _HANDED_DOWN if name in self.variables}

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
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} can't be read: {error}"
        raise UsageError(message, remedy="make it a readable UTF-8 text of NAME=value lines") from error
    pairs = [_pair(path, number, line.strip()) for number, line in enumerate(lines, start=1)]
    return dict(pair for pair in pairs if pair is not None)


def _pair(path: Path, number: int, line: str) -> tuple[str, str] | None:
    """The variable that a line sets, or None for an empty one.

    A fault never quotes the line: it may hold a secret.
    """
    if not line or line.startswith("#"):
        return None
    match = _LINE.fullmatch(line)
    value = _value(match["value"]) if match else None
    if match is None or value is None:
        message = f"{path}:{number}: not understood; wanted NAME=value, a quoted value closed on its line"
        raise UsageError(message, remedy="mend that line")
    return match["name"], value


def _value(text: str) -> str | None:
    if not text.startswith(("'", '"')):
        return _COMMENT.sub("", text).strip()
    match = _QUOTED.fullmatch(text)
    if match is None:
        return None
    if match["single"] is not None:
        return match["single"]
    return _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match["double"])
