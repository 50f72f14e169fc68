"""What the edge is asked to run: a version's code and everything bound to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.edge.assets import Assets
from sandbox.edge.bound import Bound, ObjectClass


@dataclass(frozen=True)
class Module:
    """One uploaded file; the content type decides how workerd treats it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Script:
    """Everything needed to run one version of a worker.

    ``classes`` are the worker's classes of Durable Objects; with ``keeps_objects`` their state is the
    worker's own, else it goes with the process. ``scheduled`` says that it has a handler for crons.
    """

    worker: str
    version_id: str
    main_module: str
    modules: tuple[Module, ...]
    compatibility_date: str
    compatibility_flags: tuple[str, ...] = ()
    vars: Mapping[str, str] = field(default_factory=dict)
    json_vars: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    version_metadata: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bound: tuple[Bound, ...] = ()
    classes: tuple[ObjectClass, ...] = ()
    keeps_objects: bool = False
    scheduled: bool = False
    assets: Assets | None = None


class StartupError(Exception):
    """Raised when workerd refuses a script: syntax, a throw at start-up, a bad date or flag."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
