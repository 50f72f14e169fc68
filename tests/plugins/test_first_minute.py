"""A session that has a minute: what is not reached by then is inconclusive, and the session ends."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import SessionRunner
from tests.unit.asking import OK
from tests.unit.loopback import RawServer, saying, stalling

HANGS = """
import threading
import pytest

@pytest.mark.check("health.status", severity="critical", step="")
def test_status(looks):
    "It answers"
    threading.Event().wait()

@pytest.mark.check("health.json", severity="high", step="")
def test_json(looks):
    "It says so"
"""
ASKS = """
import pytest
from backstop.observe.catalogue.health import HEALTH

@pytest.mark.check("health.status", severity="critical", step="")
def test_status(answer):
    "It answers"
    assert answer(HEALTH).status == 200
"""
QUICK = """
import pytest

@pytest.mark.check("health.status", severity="critical", step="")
def test_status(looks):
    "It answers"
    assert {holds}
"""
TRIAGE = """
import pytest

@pytest.mark.check("triage.network", severity="low", step="")
def test_network(looks):
    "It works"
"""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute that is over sooner."""
    monkeypatch.setattr("fixtures.session.LOOKING_S", 1.0)
    monkeypatch.setattr("fixtures.deadline._JUDGING_S", 0.5)


@pytest.mark.usefixtures("hurried")
def test_what_hangs_is_cut_off(session: SessionRunner) -> None:
    """And what comes after it is not begun."""
    session.suite(HANGS)

    ended = session.run("-m", "pre_rollback")

    assert 20 == ended.code, ended.output
    assert ended.verdict is not None
    checks = ended.verdict["checks"]
    assert {"inconclusive"} == {check["outcome"] for check in checks.values()}
    assert all("not reached: the session ends within 60 s" in check["message"] for check in checks.values())


@pytest.mark.usefixtures("hurried")
def test_a_request_that_was_cut_short_is_held_against_nobody(session: SessionRunner) -> None:
    """Not even against a bot that never answers: nobody has waited for it."""
    session.suite(ASKS)
    with RawServer(stalling) as hanging, RawServer(saying(OK)) as control:
        session.target(hanging.url, f'control = "{control.url}"\n')
        ended = session.run("-m", "pre_rollback")

    assert 20 == ended.code, ended.output
    assert "the session's time was over" in ended.output


@pytest.mark.parametrize(("holds", "code"), [("True", 0), ("False", 1)])
def test_what_is_in_time_is_judged(session: SessionRunner, holds: str, code: int) -> None:
    """As in any other session, with the checklists and one sentence."""
    session.suite(QUICK.format(holds=holds))
    session.suite(TRIAGE, "triage")

    ended = session.run("-m", "pre_rollback")

    assert code == ended.code, ended.output
    assert "first minute" in ended.output
    assert "Rollback decision:" in ended.output
    assert "type:   pytest --target mine -m pre_rollback" in ended.output


@pytest.mark.parametrize("arguments", [(), ("-m", "post_rollback"), ("-m", "post_deploy")])
def test_no_other_session_asks_about_an_incident(session: SessionRunner, arguments: tuple[str, ...]) -> None:
    """And none has only a minute."""
    session.suite(QUICK.format(holds=True))
    session.suite(TRIAGE, "triage")

    ended = session.run(*arguments)

    assert 0 == ended.code, ended.output
    assert ended.verdict is not None
    assert {"health.status"} == set(ended.verdict["checks"])
    assert "first minute" not in ended.output


@pytest.mark.parametrize("more", ["--rollback", "--rollback-on=critical", "--scenario=x"])
def test_it_changes_nothing_whatever_is_asked(session: SessionRunner, more: str) -> None:
    """What would is wrong usage."""
    session.suite(QUICK.format(holds=True))

    assert 4 == session.run("-m", "pre_rollback", more).code
