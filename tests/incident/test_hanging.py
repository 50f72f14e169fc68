"""Whatever hangs, the first minute of an incident ends within one, and says what it could not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.hostile.look import Ended, look
from tests.hostile.services import HANGING
from tests.hostile.surroundings import Surroundings

MINUTE_S = 60.0
HANGS = {
    "everything": Surroundings(HANGING, HANGING, HANGING, HANGING),
    "bot": Surroundings(HANGING),
    "Cloudflare's API": Surroundings(cloudflare=HANGING),
    "Discord's API": Surroundings(discord=HANGING),
    "status pages": Surroundings(status=HANGING),
}


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Ended]]]:
    """One session for each, three at a time, the longest first: they mostly wait."""
    with ThreadPoolExecutor(3) as pool:
        yield {
            name: pool.submit(look, around, tmp_path_factory.mktemp("hangs"), "-m", "pre_rollback")
            for name, around in HANGS.items()
        }


@pytest.mark.parametrize("name", list(HANGS))
def test_it_ends_within_the_minute(sessions: Mapping[str, Future[Ended]], name: str) -> None:
    """With the verdict on what it could see, and the checklists."""
    ended = sessions[name].result()

    assert 1 == ended.code, ended.output  # the hostile target's bot fails some checks even where it answers
    assert ended.seconds < MINUTE_S
    assert () == ended.looks[""].problems
    assert "Rollback decision:" in ended.output
    assert "Traceback" not in ended.output


def test_a_silent_bot_is_down_and_nothing_else(sessions: Mapping[str, Future[Ended]]) -> None:
    """What can't be asked of it is not held against it as well: it leaks no secret by saying nothing."""
    ended = sessions["bot"].result()

    assert "policy: critical, since health is down or unhealthy" in ended.output
    assert "roll back at once (within 2 min)" in ended.output
    assert "rotate" not in ended.output


def test_an_api_that_hangs_leaves_its_checks_open(sessions: Mapping[str, Future[Ended]]) -> None:
    """Nothing is known of what it would have told; the bot is judged all the same."""
    looked = sessions["Cloudflare's API"].result().looks[""]

    assert "inconclusive" == looked.outcomes["triage.rollback"]
    assert "inconclusive" == looked.outcomes["deployment.authenticated"]
    assert "pass" == looked.outcomes["health.status"]
