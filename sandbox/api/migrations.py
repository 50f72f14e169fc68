"""Migrations of Durable Objects: which classes a worker has after one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.api.errors import (
    bad_request,
    cannot_serve,
    invalid_migration,
    not_configured_for_objects,
    wrong_migration_tag,
)
from sandbox.api.models import Bindings, Worker
from sandbox.edge.bound import ObjectClass, ObjectsBinding

_KINDS = (
    "new_classes",
    "new_sqlite_classes",
    "renamed_classes",
    "deleted_classes",
    "transferred_classes",
)


@dataclass(frozen=True, slots=True)
class Objects:
    """The classes of a worker with the tag of the last migration."""

    classes: tuple[ObjectClass, ...]
    tag: str


def migrate(worker: Worker, asked: Mapping[str, Any] | None) -> Objects:
    """What a worker has after a migration, or without one. Raises ApiError for one that can't be."""
    if not asked:
        return Objects(worker.classes, worker.migration_tag)
    if not isinstance(asked, dict):
        raise bad_request("metadata.migrations is not an object")
    old_tag = str(asked.get("old_tag") or "")
    if old_tag != worker.migration_tag:
        raise wrong_migration_tag(worker.migration_tag)
    classes = {each.name: each for each in worker.classes}
    for step in _steps(asked):
        _take(step, classes, worker.name)
    return Objects(tuple(classes.values()), str(asked.get("new_tag") or ""))


def with_namespaces(bindings: Bindings, objects: Objects) -> Bindings:
    """The bindings with the namespace that each class is, as the API shows it.

    Raises ApiError when one names a class that no migration made.
    """
    known = {each.name: each for each in objects.classes}
    others = dict(bindings.others)
    for each in bindings.bound:
        if not isinstance(each, ObjectsBinding):
            continue
        if each.class_name not in known:
            raise not_configured_for_objects(each.class_name)
        others[each.name] = {**others[each.name], "namespace_id": known[each.class_name].namespace}
    return replace(bindings, others=others)


def _steps(asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    steps = asked.get("steps")
    if steps is None:
        yield {name: asked[name] for name in _KINDS if name in asked}
        return
    if not isinstance(steps, list) or not all(isinstance(each, dict) for each in steps):
        raise bad_request("metadata.migrations.steps is not a list of objects")
    yield from steps


def _take(step: Mapping[str, Any], classes: dict[str, ObjectClass], worker: str) -> None:
    if step.get("transferred_classes"):
        raise cannot_serve(["migrations that transfer classes between workers"])
    for kind, sqlite in (("new_classes", False), ("new_sqlite_classes", True)):
        for name in _names(step, kind):
            if name in classes:
                raise invalid_migration("new-class", name, "it is one already")
            classes[name] = ObjectClass(name, f"{worker}-{name}-{secrets.token_hex(4)}", sqlite)
    for old, new in _renamed(step):
        if old not in classes or new in classes:
            raise invalid_migration("rename-class", old, f"it can't become {new}")
        classes[new] = replace(classes.pop(old), name=new)
    for name in _names(step, "deleted_classes"):
        if classes.pop(name, None) is None:
            raise invalid_migration("delete-class", name, "there is no such class")


def _names(step: Mapping[str, Any], kind: str) -> Sequence[str]:
    names = step.get(kind) or []
    if not isinstance(names, list) or not all(isinstance(each, str) and each for each in names):
        raise bad_request(f"{kind} of a migration is not a list of names")
    return names


def _renamed(step: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in step.get("renamed_classes") or []:
        if not isinstance(each, dict) or not isinstance(each.get("from"), str):
            raise bad_request("renamed_classes of a migration is not a list of {from, to}")
        yield each["from"], str(each.get("to"))
