"""Opens a target: connects the clients, and for a sandbox target builds the whole cloud first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from backstop.access import Access, access_to
from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.credential import Credential
from backstop.cloudflare.own_wrangler import own_toolchain
from backstop.cloudflare.toolchain import NotInstalled, Toolchain, find_toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.discord.api import DiscordApi
from backstop.discord.courier import Courier
from backstop.discord.owner import set_up_application
from backstop.discord.signer import Signer
from backstop.model.errors import BackstopError, UsageError
from backstop.model.target import Identity, Secret, Target
from backstop.outfit import Outfit
from backstop.place import Place
from backstop.probes.budget import Budget
from backstop.probes.control import INDEPENDENT, ControlProbe
from backstop.probes.prober import Prober
from backstop.redaction import REDACTOR
from backstop.sandboxed import SandboxHandle, running_sandbox
from backstop.settings.wrangler_project import WranglerProject, read_project
from backstop.storage import private_file

Say = Callable[[str], None]


class SandboxIncomplete(BackstopError):
    """Raised when somebody needed an endpoint that the sandbox lacks: what was seen can't be relied on."""


@contextmanager
def open_place(target: Target, run: str, say: Say) -> Iterator[Place]:
    """Yield the target with live clients; everything is closed, and the sandbox gone, at the end.

    Raises UsageError for a project that can't be read or built, or without a set-up; BotRejected for a bot
    that the platform refuses, CouldNotLook when something that must answer does not.
    """
    with ExitStack() as stack:
        if target.sandbox:
            say("starting the sandbox …")
            handle = stack.enter_context(running_sandbox())
            outfit = Outfit(handle, target, _services(target))
            yield _populate(stack, outfit, run, say)
            for used in outfit.uses():
                say(used)
            _tell_of_unknown_requests(handle.unknown_requests(), say)
        else:
            yield _connect(stack, target, INDEPENDENT if not target.control else (target.control,), say)


def _tell_of_unknown_requests(requests: Sequence[str], say: Say) -> None:
    """What a bot wanted of other hosts may explain a finding; what the sandbox lacks spoils the session."""
    for request in requests:
        if "://" in request:
            say(f"the bot asked for {request}; the sandbox leads nowhere but to Discord, so it got a 502")
    missing = [request for request in requests if "://" not in request]
    if missing:
        message = f"the sandbox was asked for what it does not have: {', '.join(missing)}"
        raise SandboxIncomplete(message, remedy="serve it in sandbox/, with a contract test")


def _services(target: Target) -> tuple[WranglerProject, ...]:
    """The projects of the workers that the bot is bound to, in the bot's environment where they have it."""
    try:
        return tuple(_service(path, target.wrangler_env) for path in target.bindings.services)
    except UsageError as error:
        message = f"services of {target.name}: {error.message}"
        remedy = "mend `services` of this target: wrangler projects, relative to the targets file"
        raise UsageError(message, remedy=remedy) from error


def _service(path: Path, environment: str) -> WranglerProject:
    try:
        return read_project(path, environment)
    except UsageError:
        if not environment:
            raise
        return read_project(path)


def _populate(stack: ExitStack, outfit: Outfit, run: str, say: Say) -> Place:
    """Deploy the bot into the sandbox with credentials made for this run, and before it what it calls."""
    target, handle = outfit.target, outfit.handle
    embedded = _with_credentials(target, handle)
    wrangler = _wrangler(embedded, embedded.cloudflare_token, say)
    if wrangler is None or wrangler.project is None:
        message = f"{target.name} has no project; a sandbox needs one to deploy"
        raise UsageError(message, remedy="set project to a wrangler project")
    given = _given(embedded, handle)
    outfit.stage()
    for project in outfit.services:
        _deploy(replace(wrangler, project=project, worker=project.name), given, outfit, run, say)
    wrangler = _deploy(wrangler, given, outfit, run, say)
    outfit.see_that_all_is_there()
    for stub in outfit.stubs():
        say(stub)
    embedded = _served(embedded, handle)
    _register(embedded, say)
    place = _connect(stack, embedded, (handle.control_probe,), say)
    return replace(place, wrangler=wrangler, courier=Courier(handle.control), sandbox=handle)


def _deploy(wrangler: Wrangler, given: Mapping[str, str], outfit: Outfit, run: str, say: Say) -> Wrangler:
    """Deploy one worker with the run's values; wrangler as it is to be run for that worker again.

    A name is a variable or a secret: what the config has as a variable stays one, with the run's value.
    """
    known = wrangler.project.vars if wrangler.project else frozenset()
    wrangler = replace(wrangler, variables={name: given[name] for name in sorted(known & given.keys())})
    secret = {name: value for name, value in given.items() if name not in known}
    say(f"deploying {wrangler.worker} with real wrangler …")
    with private_file(json.dumps(secret), suffix=".json") as secrets, outfit.in_words(wrangler.worker):
        wrangler.deploy(message=f"good [backstop {run}]", tag="good", secrets_file=secrets)
    return wrangler


