"""A row for each hazard of a rollback that can be seen beforehand: refused or warned of, with the way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from backstop.model.version import Binding
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.plan import AlreadyDone, Plan, make_plan
from backstop.rollback.request import Aim, RollbackRequest
from tests.unit.rollbacks import NOW, Account, account, bound, deployed, history, surveyed, version, vid

BACK = RollbackRequest("why")
TO_1 = RollbackRequest("why", Aim.NAMED, vid(1))
KV = bound("kv_namespace", "CACHE", "kv-id")
R2 = bound("r2_bucket", "FILES", "files")
QUEUE = bound("queue", "JOBS", "jobs")
TOKEN, KEY = bound("secret_text", "TOKEN"), bound("secret_text", "KEY")
OBJECTS = bound("durable_object_namespace", "ROOMS")


def plan(found: Account, request: RollbackRequest = BACK, **other: Any) -> Plan:
    """The plan for an account."""
    made = make_plan(cast("Any", found), surveyed(found), request, **other)
    assert isinstance(made, Plan)
    return made


def with_bindings(number: int, *bindings: Binding, **other: object) -> Any:
    """A version that is bound to these."""
    return version(number, bindings=bindings, **other)


TWO = history(2, 1)
HAZARDS = [
    pytest.param(
        account(*history(1)), TO_1, "serves everything already", "--to ID", id="the current version"
    ),
    pytest.param(
        account(*TWO, versions=[version(1, etag="code 2")]),
        TO_1,
        "identical",
        "--to ID",
        id="an identical version",
    ),
    pytest.param(
        account(*TWO, unlisted=frozenset({vid(1)})),
        TO_1,
        "beyond the 100 newest",
        "check out its commit",
        id="too old",
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, KV)], gone=frozenset({"kv-id"})),
        BACK,
        "bound to what is gone: CACHE (kv_namespace kv-id)",
        "make it again",
        id="its namespace is gone",
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, R2)], gone=frozenset({"files"})),
        BACK,
        "FILES (r2_bucket files)",
        "make it again",
        id="its bucket is gone",
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, QUEUE)], gone=frozenset({"jobs"})),
        BACK,
        "JOBS (queue jobs)",
        "make it again",
        id="its queue is gone",
    ),
    pytest.param(
        account(*TWO, versions=[version(1, migration_tag="v1"), version(2, migration_tag="v2")]),
        BACK,
        "migration lies between: v1 then, v2 now",
        "mend forward",
        id="a migration lies between",
    ),
    pytest.param(
        account(*TWO, versions=[version(2, migration_tag="v1")]),
        BACK,
        "none then, v1 now",
        "mend forward",
        id="the first migration lies between",
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, TOKEN), with_bindings(2, TOKEN, KEY)]),
        BACK,
        "KEY is set now and was not then",
        "--accept secrets",
        id="a secret was added",
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, TOKEN, KEY), with_bindings(2, TOKEN)]),
        BACK,
        "KEY was set then and is not now",
        "today's secrets",
        id="a secret was removed",
    ),
    pytest.param(
        account(
            *history(3, 2, 1),
            versions=[version(2, triggered_by="secret", author="eve@example.com", etag="code 1")],
        ),
        TO_1,
        f"a secret was changed by eve@example.com at {version(2).created:%Y-%m-%d %H:%M:%SZ} (version 0000",
        "leaked",
        id="a value was changed: who and when",
    ),
    pytest.param(
        account(*history(3, 1), versions=[version(2, message='Updated secret "TOKEN"')]),
        BACK,
        "TOKEN was changed by dev@example.com",
        "--accept secrets",
        id="versions secret put names it",
    ),
    pytest.param(
        account(deployed(2, minutes_ago=0.1), *history(1)),
        BACK,
        "deployed 00000002-0000-4000-8000-000000000000 at 100 % only 6 s ago",
        f"wait 14 s, or say that you mean this very one: --expect-live {vid(2)}",
        id="a deploy in progress",
    ),
    pytest.param(
        account(*TWO),
        replace(BACK, expect_live=vid(9)),
        f"not {vid(9)}, which was expected to be live",
        "somebody deployed meanwhile",
        id="somebody deployed over it",
    ),
]


@pytest.mark.parametrize(("found", "request_", "says", "remedy"), HAZARDS)
def test_a_hazard_is_a_reason_to_refuse_and_says_how_to_go_on(
    found: Account, request_: RollbackRequest, says: str, remedy: str
) -> None:
    """Seen before anything is changed."""
    made = plan(found, request_)

    assert any(says in hurdle.text for hurdle in made.hurdles), made.hurdles
    assert any(remedy in hurdle.remedy for hurdle in made.hurdles), made.hurdles


SECRET_PUT = version(2, triggered_by="secret", etag="code 1")


def test_a_wrong_secret_is_no_identical_version() -> None:
    """The same code with other secrets may be what mends it; setting the secret right mends it sooner."""
    found = account(*TWO, versions=[SECRET_PUT])
    refused = plan(found, TO_1)

    assert len(refused.hurdles) == 1
    assert "wrangler secret put NAME" in refused.hurdles[0].remedy
    assert plan(found, replace(TO_1, accept_secrets=True)).hurdles == ()


ORDINARY = [
    pytest.param(account(*TWO), BACK, id="nothing special"),
    pytest.param(
        account(*TWO, versions=[with_bindings(n, KV, R2, QUEUE, TOKEN) for n in (1, 2)]), BACK, id="bound"
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, TOKEN), with_bindings(2, TOKEN, KEY)]),
        replace(BACK, accept_secrets=True),
        id="secrets accepted",
    ),
    pytest.param(
        account(deployed(2, minutes_ago=0.1), *history(1)),
        replace(BACK, expect_live=vid(2)),
        id="fresh and meant",
    ),
    pytest.param(account(deployed(2, minutes_ago=0.1), *history(1)), replace(BACK, fresh=True), id="our own"),
    pytest.param(
        account(*TWO, versions=[version(n, migration_tag="v1") for n in (1, 2)]), BACK, id="no move"
    ),
    pytest.param(
        account(*TWO, versions=[version(1, etag="code 2", compatibility_date="2025-01-01")]),
        TO_1,
        id="other settings",
    ),
]


@pytest.mark.parametrize(("found", "request_"), ORDINARY)
def test_what_is_no_hazard_is_not_refused(found: Account, request_: RollbackRequest) -> None:
    """The other half of the pair."""
    assert plan(found, request_).hurdles == ()


WARNINGS = [
    pytest.param(
        account(deployed(1, 2, split=(90, 10)), *history(1)), "the rollback ends that, at 100 %", id="a split"
    ),
    pytest.param(
        account(*TWO, versions=[with_bindings(n, OBJECTS) for n in (1, 2)]),
        "if one lies between",
        id="objects",
    ),
    pytest.param(account(*TWO, versions=[version(2, etag="")]), "no etag", id="no etag"),
    pytest.param(account(deployed(2, minutes_ago=-60), *history(1)), "a clock is off", id="a clock is off"),
    pytest.param(
        account(*TWO, versions=[with_bindings(1, KV)], silent=True),
        "whether CACHE (kv_namespace kv-id) is there",
        id="a resource can't be looked at",
    ),
]


@pytest.mark.parametrize(("found", "says"), WARNINGS)
def test_what_can_not_be_known_is_a_warning(found: Account, says: str) -> None:
    """An outage, or a token that may do less, does not stand in the way of a rescue."""
    made = plan(found)

    assert made.hurdles == ()
    assert any(says in warning for warning in made.warnings), made.warnings


def _variable(name: str, value: str) -> Binding:
    return bound("plain_text", name, text=value)


CHANGES = [
    (
        [bound("plain_text", "LEVEL", text="a")],
        [bound("plain_text", "LEVEL", text="b")],
        "variable LEVEL has",
    ),
    ([bound("plain_text", "NEW", text="a")], [], "variable NEW goes"),
    ([], [KV], "binding CACHE comes back"),
    ([bound("kv_namespace", "X", "1")], [bound("r2_bucket", "X", "1")], "binding X becomes r2_bucket again"),
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


def test_our_own_clock_does_not_matter() -> None:
    """Ages are told by Cloudflare's time, which the survey brings."""
    found = account(deployed(2, minutes_ago=60), *history(1), server_time=NOW - timedelta(minutes=59.9))

    assert any("6 s ago" in hurdle.text for hurdle in plan(found).hurdles)
