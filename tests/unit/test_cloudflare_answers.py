"""Answers of Cloudflare's API in other shapes than it has today: read where they can mean one thing only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.model.version import VersionId
from tests.unit.loopback import Canned, api

OLD = VersionId("71570803-d6b0-4a51-b97f-42fadb8da7e1")
NEW = VersionId("190f9b47-003b-4860-b1c5-cd75d8818148")
SCRIPT = "/accounts/acc/workers/scripts/bot"
DEPLOYMENTS = f"GET {SCRIPT}/deployments"
LISTED = f"GET {SCRIPT}/versions?deployable=true"
DEPLOYMENT = {
    "id": "aa814baf-7780-429b-bb9e-a562bac13a64",
    "versions": [{"version_id": NEW, "percentage": 90}, {"version_id": OLD, "percentage": 10}],
    "created_on": "2026-01-31T12:00:00.123456Z",
}
VERSION = {"id": OLD, "number": 7, "metadata": {"created_on": "2026-01-31T11:00:00Z"}}
_AT = {
    hour: {**DEPLOYMENT, "id": hour, "created_on": f"2026-01-31T{hour}:00Z"}
    for hour in ("10:00", "11:00", "12:00")
}
_FAR_AWAY = {**DEPLOYMENT, "id": "2999", "created_on": "2999-01-31T12:00:00Z"}


def _ok(result: object) -> tuple[int, object]:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}


def _cloudflare(canned: Canned) -> CloudflareApi:
    return CloudflareApi(canned.url, Secret("CLOUDFLARE_API_TOKEN", "tok-en"), "acc")


@pytest.mark.parametrize(
    ("listed", "ids"),
    [
        pytest.param([_AT["12:00"], _AT["11:00"]], ["12:00", "11:00"], id="newest first"),
        pytest.param([_AT["10:00"], _AT["11:00"], _AT["12:00"]], ["12:00", "11:00", "10:00"], id="last"),
        pytest.param([{**_AT["12:00"], "id": "b"}, {**_AT["12:00"], "id": "a"}], ["b", "a"], id="at once"),
        pytest.param([_AT["12:00"], _AT["10:00"], _AT["11:00"]], ["12:00", "10:00", "11:00"], id="older"),
        pytest.param(
            [_AT["12:00"], _FAR_AWAY, _AT["11:00"]], ["12:00", "2999", "11:00"], id="in a clock's future"
        ),
    ],
)
def test_the_first_deployment_is_the_newest(listed: list[object], ids: list[str]) -> None:
    """A list that runs the other way is turned; a moment that has not come yet is a clock's error."""
    with api({DEPLOYMENTS: _ok({"deployments": listed})}) as canned, _cloudflare(canned) as cloudflare:
        found = cloudflare.deployments("bot")

    assert ids == [each.id for each in found]


def test_an_order_that_the_times_contradict_is_no_answer() -> None:
    """The first one serves, and another one was made later: one of these is not so."""
    listed = [_AT["11:00"], _AT["12:00"], _AT["10:00"]]
    with (
        api({DEPLOYMENTS: _ok({"deployments": listed})}) as canned,
        _cloudflare(canned) as cloudflare,
        pytest.raises(CouldNotLook, match="the history of bot is in no order"),
    ):
        cloudflare.deployments("bot")


@pytest.mark.parametrize("percentage", [100, 100.0, "100", "100.0", "1e2"])
@pytest.mark.parametrize("name", [OLD, OLD.upper()])
def test_what_can_mean_one_thing_only_is_read(percentage: object, name: str) -> None:
    """Numbers that are written as texts, ids in capital letters, times of any precision."""
    times = ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00", "2026-01-31T12:00:00.000000001Z")
    for at in times:
        entry = {
            **DEPLOYMENT,
            "created_on": at,
            "versions": [{"version_id": name, "percentage": percentage}],
        }
        with api({DEPLOYMENTS: _ok({"deployments": [entry]})}) as canned, _cloudflare(canned) as cloudflare:
            (found,) = cloudflare.deployments("bot")

        assert (OLD, datetime(2026, 1, 31, 12, tzinfo=UTC)) == (found.only_version, found.created)


