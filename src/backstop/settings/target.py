"""One target of the targets file, from its table to the value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from backstop.environment import Environment
from backstop.model.severity import Severity
from backstop.model.target import Identity, Interaction, Secret, Target
from backstop.settings.authority import read_authority
from backstop.settings.bindings import read_bindings, refuse_bindings
from backstop.settings.channels import read_channels
from backstop.settings.discord_ids import of_another_application
from backstop.settings.drill_rules import read_drill_rules
from backstop.settings.engagement import read_budget, read_concurrency, read_rate_limit
from backstop.settings.expectations import read_command, read_health, read_interaction
from backstop.settings.faults import Fault, listed
from backstop.settings.judgement import read_accept
from backstop.settings.kinds import Wanted, mistaken
from backstop.settings.monitor import read_monitor
from backstop.settings.policy import read_policy, with_usual_rate
from backstop.settings.pre_deploy import read_pre_deploy
from backstop.settings.references import References
from backstop.settings.table import Table, is_web_address, shown

_SIGNING_KEY = re.compile(r"[0-9a-fA-F]{64}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SEVERITIES = tuple(each.value for each in Severity)
_MADE_HERE = "sandbox:"
_MADE_FOR_THE_RUN = (
    "url",
    "previous_url",
    "probe_url",
    "ca",
    "worker",
    "discord_token",
    "discord_application_id",
    "signing_key",
    "cloudflare_api_token",
    "cloudflare_account_id",
)
_AT_CLOUDFLARE = ("cloudflare_api_token", "cloudflare_account_id")


@dataclass(frozen=True, slots=True)
class Entry:
    """A target, with what is missing from the environment before it can be used."""

    target: Target
    missing: tuple[Fault, ...]


def read_target(name: str, table: Table, base: Path, env: Environment) -> Entry:
    """Read a target, with paths relative to ``base``; faults are left with the table."""
    references = References(env)
    described = _described(name, table, base)
    headers = _headers(table, references)
    place = _sandboxed if described.sandbox else _deployed
    target = place(replace(described, headers=headers), table, references)
    if target.sandbox:
        target = replace(target, bindings=read_bindings(table, base))
    else:
        refuse_bindings(table)
    rules, heartbeat = read_monitor(table, env)
    policy = with_usual_rate(target.policy, rules.unauthorised)
    target = replace(target, monitor=rules, heartbeat=heartbeat, policy=policy)
    target = replace(target, channels=read_channels(table, env), unset=tuple(references.unset))
    table.finish()
    return Entry(target, tuple(references.missing))


def _described(name: str, table: Table, base: Path) -> Target:
    """What a target says of itself, wherever it runs."""
    sandbox = table.flag("sandbox", default="sandbox" in table)
    return Target(
        name=name,
        sandbox=sandbox,
        tls=table.flag("tls"),
        authority=read_authority(table, base),
        project=table.path("project", base),
        wrangler_env=table.text("wrangler_env"),
        protected=table.flag("protected"),
        blocking=Severity(table.choice("blocking", _SEVERITIES, Severity.MEDIUM.value)),
        health=read_health(table),
        interactions_path=_interactions_path(table),
        required_secrets=table.texts("required_secrets"),
        environment=table.text("environment"),
        control=_control(table),
        commands=tuple(read_command(each) for each in table.tables("commands")),
        accept=read_accept(table),
        interactions=_interactions(table, base),
        policy=read_policy(table),
        requests_per_minute=read_budget(table, sandbox=sandbox),
        rate_limit=read_rate_limit(table),
        concurrency=read_concurrency(table),
        rehearse=table.flag("rehearse"),
        own_wrangler=_own_wrangler(table),
        drills=read_drill_rules(table),
        pre_deploy=read_pre_deploy(table),
    )


def _own_wrangler(table: Table) -> bool:
    """Whether the project's own wrangler is wanted; ours is "bundled"."""
    own = table.choice("wrangler", ("bundled", "project"), "bundled") == "project"
    if own and "project" not in table:
        table.fault("wrangler", 'found "project" without project; wanted the directory that depends on it')
    return own


def _control(table: Table) -> str:
    """An address of the target's own choice that tells whether our network works."""
    address = table.text("control")
    if address and not is_web_address(address):
        table.fault("control", f"found {shown(address)}, wanted an http or https address")
    return address


def _interactions_path(table: Table) -> str:
    """``interactions = { path = … }``, or ``interactions_path`` beside a list of interactions."""
    if isinstance(table.value("interactions"), list):
        return table.url_path("interactions_path")
    interactions = table.table("interactions", "a table with a path, or tables with a payload each")
    if interactions is None:
        return table.url_path("interactions_path")
    path = interactions.url_path("path")
    interactions.finish()
    return path


def _interactions(table: Table, base: Path) -> tuple[Interaction, ...]:
    if not isinstance(table.value("interactions"), list):
        return ()
    return tuple(read_interaction(each, base) for each in table.tables("interactions"))


