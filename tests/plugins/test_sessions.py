"""A session ends as the table of exit codes says, in pairs: green on good, red on bad."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import FakeBot, SessionRunner

STATUS = """
import pytest
from backstop.observe.catalogue.health import HEALTH, HEALTH_AGAIN

@pytest.mark.check("health.status", severity="{severity}", step="")
def test_status(answer):
    "The health path answers 200"
    reply = answer(HEALTH)
    assert reply.status == 200, reply.explain(reply.status, 200, "look at the log")
"""
TWICE = """
import pytest
from backstop.observe.catalogue.health import HEALTH, HEALTH_AGAIN

@pytest.mark.check("health.fresh", severity="critical", step="")
def test_fresh(answer):
    "Both requests are answered"
    assert answer(HEALTH).status == answer(HEALTH_AGAIN).status == 200
"""
SIGNED = """
import pytest
from backstop.observe.catalogue.interactions import PING

@pytest.mark.check("discord.ping", severity="critical", step="")
def test_ping(answer):
    "It takes a signature"
    assert answer(PING).status == 200
"""
RAISES = """
import pytest
from backstop.model.errors import CouldNotLook

@pytest.mark.check("health.status", severity="high", step="")
def test_status(looks):
    "It raises"
    raise {error}
"""


@pytest.fixture(autouse=True)
def _status_suite(session: SessionRunner) -> None:
    session.suite(STATUS.format(severity="critical"))


def test_a_good_bot_is_verified(session: SessionRunner) -> None:
    """Exit code 0 and a verdict that says so."""
    ended = session.run()

    assert ended.code == 0, ended.output
    assert ended.verdict is not None
    assert ended.verdict["verdict"] == "verified"
    assert "VERIFIED" in ended.output


def test_a_bad_bot_is_failed(session: SessionRunner, fake_bot: FakeBot) -> None:
    """Exit code 1, with found, wanted and what to do."""
    fake_bot.status = 503

    ended = session.run()

    assert ended.code == 1, ended.output
    assert ended.verdict is not None
    assert ended.verdict["checks"]["health.status"]["outcome"] == "fail"
    assert "found 503, wanted 200" in ended.output
    assert "look at the log" in ended.output


def test_a_finding_below_blocking_is_degraded(session: SessionRunner, fake_bot: FakeBot) -> None:
    """It is shown and does not fail the session, which still needs something that passed."""
    fake_bot.status = 503
    session.suite(STATUS.format(severity="low"))

    ended = session.run()

    assert ended.verdict is not None
    assert ended.verdict["checks"]["health.status"]["outcome"] == "degraded"
    assert ended.code != 1


def test_an_accepted_finding_is_not_counted(session: SessionRunner, fake_bot: FakeBot) -> None:
    """It is accepted by name; alone it verifies nothing."""
    fake_bot.status = 503
    session.target(fake_bot.url, '[targets.mine.accept]\n"health.*" = "known, until 2999-01-01"\n')

    ended = session.run()

    assert ended.verdict is not None
    assert ended.verdict["checks"]["health.status"]["outcome"] == "accepted"
    assert ended.code == 20, ended.output


@pytest.mark.parametrize(("pattern", "code"), [("discord.signed.*", 0), ("health.signed.*", 20)])
def test_what_only_discord_signs_is_accepted_together(
    session: SessionRunner, fake_bot: FakeBot, pattern: str, code: int
) -> None:
    """The line of the verdict says how much that is, and why."""
    session.target(fake_bot.url, f'[targets.mine.accept]\n"{pattern}" = "Discord holds the key"\n')
    session.suite(SIGNED, "discord")

    ended = session.run()

    assert ended.code == code, ended.output
    told = "VERIFIED · 1 passed · 1 not proven (accepted: Discord holds the key)"
    assert (told in ended.output) is (code == 0)


def test_an_expired_acceptance_counts_again(session: SessionRunner, fake_bot: FakeBot) -> None:
    """After its date the finding fails the session."""
    fake_bot.status = 503
    session.target(fake_bot.url, '[targets.mine.accept]\n"health.*" = "known, until 2020-01-01"\n')

    assert session.run().code == 1


def test_an_answer_at_the_second_attempt_is_degraded(session: SessionRunner, fake_bot: FakeBot) -> None:
    """One error of a bot that answers well again is not hidden."""
    fake_bot.failures = 1
    session.suite(TWICE)

    ended = session.run()

    assert ended.verdict is not None
    assert ended.verdict["checks"]["health.fresh"]["outcome"] == "degraded"


def test_a_silent_bot_is_failed_when_our_network_works(session: SessionRunner, fake_bot: FakeBot) -> None:
    """The control address answers, so the silence is the bot's."""
    session.target("http://127.0.0.1:1", f'control = "{fake_bot.url}"\n')

    ended = session.run()

    assert ended.code == 1, ended.output
    assert "connection refused" in ended.output


