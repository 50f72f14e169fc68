"""Ends child processes after their parent died, and clears away what it left on disk.

A program of its own that imports nothing of the sandbox. Each line on stdin is "+PID" or "-PID"; when
stdin ends, the process groups that are still named are killed and the directory in argv is removed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress


def groups_left(lines: Iterable[str]) -> set[int]:
    """Read until the end; the process groups that were added and not taken back."""
    groups: set[int] = set()
    for line in lines:
        change, group = line[:1], int(line[1:])
        (groups.add if change == "+" else groups.discard)(group)
    return groups


def main() -> None:
    """Wait for the end of the parent, then tidy up after it."""
    for group in groups_left(sys.stdin):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    shutil.rmtree(sys.argv[1], ignore_errors=True)


if __name__ == "__main__":
    main()
