"""The control endpoints that furnish the account: what versions show besides, and tokens that may do less."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.contract.support import Sandbox, code_of

CACHE = {"name": "CACHE", "type": "kv_namespace", "namespace_id": "0" * 32}
SECRET = {"name": "KEY", "type": "secret_text", "text": "hidden"}


def shown(sandbox: Sandbox, worker: str, version: str) -> dict[str, Any]:
    """The resources of a version as the API shows them."""
    found: dict[str, Any] = sandbox.result("GET", f"{sandbox.script(worker)}/versions/{version}")["resources"]
    return found


def furnish(sandbox: Sandbox, worker: str, version: str, extras: object) -> httpx.Response:
    """Let a version show more."""
    return sandbox.control("PUT", f"workers/{worker}/versions/{version}", json=extras)


def with_token(sandbox: Sandbox, *permissions: str) -> dict[str, str]:
    """The header of a token that may do these things."""
    made = sandbox.control("POST", "tokens", json={"permissions": permissions})
    return {"Authorization": f"Bearer {made.json()['token']}"}


def test_a_version_shows_what_it_is_told_to(sandbox: Sandbox, worker: str) -> None:
    """Bindings beside its own, the tag of a migration and other handlers; the answer is the version."""
    version = sandbox.put(worker, bindings=[{"name": "A", "type": "plain_text", "text": "a"}])

    told = furnish(
        sandbox,
        worker,
        version,
        {"bindings": [CACHE], "migration_tag": "v2", "handlers": ["fetch", "scheduled"]},
    )

    found = shown(sandbox, worker, version)
    assert found == told.json()["resources"]
    assert [{"name": "A", "type": "plain_text", "text": "a"}, CACHE] == found["bindings"]
    assert "v2" == found["script_runtime"]["migration_tag"]
    assert ["fetch", "scheduled"] == found["script"]["handlers"]


def test_what_a_version_is_not_told_stays(sandbox: Sandbox, worker: str) -> None:
    """Other members, other versions, and what runs: no new deployment is needed or made."""
    other, version = sandbox.put(worker, "other"), sandbox.put(worker, "this")
    before = shown(sandbox, worker, other), sandbox.deployments(worker), sandbox.ask(worker).json()

    furnish(sandbox, worker, version, {"migration_tag": "v1"})
    furnish(sandbox, worker, version, {"bindings": [CACHE]})

    after = shown(sandbox, worker, other), sandbox.deployments(worker), sandbox.ask(worker).json()
    found = shown(sandbox, worker, version)
    assert before == after
    assert "migration_tag" not in before[0]["script_runtime"]
    assert ([CACHE], "v1") == (found["bindings"], found["script_runtime"]["migration_tag"])
    assert ["fetch"] == found["script"]["handlers"]


def test_what_a_version_shows_follows_into_changed_secrets(sandbox: Sandbox, worker: str) -> None:
    """A version that differs in a secret only shows the same; an upload shows what it brings."""
    furnish(sandbox, worker, sandbox.put(worker), {"bindings": [CACHE], "migration_tag": "v1"})

    sandbox.result("PUT", f"{sandbox.script(worker)}/secrets", json=SECRET)
    changed = shown(sandbox, worker, sandbox.serving(worker))
    uploaded = shown(sandbox, worker, sandbox.upload(worker, "two"))

    assert [{"name": "KEY", "type": "secret_text"}, CACHE] == changed["bindings"]
    assert "v1" == changed["script_runtime"]["migration_tag"]
    assert [] == uploaded["bindings"]
    assert "migration_tag" not in uploaded["script_runtime"]


@pytest.mark.parametrize(
    ("extras", "said"),
    [
        ({"binding": []}, "wanted bindings, migration_tag, handlers; found binding"),
        ({"bindings": [{"name": "CACHE"}]}, "objects with name and type; found [{'name': 'CACHE'}]"),
        ({"bindings": CACHE}, "wanted bindings as a list"),
        ({"migration_tag": 2}, "wanted migration_tag as a text; found 2"),
        ({"handlers": "fetch"}, "wanted handlers as a list of texts; found 'fetch'"),
        ([], "not a JSON object"),
    ],
)
def test_a_version_cannot_show_everything(sandbox: Sandbox, worker: str, extras: object, said: str) -> None:
    """What has the wrong form is refused with a sentence, and nothing changes."""
    version = sandbox.put(worker)
    before = shown(sandbox, worker, version)

    refused = furnish(sandbox, worker, version, extras)

    assert 400 == refused.status_code
    assert said in refused.json()["error"]
    assert before == shown(sandbox, worker, version)


def test_only_a_version_that_is_there_can_show_more(sandbox: Sandbox, worker: str) -> None:
    """Neither another worker's version nor one of nobody."""
    sandbox.put(worker)
    other = sandbox.put(f"{worker}-b")

    refused = [furnish(sandbox, worker, other, {}), furnish(sandbox, "nobody", other, {})]

    assert [404, 404] == [each.status_code for each in refused]
    assert other in refused[0].json()["error"]


