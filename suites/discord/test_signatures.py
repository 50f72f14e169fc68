"""Discord's requests are taken, and nothing that only looks like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.discord.forgeries import Forgery
from backstop.observe.catalogue.interactions import FORGED, PING, SIGNATURE_ROWS, TAKEN
from backstop.observe.interaction import kind_of
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply

Ask = Callable[[Probe], Reply]
_STEP = "2. Discord integration failures: invalid signature errors"
_PONG = 1
_GENUINE = frozenset({200})
_REFUSED = frozenset({401})


def _severity(forgery: Forgery) -> str:
    """A genuine request refused is an outage, a forged one taken is a hole, a wrong word is neither."""
    if forgery.weighs:
        return forgery.weighs
    if forgery.right == _GENUINE:
        return "critical"
    return "high" if forgery.right == _REFUSED and not forgery.tolerated else "low"


def _words(forgery: Forgery) -> str:
    *others, last = (str(status) for status in sorted(forgery.right))
    return f"{', '.join(others)} or {last}" if others else last


def _row(forgery: Forgery) -> object:
    title = f"{forgery.title[0].upper()}{forgery.title[1:]}: answered with {_words(forgery)}"
    check = pytest.mark.check(
        f"discord.signature.{forgery.name}", severity=_severity(forgery), step=_STEP, title=title
    )
    return pytest.param(forgery, id=forgery.name, marks=check)


@pytest.mark.parametrize("forgery", [_row(forgery) for forgery in SIGNATURE_ROWS])
def test_signature(forgery: Forgery, answer: Ask, degraded: Callable[[str], None]) -> None:
    """The endpoint's answer to a request that is signed in this way"""
    reply = answer(FORGED[forgery.name])
    wanted = _words(forgery)

    assert reply.status in forgery.right | forgery.tolerated, reply.explain(
        reply.status,
        f"{wanted} for: {forgery.title}",
        "verify the signature before anything else; never throw",
    )
    if reply.status not in forgery.right:
        degraded(f"{forgery.title}: answered {reply.status}, better {wanted}")


@pytest.mark.check("discord.ping", severity="critical", step="2. Discord integration failures, step 5")
def test_ping(looks: Looks, answer: Ask, remark: Callable[[str], None]) -> None:
    """A signed PING is answered with PONG"""
    if looks.proven_by_discord:
        remark(f"proven by {looks.proven_by_discord} genuine interactions in the tail")
        return
    for probe in (PING, TAKEN):
        _assert_pong(answer(probe))


def _assert_pong(reply: Reply) -> None:
    assert reply.status == 200, reply.explain(
        reply.status, 200, "is DISCORD_PUBLIC_KEY that of this application?"
    )
    assert kind_of(reply) == _PONG, reply.explain(reply.answer.text[:80], '{"type": 1}')
    assert reply.answer.header("content-type"), reply.explain(
        "no content type", "a content type: Discord wants one"
    )
