"""One step of set-up: what it makes, how to tell that it is made, and how to make it."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# pip's and npm's first line that says something to a person
_COMPLAINT = re.compile(r"^(?:ERROR:|npm error(?! (?:code|syscall|errno|path) )) +(\S.{,200})", re.MULTILINE)


class SetupFailed(Exception):
    """Raised when a step cannot be done; the message is one sentence that ends with the next step."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that set-up makes.

    ``stamp`` lies inside what it vouches for, so that it goes when that goes. It holds ``identity`` and is
    written last: a step that was interrupted has none and is done again from its beginning.
    ``proofs`` are patterns below ``root`` that must match something for the step to count as done.
    ``limit`` is for each command, in seconds. ``again`` is what somebody types to try once more.
    """

    name: str
    root: Path
    stamp: Path
    identity: str
    commands: tuple[tuple[str, ...], ...]
    proofs: tuple[str, ...]
    remedy: str
    limit: float
    again: str = "make setup"

    def is_done(self) -> bool:
        """Whether what is there was made from the very inputs that are there now."""
        try:
            stamped = self.stamp.read_text(encoding="utf-8")
        except OSError:
            return False
        return stamped == self.identity and self._missing() is None

    def run(self, log: Path) -> None:
        """Do it, with what the commands say in ``log``. Raises SetupFailed."""
        self.stamp.unlink(missing_ok=True)
        with log.open("w", encoding="utf-8") as output:
            for command in self.commands:
                self._execute(command, output.fileno(), log)
        missing = self._missing()
        if missing is not None:
            raise self._failure(f"left no {missing}", log)
        self.stamp.write_text(self.identity, encoding="utf-8")

    def _missing(self) -> str | None:
        return next((proof for proof in self.proofs if not any(self.root.glob(proof))), None)

    def _execute(self, command: tuple[str, ...], output: int, log: Path) -> None:
        try:
            ended = subprocess.run(
                command,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=self.limit,
                check=False,
                close_fds=False,  # hands on the lock of the set-up, see provision.alone
            )
        except subprocess.TimeoutExpired:
            raise self._failure(f"was not done after {self.limit:.0f} s", log) from None
        if ended.returncode != 0:
            raise self._failure(f"failed with exit code {ended.returncode}{_reason(log)}", log)

    def _failure(self, what: str, log: Path) -> SetupFailed:
        where = log.relative_to(self.root)
        return SetupFailed(
            f"{self.name} {what}; {self.remedy}, then run `{self.again}` again (log: {where})."
        )


def digest(files: Iterable[Path], *facts: str) -> str:
    """A fingerprint of the files' names and contents and of ``facts``. Raises OSError."""
    parts = [*facts]
    for file in files:
        parts += [file.name, hashlib.sha256(file.read_bytes()).hexdigest()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _reason(log: Path) -> str:
    found = _COMPLAINT.search(log.read_text(encoding="utf-8", errors="replace"))
    return f" ({found[1].rstrip('.')})" if found else ""
