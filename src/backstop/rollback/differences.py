"""What a rollback changes, and what it leaves as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstop.model.version import Binding, Version, VersionId

_VARS = frozenset({"plain_text", "json"})
_SECRETS = frozenset({"secret_text", "secret_key"})
_DATA = {
    "kv_namespace": "KV",
    "r2_bucket": "R2",
    "d1": "D1",
    "durable_object_namespace": "Durable Objects",
    "queue": "queues",
    "vectorize": "Vectorize",
}


def what_changes(serving: Version, wanted: Version) -> tuple[str, ...]:
    """What else than the code will be other than now, a sentence each. Values are never shown."""
    return tuple(_changes(serving, wanted))


def _changes(serving: Version, wanted: Version) -> Iterator[str]:
    now, then = _others(serving), _others(wanted)
    for name in sorted(now.keys() | then.keys()):
        if now.get(name) != then.get(name):
            yield _binding(name, now.get(name), then.get(name))
    if serving.compatibility_date != wanted.compatibility_date:
        dates = f"{serving.compatibility_date or 'none'} → {wanted.compatibility_date or 'none'}"
        yield f"compatibility date {dates}"
    if set(serving.compatibility_flags) != set(wanted.compatibility_flags):
        flags = (", ".join(each.compatibility_flags) or "none" for each in (serving, wanted))
        yield f"compatibility flags {' → '.join(flags)}"


def _others(version: Version) -> dict[str, Binding]:
    return {each.name: each for each in version.bindings if each.type not in _SECRETS}


def _binding(name: str, now: Binding | None, then: Binding | None) -> str:
    known = then or now
    kind = "variable" if known is not None and known.type in _VARS else "binding"
    if then is None:
        return f"{kind} {name} goes: it was not there then"
    if now is None:
        return f"{kind} {name} comes with it"
    if now.type != then.type:
        return f"{kind} {name} becomes {then.type} (now {now.type})"
    return f"{kind} {name} has the value of that version"


@dataclass(frozen=True, slots=True)
class Outside:
    """What is no part of a version: changes of secrets, crons, Discord's commands, what was uploaded last.

    ``crons`` is None where they could not be read. ``commands`` says what Discord has otherwise than the
    target declares.
    """

    secrets: Sequence[str]
    crons: Sequence[str] | None
    commands: Sequence[str]
    newest: VersionId


def what_stays(serving: Version, wanted: Version, outside: Outside) -> tuple[str, ...]:
    """What the rollback will not undo, a sentence each."""
    return tuple(_stays(serving, wanted, outside))


def _stays(serving: Version, wanted: Version, outside: Outside) -> Iterator[str]:
    for change in outside.secrets:
        yield f"secret: {change}"
    for cron in outside.crons or ():
        yield f"the cron {cron} stays" + _unhandled("scheduled", serving, wanted)
    if outside.crons is None:
        yield "crons: could not be read; they stay as they are"
    if "queue" in serving.handlers and "queue" not in wanted.handlers:
        yield "queue consumers stay, and that version does not handle queues: their messages will fail"
    kinds = {_DATA[each.type] for each in (*serving.bindings, *wanted.bindings) if each.type in _DATA}
    if kinds:
        yield f"data in {', '.join(sorted(kinds))} stays as it was written since"
    yield from (f"slash commands: {each}" for each in outside.commands)
    yield "routes, custom domains and Discord's registrations stay: they are no part of a version"
    if outside.newest != wanted.id:
        yield (
            f"{outside.newest[:8]} stays the newest upload: until a good build is uploaded, "
            "`wrangler secret put` is refused and a variable that is changed in the dashboard deploys it"
        )


def _unhandled(handler: str, serving: Version, wanted: Version) -> str:
    if handler in serving.handlers and handler not in wanted.handlers:
        return ", and that version does not handle crons: each run will fail"
    return ""