def test_a_silent_bot_is_inconclusive_when_nothing_answers(session: SessionRunner) -> None:
    """Our own network may be the reason: nothing is known of the bot."""
    session.target("http://127.0.0.1:1", 'control = "http://127.0.0.1:1"\n')

    assert session.run().code == 20


def test_what_could_not_be_looked_at_is_inconclusive(session: SessionRunner) -> None:
    """CouldNotLook is neither a pass nor a fail."""
    session.suite(RAISES.format(error="CouldNotLook('no key', remedy='set one')"))

    ended = session.run()

    assert ended.code == 20, ended.output
    assert "set one" in ended.output


def test_an_error_of_ours_is_not_the_bots(session: SessionRunner) -> None:
    """A check that crashes is an internal error, whatever the bot does."""
    session.suite(RAISES.format(error="KeyError('x')"))

    assert session.run().code == 3


def test_an_interrupt_ends_with_its_own_code(session: SessionRunner) -> None:
    """Nothing was changed; a report is left all the same."""
    session.suite(RAISES.format(error="KeyboardInterrupt"))

    ended = session.run()

    assert ended.code == 2, ended.output
    assert ended.verdict is not None
    assert ended.verdict["verdict"] == "inconclusive"


def test_a_suite_that_does_not_import_is_an_error_of_ours(session: SessionRunner) -> None:
    """A collection error is never the bot's fault and never a pass."""
    session.suite("import nothing_of_that_name")

    ended = session.run()

    assert ended.code == 3, ended.output
    assert "No module named 'nothing_of_that_name'" in ended.output
    assert "INTERNALERROR" not in ended.output


def test_nothing_selected_is_inconclusive(session: SessionRunner) -> None:
    """A session without a check has shown nothing."""
    assert session.run("-k", "nothing_of_that_name").code == 20


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--target", "mien"), "mine"),
        (("-m", "post_rolback"), "post_rollback"),
        (("-m", "drill or post_rollback"), "two sessions"),
        (("--targets-file", "nowhere.toml"), "nowhere.toml"),
        (("--scenario", "x"), "drill"),
        (("--genuine", "soon"), "seconds from 0 to 600"),
        (("--genuine", "601"), "seconds from 0 to 600"),
        (("--genuine", "nan"), "seconds from 0 to 600"),
    ],
)
def test_wrong_usage_is_explained(session: SessionRunner, arguments: tuple[str, ...], hint: str) -> None:
    """Exit code 4, the nearest right word, and no traceback."""
    ended = session.run(*arguments)

    assert ended.code == 4, ended.output
    assert hint in ended.output
    assert "Traceback" not in ended.output


def test_a_test_without_an_id_is_refused(session: SessionRunner) -> None:
    """Every test of a suite is a check."""
    session.suite("def test_x():\n    pass\n")

    ended = session.run()

    assert ended.code in {3, 4}, ended.output
    assert "is no check" in ended.output


def test_two_checks_can_not_share_an_id(session: SessionRunner) -> None:
    """Reports and acceptances are by id."""
    session.suite(STATUS.format(severity="high"), "latency")

    ended = session.run()

    assert ended.code in {3, 4}, ended.output
    assert "share the check id" in ended.output


def test_ordinary_tests_are_left_alone(pytester: pytest.Pytester, session: SessionRunner) -> None:
    """Outside of the suites the plugins are inert: no report, pytest's own exit code."""
    pytester.path.joinpath("other").mkdir()
    pytester.path.joinpath("other", "test_plain.py").write_text("def test_fails():\n    assert False\n")

    result = pytester.runpytest_inprocess("other")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert not (pytester.path / "reports").exists()


def test_listing_checks_runs_nothing(session: SessionRunner, fake_bot: FakeBot) -> None:
    """The table names the check, and the bot was not asked."""
    ended = session.run("--list-checks")

    assert ended.code == 0, ended.output
    assert "health.status" in ended.output
    assert fake_bot.asked == 0


SWALLOWS = """
import signal
import pytest

@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.check("health.status", severity="high", step="")
def test_status(looks, time):
    "It swallows what interrupts it"
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        pass
"""


def test_an_interrupt_that_is_swallowed_still_ends_the_session(session: SessionRunner) -> None:
    """A hook or a check that catches it can't make the session go on."""
    session.suite(SWALLOWS)

    ended = session.run()

    assert ended.code == 2, ended.output
    assert ended.verdict is not None
    assert ended.verdict["verdict"] == "inconclusive"


NOWHERE = """
import pytest

def interrupt():
    raise KeyboardInterrupt

@pytest.mark.check("health.status", severity="high", step="")
def test_status(looks):
    "It is interrupted between two lines"
    interrupt.__code__ = interrupt.__code__.replace(co_linetable=b"")
    interrupt()
"""


def test_an_interrupt_between_two_lines_ends_with_its_own_code(session: SessionRunner) -> None:
    """Its traceback has no line number, over which pytest itself fails."""
    session.suite(NOWHERE)

    ended = session.run()

    assert ended.code == 2, ended.output
    assert "TypeError" not in ended.output
