"""What the sandbox is told of a worker before it is deployed: its stubs, and what its KV begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from sandbox.api.belongings import texts

_KNOWN = ("stub", "kv")


@dataclass(slots=True)
class Staging:
    """``stub`` are names of bindings; ``kv`` has values by binding and key.

    ``refused`` is why the last upload was turned away: the bindings that can't be served, type by name.
    """

    stub: tuple[str, ...] = ()
    kv: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> Self:
        """From JSON; what is not named is empty. Raises ValueError for what can't be."""
        if odd := sorted(members.keys() - set(_KNOWN)):
            raise ValueError(f"wanted {', '.join(_KNOWN)}; found {', '.join(odd)}")
        kv = members.get("kv", {})
        if not isinstance(kv, dict) or not all(map(_is_seed, kv.values())):
            raise ValueError(f"wanted kv as keys and texts by binding; found {kv!r}")
        return cls(texts("stub", members.get("stub", [])), kv)


def _is_seed(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
