"""What the double of the API keeps: frozen versions and deployments in mutable workers."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import uuid4

from sandbox.api.belongings import Domain, Resources
from sandbox.api.shelf import Shelf
from sandbox.api.staging import Staging
from sandbox.edge.assets import Assets
from sandbox.edge.bound import Bound, ObjectClass
from sandbox.edge.script import Module, Script

DEFAULT_COMPATIBILITY_DATE = "2021-11-02"
NEWEST_DEPLOYABLE = 100


def fresh_id() -> str:
    """An id that no version or deployment had before."""
    return str(uuid4())


def now() -> str:
    """UTC in microseconds; wrangler sorts these as text, so the width never changes."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Source(Enum):
    """With what a version or deployment was made."""

    WRANGLER = "wrangler"
    API = "api"


class Permission(Enum):
    """What a token may do, as the API names the permission groups of a token."""

    TOKENS_READ = "API Tokens Read"
    USER_READ = "User Details Read"
    ACCOUNT_READ = "Account Settings Read"
    SCRIPTS_READ = "Workers Scripts Read"
    SCRIPTS_WRITE = "Workers Scripts Write"
    TAIL_READ = "Workers Tail Read"
    ROUTES_WRITE = "Workers Routes Write"
    KV_READ = "Workers KV Storage Read"
    R2_READ = "Workers R2 Storage Read"
    D1_READ = "D1 Read"
    QUEUES_READ = "Queues Read"


class TokenKind(Enum):
    """Whose a token is: somebody's, an account's own, or what `wrangler login` was given for an hour."""

    USER = "user"
    ACCOUNT = "account"
    OAUTH = "oauth"


class TokenStatus(Enum):
    """Whether a token still works."""

    ACTIVE = "active"
    DISABLED = "disabled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """An API token; ``id`` is what may be shown of it.

    By default it may do everything but read tokens, which nobody gives to a tool. ``expires_on`` is UTC in
    ISO 8601, empty for never; ``uses`` is how many requests it is good for, 0 for any number. ``elsewhere``
    are accounts that it reaches besides the sandbox's own, which it does where ``at_home`` is true.
    """

    id: str
    value: str
    permissions: frozenset[Permission] = frozenset(Permission) - {Permission.TOKENS_READ}
    kind: TokenKind = TokenKind.USER
    status: TokenStatus = TokenStatus.ACTIVE
    expires_on: str = ""
    uses: int = 0
    elsewhere: tuple[Account, ...] = ()
    at_home: bool = True

    @property
    def works(self) -> bool:
        """Whether the API takes it at this moment."""
        return self.status_now is TokenStatus.ACTIVE

    @property
    def status_now(self) -> TokenStatus:
        """Its status, in which its end counts."""
        ended = bool(self.expires_on) and datetime.fromisoformat(self.expires_on) <= datetime.now(UTC)
        return TokenStatus.EXPIRED if ended and self.status is TokenStatus.ACTIVE else self.status

    def accounts(self, home: Account) -> tuple[Account, ...]:
        """The accounts that it reaches; ``home`` is the sandbox's own."""
        return (*((home,) if self.at_home else ()), *self.elsewhere)


@dataclass(frozen=True, slots=True)
class Annotations:
    """What people and Cloudflare wrote on a version or deployment."""

    triggered_by: str
    message: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a version finds in its ``env``. ``metadata`` holds names of version metadata bindings.

    ``others`` are all that is more than a text, by name, as they were uploaded, and ``bound`` what the edge
    makes of them. ``raw`` are shown as they are and found by nobody.
    """

    vars: Mapping[str, str] = field(default_factory=dict)
    json_vars: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    metadata: tuple[str, ...] = ()
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bound: tuple[Bound, ...] = ()
    raw: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """The modules of a version with the settings under which they run."""

    main_module: str
    modules: tuple[Module, ...]
    compatibility_date: str = DEFAULT_COMPATIBILITY_DATE
    compatibility_flags: tuple[str, ...] = ()

    @property
    def etag(self) -> str:
        """The same for the same modules, whatever their bindings and settings; 64 hex digits."""
        digest = hashlib.sha256(self.main_module.encode())
        for module in sorted(self.modules, key=lambda each: each.name):
            for part in (module.name.encode(), module.content_type.encode(), module.content):
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Version:
    """One uploaded version; ``created_on`` is UTC in one fixed format, ``startup_ms`` milliseconds.

    ``classes`` and ``migration_tag`` are what the worker's Durable Objects were when it was uploaded.
    """

    id: str
    number: int
    created_on: str
    source: Source
    code: Code
    etag: str
    bindings: Bindings
    annotations: Annotations
    handlers: tuple[str, ...]
    startup_ms: int
    classes: tuple[ObjectClass, ...] = ()
    migration_tag: str = ""
    assets: Assets | None = None

    def script(self, worker: str) -> Script:
        """Everything that the edge needs to run this version as ``worker``."""
        stamp = {"id": self.id, "tag": self.annotations.tag, "timestamp": self.created_on}
        return Script(
            worker=worker,
            version_id=self.id,
            main_module=self.code.main_module,
            modules=self.code.modules,
            compatibility_date=self.code.compatibility_date,
            compatibility_flags=self.code.compatibility_flags,
            vars=self.bindings.vars,
            json_vars=self.bindings.json_vars,
            secrets=self.bindings.secrets,
            version_metadata=dict.fromkeys(self.bindings.metadata, stamp),
            bound=self.bindings.bound,
            classes=self.classes,
            scheduled="scheduled" in self.handlers,
            assets=self.assets,
        )


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the traffic, in per cent, that a version serves."""

    version_id: str
    percentage: float


