"""What the API needs of an edge, as Protocols, so that a lie can be told without one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

from sandbox.edge.script import Script


class TailPort(Protocol):
    """One open tail; iterating it yields trace events until it is closed."""

    @property
    def id(self) -> str:
        """What the tail is addressed by."""
        ...

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]: ...


class TailsPort(Protocol):
    """All tails of the edge."""

    def open(self, worker: str, filters: Sequence[Mapping[str, Any]]) -> TailPort:
        """Start to collect the events of a worker that pass all filters."""
        ...

    def close(self, tail_id: str) -> None:
        """End a tail; one that is not there is ignored."""
        ...


class EdgePort(Protocol):
    """Where versions run."""

    async def check(self, script: Script) -> int:
        """Boot a script once; milliseconds. Raises StartupError when it does not start."""
        ...

    async def deploy(self, worker: str, shares: Sequence[tuple[Script, float]]) -> None:
        """Let these scripts serve the worker, each its part in per cent."""
        ...

    async def remove(self, worker: str) -> None:
        """Serve the worker no longer."""
        ...

    def seed(self, namespace: str, values: Mapping[str, str]) -> None:
        """Write into a KV namespace under keys that are not there yet. Raises KvError."""
        ...


class Nowhere:
    """An edge that says yes and does nothing: what an API that lies acts on."""

    async def check(self, script: Script) -> int:
        """Every script starts, in a millisecond."""
        del script
        return 1

    async def deploy(self, worker: str, shares: Sequence[tuple[Script, float]]) -> None:
        """Nothing is deployed."""

    async def remove(self, worker: str) -> None:
        """Nothing is removed."""

    def seed(self, namespace: str, values: Mapping[str, str]) -> None:
        """Nothing is written."""
