"""What goes around the stages of a drill leaves no fault as the newest upload without a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.drill import bracket as bracket_module
from backstop.drill.bracket import Bracket
from backstop.drill.round_trip import Seen
from backstop.model.drill_rules import DrillRules, EveryWeek
from backstop.model.errors import BackstopError, CouldNotLook, Unconfirmed, Unrestored
from backstop.model.run import Stage
from backstop.model.version import Version
from tests.unit.drilling import BAD, FAULT_STAGE, FOREIGN, GOOD_STAGE, NOW, SCENARIO, Setup, drill_fixture

drill = drill_fixture
OURS = "drill: health-503 [backstop fault run1]"


class _Pulse:
    """Asks nobody."""

    def begin(self, stage: str) -> None:
        """A stage begins."""

    def stop(self, record: Callable[..., object]) -> None:
        """The drill is over."""


def _ended(setup: Setup, monkeypatch: pytest.MonkeyPatch, *stages: Stage) -> list[BackstopError]:
    """What is told at the end of a drill that came as far as its last stage."""
    told: list[BackstopError] = []
    place = cast("Any", SimpleNamespace(target=setup.operator.target))
    monkeypatch.setattr(bracket_module, "Pulse", lambda *_arguments: _Pulse())
    monkeypatch.setattr(bracket_module, "take", lambda *_arguments: Seen({}, {}))
    bracket = Bracket(place, setup.operator.api, setup.operator, setup.events.append)
    for stage in stages:
        bracket.enter(stage)

    def noting(act: Callable[[], None]) -> bool:
        try:
            act()
        except BackstopError as error:
            told.append(error)
            return False
        return True

    bracket.end(noting)
    return told


def _cloud(setup: Setup, uploads: list[Version]) -> None:
    """The cloud, which keeps what is uploaded, newest first."""
    cloud = cast("Any", setup.cloud)

    def upload(version: Any, message: str, tag: str) -> Any:
        assert tag
        uploads.insert(0, Version(version, len(uploads) + 2, NOW, "dev@example.com", message=message))
        return SimpleNamespace(version_id=version)

    cloud.versions = lambda _worker: tuple(uploads)
    cloud.upload_wrapped = lambda _shim, *, message, tag: upload(BAD, message, tag).version_id
    cloud.versions_upload = lambda *, message, tag: upload(FOREIGN, message, tag)


def test_an_upload_ahead_is_renewed_when_its_stage_never_comes(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt in the good stage beside which it went."""
    setup, uploads = drill(), list[Version]()
    _cloud(setup, uploads)
    setup.operator.begin()
    setup.operator.uploads.ahead(SCENARIO)

    told = _ended(setup, monkeypatch, FAULT_STAGE, GOOD_STAGE)

    assert [] == told
    assert [FOREIGN, BAD] == [each.id for each in uploads]


def test_a_fault_that_stays_the_newest_upload_is_named_where_nothing_is_restored(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After somebody else's deployment nothing is built over theirs, and what of ours is left is told."""
    setup, uploads = drill(), list[Version]()
    _cloud(setup, uploads)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.cloud.deploy(FOREIGN, "a hotfix")

    told = _ended(setup, monkeypatch, FAULT_STAGE)

    assert [Unconfirmed, Unrestored] == [type(each) for each in told]
    assert "the newest upload of bot is a fault of the drill" in told[1].message
    assert "--restore" in told[1].remedy
    assert [BAD] == [each.id for each in uploads]


def test_what_somebody_uploaded_last_is_no_fault(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their deploy came after the fault: nothing of ours is what an edit starts from."""
    setup, uploads = drill(), list[Version]()
    _cloud(setup, uploads)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.cloud.deploy(FOREIGN, "a hotfix")
    uploads.insert(0, Version(FOREIGN, 9, NOW, "else@example.com", message="a hotfix"))

    told = _ended(setup, monkeypatch, FAULT_STAGE)

    assert [Unconfirmed] == [type(each) for each in told]


def test_a_deploy_beside_the_last_checks_is_not_ours_to_judge(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All was put right, and what serves is somebody else's: unconfirmed, not unrestored."""
    setup, uploads = drill(), list[Version]()
    _cloud(setup, uploads)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.operator.roll_back(GOOD_STAGE, SCENARIO)
    setup.cloud.deploy(FOREIGN, "a hotfix")
    uploads.insert(0, Version(FOREIGN, 9, NOW, "else@example.com", message="a hotfix"))

    told = _ended(setup, monkeypatch, FAULT_STAGE, GOOD_STAGE)

    assert [Unconfirmed] == [type(each) for each in told]
    assert "in the middle of the drill" in told[0].message


def test_no_fault_is_deployed_once_a_window_has_begun(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drill that took longer than reckoned stops where it is; what it was at is put right as ever."""
    friday = EveryWeek("Fri 16:00-Mon 08:00", 4, time(16), 0, time(8))
    target = replace(drill().operator.target, drills=DrillRules((friday,)))
    moments = [datetime(2026, 11, 27, 15, 59, tzinfo=UTC), datetime(2026, 11, 27, 16, 0, tzinfo=UTC)]
    monkeypatch.setattr(bracket_module, "Pulse", lambda *_arguments: _Pulse())
    place, anything = cast("Any", SimpleNamespace(target=target)), cast("Any", None)
    bracket = Bracket(place, anything, anything, anything, now=lambda: moments.pop(0))

    bracket.enter(FAULT_STAGE)
    bracket.enter(GOOD_STAGE)
    with pytest.raises(CouldNotLook, match=r"Fri 16:00-Mon 08:00 \(UTC\), in which .* has begun"):
        bracket.enter(replace(FAULT_STAGE, index=3))

    assert [] == moments
