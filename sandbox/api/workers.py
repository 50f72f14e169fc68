"""What can be done to workers: the meaning of the API, without HTTP."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandbox.api import errors
from sandbox.api.asset_config import read_assets
from sandbox.api.bindings import read_bindings, resources_of
from sandbox.api.handlers import check
from sandbox.api.migrations import Objects, migrate, with_namespaces
from sandbox.api.models import (
    Annotations,
    Bindings,
    Deployment,
    Share,
    Source,
    Store,
    Version,
    Worker,
    fresh_id,
    now,
)
from sandbox.api.ports import EdgePort, Nowhere
from sandbox.api.staging import Staging
from sandbox.api.upload import Upload
from sandbox.edge.bound import KvBinding, ServiceBinding, Stub
from sandbox.edge.script import StartupError
from sandbox.kv.namespace import KvError

_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}")
_ALL = 100.0
_MOST_SHARES = 2
_ROUNDING = 1e-6


class Workers:
    """The workers of a store on an edge. Changes of one worker happen one after the other."""

    def __init__(self, store: Store, edge: EdgePort) -> None:
        self.store = store
        self._edge = edge
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def imagined(self) -> Workers:
        """The same workers in a world of their own: what is done there never happens here."""
        return Workers(self.store.copy(), Nowhere())

    def get(self, name: str) -> Worker:
        """The worker. Raises ApiError when there is none."""
        worker = self.store.workers.get(name)
        if worker is None:
            raise errors.no_such_worker()
        return worker

    def newest(self, name: str) -> Version:
        """The latest version of a worker. Raises ApiError when there is none."""
        latest = self.get(name).latest
        if latest is None:
            raise errors.no_such_worker()
        return latest

    def version(self, name: str, version_id: str) -> Version:
        """One version of this worker. Raises ApiError when it has none of that id."""
        version = self.get(name).version(version_id)
        if version is None:
            raise errors.no_such_version(version_id)
        return version

    def deployment(self, name: str, deployment_id: str) -> Deployment:
        """One deployment of this worker. Raises ApiError when it has none of that id."""
        found = (each for each in self.get(name).deployments if each.id == deployment_id)
        deployment = next(found, None)
        if deployment is None:
            raise errors.no_such_deployment(deployment_id)
        return deployment

    def is_stubbed(self, kind: str, member: str, name: str) -> bool:
        """Whether a worker has a stub of this kind that stands for the thing that ``member`` names so."""
        for version in (each.latest for each in self.store.workers.values() if each.latest):
            for bound in version.bindings.bound:
                entry = version.bindings.others[bound.name]
                if isinstance(bound, Stub) and bound.kind == kind and entry.get(member) == name:
                    return True
        return False

    async def put(self, name: str, upload: Upload, source: Source) -> Worker:
        """Upload a version and let it serve everything; makes the worker when there is none."""
        if not _NAME.fullmatch(name):
            raise errors.invalid_worker_name(name)
        async with self._locks[name]:
            worker = self.store.workers.get(name) or Worker(name)
            objects = migrate(worker, upload.metadata.get("migrations"))
            version = await self._build(worker, upload, source, objects)
            await self._activate(
                worker, [(version, _ALL)], Annotations("upload", version.annotations.message)
            )
            worker.classes, worker.migration_tag = objects.classes, objects.tag
            self.store.workers[name] = worker
            return worker

    async def upload(self, name: str, upload: Upload, source: Source) -> Version:
        """Upload a version without deploying it."""
        async with self._locks[name]:
            worker = self.get(name)
            if upload.metadata.get("migrations"):
                raise errors.migration_in_version()
            version = await self._build(worker, upload, source, migrate(worker, None))
            worker.versions.append(version)
            return version

    async def deploy(
        self, name: str, shares: Sequence[Share], written: Annotations, source: Source, *, force: bool
    ) -> Deployment:
        """Let versions serve. Raises ApiError when they can't, or when secrets changed, unless forced."""
        async with self._locks[name]:
            worker = self.get(name)
            chosen = _chosen(worker, shares)
            _guard_objects(worker, [version for version, _ in chosen])
            if not force:
                _guard_secrets(worker, [version for version, _ in chosen])
            return await self._activate(worker, chosen, written, source)

    async def change_secrets(self, name: str, changes: Mapping[str, str | None], source: Source) -> None:
        """Set secrets, or delete those that are None, in a new version that serves at once."""
        async with self._locks[name]:
            worker = self.get(name)
            latest = self.newest(name)
            if worker.deployed() != [latest]:
                raise errors.latest_not_deployed()
            version = _with_secrets(latest, changes, worker.next_number, source)
            await self._activate(worker, [(version, _ALL)], Annotations("secret"), source)

    async def amend(
        self, name: str, changes: Mapping[str, str | None], written: Annotations, source: Source
    ) -> Version:
        """Change secrets in a new version that nothing serves yet."""
        async with self._locks[name]:
            worker = self.get(name)
            changed = _with_secrets(self.newest(name), changes, worker.next_number, source)
            version = replace(changed, annotations=written)
            worker.versions.append(version)
            return version

    async def delete(self, name: str) -> None:
        """Forget a worker and serve it no longer."""
        async with self._locks[name]:
            self.get(name)
            await self._edge.remove(name)
            del self.store.workers[name]

    async def _build(self, worker: Worker, upload: Upload, source: Source, objects: Objects) -> Version:
        latest, staging = worker.latest, self.store.staging.setdefault(worker.name, Staging())
        before = latest.bindings if latest else None
        read = read_bindings(upload.metadata, before, worker.name, staging)
        bindings = with_namespaces(read, objects)
        self._see_that_services_are_there(worker, bindings)
        draft = Version(
            id=fresh_id(),
            number=worker.next_number,
            created_on=now(),
            source=source,
            code=upload.code,
            etag=upload.code.etag,
            bindings=bindings,
            annotations=upload.annotations("upload"),
            handlers=(),
            startup_ms=0,
            classes=objects.classes,
            migration_tag=objects.tag,
            assets=read_assets(upload.metadata, latest.assets if latest else None, self.store.shelf),
        )
        checked = await check(self._edge, draft.script(worker.name))
        self._furnish(bindings, staging)
        return replace(draft, handlers=checked.handlers, startup_ms=checked.startup_ms)

    def _see_that_services_are_there(self, worker: Worker, bindings: Bindings) -> None:
        for each in bindings.bound:
            if isinstance(each, ServiceBinding) and each.service not in {worker.name, *self.store.workers}:
                raise errors.no_such_bound_service(each.name, each.service)

    def _furnish(self, bindings: Bindings, staging: Staging) -> None:
        """Let there be what a version is bound to: the bot's own account has it, so this one does."""
        for kind, name in resources_of(bindings):
            self.store.resources = self.store.resources.having(kind, name)
        for each in bindings.bound:
            if isinstance(each, KvBinding) and each.name in staging.kv:
                try:
                    self._edge.seed(each.namespace, staging.kv[each.name])
                except KvError as error:
                    raise errors.invalid_seed(each.name, error.message) from error

    async def _activate(
        self,
        worker: Worker,
        chosen: Sequence[tuple[Version, float]],
        written: Annotations,
        source: Source | None = None,
    ) -> Deployment:
        try:
            await self._edge.deploy(
                worker.name, [(version.script(worker.name), part) for version, part in chosen]
            )
        except StartupError as error:
            raise errors.startup_failed(error.message) from error
        worker.versions += [version for version, _ in chosen if worker.version(version.id) is None]
        shares = tuple(Share(version.id, part) for version, part in chosen)
        deployment = Deployment(fresh_id(), now(), source or chosen[0][0].source, shares, written)
        worker.deployments.insert(0, deployment)
        return deployment