def _headers(table: Table, references: References) -> tuple[tuple[str, Secret | str], ...]:
    headers = table.table("headers", 'a table, such as { CF-Access-Client-Id = "env:ACCESS_ID" }')
    if headers is None:
        return ()
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            headers.fault(name, "no name of a header")
        if isinstance(value, str) and not value.isprintable():
            headers.fault(name, "the value holds a line break or another control character")
    return tuple((name, references.open_value(headers, name, value)) for name, value in headers.items())


def _sandboxed(target: Target, table: Table, references: References) -> Target:
    """A target of the embedded cloud: credentials and addresses are made for the run, none are read."""
    for name in _MADE_FOR_THE_RUN:
        if name in table:
            table.value(name)
            table.fault(name, "not for a sandbox target, which gets it made for each run; remove it")
    if "project" not in table:
        table.fault("project", 'missing; a sandbox target wants a wrangler project, such as "../my-bot"')
    given = table.table("secrets", "a table of names and values")
    if given is None:
        return target
    made = {name: value for name, value in given.items() if str(value).startswith(_MADE_HERE)}
    own = {name: value for name, value in given.items() if name not in made}
    identities = tuple((name, _identity(given, name, str(value))) for name, value in made.items())
    secrets = tuple((name, _secret(given, references, name, value)) for name, value in own.items())
    return replace(target, secrets=secrets, identities=identities)


def _identity(table: Table, name: str, value: str) -> Identity:
    """What ``sandbox:public_key`` and the like stand for."""
    try:
        return Identity(value.removeprefix(_MADE_HERE))
    except ValueError:
        table.wanted(name, f"one of {listed(_MADE_HERE + each.value for each in Identity)}")
        return Identity.PUBLIC_KEY


def _secret(table: Table, references: References, name: str, value: object) -> Secret:
    opened = references.open_value(table, name, value)
    return opened if isinstance(opened, Secret) else Secret(name, opened)


def _deployed(target: Target, table: Table, references: References) -> Target:
    """A target that is deployed somewhere; the global variables stand in for what it does not say."""
    if "secrets" in table:
        table.value("secrets")
        table.fault("secrets", "only for a sandbox target; elsewhere `wrangler secret` sets them")
    if "tls" in table:
        table.fault("tls", "only for a sandbox target; elsewhere the url says whether it is https")
    _see_what_it_names(table)
    application = references.identifier(table, "discord_application_id", "DISCORD_APPLICATION_ID")
    discord = references.credential(table, "discord_token", "DISCORD_TOKEN", Wanted.DISCORD)
    cloudflare = references.credential(table, _AT_CLOUDFLARE[0], "CLOUDFLARE_API_TOKEN", Wanted.CLOUDFLARE)
    _refuse_another_bot(table, references, discord, application)
    account = references.identifier(table, "cloudflare_account_id", "CLOUDFLARE_ACCOUNT_ID")
    return replace(
        target,
        url=_address(table, references, "url"),
        probe_url=_address(table, references, "probe_url"),
        previous_url=_address(table, references, "previous_url"),
        worker=table.text("worker"),
        discord_token=discord,
        discord_application_id=application,
        discord_api=references.address("DISCORD_API_BASE_URL") or target.discord_api,
        discord_status=references.address("DISCORD_STATUS_BASE_URL") or target.discord_status,
        cloudflare_status=references.address("CLOUDFLARE_STATUS_BASE_URL") or target.cloudflare_status,
        signing_key=_signing_key(table, references),
        cloudflare_token=cloudflare,
        cloudflare_account=account,
        own=tuple(name for name in _AT_CLOUDFLARE if name in table),
        cloudflare_api=references.address("CLOUDFLARE_API_BASE_URL") or target.cloudflare_api,
    )


def _refuse_another_bot(table: Table, references: References, token: Secret | None, application: str) -> None:
    """One target's application against another's token: what would be looked at is not what was meant."""
    other = of_another_application(token.value, application) if token else ""
    if token and other:
        problem = f"{token.name} is the token of application {other}, wanted that of {application}"
        references.blame(table, "discord_token", f"{problem}: give this target a token of its own")


def _see_what_it_names(table: Table) -> None:
    if "url" not in table:
        table.fault("url", "missing; wanted the address of the bot, or sandbox = true with a project")
    if "worker" in table and "project" in table:
        table.fault("worker", "found beside project; wanted one of them: a project names its worker itself")
    if "wrangler_env" in table and "project" not in table:
        table.fault("wrangler_env", "found without project; wanted the directory of its wrangler config")


def _address(table: Table, references: References, name: str) -> str:
    text = references.needed(table, name)
    if text and not is_web_address(text):
        wanted = "an address such as https://bot.example.workers.dev"
        references.blame(table, name, f"found {shown(text)}, wanted {wanted}")
    return text


def _signing_key(table: Table, references: References) -> Secret | None:
    key = references.credential(table, "signing_key", "", Wanted.SIGNING)
    if key is not None and not mistaken(key.value, Wanted.SIGNING) and not _SIGNING_KEY.fullmatch(key.value):
        found = f"found {len(key.value)} characters in {key.name}"
        problem = f"{found}, wanted a 32-byte seed as 64 hexadecimal digits"
        references.blame(table, "signing_key", problem)
    return key
