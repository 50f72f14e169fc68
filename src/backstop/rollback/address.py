"""Whether the target's URL leads to the worker that would be rolled back.

What contradicts is refused: somebody is about to roll back one bot and to look at another. What can't be
known is a warning: an outage must not block its own rescue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.refusals import ApiRefused
from backstop.model.errors import CouldNotLook, Refused
from backstop.model.http import Answer
from backstop.model.target import Target
from backstop.model.version import VersionId, version_id
from backstop.rollback.edge_witness import EdgeWitness

_WORKERS_DEV = ".workers.dev"
_VERSION_LIKE = re.compile(r"version|deployment", re.IGNORECASE)
_ADDRESS = re.compile(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*")  # a number is no name of a domain
_NOT_FOUND = 404
_MOST_CLAIMS = 20
_REMEDY = "correct url or worker of this target"


def see_that_it_leads_there(target: Target, api: CloudflareApi, edge: EdgeWitness) -> str:
    """Why it could not be known, or nothing when it leads there. Raises Refused when it does not."""
    named, another = _by_name(target, api)
    if named:
        return ""
    seen, answer, why = edge.serving_or_answer()
    if seen is not None:
        return ""  # also behind another worker that hands requests on
    if another:
        raise Refused(another, remedy=_REMEDY)
    _refuse_another(target, api, answer)
    tail = f"the tail could not be read ({why})" if why else "the tail had no probe of ours"
    unseen = f"whether {target.url} leads to {target.worker} could not be seen"
    return f"{unseen}: the answer shows no version of it, and {tail}"


def _by_name(target: Target, api: CloudflareApi) -> tuple[bool, str]:
    """Whether the address itself says so, and if it names another worker, which.

    Raises Refused for a preview address, which no rollback ever changes.
    """
    host = (urlsplit(target.url).hostname or "").lower()
    if host.endswith(_WORKERS_DEV):
        return _on_workers_dev(target, host, api)
    leads_to = _domain(api, host)
    if leads_to is None or leads_to == target.worker:
        return leads_to is not None, ""
    return False, f"{host} is a custom domain of the worker {leads_to}, not of {target.worker}"


def _on_workers_dev(target: Target, host: str, api: CloudflareApi) -> tuple[bool, str]:
    label, _, account = host.removesuffix(_WORKERS_DEV).partition(".")
    if label.endswith(f"-{target.worker}"):
        message = f"{host} is a preview address of {target.worker}, which serves one version for ever"
        another = f"or it is that of another worker, {label}: then {_REMEDY}"
        raise Refused(message, remedy=f"set url to the address that your users reach; {another}")
    try:
        known = api.subdomain()
    except CouldNotLook:
        known = account
    wanted = f"{target.worker}.{known}{_WORKERS_DEV}"
    return host == wanted, "" if host == wanted else f"{host} is not {wanted}, that of {target.worker}"


def _domain(api: CloudflareApi, host: str) -> str | None:
    if not host or _ADDRESS.fullmatch(host):
        return None
    try:
        return api.domain_leads_to(host)
    except CouldNotLook:
        return None


def _refuse_another(target: Target, api: CloudflareApi, answer: Answer | None) -> None:
    """Raise Refused when the answer claims a version that this worker never had."""
    for claimed in _claimed(answer) if answer else ():
        try:
            api.version(target.worker, claimed)
        except ApiRefused as refused:
            if refused.status != _NOT_FOUND:
                continue
            message = f"{target.url} shows version {claimed}, which {target.worker} never had"
            raise Refused(message, remedy=_REMEDY) from refused
        except CouldNotLook:
            continue


def _claimed(answer: Answer) -> tuple[VersionId, ...]:
    """Version ids in places that are named like one; an id of a request or a user is none."""
    found = [value for name, value in answer.headers if _VERSION_LIKE.search(name)]
    with suppress(ValueError):
        found += _texts(answer.json())
    claimed = []
    for text in found[:_MOST_CLAIMS]:
        try:
            claimed.append(version_id(text.strip().lower()))
        except ValueError:
            continue
    return tuple(dict.fromkeys(claimed))


def _texts(value: Any, *, named: bool = False) -> Iterator[str]:
    """The texts below members that are named like a version."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, named=named or bool(_VERSION_LIKE.search(name)))
    elif isinstance(value, str) and named:
        yield value
