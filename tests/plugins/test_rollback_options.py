"""The options of a rollback: what goes together, and what is wrong usage before anything is touched."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import SessionRunner

PASSING = """
import pytest

@pytest.mark.check("health.fine", severity="high", step="")
def test_fine(looks):
    "The place can be opened"
"""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--rollback"], "--rollback needs --reason"),
        (["--rollback", "--reason", "  "], "--rollback needs --reason"),
        (["--rollback", "--reason=x", "--to=a", "--undo=b"], "give one of them"),
        (["--undo=a", "--restore"], "give one of them"),
        (["--to=a"], "--to goes with --rollback"),
        (["--plan"], "--plan goes with -m drill, -m post_rollback --rollback"),
        (["--rollback-on=critical"], "--rollback-on goes with -m post_deploy"),
        (["--rollback", "--reason=x", "--fault=health-503"], "is no sandbox"),
        (["--rollback", "--reason=x", "--confirm-within=0"], "wanted seconds"),
        (["--rollback", "--reason=x", "--confirm-within=nan"], "wanted seconds"),
        (["--rollback", "--reason=x", "--via=pigeon"], "invalid choice"),
        (["--rollback", "--reason=x", "--accept=everything"], "invalid choice"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(
    session: SessionRunner, words: list[str], says: str
) -> None:
    """Exit code 4, in words, and no session."""
    session.suite(PASSING)

    ended = session.run("-m", "post_rollback", *words)

    assert ended.code == 4, ended.output
    assert says in ended.output
    assert ended.verdict is None


@pytest.mark.parametrize("words", [["-m", "drill", "--rollback", "--reason=x"], ["--rollback", "--reason=x"]])
def test_a_rollback_belongs_to_its_session(session: SessionRunner, words: list[str]) -> None:
    """A drill, and a plain look, do not roll back."""
    session.suite(PASSING)

    assert session.run(*words).code == 4


@pytest.mark.parametrize("severities", ["", "bad", "critical;high", "none", "critical,"])
def test_severities_are_words_of_the_policy(session: SessionRunner, severities: str) -> None:
    """A trailing comma is harmless, nothing else is guessed."""
    session.suite(PASSING)

    ended = session.run("-m", "post_deploy", f"--rollback-on={severities}")

    assert (ended.code == 4) == (severities != "critical,"), ended.output


def test_a_protected_target_wants_consent_when_nobody_can_be_asked(
    session: SessionRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a pipeline there is no terminal: --yes must have been said."""
    monkeypatch.setattr("fixtures.rollback_options.somebody_is_here", lambda: False)
    session.suite(PASSING)
    session.target("http://127.0.0.1:1", "protected = true\n")

    ended = session.run("-m", "post_rollback", "--rollback", "--reason=x")

    assert ended.code == 4, ended.output
    assert "add --yes" in ended.output


def test_a_rollback_without_credentials_could_not_look(session: SessionRunner) -> None:
    """Exit code 20, the remedy, and no check counted as due."""
    session.suite(PASSING)

    ended = session.run("-m", "post_rollback", "--rollback", "--reason=x")

    assert ended.code == 20, ended.output
    assert ended.verdict is not None
    assert ended.verdict["checks"] == {}
    assert "CLOUDFLARE_API_TOKEN" in ended.output


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_after_a_deploy_nothing_is_rolled_back_unless_asked(
    session: SessionRunner, status: int, code: int
) -> None:
    """The verdict alone."""
    session.suite(
        "import pytest\n"
        '@pytest.mark.check("health.status", severity="critical", step="")\n'
        "def test_status(looks):\n"
        '    "Answers 200"\n'
        "    exchange = looks.place.prober.ask(looks.plain)\n"
        f"    assert {status} == 200\n"
    )

    ended = session.run("-m", "post_deploy")

    assert ended.code == code, ended.output
    assert ended.verdict is not None
    assert ended.verdict["session"] == "post_deploy"


def test_a_good_deploy_leaves_the_stage_after_it_out(session: SessionRunner) -> None:
    """Its checks were never due: the session is whole, and verified."""
    session.suite(PASSING)

    ended = session.run("-m", "post_deploy", "--rollback-on", "critical")

    assert ended.code == 0, ended.output
    assert ended.verdict is not None
    assert list(ended.verdict["checks"]) == ["health.fine"]
    assert "not rolled back: no check of severity critical failed" in ended.output
