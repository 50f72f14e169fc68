"""Which worker a target is, where only its project says so."""

from __future__ import annotations

from dataclasses import replace

from backstop.model.target import Target
from backstop.settings.wrangler_project import read_project


def with_worker(target: Target) -> Target:
    """The target with its worker named, by itself or by its project. Raises as ``read_project``."""
    if target.project is None or target.worker:
        return target
    return replace(target, worker=read_project(target.project, target.wrangler_env).name)
