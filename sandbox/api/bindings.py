"""Which bindings of an upload the sandbox can serve, and how they follow from the version before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.api.errors import bad_request, cannot_serve, invalid_inherit
from sandbox.api.models import Bindings
from sandbox.api.staging import Staging
from sandbox.edge.bound import AssetsBinding, Bound, KvBinding, ObjectsBinding, ServiceBinding, Stub

Entry = Mapping[str, Any]

_UNSERVED_METADATA = {
    "body_part": "service-worker syntax (export a default handler instead)",
    "capnp_schema": "a Cap'n Proto schema",
    "containers": "containers",
    "exports": "declared exports",
    "streaming_tail_consumers": "streaming tail consumers",
    "tail_consumers": "tail consumers",
}
_NAMED_BY = {  # the kind of thing that must exist, and which member names it
    "kv_namespace": ("kv", "namespace_id"),
    "r2_bucket": ("r2", "bucket_name"),
    "d1": ("d1", "id"),
    "queue": ("queues", "queue_name"),
}


@dataclass(slots=True)
class _Draft:
    """Bindings while they are put together."""

    vars: dict[str, str] = field(default_factory=dict)
    json_vars: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    metadata: list[str] = field(default_factory=list)
    others: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry, before: Bindings) -> None:
        name, kind = str(entry["name"]), entry["type"]
        if kind == "plain_text":
            self.vars[name] = str(entry.get("text", ""))
        elif kind == "json":
            self.json_vars[name] = entry.get("json")
        elif kind == "secret_text":
            self.secrets[name] = str(entry.get("text", ""))
        elif kind == "version_metadata":
            self.metadata.append(name)
        elif kind == "inherit":
            self.inherit(name, before)
        else:
            self.others[name] = entry

    def inherit(self, name: str, before: Bindings) -> None:
        if name in before.secrets:
            self.secrets[name] = before.secrets[name]
        elif name in before.vars:
            self.vars[name] = before.vars[name]
        elif name in before.json_vars:
            self.json_vars[name] = before.json_vars[name]
        elif name in before.metadata:
            self.metadata.append(name)
        elif name in before.others:
            self.others[name] = before.others[name]
        else:
            raise invalid_inherit(name)

    def keep(self, kinds: Sequence[str], before: Bindings) -> None:
        named = {*self.vars, *self.json_vars, *self.secrets, *self.metadata, *self.others}
        if "plain_text" in kinds:
            self.vars |= {name: text for name, text in before.vars.items() if name not in named}
        if "json" in kinds:
            self.json_vars |= {name: value for name, value in before.json_vars.items() if name not in named}
        if "secret_text" in kinds:
            self.secrets |= {name: text for name, text in before.secrets.items() if name not in named}
        for name, entry in before.others.items():
            if entry["type"] in kinds and name not in named:
                self.others[name] = entry


def read_bindings(
    metadata: Mapping[str, Any], before: Bindings | None, worker: str, staging: Staging
) -> Bindings:
    """The bindings that an upload's metadata asks for; ``before`` are those of the latest version.

    Raises ApiError when something can't be served, naming all of it, or can't be inherited.
    """
    entries = _entries(metadata)
    draft = _Draft()
    for entry in entries:
        draft.add(entry, before or Bindings())
    draft.keep(metadata.get("keep_bindings") or (), before or Bindings())
    bound = {name: _bound(entry, worker, staging.stub) for name, entry in draft.others.items()}
    staging.refused = {name: draft.others[name]["type"] for name, found in bound.items() if found is None}
    refuse_unserved(metadata, staging)
    return Bindings(
        vars=draft.vars,
        json_vars=draft.json_vars,
        secrets=draft.secrets,
        metadata=tuple(draft.metadata),
        others=draft.others,
        bound=tuple(each for each in bound.values() if each is not None),
    )


def refuse_unserved(metadata: Mapping[str, Any], staging: Staging | None = None) -> None:
    """Raise ApiError when metadata or bindings ask for what no part of the sandbox serves."""
    refused = staging.refused if staging else {}
    unserved = [f"{name} ({kind})" for name, kind in refused.items()]
    unserved += [words for key, words in _UNSERVED_METADATA.items() if metadata.get(key)]
    if unserved:
        raise cannot_serve(unserved, [*staging.stub, *refused] if staging and refused else ())


def resources_of(bindings: Bindings) -> Iterator[tuple[str, str]]:
    """The kind (a member of Resources) and name of each thing that must exist for these bindings."""
    for entry in bindings.others.values():
        kind, member = _NAMED_BY.get(str(entry["type"]), ("", ""))
        if isinstance(entry.get(member), str):
            yield kind, entry[member]


def _bound(entry: Entry, worker: str, stubs: Sequence[str]) -> Bound | None:
    """What the edge makes of a binding; None when it can't be served."""
    name, kind = str(entry["name"]), str(entry["type"])
    if name in stubs:
        return Stub(name, kind)
    if kind == "kv_namespace" and entry.get("namespace_id"):
        return KvBinding(name, str(entry["namespace_id"]))
    if kind == "durable_object_namespace" and entry.get("script_name") in {None, "", worker}:
        return ObjectsBinding(name, str(entry.get("class_name")))
    if kind == "assets":
        return AssetsBinding(name)
    if kind == "service" and not entry.get("entrypoint"):
        return ServiceBinding(name, str(entry.get("service")))
    return None


def _entries(metadata: Mapping[str, Any]) -> list[Entry]:
    entries = metadata.get("bindings") or []
    if not isinstance(entries, list):
        raise bad_request("metadata.bindings is not a list")
    for entry in entries:
        if not isinstance(entry, dict) or not {"name", "type"} <= entry.keys():
            raise bad_request("an entry of metadata.bindings lacks its name or type")
    return entries
