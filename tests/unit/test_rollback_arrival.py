"""A deploy is looked at once the edge serves it: an older version's answers say nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any, cast

import pytest

from backstop.model.version import VersionId
from backstop.rollback.arrival import BLIND_S, Watch
from tests.unit.fakeclock import FakeClock
from tests.unit.rollbacks import vid

OLD, NEW = vid(1), vid(2)
IN_TURN = cycle((NEW, OLD))


class Edge:
    """An edge that serves by the time that has passed."""

    def __init__(self, clock: FakeClock, serves: Callable[[float], VersionId | None]) -> None:
        self._clock, self._began, self._serves = clock, clock.now(), serves

    def serving(self) -> VersionId | None:
        """What it serves now."""
        return self._serves(self._clock.now() - self._began)


@pytest.mark.parametrize(
    ("serves", "other", "after"),
    [
        pytest.param(lambda _: NEW, None, 0.0, id="at once"),
        pytest.param(lambda t: NEW if t > 5 else OLD, None, 5.0, id="a little later"),
        pytest.param(lambda _: OLD, OLD, 60.0, id="never"),
        pytest.param(lambda _: None, None, BLIND_S, id="no version is shown"),
        pytest.param(lambda _: next(IN_TURN), OLD, 60.0, id="here this, there that"),
        pytest.param(lambda t: NEW if t > 20 else None, None, BLIND_S, id="shown too late to be waited for"),
        pytest.param(lambda _: vid(9), None, BLIND_S, id="a version of another worker"),
    ],
)
def test_the_edge_is_waited_for(
    serves: Callable[[float], VersionId | None], other: VersionId | None, after: float
) -> None:
    """Until it follows, as long as an older version is seen, and not for a bot that shows none."""
    clock = FakeClock()
    edge = Edge(clock, serves)

    found = Watch(NEW, (OLD, NEW), 60.0, clock).over(cast("Any", edge))

    assert other == found
    assert after <= clock.now() - 100.0 <= after + 1.5
