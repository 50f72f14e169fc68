"""Which worker a target is, where only its project says so."""

from __future__ import annotations

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
