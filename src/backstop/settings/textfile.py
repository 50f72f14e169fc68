"""Reading a configuration file as text and as TOML, and saying where it stops being that."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from backstop.model.errors import UsageError
from backstop.settings.faults import Fault, SettingsError

_LARGEST = 1024 * 1024  # bytes; what people write has some kilobytes
_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def read_text(path: Path, *, remedy: str) -> str:
    """The text of a file of at most a MiB. Raises UsageError, with ``remedy``, for anything else."""
    try:
        text = _content(path, remedy).decode("utf-8-sig")
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
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _content(path: Path, remedy: str) -> bytes:
    """Raises OSError, and UsageError for a pipe, which might never end, or a file that nobody wrote."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # to open a folder says so itself
        message = f"{path} is no file"
        raise UsageError(message, remedy=remedy)
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        message = f"{path} has more than {_LARGEST} bytes, wanted a file of some kilobytes"
        raise UsageError(message, remedy=remedy)
    return content


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """The values of a TOML text that was read from ``path``. Raises SettingsError for what is none.

    Also for what the parser gives up on: arrays in arrays without end, a number of thousands of digits.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([_toml_fault(path, text, error)]) from error
    except RecursionError as error:
        raise SettingsError([Fault(path, "", "not valid TOML: nested too deeply")]) from error
    except ValueError as error:  # of int: it has a limit of its own
        raise SettingsError([Fault(path, "", "not valid TOML: a number has too many digits")]) from error


def _toml_fault(path: Path, text: str, error: tomllib.TOMLDecodeError) -> Fault:
    problem = str(error)
    place = _PLACE.search(problem)
    last = text.count("\n") + (not text.endswith("\n"))
    line = None if place is None else int(place["line"]) if place["line"] else last
    return Fault(path, "", f"not valid TOML: {_PLACE.sub('', problem)}", line)
