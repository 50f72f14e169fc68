"""How it is with Discord and Cloudflare: what their pages say, beside what their APIs do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.outside import SeenOutside, State
from backstop.model.target import HealthExpectation, Target
from backstop.model.version import Binding, Version, version_id
from backstop.observe import outside
from backstop.observe.looks import Looks
from backstop.observe.status_page import Component, StatusPage
from backstop.probes.rest import ServerFailed

CALM = StatusPage("none", "All Systems Operational")
OUT = StatusPage("critical", "Major Service Outage")
SILENT = CouldNotLook("it answered 503")
FAILS = ServerFailed("GET /applications/@me answered 503")
REFUSES = CouldNotLook("it answered 403")
TOKEN = Binding("DISCORD_TOKEN", "secret_text")


@dataclass
class Seen:
    """A look: what the page, the API and the history of deployments say; an exception is raised."""

    page: StatusPage | Exception = CALM
    api: object = None
    bindings: Sequence[Binding] | None = (TOKEN,)
    health: HealthExpectation | None = field(default_factory=HealthExpectation)

    @property
    def place(self) -> Seen:
        """The target is at no other place."""
        return self

    @property
    def target(self) -> Target:
        """With the health path that was asked for."""
        return Target("prod", sandbox=False, health=self.health)

    @property
    def deployed(self) -> Seen:
        """What is deployed is told by the same."""
        return self

    @property
    def serving(self) -> tuple[Version, ...]:
        """One version."""
        if self.bindings is None:
            raise REFUSES
        id_ = version_id("71570803-d6b0-4a51-b97f-42fadb8da7e1")
        return (Version(id_, 1, datetime(2026, 11, 25, tzinfo=UTC), "ada", bindings=tuple(self.bindings)),)

    @property
    def discord_status(self) -> StatusPage:
        """Discord's page."""
        return cast("StatusPage", _told(self.page))

    cloudflare_status = discord_status

    @property
    def application(self) -> object:
        """Discord's API."""
        return _told(self.api)

    history = application

    def discord(self) -> SeenOutside:
        """How it is with Discord."""
        return outside.discord(cast("Looks", self))

    def cloudflare(self) -> SeenOutside:
        """How it is with Cloudflare."""
        return outside.cloudflare(cast("Looks", self))


def _told(what: Any) -> Any:
    if isinstance(what, Exception):
        raise what
    return what


@pytest.mark.parametrize(
    ("page", "api", "state", "told"),
    [
        (CALM, None, State.WELL, "reports no trouble"),
        (CALM, REFUSES, State.WELL, "reports no trouble"),
        (CALM, FAILS, State.CONTRADICTED, "no trouble: All Systems Operational, while its API fails: GET"),
        (SILENT, None, State.UNSEEN, "did not say how it is, which is no outage: it answered 503"),
        (SILENT, FAILS, State.CONTRADICTED, "it answered 503, while its API fails: GET"),
        (OUT, FAILS, State.OUT, "reports critical: Major Service Outage"),
        (OUT, REFUSES, State.OUT, "reports critical: Major Service Outage"),
        (OUT, None, State.OUT, "Major Service Outage; its API answers us all the same"),
    ],
)
def test_a_page_beside_its_api(page: StatusPage | Exception, api: object, state: State, told: str) -> None:
    """The API is believed over a page that is calm or silent; beside an outage it is said."""
    for seen in (Seen(page, api).discord(), Seen(page, api).cloudflare()):
        assert (state, True) == (seen.state, told in seen.text), seen.text


def test_who_asks_nothing_of_discord_in_its_health() -> None:
    """By the target or by what serves; said where Discord reports an outage."""
    asks = Seen(OUT).discord()
    asks_not = [
        Seen(OUT, health=HealthExpectation(asks_discord=False)).discord(),
        Seen(OUT, health=None).discord(),
        Seen(OUT, bindings=()).discord(),
    ]

    assert asks.asked
    assert Seen(OUT, bindings=None).discord().asked
    assert [False] * 3 == [each.asked for each in asks_not]
    assert all("asks nothing of it in its health" in each.text for each in asks_not)
    assert "asks nothing" not in asks.text


@pytest.mark.parametrize(
    ("bindings", "state"),
    [
        ((), State.TROUBLED),
        ((Binding("STORE", "kv_namespace"),), State.OUT),
        (None, State.OUT),
    ],
)
def test_an_outage_of_what_a_bot_may_not_even_bind(bindings: Sequence[Binding] | None, state: State) -> None:
    """It explains what is wrong with one that does, or of which that is not known."""
    parts = (Component("Workers", "operational"), Component("Workers KV", "major_outage"))
    page = StatusPage("major", "Partial System Outage", parts)

    assert state is Seen(page, bindings=bindings).cloudflare().state
