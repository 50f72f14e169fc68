"""``-m watch`` without a tail: a bot that falls silent has failed, and a good one was not watched."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.plugins.conftest import ROOT, FakeBot, SessionRunner

WATCH = ("-m", "watch", "--for", "20s")


@pytest.fixture
def watch(session: SessionRunner) -> SessionRunner:
    """The suite itself."""
    session.suite((ROOT / "suites" / "watch" / "test_half_hour.py").read_text(), "watch")
    return session


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_bot_that_does_not_answer(watch: SessionRunner, fake_bot: FakeBot, silent: str) -> None:
    """It is asked again and again, and each silence counts: failed, although no tail was read."""
    watch.target(silent, f'control = "{fake_bot.url}"\n')

    ended = watch.run(*WATCH)

    assert 1 == ended.code, ended.output
    assert ended.verdict is not None
    assert "fail" == ended.verdict["checks"]["watch.probes"]["outcome"]
    assert "n/a" == ended.verdict["checks"]["watch.whole"]["outcome"]


def test_our_own_network_is_down(watch: SessionRunner, silent: str) -> None:
    """Nothing is known of the bot."""
    watch.target(silent, f'control = "{silent}"\n')

    ended = watch.run("-m", "watch", "--for", "8s")

    assert 20 == ended.code, ended.output
    assert ended.verdict is not None
    assert "inconclusive" == ended.verdict["checks"]["watch.probes"]["outcome"]


def test_a_good_bot_without_a_tail(watch: SessionRunner) -> None:
    """Probes are well; that is not the whole of it. A line says what each minute saw."""
    ended = watch.run("-m", "watch", "--for", "8s")

    assert 20 == ended.code, ended.output
    assert ended.verdict is not None
    assert "pass" == ended.verdict["checks"]["watch.probes"]["outcome"]
    assert "inconclusive" == ended.verdict["checks"]["watch.whole"]["outcome"]
    assert "minute 1 · probes " in ended.output
