"""Reading a configuration file as text, and saying where it stops being TOML."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from backstop.model.errors import UsageError
from backstop.settings.faults import Fault

_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def read_text(path: Path, *, remedy: str) -> str:
    """The text of a file. Raises UsageError, with ``remedy``, when it isn't there or is no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        message = f"{path}: there is no such file"
        raise UsageError(message, remedy=remedy) from error
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}"
        raise UsageError(message, remedy=remedy) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"{path}:{line}: not UTF-8 text"
        raise UsageError(message, remedy="save it as UTF-8") from error


def toml_fault(path: Path, text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """The fault for a text that does not parse."""
    problem = str(error)
    place = _PLACE.search(problem)
    last = text.count("\n") + (not text.endswith("\n"))
    line = None if place is None else int(place["line"]) if place["line"] else last
    return Fault(path, "", f"not valid TOML: {_PLACE.sub('', problem)}", line)
