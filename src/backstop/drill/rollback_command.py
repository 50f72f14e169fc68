"""A team's own rollback command, as a drill runs it in place of ours.

No shell reads it: it is split into words once, and what is filled in never becomes more than one word.
"""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from backstop.cloudflare.failures import plain
from backstop.drill.program import find_program
from backstop.drill.strays import Strays, caught
from backstop.model.errors import UsageError
from backstop.polling import Clock
from backstop.process import Completed, ProcessTimedOut, run
from backstop.redaction import REDACTOR
from backstop.rollback.testimony import Act, Word

PLACES = ("reason", "worker", "from", "to", "url")
_PLACE = re.compile(r"\{([A-Za-z_]+)\}")
_TOLD = 2000  # characters of what it wrote last: an event of the journal is one line


@dataclass(frozen=True, slots=True)
class CommandEnded:
    """How the command ended: ``ended`` in words, ``output`` the last of what it wrote, without secrets.

    ``hung``: it, or what it had detached, did not end by itself in time. ``detached`` says what that was.
    """

    argv: tuple[str, ...]
    ended: str
    output: str
    act: Act
    hung: bool = False
    detached: str = ""


@dataclass(frozen=True, slots=True)
class RollbackCommand:
    """The words of a command; ``{reason}``, ``{worker}``, ``{from}``, ``{to}``, ``{url}`` are filled in."""

    words: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, base: Path, search: str) -> RollbackCommand:
        """Split what somebody typed; a program with a path is looked for from ``base``, else in ``search``.

        Raises UsageError for no command, an open quote, a program that is not there or would not start, or a
        name in braces that is none of ours.
        """
        try:
            words = shlex.split(text)
        except ValueError as error:
            message = f"--rollback-command {text!r} can't be split into words: {error}"
            raise UsageError(message, remedy="close every quote, as in a shell") from error
        if not words:
            message = "--rollback-command is empty; wanted a program and its arguments"
            raise UsageError(message, remedy="such as './scripts/emergency-rollback.sh {reason} --yes'")
        for name in _PLACE.findall(text):
            _refuse_unknown(name)
        return cls((find_program(words[0], base, search), *words[1:]))

    def filled(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The words with everything filled in. ``values`` has one for each of ``PLACES``."""
        return tuple(_PLACE.sub(lambda place: values[place[1]], word) for word in self.words)

    def run(
        self, values: Mapping[str, str], env: Mapping[str, str], cwd: Path | None, limit: float, clock: Clock
    ) -> CommandEnded:
        """Run it once, killed after ``limit`` seconds; what it detached ends too. Raises ProcessMissing."""
        argv, began = self.filled(values), clock.now()
        with caught(env) as strays:
            completed = _completed(argv, strays.env, cwd, limit)
            after = clock.now() - began
        return _judged(completed, strays, _redacted(argv), after)


def _completed(
    argv: tuple[str, ...], env: Mapping[str, str], cwd: Path | None, limit: float
) -> Completed | ProcessTimedOut:
    try:
        return run(argv, env=env, cwd=cwd, limit=limit)
    except ProcessTimedOut as late:
        return late


def _judged(
    completed: Completed | ProcessTimedOut, strays: Strays, argv: tuple[str, ...], after: float
) -> CommandEnded:
    ended, word = _ended(completed)
    told = f"{ended} and {strays.told}" if strays.told else ended
    act = Act(word, after, "" if word is Word.DONE else told)
    wrote, hung = _last(completed.stdout, completed.stderr), word is Word.LOST or bool(strays.left)
    return CommandEnded(argv, told, wrote, act, hung, strays.told)


def _refuse_unknown(name: str) -> None:
    if name in PLACES:
        return
    close = get_close_matches(name, PLACES, n=1)
    known = ", ".join(f"{{{each}}}" for each in PLACES)
    hint = (
        f"did you mean {{{close[0]}}}?"
        if close
        else f"there are {known}; what has braces of its own goes into a script"
    )
    message = f"--rollback-command: nothing is known to fill in for {{{name}}}"
    raise UsageError(message, remedy=hint)


def _ended(completed: Completed | ProcessTimedOut) -> tuple[str, Word]:
    if isinstance(completed, ProcessTimedOut):
        return f"it had not ended after {completed.limit:g} s and was killed", Word.LOST
    if completed.returncode < 0:
        return f"it was ended by {_signal(-completed.returncode)}", Word.FAILED
    word = Word.DONE if completed.returncode == 0 else Word.FAILED
    return f"it ended with exit code {completed.returncode}", word


def _signal(number: int) -> str:
    known = {each.value: f" ({each.name})" for each in signal.Signals}
    return f"signal {number}{known.get(number, '')}"


def _last(stdout: str, stderr: str) -> str:
    both = "\n".join(filter(None, (stdout.strip(), stderr.strip())))
    wrote = REDACTOR.redact(plain(both))  # whole, then cut
    return wrote if len(wrote) <= _TOLD else f"…{wrote[-_TOLD:]}"


def _redacted(argv: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(REDACTOR.redact(word) for word in argv)
