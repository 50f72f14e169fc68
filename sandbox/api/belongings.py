"""What an account has besides workers: resources that bindings point at, and custom domains."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

_LABELS_OF_A_ZONE = 2


def zone_id(name: str) -> str:
    """The id of the zone of this name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Resources:
    """What exists: ids of KV namespaces and D1 databases, names of R2 buckets and queues."""

    kv: tuple[str, ...] = ()
    r2: tuple[str, ...] = ()
    d1: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()

    def having(self, kind: str, name: str) -> Self:
        """The same with one more, if it is not there yet."""
        known: tuple[str, ...] = getattr(self, kind)
        return self if name in known else replace(self, **{kind: (*known, name)})

    @classmethod
    def parse(cls, members: Mapping[str, object]) -> Self:
        """From JSON; of what is not named there is none. Raises ValueError for what can't be."""
        known = asdict(cls())
        if odd := sorted(members.keys() - known.keys()):
            raise ValueError(f"wanted {', '.join(known)}; found {', '.join(odd)}")
        return cls(**{name: texts(name, value) for name, value in members.items()})

    def as_json(self) -> dict[str, Any]:
        """The members that ``parse`` reads."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Domain:
    """A custom domain with the worker that it leads to; its zone is its last two labels unless named."""

    hostname: str
    service: str
    zone_name: str = ""
    zone_id: str = ""

    @classmethod
    def parse(cls, entry: object) -> Self:
        """From JSON. Raises ValueError for what can't be."""
        wanted = {"hostname", "service"}
        if not isinstance(entry, dict) or entry.keys() != wanted or not all(map(_is_text, entry.values())):
            raise ValueError(f"wanted a domain as {{hostname, service}}, both texts; found {entry!r}")
        return cls(**entry)

    def as_json(self) -> dict[str, str]:
        """As the API shows it."""
        zone = self.zone_name or ".".join(self.hostname.split(".")[-_LABELS_OF_A_ZONE:])
        return {
            "id": hashlib.sha256(f"domain {self.hostname}".encode()).hexdigest()[:32],
            "cert_id": hashlib.sha256(f"certificate {self.hostname}".encode()).hexdigest()[:32],
            "hostname": self.hostname,
            "service": self.service,
            "environment": "production",
            "zone_id": self.zone_id or zone_id(zone),
            "zone_name": zone,
        }


def texts(name: str, value: object) -> tuple[str, ...]:
    """A list of texts that are not empty. Raises ValueError when it is none."""
    if not isinstance(value, list) or not all(map(_is_text, value)):
        raise ValueError(f"wanted {name} as a list of texts; found {value!r}")
    return tuple(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
