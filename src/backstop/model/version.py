"""Versions and deployments of a worker, as Cloudflare keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

VersionId = NewType("VersionId", str)

_NEARLY_ALL = 99.0  # per cent: parts are rounded, and need not add up to 100 exactly
_MARK = "[backstop "  # how the mark begins that uploads and deployments of ours carry: rollback.marker
_VERSION_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def version_id(text: str) -> VersionId:
    """Check and brand a version id. Raises ValueError when ``text`` is not a lower-case UUID."""
    if not _VERSION_ID.fullmatch(text):
        message = f"{text!r} is no version id; wanted a UUID such as 71570803-d6b0-4a51-b97f-42fadb8da7e1"
        raise ValueError(message)
    return VersionId(text)


@dataclass(frozen=True, slots=True)
class Binding:
    """One binding of a version; ``text`` is only ever that of a plain-text variable.

    ``resource`` is what it points at outside of the version: the id of a namespace or database, the name of
    a bucket, queue or worker. It is empty for what is part of the version itself, or can't be asked for.
    ``digest`` tells two bindings apart that differ in anything else, such as the value of a JSON variable.
    """

    name: str
    type: str
    text: str | None = None
    resource: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One uploaded version of a worker."""

    id: VersionId
    number: int
    created: datetime
    author: str
    triggered_by: str = ""
    tag: str = ""
    message: str = ""
    etag: str = ""
    handlers: tuple[str, ...] = ()
    bindings: tuple[Binding, ...] = ()
    compatibility_date: str = ""
    compatibility_flags: tuple[str, ...] = ()
    migration_tag: str = ""

    @property
    def secret_names(self) -> frozenset[str]:
        """The names of the secrets that this version carries."""
        return frozenset(b.name for b in self.bindings if b.type in {"secret_text", "secret_key"})

    @property
    def essence(self) -> tuple[object, ...]:
        """Everything that makes it behave as it does, but for its secrets, whose values nobody can read."""
        bindings = frozenset(b for b in self.bindings if b.name not in self.secret_names)
        flags = frozenset(self.compatibility_flags)
        return self.etag, bindings, self.compatibility_date, flags, self.migration_tag

    @property
    def words(self) -> str:
        """The message as somebody wrote it, on one line and without the mark of ours."""
        return " ".join(self.message.partition(_MARK)[0].split())

    @property
    def label(self) -> str:
        """The version as people know it: short id, tag, message."""
        named = " ".join(part for part in (self.tag, f"“{self.words}”" if self.words else "") if part)
        return f"{self.id[:8]} ({named})" if named else self.id[:8]


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the traffic, in per cent, that one version of a deployment serves."""

    version: VersionId
    percentage: float


@dataclass(frozen=True, slots=True)
class Deployment:
    """One entry of a worker's deployment history."""

    id: str
    created: datetime
    source: str
    author: str
    shares: tuple[Share, ...]
    message: str = ""
    triggered_by: str = ""

    @property
    def versions(self) -> frozenset[VersionId]:
        """Every version that it names; one that is staged at 0 % too."""
        return frozenset(share.version for share in self.shares)

    @property
    def receiving(self) -> frozenset[VersionId]:
        """Every version that has a part of the traffic."""
        return frozenset(share.version for share in self.shares if share.percentage > 0)

    @property
    def shown(self) -> str:
        """Its versions with their parts of the traffic, in words."""
        return ", ".join(f"{share.version} at {share.percentage:g} %" for share in self.shares)

    @property
    def alone(self) -> VersionId | None:
        """The version that serves everything, where none is so much as staged beside it; else None."""
        return self.only_version if len(self.versions) == 1 else None

    @property
    def only_version(self) -> VersionId | None:
        """The version that serves everything, or None when the traffic is split."""
        whole = sum(share.percentage for share in self.shares) > _NEARLY_ALL
        return next(iter(self.receiving)) if len(self.receiving) == 1 and whole else None
