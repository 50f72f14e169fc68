"""The one place that writes to disk. What it writes has passed the redactor, unless it says otherwise."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from backstop.model.errors import BackstopError
from backstop.redaction import REDACTOR

LATEST = "latest"

_GOING = ".going-"
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_MOST_IN_A_SECOND = 1000
_CUT = b"(cut: there is no room for more)\n"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class CannotWrite(BackstopError):
    """Raised when the disk is full, may not be written, or has something else in the place."""


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """Where one session leaves its files. ``run`` is its name, unique among the reports."""

    path: Path

    @property
    def run(self) -> str:
        """The identity of the session."""
        return self.path.name

    @classmethod
    def create(cls, reports: Path, session: str, target: str, now: datetime) -> RunDirectory:
        """Make ``reports/<UTC time>-<session>-<target>``, with a number behind it when that is taken.

        ``now`` must know its time zone. Raises CannotWrite.
        """
        stem = run_name(now, session, target)
        with _sentences(reports):
            reports.mkdir(parents=True, exist_ok=True)
        for number in range(1, _MOST_IN_A_SECOND):
            path = reports / (stem if number == 1 else f"{stem}-{number}")
            with _sentences(path), suppress(FileExistsError):
                path.mkdir()
                return cls(path)
        message = f"{reports} holds {_MOST_IN_A_SECOND} runs named {stem} already"
        raise CannotWrite(message, remedy="remove some of them")

    def write(self, name: str, text: str) -> Path:
        """Write one file of the run, whole or not at all; its path. Raises CannotWrite."""
        write_atomic(self.path / name, text)
        return self.path / name

    def discard(self) -> None:
        """Remove what the session left: there is nothing in it that anybody needs. Raises CannotWrite."""
        with _sentences(self.path):
            shutil.rmtree(self.path)

    def point_latest(self) -> Path:
        """Let ``reports/latest`` point here, in one step; its path. Raises CannotWrite."""
        latest = self.path.parent / LATEST
        swap = self.path.parent / f".{LATEST}-{self.run}"
        with _sentences(latest):
            swap.unlink(missing_ok=True)
            swap.symlink_to(self.path.name, target_is_directory=True)
            try:
                swap.replace(latest)
            finally:
                swap.unlink(missing_ok=True)
        return latest


def run_name(began: datetime, session: str, target: str) -> str:
    """What the folder of a run is called; ``began`` must know its time zone."""
    return f"{began.astimezone(UTC):%Y%m%dT%H%M%SZ}-{_name(session)}-{_name(target)}"


def write_atomic(path: Path, text: str) -> None:
    """Write ``text``, redacted, so that a reader sees the old file or the whole new one, also after a crash.

    The directory is made when there is none. Raises CannotWrite; the old file is then untouched.
    """
    with _sentences(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, cleaned(text), 0o644)


def write_many(directory: Path, files: Mapping[str, str]) -> None:
    """Write small files that can be made again, redacted, by name; the directory is made when there is none.

    They are not synced one by one, which takes longer than all the rest of a session's end.
    Raises CannotWrite.
    """
    with _sentences(directory):
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (directory / name).write_bytes(cleaned(text))


def rewrite(path: Path, text: str) -> None:
    """Replace a file that is the user's own, as it is: secrets in it stay. So does its mode.

    Raises CannotWrite; the old file is then untouched.
    """
    with _sentences(path):
        real = path.resolve(strict=True)
        _replace(real, text.encode(), stat.S_IMODE(real.stat().st_mode))


def write_new(path: Path, text: str) -> None:
    """Begin a file of the user's, as it is, where there is none. The directory is made when there is none.

    Raises CannotWrite, also when somebody else has just made that file.
    """
    with _sentences(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        try:
            _fill(handle, text.encode())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        _sync_directory(path.parent)


def lock_file(path: Path) -> int:
    """An open file that can be locked, made where there is none; who asks closes it. Raises CannotWrite."""
    with _sentences(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)


def remove_folders(parent: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Remove some folders of one directory; those that are gone. None is ever seen half removed.

    What was left behind by a process that died in the middle of that is removed as well.
    """
    gone = []
    for name in names:
        with suppress(OSError):
            (parent / name).rename(parent / f"{_GOING}{name}")
            gone.append(name)
    for path in sorted(parent.glob(f"{_GOING}*")):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    return tuple(gone)


def _replace(path: Path, content: bytes, mode: int) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        os.fchmod(handle, mode)
        _fill(handle, content)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync_directory(path.parent)


def write_from(path: Path, offset: int, text: str | bytes) -> int:
    """Have a file end with ``text``, redacted, from byte ``offset`` on; the byte at which it ends then.

    Bytes are what ``cleaned`` has made of a text: they are written as they are. To do it again, after an
    interruption, leaves the same file. Offset 0 begins it. Raises CannotWrite.
    """
    content = cleaned(text) if isinstance(text, str) else text
    with _sentences(path), path.open("r+b" if offset else "wb", buffering=0) as file:
        file.seek(offset)
        file.truncate()
        _write_all(file.fileno(), content)
    return offset + len(content)


def append_within(path: Path, text: str, most: int) -> None:
    """Add ``text``, redacted, to a file that others write as well and that may have ``most`` bytes.

    What has no room is left out from a line's end on, and a last line says so. Raises CannotWrite.
    """
    with _sentences(path), path.open("ab", buffering=0) as file:
        room = most - file.tell()
        content = cleaned(text)
        if len(content) > room:
            kept = content[: max(0, room - len(_CUT))]
            content = kept[: kept.rfind(b"\n") + 1] + _CUT if room >= len(_CUT) else b""
        _write_all(file.fileno(), content)


@contextmanager
def private_file(text: str, *, suffix: str = "") -> Iterator[Path]:
    """A file with ``text`` as it is, readable by this user only and gone afterwards.

    For programs that take their secrets from a file; nothing else may be written unredacted.
    """
    handle, name = tempfile.mkstemp(prefix="backstop-", suffix=suffix)
    path = Path(name)
    try:
        with _sentences(path):
            _fill(handle, text.encode())
        yield path
    finally:
        path.unlink(missing_ok=True)


def cleaned(text: str) -> bytes:
    """A text as it is written: without secrets, and in UTF-8 whatever is in it."""
    return REDACTOR.redact(text).encode(errors="backslashreplace")


def _fill(handle: int, content: bytes) -> None:
    try:
        _write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _sync_directory(directory: Path) -> None:
    """Make a rename last. Some file systems can't; the file itself is safe all the same."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Turn what the operating system says into something a person can act on."""
    try:
        yield
    except OSError as error:
        message, remedy = _explain(path, error)
        raise CannotWrite(message, remedy=remedy) from error


def _explain(path: Path, error: OSError) -> tuple[str, str]:
    if error.errno in _FULL:
        return f"{path} can't be written: the disk is full", "make room there, then run this again"
    if error.errno == errno.EFBIG:
        return f"{path} can't be written: it is larger than files may be here", "raise that limit (ulimit -f)"
    if error.errno in _FORBIDDEN:
        return f"{path} can't be written: {error.strerror}", "make that directory writable for this user"
    return f"{path} can't be written: {error.strerror}", "see what stands in its place"


def _name(text: str) -> str:
    return _NOT_IN_A_NAME.sub("_", text) or "_"