def _chosen(worker: Worker, shares: Sequence[Share]) -> list[tuple[Version, float]]:
    _check_shares(shares)
    chosen = []
    for share in shares:
        version = worker.version(share.version_id)
        if version is None:
            raise errors.no_such_version(share.version_id)
        if version not in worker.deployable:
            raise errors.not_deployable(version.id, len(worker.deployable))
        chosen.append((version, share.percentage))
    return chosen


def _check_shares(shares: Sequence[Share]) -> None:
    if not 1 <= len(shares) <= _MOST_SHARES:
        raise errors.invalid_deployment(f"a deployment has 1 or {_MOST_SHARES} versions, found {len(shares)}")
    if len({share.version_id for share in shares}) < len(shares):
        raise errors.invalid_deployment("a deployment names each version once")
    if any(share.percentage < 0 for share in shares):
        raise errors.invalid_deployment("a percentage is not below 0")
    total = sum(share.percentage for share in shares)
    if abs(total - _ALL) > _ROUNDING:
        raise errors.invalid_deployment(f"percentages must sum to 100, found {total:g}")


def _guard_objects(worker: Worker, wanted: Sequence[Version]) -> None:
    """A version from before a migration knows other classes than there are."""
    for version in wanted:
        if version.classes != worker.classes or version.number < worker.migrated_at:
            raise errors.migration_between(version.id)


def _guard_secrets(worker: Worker, wanted: Sequence[Version]) -> None:
    """A version older than what is deployed needs force when a secret is not what it was."""
    current = max(worker.deployed(), key=lambda each: each.number, default=None)
    if current is None:
        return
    changed: set[str] = set()
    for version in wanted:
        if version.number < current.number:
            changed |= _differing(version.bindings.secrets, current.bindings.secrets)
    if changed:
        raise errors.secrets_changed(changed)


def _differing(then: Mapping[str, str], today: Mapping[str, str]) -> set[str]:
    return {name for name in then.keys() | today.keys() if then.get(name) != today.get(name)}


def _with_secrets(latest: Version, changes: Mapping[str, str | None], number: int, source: Source) -> Version:
    merged = {**latest.bindings.secrets, **changes}
    kept = {name: text for name, text in merged.items() if text is not None}
    return replace(
        latest,
        id=fresh_id(),
        number=number,
        created_on=now(),
        source=source,
        bindings=replace(latest.bindings, secrets=kept),
        annotations=Annotations("secret"),
    )