def test_a_token_may_do_only_what_it_was_made_for(sandbox: Sandbox, worker: str) -> None:
    """A token that reads scripts reads, and deploys nothing."""
    version = sandbox.put(worker)
    header = with_token(sandbox, "Workers Scripts Read")

    read = sandbox.api("GET", f"{sandbox.script(worker)}/versions/{version}", headers=header)
    write = sandbox.api("POST", f"{sandbox.script(worker)}/deployments", json={}, headers=header)
    user = sandbox.api("GET", "/user", headers=header)

    assert 200 == read.status_code
    assert (403, 10000) == code_of(write)
    assert (403, 10000) == code_of(user)


@pytest.mark.parametrize(
    ("permission", "path"),
    [
        ("Workers KV Storage Read", "storage/kv/namespaces/none"),
        ("Workers R2 Storage Read", "r2/buckets/none"),
        ("D1 Read", "d1/database/none"),
        ("Queues Read", "queues"),
    ],
)
def test_each_resource_has_a_permission_of_its_own(sandbox: Sandbox, permission: str, path: str) -> None:
    """Without it nobody is told whether a thing exists."""
    told = sandbox.api("GET", path, headers=with_token(sandbox, permission))
    refused = sandbox.api("GET", path, headers=with_token(sandbox, "Workers Scripts Read"))

    assert told.status_code in {200, 404}
    assert (403, 10000) == code_of(refused)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"permissions": ["Workers Scripts Read", "Everything"]}, "found Everything"),
        ({"permissions": ["Everything"]}, "Workers Scripts Write"),
        ({"permissions": "D1 Read"}, "wanted permissions as a list of texts; found 'D1 Read'"),
        ({}, "wanted permissions as a list of texts; found None"),
        ([], "not a JSON object"),
    ],
)
def test_no_token_is_made_for_unknown_permissions(sandbox: Sandbox, body: object, said: str) -> None:
    """The refusal names them, and those that there are."""
    refused = sandbox.control("POST", "tokens", json=body)

    assert 400 == refused.status_code
    assert said in refused.json()["error"]


def test_a_migration_is_pretended_and_taken_back(sandbox: Sandbox, worker: str) -> None:
    """What serves shows its tag, and nothing older is deployed, forced or not; then all is as before."""
    older = sandbox.put(worker, "older")
    serving = sandbox.put(worker, "serving")

    told = sandbox.control("PUT", f"workers/{worker}/migration", json={"tag": "v9"})
    shows = shown(sandbox, worker, serving)["script_runtime"]["migration_tag"]
    refused = [sandbox.deploy(worker, {older: 100}, query) for query in ("", "?force=true")]
    newer = sandbox.upload(worker, "newer")
    allowed = sandbox.deploy(worker, {newer: 100}), sandbox.deploy(worker, {serving: 100})
    sandbox.control("DELETE", f"workers/{worker}/migration")
    back = sandbox.deploy(worker, {older: 100})

    assert {"version": serving} == told.json()
    assert "v9" == shows
    assert [400, 400] == [each.status_code for each in refused]
    assert "a Durable Object migration was applied after it" in refused[0].text
    assert [200, 200, 200] == [each.status_code for each in (*allowed, back)]
    assert "migration_tag" not in shown(sandbox, worker, serving)["script_runtime"]


@pytest.mark.parametrize("body", [{}, {"tag": ""}, {"tag": 9}])
def test_a_migration_that_can_not_be_is_refused(sandbox: Sandbox, worker: str, body: object) -> None:
    """A tag is a text, and the worker has to be there."""
    sandbox.put(worker, "one")

    wrong = sandbox.control("PUT", f"workers/{worker}/migration", json=body)
    nowhere = sandbox.control("PUT", "workers/nowhere/migration", json={"tag": "v1"})

    assert (400, 404) == (wrong.status_code, nowhere.status_code)
    assert 404 == sandbox.control("DELETE", "workers/nowhere/migration").status_code
