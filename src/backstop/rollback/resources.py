"""Whether what a version is bound to is still there: Cloudflare refuses a version whose resource is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.version import Binding, Version

_AT_ONCE = 8

Find = Callable[[CloudflareApi, str], bool]

_FINDERS: dict[str, Find] = {
    "kv_namespace": lambda api, name: api.has(
        "Workers KV Storage: Read", "storage", "kv", "namespaces", name
    ),
    "r2_bucket": lambda api, name: api.has("Workers R2 Storage: Read", "r2", "buckets", name),
    "d1": lambda api, name: api.has("D1: Read", "d1", "database", name),
    "queue": lambda api, name: name in api.queue_names(),
    "service": lambda api, name: api.has("Workers Scripts: Read", "workers", "services", name),
}


@dataclass(frozen=True, slots=True)
class Resources:
    """``gone`` and ``unknown`` (it could not be looked at, and why) are sentences, one a binding."""

    gone: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def look_at_resources(api: CloudflareApi, version: Version) -> Resources:
    """Ask for everything that the version is bound to, at the same time."""
    bound = [each for each in version.bindings if each.resource and each.type in _FINDERS]
    if not bound:
        return Resources()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="backstop-resource") as pool:
        found = list(pool.map(lambda each: _there(api, each), bound))
    pairs = list(zip(bound, found, strict=True))
    return Resources(tuple(_gone(pairs)), tuple(_unknown(pairs)))


Pairs = list[tuple[Binding, bool | CouldNotLook]]


def _there(api: CloudflareApi, binding: Binding) -> bool | CouldNotLook:
    try:
        return _FINDERS[binding.type](api, binding.resource)
    except CouldNotLook as error:
        return error


def _gone(pairs: Pairs) -> Iterator[str]:
    for binding, found in pairs:
        if found is False:
            yield f"{binding.name} ({binding.type} {binding.resource})"


def _unknown(pairs: Pairs) -> Iterator[str]:
    for binding, found in pairs:
        if isinstance(found, CouldNotLook):
            yield f"whether {binding.name} ({binding.type} {binding.resource}) is there: {found.message}"
