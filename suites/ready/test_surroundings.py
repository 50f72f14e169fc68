"""What a night on call needs besides credentials: tools, the right address, Discord, and a way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import Channels, Target
from backstop.observe.readiness.finding import Proof
from backstop.observe.readiness.readiness import Readiness
from fixtures.state import NotApplicable

Show = Callable[[Proof], None]
_TOOLS = "Prerequisites: tools"
_DISCORD = "2. Discord integration failures"


@pytest.mark.check("ready.worker-and-url", severity="critical", step="Prerequisites: the right worker")
def test_address(readiness: Readiness, proven: Show) -> None:
    """The url leads to the worker that would be rolled back"""
    proven(readiness.address)


@pytest.mark.check("ready.node", severity="high", step=_TOOLS)
def test_node(readiness: Readiness, proven: Show) -> None:
    """Node runs here, and is new enough"""
    proven(readiness.node)


@pytest.mark.check("ready.wrangler", severity="high", step=_TOOLS)
def test_wrangler(readiness: Readiness, proven: Show) -> None:
    """Wrangler runs here, and is the one that this was tested with"""
    proven(readiness.wrangler)


@pytest.mark.check("ready.project", severity="medium", step=_TOOLS)
def test_project(readiness: Readiness, target: Target, proven: Show) -> None:
    """The bot's project builds here"""
    if target.project is None:
        message = "the target names a worker and no project: it is rolled back, not drilled"
        raise NotApplicable(message)
    if target.protected:
        message = f"{target.name} is protected: it is never drilled"
        raise NotApplicable(message)
    proven(readiness.project)


@pytest.mark.check("ready.discord-token", severity="high", step=f"{_DISCORD}, step 1")
def test_discord_token(readiness: Readiness, proven: Show) -> None:
    """The Discord token is the right application's"""
    proven(readiness.discord_token)


@pytest.mark.check("ready.signed-path", severity="high", step=f"{_DISCORD}, step 2")
def test_signed_path(readiness: Readiness, proven: Show) -> None:
    """What only Discord may send can be proven: by a signing key, or by use"""
    proven(readiness.signed_path)


@pytest.mark.check("ready.rollback", severity="high", step="Decision: is there a version to go back to")
def test_rollback(readiness: Readiness, proven: Show) -> None:
    """A rollback would go ahead now"""
    proven(readiness.rollback)


@pytest.mark.check("ready.channels", severity="medium", step="Communication procedures")
def test_channels(readiness: Readiness, target: Target, proven: Show) -> None:
    """The channels in which people are told would take a message; none is sent"""
    if target.channels == Channels():
        message = "the target names no channels"
        raise NotApplicable(message)
    proven(readiness.channels)
