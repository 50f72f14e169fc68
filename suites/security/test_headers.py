"""Every kind of answer carries the headers that protect it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.target import HealthExpectation
from backstop.observe import csp
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.interactions import PING, PUT, UNSIGNED
from backstop.observe.catalogue.security import NOT_FOUND
from backstop.observe.grade import grade
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from backstop.observe.said import to_commands
from backstop.probes.headers import HeaderFinding, contradictions, missing_protection, xss_filter

Ask = Callable[[Probe], Reply]
_STEP = "4. Security incidents, step 2"
_REFUSED = 400
_LEAST = 50  # points; Observatory's C
_HAVE_THEIR_OWN = frozenset({HEALTH, UNSIGNED, PUT, NOT_FOUND})


@pytest.mark.check("security.headers.ok", severity="high", step=_STEP)
def test_headers_of_success(answer: Ask, health: HealthExpectation) -> None:
    """The health answer is protected"""
    _assert_protected(answer(HEALTH))


@pytest.mark.check("security.headers.unauthorized", severity="high", step=_STEP)
def test_headers_of_refusal(answer: Ask) -> None:
    """The answer to an unsigned interaction is protected"""
    _assert_protected(answer(UNSIGNED))


@pytest.mark.check("security.headers.method-not-allowed", severity="high", step=_STEP)
def test_headers_of_wrong_method(answer: Ask) -> None:
    """The answer to a wrong method is protected"""
    _assert_protected(answer(PUT))


@pytest.mark.check("security.headers.not-found", severity="high", step=_STEP)
def test_headers_of_unknown_path(answer: Ask) -> None:
    """The answer to an unknown path is protected"""
    _assert_protected(answer(NOT_FOUND))


@pytest.mark.check("security.headers.provoked", severity="high", step=_STEP)
def test_headers_of_errors(looks: Looks) -> None:
    """The answers to all other errors that can be provoked are protected"""
    provoked = 0
    for probe, reply in looks.bot.replies():
        if reply.status >= _REFUSED and probe not in _HAVE_THEIR_OWN:
            _assert_protected(reply, probe.name)
            provoked += 1
    if not provoked:
        message = "no other error could be provoked: the bot answers well to everything"
        raise CouldNotLook(message, remedy="see discord.signature: forged requests must be refused")


@pytest.mark.check("security.headers.interaction", severity="medium", step=_STEP)
def test_headers_of_interactions(answer: Ask, looks: Looks) -> None:
    """The answers to a genuine PING and to declared commands are protected"""
    _assert_protected(answer(PING))
    for asked, reply in to_commands(looks):
        _assert_protected(reply, asked)


@pytest.mark.check("security.headers.contradictory", severity="medium", step=_STEP)
def test_contradictions(looks: Looks) -> None:
    """No answer carries a header twice with differing values"""
    for probe, reply in looks.bot.replies():
        _assert_none(reply, contradictions(reply.answer), "each header once", probe.name)


@pytest.mark.check("security.headers.xss-protection", severity="low", step=_STEP)
def test_xss_protection(looks: Looks) -> None:
    """X-XSS-Protection is absent, 0, or 1; mode=block"""
    for probe, reply in looks.bot.replies():
        finding = xss_filter(reply.answer)
        _assert_none(reply, (finding,) if finding else (), "none, 0, or 1; mode=block", probe.name)


@pytest.mark.check("security.csp", severity="low", step=_STEP)
def test_csp(looks: Looks) -> None:
    """Every answer carries a Content-Security-Policy that means what it says"""
    for probe, reply in looks.bot.replies():
        found = csp.misread(csp.policies(reply.answer))
        assert not found, reply.explain(
            f"{found} ({probe.name})", "a well-formed policy", f"send {csp.HEADER}: {csp.BEST}"
        )


@pytest.mark.check("security.csp.scripts", severity="medium", step=_STEP)
def test_csp_of_scripts(looks: Looks) -> None:
    """A Content-Security-Policy that is there keeps foreign scripts out"""
    for probe, reply in looks.bot.replies():
        found = csp.open_to_scripts(csp.policies(reply.answer))
        assert not found, reply.explain(
            f"a {csp.HEADER} with {found} ({probe.name})",
            "no unsafe-inline, unsafe-eval or * for scripts",
            f"send {csp.HEADER}: {csp.BEST}",
        )


@pytest.mark.check("security.grade", severity="low", step=_STEP)
def test_grade(looks: Looks, remark: Callable[[str], None]) -> None:
    """The worst graded answer is worth a C at least; what would better it is listed"""
    probe, worst = min(looks.bot.replies(), key=lambda pair: grade(pair[1]).score)
    found = grade(worst)
    fixes = "; ".join(f"{f.found} → {f.fix}" for f in found.findings)

    assert found.score >= _LEAST, worst.explain(
        f"grade {found.mark} ({found.score} points, {probe.name})", "C at least", fixes
    )
    better = f"; better: {fixes}" if fixes else ""
    remark(f"grade {found.mark} ({found.score} points, {probe.name}){better}")


def _assert_protected(reply: Reply, which: str = "") -> None:
    _assert_none(reply, missing_protection(reply.answer), "protective headers", which)


def _assert_none(reply: Reply, faults: tuple[HeaderFinding, ...], wanted: str, which: str = "") -> None:
    found = "; ".join(fault.found for fault in faults)
    shown = f"{found} ({which})" if which else found

    assert not faults, reply.explain(shown, wanted, "; ".join(fault.fix for fault in faults))
