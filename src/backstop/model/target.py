"""A target: a place where the bot runs, with what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from backstop.model.drill_rules import DrillRules
from backstop.model.monitor_rules import MonitorRules
from backstop.model.pre_deploy import PreDeploy
from backstop.model.severity import Severity


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A value that no output may show; ``name`` says where it came from."""

    name: str
    value: str

    def __repr__(self) -> str:
        return f"Secret({self.name})"


class Identity(Enum):
    """What the sandbox makes for each run of a bot's Discord application, as a targets file names it."""

    PUBLIC_KEY = "public_key"
    TOKEN = "token"  # noqa: S105 - what it is called
    APPLICATION_ID = "application_id"


@dataclass(frozen=True, slots=True)
class HealthExpectation:
    """What ``GET path`` must answer. ``json`` holds members that must be equal; ``text`` words of it.

    ``asks_discord``: the bot may ask something of Discord for it, so that an outage there makes it red.
    """

    path: str = "/"
    status: int = 200
    json: tuple[tuple[str, Any], ...] = ()
    text: str = ""
    asks_discord: bool = True


@dataclass(frozen=True, slots=True)
class Expected:
    """What an interaction must be answered with; an unset member is not looked at.

    ``posted`` is a text that must stand in what a command with effects "posts" posts.
    """

    types: tuple[int, ...] = ()
    content: str = ""
    ephemeral: bool | None = None
    posted: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command that must work. ``effects`` is "none" or "posts".

    ``name`` is as Discord shows it: "config set" is the subcommand set of config, with a group between them
    there are three words. ``guild`` is the id of the server that it is registered for, empty for all of
    them. ``dm``: it is used in a direct message, where there is no server and no member.
    """

    name: str
    options: tuple[tuple[str, Any], ...] = ()
    channel: str = ""
    effects: str = "none"
    expect: Expected = Expected()
    guild: str = ""
    dm: bool = False


@dataclass(frozen=True, slots=True)
class Interaction:
    """An interaction that must work, of any kind. ``payload`` is the JSON text of the file ``source``."""

    source: Path
    payload: str
    effects: str = "none"
    expect: Expected = Expected()


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """Where a target's thresholds of one severity differ from the defaults; None keeps the default.

    ``mean_ms`` is in milliseconds, ``error_rate_percent`` and ``slower_percent`` are per cent,
    ``act_within_s`` is in seconds; what differs by less than ``slower_min_ms`` is not called slower.
    ``alert_error_rate_percent`` is the error rate from which on people are alerted, and
    ``unauthorised_per_minute`` how many requests a minute may be answered 401 or 403.
    ``off`` names rows of the policy's table that are switched off.
    """

    severity: Severity
    mean_ms: float | None = None
    error_rate_percent: float | None = None
    slower_percent: float | None = None
    act_within_s: float | None = None
    off: tuple[str, ...] = ()
    slower_min_ms: float | None = None
    alert_error_rate_percent: float | None = None
    unauthorised_per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that the target lives with: ``pattern`` is a check id, ``*`` allowed at the end."""

    pattern: str
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What the bot promises: what is more than ``requests`` of one client in ``per_s`` seconds gets a 429.

    ``path`` and ``method`` are of a request that it counts; an empty path is that of interactions.
    """

    requests: int
    per_s: int = 60
    path: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a channel takes messages. ``source`` names the variable or key that gives the ``url``.

    That is None while nobody has set it, and where what is set is something else: ``wrong`` says what.
    """

    source: str
    url: Secret | None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Statuspage:
    """A status page and its component for the bot; ``token`` is as the url of a Webhook.

    ``deliver_notifications``: its subscribers get a mail of what changes.
    """

    page: str
    component: str
    source: str
    token: Secret | None
    api: str
    wrong: str = ""
    deliver_notifications: bool = True


