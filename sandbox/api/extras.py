"""What a version can be made to show besides what it is. It runs as before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from sandbox.api.belongings import texts
from sandbox.api.models import Version


@dataclass(frozen=True, slots=True)
class Extras:
    """Additional bindings, the tag of a migration, other handlers; what is None stays as it was."""

    bindings: tuple[Mapping[str, Any], ...] | None = None
    migration_tag: str | None = None
    handlers: tuple[str, ...] | None = None

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> Self:
        """From JSON. Raises ValueError for what can't be."""
        known = [each.name for each in fields(cls)]
        if odd := sorted(members.keys() - set(known)):
            raise ValueError(f"wanted {', '.join(known)}; found {', '.join(odd)}")
        bindings = _bindings(members["bindings"]) if "bindings" in members else None
        handlers = texts("handlers", members["handlers"]) if "handlers" in members else None
        return cls(bindings, _tag(members.get("migration_tag")), handlers)

    def on(self, version: Version) -> Version:
        """The version with them."""
        raw = version.bindings.raw if self.bindings is None else self.bindings
        return replace(
            version,
            bindings=replace(version.bindings, raw=raw),
            migration_tag=version.migration_tag if self.migration_tag is None else self.migration_tag,
            handlers=version.handlers if self.handlers is None else self.handlers,
        )


def _bindings(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not all(map(_is_binding, value)):
        raise ValueError(f"wanted bindings as a list of objects with name and type; found {value!r}")
    return tuple(value)


def _is_binding(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(part), str) and value[part] for part in ("name", "type")
    )


def _tag(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"wanted migration_tag as a text; found {value!r}")
    return value
