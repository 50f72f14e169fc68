"""What a sandbox target says of its bot's bindings: stubs, what KV begins with, workers behind services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backstop.model.target import EmbeddedBindings
from backstop.settings.table import Table, shown

_KEYS = ("stub", "kv", "services")


def read_bindings(table: Table, base: Path) -> EmbeddedBindings:
    """Read them, with paths relative to ``base``; faults are left with the table."""
    return EmbeddedBindings(
        stub=table.texts("stub"),
        kv=tuple(_namespaces(table)),
        services=tuple((base / each).resolve() for each in table.texts("services")),
    )


def refuse_bindings(table: Table) -> None:
    """Leave a fault for each of them: they are for a sandbox target only."""
    for name in _KEYS:
        if name in table:
            table.value(name)
            table.fault(name, "only for a sandbox target; elsewhere the bot has its bindings for real")


def _namespaces(table: Table) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    kv = table.table(
        "kv", 'tables of keys and texts by binding, such as { SETTINGS = { greeting = "hello" } }'
    )
    for binding, _ in kv.items() if kv else ():
        values = kv.table(binding, 'keys and texts, such as { greeting = "hello" }') if kv else None
        if values is not None:
            yield binding, tuple(_values(values))


def _values(values: Table) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, str):
            yield key, value
        else:
            values.fault(key, f"found {shown(value)}, wanted a text; JSON is written as one")
