"""The static assets that were uploaded, and the sessions in which that was done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.edge.assets import Asset

MOST_FILES = 20_000
MOST_FILE_BYTES = 25 * 1024 * 1024
_MOST_BYTES = 512 * 1024 * 1024  # of all files; the real one has no such bound, this machine has


class ShelfError(Exception):
    """Raised when files are not taken."""


@dataclass(frozen=True, slots=True)
class Session:
    """One upload: the hash of each file by its decoded path, and with which token it is gone on with."""

    token: str
    paths: Mapping[str, str]


class Shelf:
    """Files by their hash; a file that is here already is not uploaded again."""

    def __init__(self) -> None:
        self._files: dict[str, Asset] = {}
        self._sessions: dict[str, Session] = {}
        self._done: dict[str, Session] = {}
        self._bytes = 0

    def open(self, paths: Mapping[str, str]) -> Session:
        """Begin an upload. Raises ShelfError for too many files."""
        if len(paths) > MOST_FILES:
            raise ShelfError(f"{len(paths)} files are more than the {MOST_FILES} that a version may have")
        session = Session(secrets.token_hex(24), paths)
        self._sessions[session.token] = session
        return session

    def session(self, token: str) -> Session | None:
        """The upload of this token, or None."""
        return self._sessions.get(token)

    def missing(self, session: Session) -> list[str]:
        """The hashes that are still to be uploaded."""
        return sorted({each for each in session.paths.values() if each not in self._files})

    def put(self, session: Session, asset: Asset) -> None:
        """Take a file in. Raises ShelfError for one that was not announced or is too large."""
        if asset.hash not in session.paths.values():
            raise ShelfError(f"the file {asset.hash} is not in the manifest")
        if len(asset.content) > MOST_FILE_BYTES:
            raise ShelfError(f"a file of {len(asset.content)} bytes is larger than {MOST_FILE_BYTES}")
        if asset.hash in self._files:
            return
        if self._bytes + len(asset.content) > _MOST_BYTES:
            raise ShelfError(f"the sandbox keeps at most {_MOST_BYTES} bytes of static assets")
        self._files[asset.hash] = asset
        self._bytes += len(asset.content)

    def finish(self, session: Session) -> str:
        """The token with which a version is given these files."""
        token = secrets.token_hex(24)
        self._done[token] = session
        return token

    def files(self, token: str) -> Mapping[str, Asset] | None:
        """The files of a finished upload by path; None when there is none of this token."""
        session = self._done.get(token)
        return {path: self._files[each] for path, each in session.paths.items()} if session else None
