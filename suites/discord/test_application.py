"""Discord knows this bot, holds its key, and sends its interactions to this target."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from backstop.model.errors import CouldNotLook, OnlyDiscordSigns
from backstop.model.outside import SeenOutside, State
from backstop.model.target import Target
from backstop.observe.catalogue.interactions import FORGED, PING
from backstop.observe.interaction import WITHIN
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.registration import deviations_by_server, same_address
from backstop.observe.reply import Reply
from backstop.observe.timely import timed
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]
_INTEGRATION = "2. Discord integration failures"


@pytest.mark.check("discord.token", severity="critical", step=f"{_INTEGRATION}, step 1")
def test_token(looks: Looks, target: Target) -> None:
    """Discord accepts the token, and it belongs to this target's application"""
    found = str(looks.application.get("id"))
    wanted = target.discord_application_id
    if not wanted:
        message = "the target names no application to compare the token with"
        raise CouldNotLook(message, remedy="set discord_application_id for this target")

    assert found == wanted, f"GET /applications/@me: found application {found}, wanted {wanted}"


@pytest.mark.check("discord.verify-key", severity="critical", step=f"{_INTEGRATION}, step 2")
def test_verify_key(looks: Looks, target: Target, answer: Ask, remark: Callable[[str], None]) -> None:
    """The key with which Discord signs is the one that the worker verifies with"""
    _refuse_own_key(target)
    theirs = str(looks.application.get("verify_key", "")).lower()
    signer = looks.place.signer
    if looks.proven_by_discord:
        remark(f"the worker took {looks.proven_by_discord} interactions that Discord signed")
        return
    if signer is None:
        message = f"Discord signs with {theirs}; which key the worker has can't be seen without signing"
        raise OnlyDiscordSigns(message, remedy="accept discord.signed.*: Discord holds the key")
    reply = answer(PING)

    assert theirs == signer.public_key, (
        f"GET /applications/@me: found verify_key {theirs}, wanted {signer.public_key}, the signing key's own"
        "\n→ set signing_key to the private half of this application's key"
    )
    assert reply.status != 401, reply.explain(
        "401 to what this key signed",
        f"200: Discord's verify_key is {theirs}",
        "wrangler secret put DISCORD_PUBLIC_KEY, with the key of the Developer Portal",
    )


@pytest.mark.check("discord.endpoint", severity="critical", step=f"{_INTEGRATION}, step 3")
def test_endpoint(looks: Looks, target: Target) -> None:
    """Discord sends the interactions to this target"""
    _refuse_own_key(target)
    found = looks.application.get("interactions_endpoint_url") or "none"
    wanted = looks.bot.interactions

    assert same_address(str(found), wanted), (
        f"GET /applications/@me: found interactions_endpoint_url {found}, wanted {wanted}\n"
        "→ set it in the Developer Portal (General Information); Discord removes it from an endpoint that "
        "fails its tests, and no rollback brings it back"
    )


@pytest.mark.check("discord.endpoint.kept", severity="critical", step=f"{_INTEGRATION}, step 3")
def test_endpoint_kept(looks: Looks, answer: Ask) -> None:
    """Discord will leave the endpoint where it is: what it signs wrongly on purpose is refused in time"""
    probe = FORGED["wrong_key"]
    forged = answer(probe)
    taken = timed("the refusal", looks.bot.attempts(probe)[-1], partial(looks.bot.ask_again, probe))

    assert forged.status == 401, forged.explain(
        forged.status,
        "401 for a signature of another key, which Discord sends now and then",
        "verify every signature: Discord removes the interactions URL of an endpoint that does not",
    )
    assert not taken.late, forged.explain(
        f"that {taken}",
        f"{WITHIN:g} s at most, as for any interaction",
        "refuse before anything is looked up or logged: Discord removes the URL of an endpoint that is late",
    )


@pytest.mark.check("discord.registered", severity="high", step=f"{_INTEGRATION}, step 4")
def test_registered(looks: Looks, target: Target) -> None:
    """The commands that the target declares are registered at Discord, with their options and types"""
    if not target.commands:
        message = "the target declares no commands"
        raise NotApplicable(message)
    found = deviations_by_server(target.commands, looks.registered)

    assert not found, (
        f"GET /applications/{target.discord_application_id}/…/commands: {'; '.join(found)}\n"
        "→ run the bot's own registration script, or correct the target's commands"
    )


@pytest.mark.check("discord.status", severity="low", step=f"{_INTEGRATION}: is it Discord?")
def test_status(
    discord_itself: SeenOutside, degraded: Callable[[str], None], remark: Callable[[str], None]
) -> None:
    """Discord says of itself that it is well, and its API does not fail"""
    if discord_itself.state is State.OUT:
        message = f"{discord_itself.text}; what fails may not be the bot's doing"
        raise CouldNotLook(message, remedy="wait for https://discordstatus.com; a rollback does not help")
    if discord_itself.state is State.WELL:
        remark(discord_itself.text)
    else:
        degraded(discord_itself.text)


def _refuse_own_key(target: Target) -> None:
    """A worker that only drills use has a key of its own, which Discord can't know."""
    if target.signing_key is not None and not target.sandbox:
        message = f"{target.name} has a signing key of its own, so Discord sends nothing there"
        raise NotApplicable(message)
