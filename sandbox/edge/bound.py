"""What a version can be bound to besides texts: each kind as the edge needs to know it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stub:
    """A binding of a kind that is not served: it is there, and throws when it is used."""

    name: str
    kind: str

    @property
    def says(self) -> str:
        """What it logs and throws."""
        return f"{self.name} ({self.kind}) is a stub of the sandbox: it throws when it is used"


@dataclass(frozen=True, slots=True)
class KvBinding:
    """A KV namespace; ``namespace`` is its id."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class ObjectsBinding:
    """A namespace of Durable Objects of the worker's own."""

    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class ServiceBinding:
    """Another worker of the sandbox, whatever version of it is live."""

    name: str
    service: str


@dataclass(frozen=True, slots=True)
class AssetsBinding:
    """The version's own static assets."""

    name: str


Bound = Stub | KvBinding | ObjectsBinding | ServiceBinding | AssetsBinding


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """A class of Durable Objects; ``key`` stays when it is renamed, ``sqlite`` is its kind of storage."""

    name: str
    key: str
    sqlite: bool

    @property
    def namespace(self) -> str:
        """The id of the namespace that it is."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]
