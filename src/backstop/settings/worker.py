"""Which worker a target is, where only its project says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backstop.model.errors import UsageError
from backstop.model.target import Target
from backstop.settings.wrangler_project import read_project, worker_name

_ENOUGH = 'where nothing is built, as for a rollback, worker = "NAME" in place of `project` is enough'


def with_worker(target: Target, *, builds: bool = False) -> Target:
    """The target with its worker named, by itself or by its project.

    A sandbox ``builds`` that, and so do a drill and the gate before a deploy: then all must be in order.
    A rollback needs its name and nothing else. Raises UsageError.
    """
    if target.project is None or target.worker:
        return target
    if builds or target.sandbox:
        return replace(target, worker=read_project(target.project, target.wrangler_env).name)
    try:
        return replace(target, worker=worker_name(target.project, target.wrangler_env))
    except UsageError as error:
        remedy = f"{error.remedy}; {_ENOUGH}" if error.remedy else _ENOUGH
        raise UsageError(error.message, remedy=remedy) from error


def protected_twin(target: Target, others: Iterable[Target]) -> str:
    """The name of a protected target that is the same worker or has the same address; empty where none is.

    ``target`` has its worker. Accounts that are not both known may be the same one.
    """
    for other in others:
        if other.protected and not (other.sandbox or target.sandbox) and other.name != target.name:
            if _worker(other) == target.worker and _may_be_same(target, other):
                return other.name
            if other.url.rstrip("/") == target.url.rstrip("/"):
                return other.name
    return ""


def _may_be_same(target: Target, other: Target) -> bool:
    accounts = {each.cloudflare_account for each in (target, other) if each.cloudflare_account}
    return len(accounts) <= 1


def _worker(target: Target) -> str | None:
    """None where its project does not say: that is told when it is asked for itself."""
    try:
        return with_worker(target).worker or None
    except UsageError:
        return None
