"""The program of a command that somebody typed: found, and seen that it would start, before it has to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from backstop.model.errors import UsageError

_HEAD = 256  # bytes; no system reads a longer first line
_OPTION = "--rollback-command"


def find_program(word: str, base: Path, search: str) -> str:
    """The program to start: one with a path from ``base``, a bare name from the folders of ``search``.

    ``search`` is written as PATH is. Raises UsageError for what is not there, or would not start.
    """
    if "/" not in word:
        found = shutil.which(word, path=search)
        if found is None:
            message = f"{_OPTION}: there is no program {word} in the PATH"
            raise UsageError(message, remedy="see that it is spelt right and installed, or give its path")
        return word  # as it was typed: programs may tell by that what they are to do
    path = (base / word).resolve()
    if not path.is_file():
        message = f"{_OPTION}: there is no program {path}"
        raise UsageError(message, remedy="give its path from where you type, or an absolute one")
    if not os.access(path, os.X_OK):
        message = f"{_OPTION}: {path} may not be executed"
        raise UsageError(message, remedy=f"chmod +x {word}")
    _refuse_unless_it_starts(path)
    return str(path)


def _refuse_unless_it_starts(path: Path) -> None:
    """A shell starts whatever is text; everything else wants to know with what."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return  # what may be executed need not be readable
    if b"\0" in head:
        return
    first, _, _ = head.partition(b"\n")
    words = first.removeprefix(b"#!").split()
    if not first.startswith(b"#!") or not words:
        message = f"{_OPTION}: {path} does not say in its first line what runs it"
        raise UsageError(message, remedy="begin it with such as #!/bin/sh")
    if first.endswith(b"\r"):
        message = f"{_OPTION}: {path} has the line breaks of Windows, so that nothing runs it here"
        raise UsageError(message, remedy="save it with those of Unix")
    interpreter = words[0].decode(errors="replace")
    if not os.access(interpreter, os.X_OK):
        message = f"{_OPTION}: {path} is to be run by {interpreter}, which is not there"
        raise UsageError(message, remedy="correct its first line, or install that")
