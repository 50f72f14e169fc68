"""What the bot takes, from whom, and how it declines the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.discord.forgeries import DECLINED
from backstop.observe.catalogue.interactions import FORGED, PUT, SIGNATURE_ROWS, UNSIGNED
from backstop.observe.catalogue.security import FOREIGN_PROBES, NOT_FOUND, POSTED_FROM_ELSEWHERE
from backstop.observe.cors import open_with_credentials
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from backstop.observe.said import everything

Ask = Callable[[Probe], Reply]
_PATTERNS = "Triggers: invalid request patterns"
_FAULTY = 500
_TAKEN = range(200, 300)
_NO_CONTENT = frozenset({204, 304})


@pytest.mark.check("security.unsigned", severity="high", step="Triggers: unauthorized access attempts")
def test_unsigned(answer: Ask) -> None:
    """An interaction without a signature is refused with 401"""
    reply = answer(UNSIGNED)

    assert reply.status == 401, reply.explain(reply.status, 401, "verify the signature before anything else")


@pytest.mark.check("security.methods", severity="medium", step=_PATTERNS)
def test_methods(answer: Ask, degraded: Callable[[str], None]) -> None:
    """PUT and DELETE on the interactions path are refused, best with 405"""
    for probe in (PUT, FORGED["delete"]):
        reply = answer(probe)
        assert reply.status in {405, *DECLINED}, reply.explain(
            reply.status, 405, "refuse methods that nobody needs"
        )
        if reply.status != 405:
            degraded(f"{reply.request.method}: answered {reply.status}, better 405")


@pytest.mark.check("security.oversize", severity="medium", step=_PATTERNS)
def test_oversize(answer: Ask) -> None:
    """A body of more than one MiB does not break the bot, nor lets anybody in"""
    reply = answer(FORGED["oversize"])

    assert reply.status < _FAULTY, reply.explain(
        reply.status, "413 or 401", "count the bytes while reading, and stop at a limit"
    )
    assert reply.status not in _TAKEN, reply.explain(
        f"{reply.status} to what a stranger signed", "413 or 401", "verify a body of any size, or refuse it"
    )


@pytest.mark.check("security.provoked", severity="medium", step=_PATTERNS)
def test_provoked(looks: Looks) -> None:
    """Nothing that a stranger may ask for, or sign, makes the bot answer 5xx"""
    allowed = {FORGED[row.name]: row.right | row.tolerated for row in SIGNATURE_ROWS}
    allowed |= dict.fromkeys((NOT_FOUND, POSTED_FROM_ELSEWHERE), DECLINED)
    for probe, reply in looks.bot.replies():
        well = probe not in allowed or reply.status < _FAULTY or reply.status in allowed[probe]
        assert well, reply.explain(
            f"{reply.status} for: {probe.name}", "a 4xx", "catch what a stranger's request can throw"
        )


@pytest.mark.check("security.content-type", severity="medium", step=_PATTERNS)
def test_content_type(looks: Looks) -> None:
    """Every answer with a body says what it is, and JSON says that it is JSON"""
    for asked, reply in everything(looks):
        if not reply.answer.body or reply.status in _NO_CONTENT:
            continue
        found = (reply.answer.header("Content-Type") or "").lower()
        assert found, reply.explain(f"no Content-Type ({asked})", "a Content-Type")
        assert "json" in found or reply.json() is None, reply.explain(
            f"JSON as {found} ({asked})", "application/json", "a browser may take it for a page"
        )


@pytest.mark.check("security.cors", severity="high", step=_PATTERNS)
def test_cors(answer: Ask) -> None:
    """No page of another origin may act with a visitor's credentials"""
    for probe in FOREIGN_PROBES:
        reply = answer(probe)
        found = open_with_credentials(reply)
        assert not found, reply.explain(
            f"{found} ({probe.name})", "no credentials for other origins", "send no CORS headers at all"
        )
