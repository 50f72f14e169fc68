"""What the journal says of versions and witnesses."""

from __future__ import annotations

from collections.abc import Iterator

from backstop.journal.events import VersionSeen, Witnessed
from backstop.model.version import Version
from backstop.rollback.testimony import Confirmation


def seen(version: Version, role: str) -> VersionSeen:
    """A version in its role, as people know it."""
    created = version.created.isoformat()
    return VersionSeen(version.id, role, version.number, version.tag, version.words, version.author, created)


def witnessed(stage: str, confirmation: Confirmation) -> Iterator[Witnessed]:
    """What each witness said."""
    for said in confirmation.testimonies:
        yield Witnessed(stage, said.witness.value, said.agrees, said.wanted, said.found, said.detail)
