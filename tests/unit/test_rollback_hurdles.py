"""A row for each hazard of a rollback that can be seen beforehand: refused or warned of, with the way on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.request import RollbackRequest
from tests.unit.rollbacks import (
    BACK,
    TO_1,
    TWO,
    Account,
    account,
    bound,
    deployed,
    history,
    plan,
    version,
    vid,
    with_bindings,
)

KV = bound("kv_namespace", "CACHE", "kv-id")
R2 = bound("r2_bucket", "FILES", "files")
QUEUE = bound("queue", "JOBS", "jobs")
TOKEN, KEY = bound("secret_text", "TOKEN"), bound("secret_text", "KEY")
OBJECTS = bound("durable_object_namespace", "ROOMS")


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
        account(*TWO, versions=[version(n) for n in range(3, 102)], unlisted=frozenset({vid(1)})),
        TO_1,
        "beyond the 100 newest",
        "check out its commit",
        id="too old",
    ),
    pytest.param(
        account(*TWO, unlisted=frozenset({vid(1)})),
        TO_1,
        "not among the 1 versions that Cloudflare says can be deployed",
        "check out its commit",
        id="not to be deployed, and not for its age",
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


PUBLIC_KEY = bound("secret_text", "DISCORD_PUBLIC_KEY")


@pytest.mark.parametrize(
    ("required", "refused"), [((), True), (("DISCORD_PUBLIC_KEY",), True), (("DISCORD_TOKEN",), False)]
)
def test_a_version_that_lacks_what_the_bot_needs_is_no_way_back(
    required: tuple[str, ...], *, refused: bool
) -> None:
    """Not even where changed secrets are accepted: it would serve without them."""
    found = account(*TWO, versions=[with_bindings(2, PUBLIC_KEY), with_bindings(1)])
    made = plan(found, replace(BACK, accept_secrets=True), required=required)

    assert refused == any(
        "would serve without them: DISCORD_PUBLIC_KEY" in each.text for each in made.hurdles
    )


def test_in_a_split_the_version_that_is_let_in_is_the_one_that_is_meant() -> None:
    """It is what --expect-live names, and what has most of the traffic is where it goes."""
    found = account(deployed(2, 3, split=(90, 10), minutes_ago=0.1), *history(2, 1))
    made = plan(found, replace(BACK, expect_live=vid(3)))

    assert (made.serving.id, made.wanted.id, made.hurdles) == (vid(3), vid(2), ())
    assert "90 %" in made.why


def test_the_same_code_under_the_secrets_of_today_is_named() -> None:
    """A version that `secret put` made of the wanted one is the sooner way."""
    refused = plan(account(*history(3, 2, 1), versions=[version(2, triggered_by="secret", etag="code 1")]))

    assert vid(1) == refused.wanted.id
    assert f"is {vid(2)}: --to that" in refused.hurdles[0].remedy


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


FAULT = marked("drill: x", Mark("drl", Part.FAULT, vid(1), vid(2)))
WARNINGS = [
    pytest.param(
        account(deployed(2, message=FAULT), *history(1)), "fault of a drill (run drl)", id="a drill's fault"
    ),
    pytest.param(
        account(deployed(1, 2, split=(90, 10)), *history(1)), "the rollback ends that, at 100 %", id="a split"
    ),
    pytest.param(account(deployed(2, 3, split=(100, 0)), *history(1)), "a version is staged", id="staged"),
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