@dataclass(frozen=True, slots=True)
class Channels:
    """Where people are told; None where the target names no such channel.

    ``alerts`` are the names of those that hear of a monitor's alerts. ``drills`` are told of drills, and of
    what is tried in a sandbox; nobody else is.
    """

    slack: Webhook | None = None
    discord: Webhook | None = None
    statuspage: Statuspage | None = None
    alerts: tuple[str, ...] = ("slack",)
    drills: Channels | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything of them that no output may show."""
        webhooks = (self.slack.url if self.slack else None, self.discord.url if self.discord else None)
        key = self.statuspage.token if self.statuspage else None
        more = self.drills.secrets if self.drills else ()
        return (*(each for each in (*webhooks, key) if each), *more)


@dataclass(frozen=True, slots=True)
class EmbeddedBindings:
    """What a sandbox makes of a bot's bindings: ``stub`` throw at use, ``kv`` begins with values by key.

    ``services`` are the projects of other workers that the bot is bound to.
    """

    stub: tuple[str, ...] = ()
    kv: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    services: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One entry of the targets file, with paths resolved and ``env:`` references read.

    ``health`` is None when the target declares that it has no health endpoint.
    ``url`` is empty for a sandbox target until the sandbox serves it. ``probe_url`` is where probes go
    when that is another address; ``control`` an independent address that tells whether our own network
    works, empty for the usual ones. ``authority`` is PEM of what is trusted besides the usual certificates,
    ``plain_url`` where the bot is asked for without TLS, empty for the usual port of ``url``. ``tls`` is
    set for a sandbox target that is to be served over https. ``unset`` names the variables that
    credentials refer to but that nobody has set. ``identities`` are the bot's own names for what the sandbox
    makes. ``requests_per_minute`` is what a session may ask of the bot, None for any number,
    ``concurrency`` how many of the requests that are timed are usually under way at once. ``expect_live``
    is the id of the version that must serve, empty for any. ``own_wrangler`` is set where the project's own
    wrangler is to be run in place of ours. ``own`` are the keys of Cloudflare's that the target names
    itself: nothing else stands in for them. ``channels`` are where people are told. ``monitor`` says when a
    monitor tells them, ``heartbeat`` where its end is reported. ``previous_url`` is where the version
    before can be asked, empty where it has no address of its own. ``rehearse``: an earlier version may be
    deployed beside the one that serves, with no part of the traffic, to be compared with it.
    """

    name: str
    sandbox: bool
    url: str = ""
    project: Path | None = None
    wrangler_env: str = ""
    worker: str = ""
    protected: bool = False
    blocking: Severity = Severity.MEDIUM
    headers: tuple[tuple[str, Secret | str], ...] = ()
    health: HealthExpectation | None = HealthExpectation()
    interactions_path: str = "/"
    required_secrets: tuple[str, ...] = ()
    environment: str = ""
    secrets: tuple[tuple[str, Secret], ...] = ()
    identities: tuple[tuple[str, Identity], ...] = ()
    discord_token: Secret | None = None
    discord_application_id: str = ""
    discord_api: str = "https://discord.com/api/v10"
    discord_status: str = "https://discordstatus.com/api/v2"
    cloudflare_status: str = "https://www.cloudflarestatus.com/api/v2"
    signing_key: Secret | None = None
    cloudflare_token: Secret | None = None
    cloudflare_account: str = ""
    cloudflare_api: str = "https://api.cloudflare.com/client/v4"
    commands: tuple[Command, ...] = ()
    accept: tuple[Acceptance, ...] = field(default=())
    probe_url: str = ""
    previous_url: str = ""
    control: str = ""
    interactions: tuple[Interaction, ...] = ()
    policy: tuple[PolicyChange, ...] = ()
    unset: tuple[str, ...] = ()
    tls: bool = False
    authority: str = field(default="", repr=False)
    plain_url: str = ""
    requests_per_minute: int | None = None
    rate_limit: RateLimit | None = None
    concurrency: int = 1
    rehearse: bool = False
    expect_live: str = ""
    own_wrangler: bool = False
    own: tuple[str, ...] = ()
    bindings: EmbeddedBindings = EmbeddedBindings()
    drills: DrillRules = field(default_factory=DrillRules)
    channels: Channels = Channels()
    monitor: MonitorRules = field(default_factory=MonitorRules)
    heartbeat: Secret | None = None
    pre_deploy: PreDeploy = field(default_factory=PreDeploy)