@dataclass(frozen=True, slots=True)
class Deployment:
    """One entry of a worker's history."""

    id: str
    created_on: str
    source: Source
    shares: tuple[Share, ...]
    annotations: Annotations


@dataclass(slots=True)
class Worker:
    """A worker with its history: ``versions`` oldest first, ``deployments`` newest first.

    The rest is not part of a version: the classes of Durable Objects with the tag of the last migration,
    settings, workers.dev, crons, routes and domains. ``migrated_at`` is the number of the version whose
    deploy is pretended to have carried a migration, 0 for none: older ones can't be deployed.
    """

    name: str
    tag: str = field(default_factory=lambda: secrets.token_hex(16))
    created_on: str = field(default_factory=now)
    versions: list[Version] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    classes: tuple[ObjectClass, ...] = ()
    migration_tag: str = ""
    migrated_at: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    workers_dev: bool = False
    previews: bool = False
    schedules: list[dict[str, Any]] = field(default_factory=list)
    routes: list[dict[str, Any]] = field(default_factory=list)
    domains: list[dict[str, Any]] = field(default_factory=list)

    @property
    def latest(self) -> Version | None:
        """The newest version, deployed or not."""
        return self.versions[-1] if self.versions else None

    @property
    def next_number(self) -> int:
        """The number of the next version, from 1."""
        return self.versions[-1].number + 1 if self.versions else 1

    @property
    def deployable(self) -> list[Version]:
        """The versions that a deployment may name, newest first."""
        return self.versions[: -NEWEST_DEPLOYABLE - 1 : -1]

    def version(self, version_id: str) -> Version | None:
        """The version of this worker with that id, or None."""
        return next((each for each in self.versions if each.id == version_id), None)

    def replace_version(self, version: Version) -> None:
        """Put a version where the one of its id was."""
        self.versions = [version if each.id == version.id else each for each in self.versions]

    def deployed(self) -> list[Version]:
        """The versions of the current deployment."""
        shares = self.deployments[0].shares if self.deployments else ()
        found = (self.version(share.version_id) for share in shares)
        return [version for version in found if version]

    def copy(self) -> Worker:
        """The same worker with lists of its own."""
        return replace(
            self,
            versions=list(self.versions),
            deployments=list(self.deployments),
            settings=dict(self.settings),
        )


@dataclass(frozen=True, slots=True)
class Account:
    """An account; the sandbox has one in which there is anything."""

    id: str
    name: str = "Sandbox"
    email: str = "sandbox@example.com"
    subdomain: str = "sandbox"


class Store:
    """Everything that the API remembers; it lives as long as the sandbox."""

    def __init__(self, account: Account, tokens: Iterable[Token], workers: Iterable[Worker] = ()) -> None:
        self.account = account
        self.tokens = {token.value: token for token in tokens}
        self.workers = {worker.name: worker for worker in workers}
        self.used: Counter[str] = Counter()  # requests, by the token's id
        self.resources = Resources()
        self.domains: tuple[Domain, ...] = ()  # besides those that the workers recorded
        self.shelf = Shelf()
        self.consumers: dict[str, set[str]] = {}  # names of workers by the id of the queue
        self.staging: dict[str, Staging] = {}  # by worker, which need not exist yet

    def copy(self) -> Store:
        """A store that can be changed without changing this one."""
        made = Store(self.account, self.tokens.values(), (each.copy() for each in self.workers.values()))
        made.resources, made.domains = self.resources, self.domains
        made.shelf = self.shelf
        made.consumers = {queue: set(names) for queue, names in self.consumers.items()}
        made.staging = {name: replace(each) for name, each in self.staging.items()}
        return made