def _served(target: Target, handle: SandboxHandle) -> Target:
    """The target with the addresses that the sandbox serves it at."""
    if not target.tls:
        return replace(target, url=handle.worker_url(target.worker))
    https = handle.serve_https(target.worker)
    return replace(target, url=https.url, plain_url=https.plain_url, authority=https.authority)


def _register(target: Target, say: Say) -> None:
    """What the owner of a bot does at Discord after the first deploy; a refusal is left for the suites."""
    if target.discord_token is None:
        return
    endpoint = urljoin(target.url, target.interactions_path)
    application = target.discord_application_id
    for refusal in set_up_application(
        target.discord_api, target.discord_token, application, endpoint, target.commands
    ):
        say(refusal)


def _with_credentials(target: Target, handle: SandboxHandle) -> Target:
    for name, value in (("token", handle.token), ("key", handle.signing_key), ("bot", handle.discord_token)):
        REDACTOR.register(f"sandbox {name}", value)
    return replace(
        target,
        discord_api=handle.discord,
        discord_status=handle.discord_status,
        cloudflare_status=handle.cloudflare_status,
        discord_token=Secret("DISCORD_TOKEN", handle.discord_token),
        discord_application_id=handle.application_id,
        signing_key=Secret("signing_key", handle.signing_key),
        cloudflare_token=Secret("CLOUDFLARE_API_TOKEN", handle.token),
        cloudflare_account=handle.account,
        cloudflare_api=handle.api,
    )


def _given(target: Target, handle: SandboxHandle) -> dict[str, str]:
    """What the bot is given under which names."""
    made = {
        Identity.TOKEN: handle.discord_token,
        Identity.PUBLIC_KEY: handle.public_key,
        Identity.APPLICATION_ID: handle.application_id,
    }
    usual = {f"DISCORD_{identity.name}": value for identity, value in made.items()}
    own = {name: made[identity] for name, identity in target.identities}
    return usual | own | {name: secret.value for name, secret in target.secrets}


def _connect(stack: ExitStack, target: Target, control: tuple[str, ...], say: Say) -> Place:
    access = access_to(target, stack)
    found = replace(target, cloudflare_account=access.account)
    discord = DiscordApi(target.discord_api, target.discord_token) if target.discord_token else None
    if discord is not None:
        stack.enter_context(discord)
    budget = Budget(target.requests_per_minute, say)
    address = target.probe_url or target.url
    prober = Prober(address, target.headers, authority=target.authority, budget=budget)
    return Place(
        target=found,
        prober=stack.enter_context(prober),
        control=ControlProbe(control),
        api=_api(stack, found, access),
        wrangler=_wrangler(found, access.credential, say),
        discord=discord,
        signer=Signer(target.signing_key.value) if target.signing_key else None,
        access=access,
    )


def _api(stack: ExitStack, target: Target, access: Access) -> CloudflareApi | None:
    if access.credential is None or access.problem is not None or not target.worker:
        return None
    api = CloudflareApi(target.cloudflare_api, access.credential, access.account)
    return stack.enter_context(api)


def _wrangler(target: Target, credential: Secret | Credential | None, say: Say) -> Wrangler | None:
    """Real wrangler for the target's project or worker; None without a token, or (said) if it can't be run.

    In a sandbox, which nothing can be done without, raises UsageError for a project that can't be read, and
    where wrangler is not installed or too old.
    """
    if credential is None or not target.worker:
        return None
    account = Account(target.cloudflare_account, credential, target.cloudflare_api)
    project = _project(target, say)
    try:
        tools = _tools(target, project)
    except NotInstalled as error:
        if target.sandbox:
            raise
        say(str(error))
        return None
    return Wrangler(tools, project, account, target.worker)


def _project(target: Target, say: Say) -> WranglerProject | None:
    """The target's project; None without one, or (said) where it is not in order: what builds needs one."""
    if target.project is None:
        return None
    try:
        return read_project(target.project, target.wrangler_env)
    except UsageError as error:
        if target.sandbox:
            raise
        say(f"{error.message}; it goes on without the project, with the worker's name: nothing can be built")
        return None


def _tools(target: Target, project: WranglerProject | None) -> Toolchain:
    return own_toolchain(project.directory) if project and target.own_wrangler else find_toolchain()
