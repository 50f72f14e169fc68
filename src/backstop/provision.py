"""Opens a target: connects the clients, and for a sandbox target builds the whole cloud first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.toolchain import NotInstalled, find_toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.discord.api import DiscordApi
from backstop.discord.courier import Courier
from backstop.discord.owner import set_up_application
from backstop.discord.signer import Signer
from backstop.model.errors import BackstopError, UsageError
from backstop.model.target import Secret, Target
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

    Raises UsageError for a project that can't be read or built, BotRejected for a bot that the
    platform refuses, CouldNotLook when something that must answer does not.
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
    wrangler = _wrangler(embedded)
    if wrangler is None:
        message = f"{target.name} has no project; a sandbox needs one to deploy"
        raise UsageError(message, remedy="set project to a wrangler project")
    outfit.stage()
    with private_file(_secrets(embedded, handle), suffix=".json") as secrets:
        for project in outfit.services:
            _deploy(replace(wrangler, project=project, worker=project.name), outfit, run, secrets, say)
        _deploy(wrangler, outfit, run, secrets, say)
    outfit.see_that_all_is_there()
    for stub in outfit.stubs():
        say(stub)
    embedded = _served(embedded, handle)
    _register(embedded, say)
    place = _connect(stack, embedded, (handle.control_probe,), say)
    return replace(place, courier=Courier(handle.control))


def _deploy(wrangler: Wrangler, outfit: Outfit, run: str, secrets: Path, say: Say) -> None:
    say(f"deploying {wrangler.worker} with real wrangler …")
    with outfit.in_words(wrangler.worker):
        wrangler.deploy(message=f"good [backstop {run}]", tag="good", secrets_file=secrets)


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
        discord_token=Secret("DISCORD_TOKEN", handle.discord_token),
        discord_application_id=handle.application_id,
        signing_key=Secret("signing_key", handle.signing_key),
        cloudflare_token=Secret("CLOUDFLARE_API_TOKEN", handle.token),
        cloudflare_account=handle.account,
        cloudflare_api=handle.api,
    )


def _secrets(target: Target, handle: SandboxHandle) -> str:
    made = {
        "DISCORD_TOKEN": handle.discord_token,
        "DISCORD_PUBLIC_KEY": handle.public_key,
        "DISCORD_APPLICATION_ID": handle.application_id,
    }
    return json.dumps(made | {name: secret.value for name, secret in target.secrets})


def _connect(stack: ExitStack, target: Target, control: tuple[str, ...], say: Say) -> Place:
    token, account = target.cloudflare_token, target.cloudflare_account
    readable = token is not None and account and target.worker
    api = CloudflareApi(target.cloudflare_api, token, account) if token is not None and readable else None
    discord = DiscordApi(target.discord_api, target.discord_token) if target.discord_token else None
    for client in (api, discord):
        if client is not None:
            stack.enter_context(client)
    budget = Budget(target.requests_per_minute, say)
    address = target.probe_url or target.url
    prober = Prober(address, target.headers, authority=target.authority, budget=budget)
    return Place(
        target=target,
        prober=stack.enter_context(prober),
        control=ControlProbe(control),
        api=api,
        wrangler=_wrangler(target),
        discord=discord,
        signer=Signer(target.signing_key.value) if target.signing_key else None,
    )


def _wrangler(target: Target) -> Wrangler | None:
    """Real wrangler for the target's project or worker; None without a token, or where it is not installed.

    Raises UsageError for a project that can't be read, and in a sandbox, which nothing can be done without,
    where wrangler is not installed.
    """
    if target.cloudflare_token is None or not target.worker:
        return None
    account = Account(target.cloudflare_account, target.cloudflare_token, target.cloudflare_api)
    project = read_project(target.project, target.wrangler_env) if target.project else None
    try:
        tools = find_toolchain()
    except NotInstalled:
        if target.sandbox:
            raise
        return None
    return Wrangler(tools, project, account, target.worker)
