"""What a plan says: what changes, what stays, and that a second responder's would go too far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from backstop.model.errors import UsageError
from backstop.model.version import Binding
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.plan import AlreadyDone, make_plan
from backstop.rollback.request import Aim, RollbackRequest
from tests.unit.rollbacks import (
    BACK,
    NOW,
    TO_1,
    TWO,
    Account,
    account,
    bound,
    deployed,
    history,
    plan,
    surveyed,
    version,
    vid,
    with_bindings,
)

KV = bound("kv_namespace", "CACHE", "kv-id")
R2 = bound("r2_bucket", "FILES", "files")


def _variable(name: str, value: str) -> Binding:
    return bound("plain_text", name, text=value)


CHANGES = [
    (
        [bound("plain_text", "LEVEL", text="a")],
        [bound("plain_text", "LEVEL", text="b")],
        "variable LEVEL has",
    ),
    ([bound("plain_text", "NEW", text="a")], [], "variable NEW goes"),
    ([], [KV], "binding CACHE comes with it"),
    ([bound("kv_namespace", "X", "1")], [bound("r2_bucket", "X", "1")], "binding X becomes r2_bucket"),
]


@pytest.mark.parametrize(("now", "then", "says"), CHANGES)
def test_what_changes_with_the_code_is_said(now: list[Binding], then: list[Binding], says: str) -> None:
    """By name; a value is never shown."""
    found = account(*TWO, versions=[with_bindings(2, *now), with_bindings(1, *then)])
    made = plan(found)

    assert any(says in change for change in made.changes), made.changes
    assert not any("shown-" in change for change in made.changes)


def test_compatibility_is_part_of_a_version() -> None:
    """Date and flags change with a rollback."""
    found = account(
        *TWO,
        versions=[
            version(2, compatibility_date="2026-11-01", compatibility_flags=("nodejs_compat",)),
            version(1, compatibility_date="2026-10-01"),
        ],
    )

    assert plan(found).changes == (
        "compatibility date 2026-11-01 → 2026-10-01",
        "compatibility flags nodejs_compat → none",
    )


STAYS = [
    pytest.param(
        account(*TWO, versions=[version(2, handlers=("fetch", "scheduled"))], crons=("*/5 * * * *",)),
        "the cron */5 * * * * stays, and that version does not handle crons",
        id="a cron without handler",
    ),
    pytest.param(account(*TWO, crons=("0 3 * * *",)), "the cron 0 3 * * * stays", id="a cron"),
    pytest.param(account(*TWO, crons=None), "crons: could not be read", id="unknown crons"),
    pytest.param(
        account(*TWO, versions=[version(2, handlers=("fetch", "queue"))]),
        "queue consumers stay",
        id="a queue without handler",
    ),
    pytest.param(account(*TWO, versions=[with_bindings(2, KV, R2)]), "data in KV, R2 stays", id="data"),
    pytest.param(account(*TWO), "Discord's registrations stay", id="always"),
    pytest.param(account(*TWO), "00000002 stays the newest upload", id="latest is not deployed"),
]


@pytest.mark.parametrize(("found", "says"), STAYS)
def test_what_is_not_undone_is_said(found: Account, says: str) -> None:
    """What somebody would otherwise believe to be back."""
    made = plan(found)

    assert any(says in line for line in made.stays), made.stays


def test_only_what_was_uploaded_last_is_called_the_newest_upload() -> None:
    """It need not be what serves, and a way forward may lead to it."""
    older = plan(account(*history(2, 1), versions=[version(3)]))
    forward = plan(account(*history(1, 2)), RollbackRequest("why", Aim.NAMED, vid(2)))

    assert any("00000003 stays the newest upload" in line for line in older.stays)
    assert not any("newest upload" in line for line in forward.stays)


def test_slash_commands_are_compared_with_the_targets() -> None:
    """They are registered at Discord, and no version holds them."""
    made = plan(account(*TWO), commands=lambda: ["/register is not registered; found none"])

    assert "slash commands: /register is not registered; found none" in made.stays


OURS = marked("first", Mark("abc", Part.REAL, vid(2), vid(1)))
DRILLED = marked("drill: x", Mark("drl", Part.DRILL, vid(2), vid(1)))


@pytest.mark.parametrize(
    ("name", "validates"),
    [("0000000", None), ("00000001", True), ("v1", True), ("000", None), ("00000000", False)],
)
def test_a_second_responder_may_name_what_serves_in_any_way(name: str, *, validates: bool | None) -> None:
    """And what another version is named is that one, though what serves begins alike."""
    head = deployed(1, message=OURS, minutes_ago=5)
    found = account(head, *history(2, 1, 0), versions=[version(1, tag="v1"), version(0, tag="00000000")])
    request = RollbackRequest("why", Aim.NAMED, name)

    if validates is None:
        with pytest.raises(UsageError):
            make_plan(cast("Any", found), surveyed(found), request)
    else:
        made = make_plan(cast("Any", found), surveyed(found), request)
        assert validates == isinstance(made, AlreadyDone)


@pytest.mark.parametrize(
    ("head", "request_", "validates"),
    [
        pytest.param(deployed(1, message=OURS, minutes_ago=5), BACK, True, id="ours"),
        pytest.param(deployed(1, message="by hand", minutes_ago=5), BACK, True, id="a bare rollback"),
        pytest.param(deployed(1, message=OURS, minutes_ago=5), TO_1, True, id="the same version named again"),
        pytest.param(deployed(1, message=OURS, minutes_ago=29), BACK, True, id="29 minutes"),
        pytest.param(deployed(1, message=OURS, minutes_ago=31), BACK, False, id="31 minutes"),
        pytest.param(
            deployed(1, message=OURS, minutes_ago=5),
            RollbackRequest("why", Aim.NAMED, vid(0)),
            False,
            id="another version named",
        ),
        pytest.param(deployed(1, message=DRILLED, minutes_ago=5), BACK, False, id="a drill's"),
        pytest.param(
            deployed(1, message=OURS, minutes_ago=5), RollbackRequest("u", Aim.UNDO, "abc"), False, id="undo"
        ),
    ],
)
def test_a_second_responder_validates(head: Any, request_: RollbackRequest, *, validates: bool) -> None:
    """Within half an hour nobody goes further back without saying to where."""
    found = account(head, *history(2, 1, 0))
    made = make_plan(cast("Any", found), surveyed(found), request_)

    assert validates == isinstance(made, AlreadyDone)


def test_ages_are_told_by_cloudflares_time() -> None:
    """Which the survey brings."""
    found = account(deployed(2, minutes_ago=60), *history(1), server_time=NOW - timedelta(minutes=59.9))

    assert any("6 s ago" in hurdle.text for hurdle in plan(found).hurdles)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFF = [NOW + HOUR, NOW - HOUR, NOW + DAY, NOW - DAY, datetime(1970, 1, 1, tzinfo=UTC)]
CLOCKS = [
    *((off, NOW) for off in OFF),  # Cloudflare's is off
    *((NOW, off) for off in OFF),  # ours is
    (NOW, NOW),
]


@pytest.mark.parametrize(("cloudflares", "ours"), CLOCKS)
@pytest.mark.parametrize("message", [OURS, "by hand"])
def test_a_clock_that_is_off_sends_nobody_further_back(
    cloudflares: datetime, ours: datetime, message: str
) -> None:
    """A rollback of five minutes ago is one, and one of three days ago is none, if one clock is right."""
    for minutes, validates in ((5, True), (3 * 60 * 24, False)):
        head = deployed(1, message=message, minutes_ago=minutes)
        found = account(head, *history(2, 1, 0), server_time=cloudflares, here=ours)
        made = make_plan(cast("Any", found), surveyed(found), BACK)

        assert validates == isinstance(made, AlreadyDone), made


@pytest.mark.parametrize("off", [NOW - HOUR, NOW - DAY, OFF[-1]])
@pytest.mark.parametrize("ours", [None, NOW - DAY])
def test_where_no_clock_can_be_right_a_rollback_is_of_a_moment_ago(
    off: datetime, ours: datetime | None
) -> None:
    """That is said; whoever knows better names a version."""
    head = deployed(1, message=OURS, minutes_ago=5)
    found = account(head, *history(2, 1, 0), server_time=off, here=ours)
    made = make_plan(cast("Any", found), surveyed(found), BACK)

    assert isinstance(made, AlreadyDone)
    assert "which lies in the future: a clock is off" in made.told
    assert "--to ID" in made.told
    named = make_plan(cast("Any", found), surveyed(found), RollbackRequest("why", Aim.NAMED, vid(0)))
    assert not isinstance(named, AlreadyDone)


@pytest.mark.parametrize(("cloudflares", "ours"), CLOCKS)
def test_a_deploy_in_progress_is_seen_by_the_clock_that_is_right(
    cloudflares: datetime, ours: datetime
) -> None:
    """And one of long ago stops nobody; that clocks differ is a warning."""
    for minutes, refused in ((0.1, True), (3 * 60 * 24, False)):
        found = account(deployed(2, minutes_ago=minutes), *history(1), server_time=cloudflares, here=ours)
        made = plan(found)

        assert refused == any("s ago: that may go on" in hurdle.text for hurdle in made.hurdles)
        assert (cloudflares != ours) == any("the clock of this machine is" in each for each in made.warnings)
