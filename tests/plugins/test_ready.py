"""``-m ready`` runs the checks of readiness and no others; other sessions run all but those."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import SessionRunner

READY = """
import pytest
from backstop.model.errors import CouldNotLook
from backstop.observe.readiness.finding import Lacking, Proof

@pytest.mark.check("ready.node", severity="high", step="")
def test_node(looks, proven):
    "Node runs"
    {body}

@pytest.mark.check("ready.wrangler", severity="high", step="")
def test_wrangler(looks, proven):
    "Wrangler runs"
    proven(Proof("wrangler 4 runs"))
"""
HEALTH = """
import pytest
from backstop.observe.catalogue.health import HEALTH

@pytest.mark.check("health.status", severity="critical", step="")
def test_status(answer):
    "It answers"
    assert answer(HEALTH).status == 200
"""


def _suites(session: SessionRunner, body: str = "proven(Proof('Node 24 runs'))") -> None:
    session.suite(HEALTH)
    session.suite(READY.format(body=body), "ready")


def test_only_its_own_checks(session: SessionRunner) -> None:
    """And the table in place of findings."""
    _suites(session)

    ended = session.run("-m", "ready")

    assert 0 == ended.code, ended.output
    assert ended.verdict is not None
    assert {"ready.node", "ready.wrangler"} == set(ended.verdict["checks"])
    assert "need / have" in ended.output
    assert "Node 24 runs" in ended.output


@pytest.mark.parametrize("arguments", [(), ("-m", "post_rollback"), ("-m", "post_deploy")])
def test_no_other_session_runs_them(session: SessionRunner, arguments: tuple[str, ...]) -> None:
    """They say nothing of the bot."""
    _suites(session)

    ended = session.run(*arguments)

    assert 0 == ended.code, ended.output
    assert ended.verdict is not None
    assert {"health.status"} == set(ended.verdict["checks"])
    assert "need / have" not in ended.output


@pytest.mark.parametrize(
    ("body", "code", "shown"),
    [
        ("raise Lacking('found none', 'make setup')", 1, "no: found none"),
        (
            "raise CouldNotLook('nobody knows', remedy='ask again')",
            20,
            "not proven: nobody knows",
        ),
        ("proven(Proof('it runs', 'not for long'))", 0, "but: it runs; not for long"),
    ],
)
def test_gaps(session: SessionRunner, body: str, code: int, shown: str) -> None:
    """1 for what is lacking, 20 for what is not proven, 0 for what will not last."""
    _suites(session, body)

    ended = session.run("-m", "ready")

    assert code == ended.code, ended.output
    assert shown in ended.output


@pytest.mark.parametrize("more", ["--rollback", "--rollback-on=critical", "--scenario=x"])
def test_it_changes_nothing_whatever_is_asked(session: SessionRunner, more: str) -> None:
    """What would is wrong usage."""
    _suites(session)

    assert 4 == session.run("-m", "ready", more).code


def test_ready_and_another_session_are_two(session: SessionRunner) -> None:
    """A run is one of them."""
    _suites(session)

    ended = session.run("-m", "ready or post_rollback")

    assert 4 == ended.code
    assert "names two sessions" in ended.output
