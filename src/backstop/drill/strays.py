"""What a command started and detached, so that it left the command's process group: found, and ended.

It is known by a mark in its environment, which every process hands down to those that it starts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from backstop.polling import PollTimedOut, poll

_NAME = "BACKSTOP_STARTED_BY"
_WITHIN_S = 5.0
_OFTEN_S = 0.1
_MOST_NAMED = 3


@dataclass(slots=True)
class Strays:
    """``env`` is what the command must be started with; by process id, the names of what it had detached.

    ``left`` is what could not be ended.
    """

    env: Mapping[str, str]
    ended: dict[int, str] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """What was found, in words that go on a sentence about the command; empty for nothing."""
        if self.left:
            return f"left {_named(self.left)} running, which could not be ended"
        return f"left {_named(self.ended)} running, detached, which was ended" if self.ended else ""


@contextmanager
def caught(env: Mapping[str, str]) -> Iterator[Strays]:
    """While the context lasts a command runs with the ``env`` of what is yielded; then its strays are ended.

    They hold what the command was lent, and could act on the worker when the drill is over. What cleared its
    environment, runs as another user, or was started by another service on the command's word has no mark and
    stays; so do, on macOS, programs of Apple's own, whose environment it shows to nobody.
    """
    mark = uuid.uuid4().hex
    strays = Strays({**env, _NAME: mark})
    try:
        yield strays
    finally:
        _end(mark, strays)


def _end(mark: str, strays: Strays) -> None:
    """Kill until none is found: one that is killed may just have started another."""

    def none_is_left() -> bool | None:
        strays.left = _kill_all(mark)
        strays.ended |= strays.left
        return not strays.left or None

    with suppress(PollTimedOut):
        poll(none_is_left, deadline=_WITHIN_S, what="the end of what was detached", most=_OFTEN_S)


def _kill_all(mark: str) -> dict[int, str]:
    """The names of all that had the mark, by process id."""
    import psutil  # noqa: PLC0415 - few sessions run a command of a team's own

    found: dict[int, str] = {}
    for process in psutil.process_iter(["name", "environ"]):
        if (process.info["environ"] or {}).get(_NAME) == mark:
            found[process.pid] = str(process.info["name"])
            with suppress(psutil.Error):
                process.kill()
    return found


def _named(processes: Mapping[int, str]) -> str:
    names = [f"{name} ({pid})" for pid, name in sorted(processes.items())]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
