"""Histories of a worker, and an API that tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from backstop.cloudflare.paging import Listed
from backstop.cloudflare.refusals import ApiRefused
from backstop.model.errors import CouldNotLook
from backstop.model.version import Binding, Deployment, Share, Version, VersionId, version_id
from backstop.rollback.plan import Known, Plan, make_plan
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.survey import Survey

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
WORKER = "bot"


def vid(number: int) -> VersionId:
    """The id of the version with this number."""
    return version_id(f"{number:08x}-0000-4000-8000-000000000000")


def version(number: int, **other: object) -> Version:
    """A version with code of its own."""
    made = Version(vid(number), number, NOW - timedelta(hours=100 - number), "dev@example.com")
    return replace(made, **{"etag": f"code {number}", "handlers": ("fetch",), **other})  # type: ignore[arg-type]


def deployed(
    *numbers: int, message: str = "", minutes_ago: float = 600, split: Sequence[float] = (), by: str = ""
) -> Deployment:
    """A deployment of one version at 100 %, or of several by ``split``."""
    parts = split or [100.0 / len(numbers)] * len(numbers)
    shares = tuple(Share(vid(number), part) for number, part in zip(numbers, parts, strict=True))
    name = f"d-{'-'.join(map(str, numbers))}-{minutes_ago:g}-{message}"
    created = NOW - timedelta(minutes=minutes_ago)
    return Deployment(name, created, "wrangler", "dev@example.com", shares, message, by)


def history(*numbers: int) -> tuple[Deployment, ...]:
    """Deployments at 100 %, newest first, an hour apart; each has an id of its own."""
    return tuple(
        replace(deployed(number, minutes_ago=60.0 * (place + 1)), id=f"d{len(numbers) - place}")
        for place, number in enumerate(numbers)
    )


@dataclass
class Account:
    """What Cloudflare would answer. ``gone`` are names of resources; ``silent`` products can't be asked."""

    history: tuple[Deployment, ...]
    versions_: dict[VersionId, Version] = field(default_factory=dict)
    unlisted: frozenset[VersionId] = frozenset()
    crons: tuple[str, ...] | None = ()
    gone: frozenset[str] = frozenset()
    silent: bool = False
    domains: dict[str, str] = field(default_factory=dict)
    server_time: datetime | None = NOW
    cut: str = ""
    here: datetime | None = None

    def deployments(self, _worker: str) -> tuple[Deployment, ...]:
        """The history."""
        return self.history

    def whole_history(self, worker: str) -> Listed[Deployment]:
        """The same, as far as it can be read."""
        return Listed(self.deployments(worker), self.cut)

    def versions(self, _worker: str) -> tuple[Version, ...]:
        """As lists show them: without bindings and etags."""
        listed = [each for each in self.versions_.values() if each.id not in self.unlisted]
        newest = sorted(listed, key=lambda each: -each.number)
        return tuple(replace(each, etag="", bindings=(), handlers=()) for each in newest)

    def version(self, _worker: str, wanted: VersionId) -> Version:
        """One version in full."""
        if wanted not in self.versions_:
            message = "no such version"
            raise ApiRefused(message, status=404, code=100146)
        return self.versions_[wanted]

    def schedules(self, _worker: str) -> tuple[str, ...]:
        """The crons."""
        if self.crons is None:
            message = "not permitted"
            raise CouldNotLook(message)
        return self.crons

    def has(self, _product: str, *path: str) -> bool:
        """Whether a resource is there."""
        if self.silent:
            message = "the token may not read that"
            raise CouldNotLook(message)
        return path[-1] not in self.gone

    def queue_names(self) -> frozenset[str]:
        """The queues."""
        return frozenset({"jobs"} - self.gone)

    def subdomain(self) -> str:
        """The account's part of workers.dev."""
        return "example"

    def domain_leads_to(self, hostname: str) -> str | None:
        """Custom domains."""
        return self.domains.get(hostname)


def account(*entries: Deployment, versions: Sequence[Version] = (), **other: object) -> Account:
    """An account whose worker has this history, newest first, and ordinary versions beside ``versions``."""
    numbers = {int(each[:8], 16) for entry in entries for each in entry.versions}
    known = {vid(number): version(number) for number in sorted(numbers)}
    known |= {each.id: each for each in versions}
    return Account(entries, known, **other)  # type: ignore[arg-type]


def surveyed(found: Account) -> Survey:
    """The survey of an account."""
    return Survey(
        WORKER,
        found.history,
        found.versions(WORKER),
        found.crons,
        found.server_time or NOW,
        lambda wanted: found.version(WORKER, wanted),
        found.cut,
        found.here,
    )


def bound(kind: str, name: str, resource: str = "", text: str | None = None) -> Binding:
    """A binding."""
    return Binding(name, kind, text, resource)


BACK = RollbackRequest("why")
TO_1 = RollbackRequest("why", Aim.NAMED, vid(1))
TWO = history(2, 1)


def plan(found: Account, request: RollbackRequest = BACK, **other: Any) -> Plan:
    """The plan for an account."""
    made = make_plan(cast("Any", found), surveyed(found), request, Known(**other))
    assert isinstance(made, Plan)
    return made


def with_bindings(number: int, *bindings: Binding, **other: object) -> Any:
    """A version that is bound to these."""
    return version(number, bindings=bindings, **other)
