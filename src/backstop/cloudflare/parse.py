"""What Cloudflare's API answers, turned into values of the model.

Members that tell nothing are not looked at and those that may be missing may be; what is there must
be of the right type. Everything here raises CouldNotLook for what is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backstop.cloudflare.found import Found
from backstop.model.errors import CouldNotLook
from backstop.model.version import Binding, Deployment, Share, Version

_ALL, _ROUNDED = 100.0, 1.0  # per cent of the traffic, and by how much parts of it may be off together
_TELL_AN_ORDER = 2  # entries: it takes so many to see which way a list runs
_PLAIN = "plain_text"
_BUCKET = "r2_bucket"
_RESOURCES = {  # the member of a binding that names what it points at, by the binding's type
    "kv_namespace": "namespace_id",
    "r2_bucket": "bucket_name",
    "d1": "id",
    "queue": "queue_name",
    "service": "service",
}


def deployments(result: Any) -> tuple[tuple[Deployment, ...], str]:
    """The history, newest first, up to an entry that can't be read; why that can't, or nothing.

    Newest first is the order of the API; a list that runs the other way is turned. Raises CouldNotLook where
    it is the newest that can't be read, or one of so few that they tell no order.
    """
    listed = [_or_why_not(entry) for entry in Found(result, "result").member("deployments").listed()]
    read = [each for each in listed if isinstance(each, Deployment)]
    unread = next((each for each in listed if isinstance(each, CouldNotLook)), None)
    if unread is not None and len(read) < _TELL_AN_ORDER:
        raise unread
    newest_first = listed[::-1] if _ascends(read) else listed
    return _down_to_unread(newest_first)


def runs_backwards(result: Any) -> bool:
    """Whether the history is listed oldest first."""
    listed = [_or_why_not(entry) for entry in Found(result, "result").member("deployments").listed()]
    return _ascends([each for each in listed if isinstance(each, Deployment)])


def versions(result: Any) -> tuple[Version, ...]:
    """A list of versions; Cloudflare leaves bindings and etag out of lists."""
    return tuple(_version(entry) for entry in Found(result, "result").member("items").listed())


def version(result: Any) -> Version:
    """One version in full. The list of its bindings must be there, though it may be empty."""
    found = Found(result, "result")
    _listed_bindings(found.within("resources", "bindings")).listed()
    return _version(found)


def secret_names(result: Any) -> frozenset[str]:
    """The names of a list of secrets, which must be there."""
    return frozenset(entry.member("name").text() for entry in Found(result, "result").listed())


def schedules(result: Any) -> tuple[str, ...]:
    """The crons of a worker."""
    listed = Found(result, "result").member("schedules").entries()
    return tuple(entry.member("cron").text() for entry in listed)


def subdomain(result: Any) -> str:
    """The account's part of a workers.dev address."""
    return Found(result, "result").member("subdomain").text_or("")


def domains(result: Any) -> dict[str, str]:
    """Which worker a custom domain leads to, by host name."""
    found = Found(result, "result").entries()
    return {entry.member("hostname").text(): entry.member("service").text_or("") for entry in found}


def zones(result: Any) -> tuple[str, ...]:
    """The ids of a list of zones."""
    return tuple(entry.member("id").text() for entry in Found(result, "result").entries())


def routes(result: Any) -> tuple[tuple[str, str], ...]:
    """The pattern of each route, and the worker that it leads to: empty where it leads past all of them."""
    found = Found(result, "result").entries()
    return tuple((entry.member("pattern").text(), entry.member("script").text_or("")) for entry in found)


def queues(result: Any) -> frozenset[str]:
    """The names of the account's queues, of which there must be a list."""
    return frozenset(entry.member("queue_name").text() for entry in Found(result, "result").listed())


def deployment_id(result: Any) -> str:
    """The id of the deployment that was made."""
    return Found(result, "result").member("id").text()


def tail(result: Any) -> tuple[str, str, datetime | None]:
    """The id and the WebSocket address of a new tail, and when it expires."""
    found = Found(result, "result")
    expires = found.member("expires_at")
    return (
        found.member("id").text(),
        found.member("url").text(),
        None if expires.value is None else expires.time(),
    )


def _or_why_not(entry: Found) -> Deployment | CouldNotLook:
    try:
        return _deployment(entry)
    except CouldNotLook as error:
        return error


def _down_to_unread(listed: Sequence[Deployment | CouldNotLook]) -> tuple[tuple[Deployment, ...], str]:
    """What came before an entry that can't be read is not known either: nothing after it is kept."""
    read: list[Deployment] = []
    for each in listed:
        if isinstance(each, CouldNotLook):
            if not read:
                raise each
            return tuple(read), each.message
        read.append(each)
    return tuple(read), ""


def _ascends(found: Sequence[Deployment]) -> bool:
    made = [each.created for each in found]
    return bool(made) and made == sorted(made) and made[0] < made[-1]


def _deployment(found: Found) -> Deployment:
    name = found.member("id").text()
    served = found.member("versions")
    if not served.value:
        served.reject("the versions that serve")
    shares = tuple(
        Share(share.member("version_id").version(), share.member("percentage").number())
        for share in served.entries()
    )
    if min(share.percentage for share in shares) < 0 or not _is_whole(shares):
        served.reject("parts of the traffic that add up to 100")
    return Deployment(
        id=name,
        created=found.member("created_on").time(),
        source=found.member("source").text_or(""),
        author=found.member("author_email").text_or(""),
        shares=shares,
        message=found.within("annotations", "workers/message").text_or(""),
        triggered_by=found.within("annotations", "workers/triggered_by").text_or(""),
    )


def _is_whole(shares: Sequence[Share]) -> bool:
    return abs(sum(share.percentage for share in shares) - _ALL) <= _ROUNDED


def _version(found: Found) -> Version:
    notes, runtime = found.member("annotations"), found.within("resources", "script_runtime")
    script = found.within("resources", "script")
    return Version(
        id=found.member("id").version(),
        number=int(found.member("number").number()),
        created=found.member("metadata").member("created_on").time(),
        author=found.member("metadata").member("author_email").text_or(""),
        triggered_by=notes.within("workers/triggered_by").text_or(""),
        tag=notes.within("workers/tag").text_or(""),
        message=notes.within("workers/message").text_or(""),
        etag=script.within("etag").text_or(""),
        handlers=_texts(script.within("handlers")),
        bindings=_bindings(found.within("resources", "bindings")),
        compatibility_date=runtime.within("compatibility_date").text_or(""),
        compatibility_flags=_texts(runtime.within("compatibility_flags")),
        migration_tag=runtime.within("migration_tag").text_or(""),
    )


def _bindings(found: Found) -> tuple[Binding, ...]:
    """A list in some versions of the API, in others an object that holds it."""
    return tuple(_binding(entry) for entry in _listed_bindings(found).entries())


def _listed_bindings(found: Found) -> Found:
    return found.member("result") if isinstance(found.value, dict) else found


def _binding(found: Found) -> Binding:
    kind = found.member("type").text()
    text = found.member("text").text_or("") if kind == _PLAIN else None
    points_at = _RESOURCES.get(kind)
    elsewhere = (
        kind == _BUCKET and found.member("jurisdiction").value is not None
    )  # it is asked for otherwise
    resource = found.member(points_at).text_or("") if points_at and not elsewhere else ""
    return Binding(found.member("name").text(), kind, text, resource, _digest(found.value))


def _digest(value: Any) -> str:
    """The same for the same JSON; no value can be read out of it."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _texts(found: Found) -> tuple[str, ...]:
    return tuple(entry.text() for entry in found.entries())
