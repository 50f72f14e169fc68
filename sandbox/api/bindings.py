"""Which bindings of an upload the sandbox can serve, and how they follow from the version before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.api.errors import bad_request, cannot_serve, invalid_inherit
from sandbox.api.models import Bindings

_SERVED = frozenset({"plain_text", "json", "secret_text", "version_metadata", "inherit"})
_UNSERVED_METADATA = {
    "assets": "static assets",
    "body_part": "service-worker syntax (export a default handler instead)",
    "capnp_schema": "a Cap'n Proto schema",
    "containers": "containers",
    "exports": "declared exports",
    "migrations": "Durable Object migrations",
    "streaming_tail_consumers": "streaming tail consumers",
    "tail_consumers": "tail consumers",
}


@dataclass(slots=True)
class _Draft:
    """Bindings while they are put together."""

    vars: dict[str, str] = field(default_factory=dict)
    json_vars: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    metadata: list[str] = field(default_factory=list)

    def add(self, entry: Mapping[str, Any], before: Bindings) -> None:
        name, kind = str(entry["name"]), entry["type"]
        if kind == "plain_text":
            self.vars[name] = str(entry.get("text", ""))
        elif kind == "json":
            self.json_vars[name] = entry.get("json")
        elif kind == "secret_text":
            self.secrets[name] = str(entry.get("text", ""))
        elif kind == "version_metadata":
            self.metadata.append(name)
        else:
            self.inherit(name, before)

    def inherit(self, name: str, before: Bindings) -> None:
        if name in before.secrets:
            self.secrets[name] = before.secrets[name]
        elif name in before.vars:
            self.vars[name] = before.vars[name]
        elif name in before.json_vars:
            self.json_vars[name] = before.json_vars[name]
        elif name in before.metadata:
            self.metadata.append(name)
        else:
            raise invalid_inherit(name)

    def keep(self, kinds: Sequence[str], before: Bindings) -> None:
        named = {*self.vars, *self.json_vars, *self.secrets, *self.metadata}
        if "plain_text" in kinds:
            self.vars |= {name: text for name, text in before.vars.items() if name not in named}
        if "json" in kinds:
            self.json_vars |= {name: value for name, value in before.json_vars.items() if name not in named}
        if "secret_text" in kinds:
            self.secrets |= {name: text for name, text in before.secrets.items() if name not in named}


def read_bindings(metadata: Mapping[str, Any], before: Bindings | None) -> Bindings:
    """The bindings that an upload's metadata asks for; ``before`` are those of the latest version.

    Raises ApiError when something can't be served, naming all of it, or can't be inherited.
    """
    entries = _entries(metadata)
    refuse_unserved(metadata, entries)
    draft = _Draft()
    for entry in entries:
        draft.add(entry, before or Bindings())
    draft.keep(metadata.get("keep_bindings") or (), before or Bindings())
    return Bindings(draft.vars, draft.json_vars, draft.secrets, tuple(draft.metadata))


def refuse_unserved(metadata: Mapping[str, Any], entries: Sequence[Mapping[str, Any]] = ()) -> None:
    """Raise ApiError when metadata or bindings ask for what no part of the sandbox serves."""
    unserved = [f"{each['name']} ({each['type']})" for each in entries if each["type"] not in _SERVED]
    unserved += [words for key, words in _UNSERVED_METADATA.items() if metadata.get(key)]
    if unserved:
        raise cannot_serve(unserved)


def _entries(metadata: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = metadata.get("bindings") or []
    if not isinstance(entries, list):
        raise bad_request("metadata.bindings is not a list")
    for entry in entries:
        if not isinstance(entry, dict) or not {"name", "type"} <= entry.keys():
            raise bad_request("an entry of metadata.bindings lacks its name or type")
    return entries
