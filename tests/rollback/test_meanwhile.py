"""What somebody else does while a rollback acts, and what of its own comes late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from backstop.model.verdict import Ending
from tests.contract.support import eventually
from tests.rollback.attempt import ANSWER_S, SHORT_S, attempt, hold
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import ACT, NO_ANSWER, done

SOON_S = 10.0
HANG = NO_ANSWER["hang"]


@contextmanager
def _beside(act: Callable[[str], object]) -> Iterator[Callable[[str], None]]:
    """A function that starts ``act`` beside us; it has ended afterwards, and well."""
    begun: list[Future[object]] = []
    with ThreadPoolExecutor() as pool:
        yield lambda name: begun.append(pool.submit(act, name))
    for future in begun:
        future.result(0)


def test_somebody_deploys_before_ours(incident: Incident, tmp_path: Path) -> None:
    """Ours follows what nobody has looked at: unconfirmed, and that is said."""
    ended = attempt(incident, tmp_path, begun=lambda _run: incident.deploy_by_hand(incident.bad))

    assert Ending.UNCONFIRMED == ended.ending
    assert [incident.last] == incident.made_by(ended.run)
    assert "in between" in str(ended.error)


def test_somebody_deploys_over_ours(incident: Incident, tmp_path: Path) -> None:
    """Made, and no longer the newest: unconfirmed, and not made again."""

    def deploy_over_it(run: str) -> None:
        eventually(lambda: bool(incident.made_by(run)), seconds=SOON_S)
        incident.deploy_by_hand(incident.bad)

    with _beside(deploy_over_it) as begun:
        ended = attempt(incident, tmp_path, ACT.met_with(done(HANG), incident, times=1), begun=begun)

    assert Ending.UNCONFIRMED == ended.ending
    assert 1 == len(incident.made_by(ended.run))
    assert incident.bad == incident.served()
    assert "deployed" in str(ended.error)


def test_ours_comes_late(incident: Incident, tmp_path: Path) -> None:
    """The answer is given up on, and the deployment shows after that: it is waited for, and found."""

    def arrive(run: str) -> None:
        threading.Event().wait(ANSWER_S + SHORT_S)
        incident.arrive(run)

    with _beside(arrive) as begun:
        ended = attempt(incident, tmp_path, ACT.met_with(HANG, incident, times=1), begun=begun)

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending


def test_ours_comes_too_late(incident: Incident, tmp_path: Path) -> None:
    """It shows after the session has ended unconfirmed; the next one does not go further back."""
    first = attempt(incident, tmp_path, ACT.met_with(HANG, incident), within=SHORT_S)
    incident.arrive(first.run)
    second = attempt(incident, tmp_path)

    assert Ending.UNCONFIRMED == first.ending
    assert (Ending.VERIFIED, None) == (second.ending, second.confirmation)
    assert [] == incident.made_by(second.run)
    assert incident.good == incident.served()
