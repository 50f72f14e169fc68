"""After a drill the newest upload of the worker is a good build again."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from backstop.model.errors import Unrestored
from backstop.model.version import Version
from backstop.rollback.remains import GOOD_AGAIN
from tests.unit.drilling import BAD, FOREIGN, NOW, Setup, drill_fixture

drill = drill_fixture


def _uploads(setup: Setup, *messages: str, lost: bool = False) -> None:
    """What was uploaded so far, newest first; a new upload comes before it, unless it is ``lost``."""
    uploads = [Version(BAD, 2, NOW, "dev@example.com", message=message) for message in messages]

    def upload(*, message: str, tag: str) -> Any:
        assert tag == "good"
        if not lost:
            uploads.insert(0, Version(FOREIGN, 3, NOW, "dev@example.com", message=message))
        return SimpleNamespace(version_id=FOREIGN)

    setup.cloud.versions = lambda _worker: tuple(uploads)  # type: ignore[attr-defined]
    setup.cloud.versions_upload = upload  # type: ignore[attr-defined]


def test_a_good_build_is_uploaded_over_the_fault(drill: Callable[..., Setup]) -> None:
    """Whoever edits the newest upload next must not start from a fault."""
    setup = drill()
    setup.operator.begin()
    _uploads(setup, "drill: health-503 [backstop fault run1]")

    assert f"the newest upload is {FOREIGN} again" in setup.operator.renew()


def test_the_fault_of_a_drill_that_was_cut_short_is_renewed_too(drill: Callable[..., Setup]) -> None:
    """It is no better than one of our own."""
    setup = drill()
    setup.operator.begin()
    _uploads(setup, "drill: health-503 [backstop fault run2]")

    assert f"the newest upload is {FOREIGN} again" in setup.operator.renew()


@pytest.mark.parametrize("message", ["a colleague's", f"{GOOD_AGAIN} [backstop drill run2]", ""])
def test_what_is_no_fault_is_left_the_newest(drill: Callable[..., Setup], message: str) -> None:
    """Somebody uploaded something meanwhile."""
    setup = drill()
    setup.operator.begin()
    _uploads(setup, message)

    assert not setup.operator.renew()


def test_a_fault_that_stays_the_newest_is_unrestored(drill: Callable[..., Setup]) -> None:
    """The upload said that it went well, and the list has it not."""
    setup = drill()
    setup.operator.begin()
    _uploads(setup, "drill: health-503 [backstop fault run1]", lost=True)

    with pytest.raises(Unrestored, match="the newest upload of bot is still a fault"):
        setup.operator.renew()
