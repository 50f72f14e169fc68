"""Whatever answers, or does not: a verdict in time, never a pass without evidence, never an error of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.hostile.bots import BLOCKED, SILENT, STALLING, WRONG
from tests.hostile.look import Ended, Look, look, look_at_group
from tests.hostile.services import CLOUDFLARES, DISCORDS, STATUS_PAGES
from tests.hostile.session import GROUPS
from tests.hostile.surroundings import SERVICES, Surroundings

AT_ONCE = 5  # sessions; those of the bots that stall only wait
CHECKS = 100  # at least; fewer would mean that a suite was left out
MEMORY = 300 * 1024 * 1024
STAGE_S = 75.0  # seconds a look takes at most, whatever stalls; 20 of them for the bot
NO_PASS = frozenset({"fail", "inconclusive"})
# What this target does not have, whoever answers.
NOT_THERE = frozenset(
    {
        *("health.certificate", "health.tls", "health.https"),
        *("discord.verify-key", "discord.endpoint", "discord.commands.posted"),
        *("discord.commands.followed-up", "discord.genuine", "security.rate-limiter"),
        "latency.restored",
    }
)
OF_SERVICES = frozenset({"discord.token", "discord.registered", "discord.status"})
REAL = {
    "silent": Surroundings(SILENT["drops after the request"], posts=True),
    "blocked": Surroundings(BLOCKED["Access login"]),
    "wrong": Surroundings(WRONG["terminal codes"].serve),
    "services": Surroundings(
        BLOCKED["challenge"],
        DISCORDS["[[[[…"].serve,
        STATUS_PAGES["HTML"].serve,
        CLOUDFLARES["200 HTML"].serve,
    ),
}


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Ended]]]:
    """All sessions of this file, a few at once, the slowest first."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = ("everything hangs", *STALLING)
        slowest_first = sorted(GROUPS, key=waiting.__contains__, reverse=True)
        groups = {
            group: pool.submit(look_at_group, group, tmp_path_factory.mktemp(group))
            for group in slowest_first
        }
        real = {
            f"real {name}": pool.submit(look, around, tmp_path_factory.mktemp(f"real-{name}"))
            for name, around in REAL.items()
        }
        yield {**groups, **real}


def _seen(sessions: Mapping[str, Future[Ended]], group: str, name: str) -> Look:
    ended = sessions[group].result()
    assert name in ended.looks, ended.output
    seen = ended.looks[name]

    assert () == seen.problems
    assert CHECKS <= len(seen.outcomes)
    assert seen.seconds < STAGE_S
    return seen


def _of_the_bot(seen: Look) -> dict[str, str]:
    """The checks that need an answer of the bot, with their outcomes."""
    others = NOT_THERE | OF_SERVICES
    return {
        check: outcome
        for check, outcome in seen.outcomes.items()
        if check not in others and not check.startswith("deployment.")
    }


@pytest.mark.parametrize("name", [*SILENT, *STALLING])
def test_silence_is_never_a_pass(sessions: Mapping[str, Future[Ended]], name: str) -> None:
    """No answer that can be used: it is the bot's fault, because the control address answers."""
    seen = _seen(sessions, name if name in STALLING else "mixed", name)

    assert {} == {check: said for check, said in _of_the_bot(seen).items() if said not in NO_PASS}
    for check in ("health.reachable", "discord.ping", "discord.in-time", "health.error-rate"):
        assert seen.outcomes[check] == "fail", seen.messages[check]
    assert OF_SERVICES == {check for check in OF_SERVICES if seen.outcomes[check] == "pass"}


def test_an_address_without_tls_has_nothing_to_show(sessions: Mapping[str, Future[Ended]]) -> None:
    """That nothing old is spoken where nothing is spoken at all is no merit."""
    seen = _seen(sessions, "mixed", "speaks no TLS")

    assert seen.outcomes["health.reachable"] == "fail", seen.messages["health.reachable"]
    assert seen.outcomes["health.certificate"] == "fail", seen.messages["health.certificate"]
    assert seen.outcomes["health.tls"] == "inconclusive", seen.messages["health.tls"]


@pytest.mark.parametrize("name", list(BLOCKED))
def test_what_stands_in_front_of_a_bot_says_nothing_of_it(
    sessions: Mapping[str, Future[Ended]], name: str
) -> None:
    """Every check that needs the bot is inconclusive."""
    seen = _seen(sessions, "mixed", name)

    assert {} == {check: said for check, said in _of_the_bot(seen).items() if said != "inconclusive"}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_wrong_answer_is_noticed(sessions: Mapping[str, Future[Ended]], name: str) -> None:
    """By the check whose business it is."""
    seen, odd = _seen(sessions, "wrong", name), WRONG[name]

    assert seen.outcomes[odd.check] == odd.outcome, seen.messages[odd.check]


@pytest.mark.parametrize("name", list(SERVICES))
def test_hostile_services_are_noticed(sessions: Mapping[str, Future[Ended]], name: str) -> None:
    """Each by a check of its own, and the bot is judged all the same."""
    seen, around = _seen(sessions, "mixed", name), SERVICES[name]

    for odd in (around.discord, around.status, around.cloudflare):
        assert seen.outcomes[odd.check] == odd.outcome, seen.messages[odd.check]
    assert seen.outcomes["health.healthy"] == "pass", seen.messages["health.healthy"]


def test_everything_hangs(sessions: Mapping[str, Future[Ended]]) -> None:
    """Within the time of a look, and without one pass: that a status page hangs is no more than a finding."""
    seen = _seen(sessions, "everything hangs", "everything hangs")
    good = {check for check, said in seen.outcomes.items() if said in {"pass", "degraded"}}

    assert {"discord.status"} == good


@pytest.mark.parametrize("group", list(GROUPS))
def test_memory_is_bounded(sessions: Mapping[str, Future[Ended]], group: str) -> None:
    """Over all the answers of a group, of which each may be a hundred megabytes."""
    assert sessions[group].result().memory < MEMORY


@pytest.mark.parametrize(("name", "code"), [("silent", 1), ("blocked", 20), ("wrong", 1), ("services", 20)])
def test_a_real_look_ends_as_it_should(sessions: Mapping[str, Future[Ended]], name: str, code: int) -> None:
    """Exit code 1 where the bot is wrong and 20 where nothing is known; plain words, no traceback."""
    ended = sessions[f"real {name}"].result()

    assert ended.code == code, ended.output
    assert () == ended.looks[""].problems
    assert "Traceback" not in ended.output
    assert "INTERNALERROR" not in ended.output
    assert "\x1b[2J" not in ended.output
    assert ended.memory < MEMORY
    assert ended.seconds < STAGE_S
