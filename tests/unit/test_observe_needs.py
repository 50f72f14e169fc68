"""What a bot needs of Discord and Cloudflare, by its configuration."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backstop.model.target import HealthExpectation
from backstop.model.version import Binding, Version, version_id
from backstop.observe.needs import asks_discord, needs_of_cloudflare, needs_of_discord
from backstop.observe.status_page import Component


def _version(*bindings: Binding) -> Version:
    made = datetime(2026, 11, 25, tzinfo=UTC)
    id_ = version_id("71570803-d6b0-4a51-b97f-42fadb8da7e1")
    return Version(id_, 1, made, "somebody", bindings=bindings)


PUBLIC = Binding("DISCORD_PUBLIC_KEY", "secret_text")
TOKEN = Binding("DISCORD_TOKEN", "secret_text")


@pytest.mark.parametrize(
    ("bindings", "asks"),
    [
        ((PUBLIC,), False),
        (
            (PUBLIC, Binding("DISCORD_APPLICATION_ID", "plain_text", "1"), Binding("KV", "kv_namespace")),
            False,
        ),
        ((), False),
        ((PUBLIC, TOKEN), True),
        ((PUBLIC, Binding("KEY_OF_THE_BOT", "secrets_store_secret")), True),
        ((PUBLIC, Binding("bot_token", "plain_text", "x")), True),
        ((PUBLIC, Binding("API", "service", resource="another-worker")), True),
    ],
)
def test_who_has_no_token_asks_nothing(bindings: tuple[Binding, ...], asks: bool) -> None:
    """Not as a bot; and another worker may ask for it."""
    assert asks is asks_discord(HealthExpectation(), (_version(*bindings),))


def test_what_a_target_says_of_its_health() -> None:
    """It is asked nothing where there is none, or none of Discord's; where nobody knows, it may be."""
    assert asks_discord(HealthExpectation(), ()) is True
    assert asks_discord(HealthExpectation(asks_discord=False), (_version(TOKEN),)) is False
    assert asks_discord(None, (_version(TOKEN),)) is False


@pytest.mark.parametrize(
    ("name", "bindings", "needed"),
    [
        ("Workers", (), True),
        ("CDN/Cache", (), True),
        ("Stream", (), False),
        ("API", (), False),
        ("Workers KV", (), False),
        ("Workers KV", (Binding("STORE", "kv_namespace"),), True),
        ("D1", (Binding("STORE", "kv_namespace"),), False),
        ("D1", (Binding("DB", "d1"),), True),
    ],
)
def test_parts_of_cloudflare(name: str, bindings: tuple[Binding, ...], needed: bool) -> None:
    """Those that every worker stands on, and those that it binds."""
    assert needed is needs_of_cloudflare([_version(*bindings)])(Component(name, "operational"))


def test_where_the_bindings_are_not_known_any_of_them_may_matter() -> None:
    """An outage of a store is not held against a bot of which nobody could tell whether it has one."""
    needed = needs_of_cloudflare(())

    assert [True, False] == [needed(Component(name, "operational")) for name in ("Workers KV", "Stream")]


def test_parts_of_discord() -> None:
    """A bot that is asked over HTTP has no gateway, and no voice."""
    names = ("API", "Interactions", "Gateway", "Voice")

    assert [True, True, False, False] == [needs_of_discord(Component(name, "x")) for name in names]