@pytest.mark.parametrize("parts", [(1.0,), (-100,), (200,), (0,), (50,), (150, -50), (33, 33)])
def test_parts_that_are_no_whole_are_no_answer(parts: tuple[float, ...]) -> None:
    """Which version serves how much is not known then; roundings are."""
    for shares, fits in ((parts, False), ((33.3, 33.3, 33.3), True), ((99.9,), True)):
        versions = [{"version_id": OLD, "percentage": part} for part in shares]
        entry = {**DEPLOYMENT, "versions": versions}
        with api({DEPLOYMENTS: _ok({"deployments": [entry]})}) as canned, _cloudflare(canned) as cloudflare:
            if fits:
                assert len(shares) == len(cloudflare.deployments("bot")[0].shares)
                continue
            with pytest.raises(CouldNotLook, match="wanted parts of the traffic that add up to 100"):
                cloudflare.deployments("bot")


def test_versions_are_newest_first() -> None:
    """Whatever order they come in; none at all can't be, where one serves."""
    listed = [{**VERSION, "number": "7"}, {**VERSION, "id": NEW, "number": "10"}]
    with api({LISTED: _ok({"items": listed})}) as canned, _cloudflare(canned) as cloudflare:
        assert [10, 7] == [each.number for each in cloudflare.versions("bot")]
    empty: list[dict[str, object]] = [{"items": []}, {"items": None}, {}]
    for nothing in empty:
        with (
            api({LISTED: _ok(nothing)}) as canned,
            _cloudflare(canned) as cloudflare,
            pytest.raises(CouldNotLook) as caught,
        ):
            cloudflare.versions("bot")
        assert "dashboard" in caught.value.remedy


def test_another_version_than_was_asked_for_is_no_answer() -> None:
    """What is read of it would be taken for the other's."""
    path = f"GET {SCRIPT}/versions/{NEW}"
    with (
        api({path: _ok(VERSION | {"resources": {"bindings": []}})}) as canned,
        _cloudflare(canned) as cloudflare,
        pytest.raises(CouldNotLook, match=f"answered with {OLD}"),
    ):
        cloudflare.version("bot", NEW)


def test_every_way_to_fail_leaves_the_dashboard() -> None:
    """Whoever reads it may have a bot that is down, and an API that is of no use."""
    answers = [
        (200, b"<html>log in</html>"),
        (400, {"success": False, "errors": [{"message": "no route"}], "result": None}),
        (429, b""),
        (502, b""),
        _ok({"deployments": [{**DEPLOYMENT, "created_on": None}]}),
    ]
    for answer in answers:
        with (
            api({DEPLOYMENTS: answer}) as canned,
            _cloudflare(canned) as cloudflare,
            pytest.raises(CouldNotLook) as caught,
        ):
            cloudflare.deployments("bot")
        assert "Workers & Pages → the worker → Deployments" in caught.value.remedy


@pytest.mark.parametrize("resources", [None, {}, {"bindings": None}, {"bindings": {"result": None}}])
def test_a_version_without_its_list_of_bindings_tells_nothing(resources: object) -> None:
    """Not that it lacks its secrets: an empty list says that."""
    told = f"GET {SCRIPT}/versions/{OLD}"
    empty = {**VERSION, "resources": {"bindings": []}}
    with (
        api({told: _ok({**VERSION, "resources": resources})}) as canned,
        _cloudflare(canned) as cloudflare,
        pytest.raises(CouldNotLook, match="bindings"),
    ):
        cloudflare.version("bot", OLD)
    with api({told: _ok(empty)}) as canned, _cloudflare(canned) as cloudflare:
        assert () == cloudflare.version("bot", OLD).bindings


@pytest.mark.parametrize("result", [None, {}, "none"])
def test_no_list_of_names_is_not_an_empty_one(result: object) -> None:
    """Secrets and queues are said to be missing only where a list does not have them."""
    queues = "GET /accounts/acc/queues?page=1&per_page=100"
    answers = {f"GET {SCRIPT}/secrets": _ok(result), queues: _ok(result)}
    with api(answers) as canned, _cloudflare(canned) as cloudflare:
        with pytest.raises(CouldNotLook, match="a list"):
            cloudflare.secret_names("bot")
        with pytest.raises(CouldNotLook, match="a list"):
            cloudflare.queue_names()
