"""What bindings point at: as much as the account was told to have."""

from __future__ import annotations

import pytest

from tests.contract.support import Sandbox, code_of

NAMESPACE = "0123456789abcdef0123456789abcdef"
DATABASE = "01234567-89ab-4cde-8f01-23456789abcd"
RESOURCES = {"kv": [NAMESPACE], "r2": ["pictures"], "d1": [DATABASE], "queues": ["jobs", "mail"]}
PLACES = [
    (f"storage/kv/namespaces/{NAMESPACE}", "id", NAMESPACE, 10013),
    ("r2/buckets/pictures", "name", "pictures", 10006),
    (f"d1/database/{DATABASE}", "uuid", DATABASE, 7404),
]


@pytest.mark.parametrize(("path", "member", "value", "missing"), PLACES)
def test_a_resource_is_there_while_it_is_told_to_be(
    sandbox: Sandbox, path: str, member: str, value: str, missing: int
) -> None:
    """Found by its own path; then gone, with the product's own code."""
    told = sandbox.control("PUT", "resources", json=RESOURCES)
    found = sandbox.result("GET", path)
    sandbox.control("PUT", "resources", json={})
    gone = sandbox.api("GET", path)

    assert RESOURCES == told.json()
    assert value == found[member]
    assert (404, missing) == code_of(gone)


def test_queues_are_listed_by_pages(sandbox: Sandbox) -> None:
    """All at once, one to a page, and none when there is none."""
    sandbox.control("PUT", "resources", json=RESOURCES)
    whole = sandbox.result("GET", "queues")
    second = sandbox.api("GET", "queues?page=2&per_page=1").json()
    sandbox.control("PUT", "resources", json={"kv": [NAMESPACE]})

    assert ["jobs", "mail"] == [each["queue_name"] for each in whole]
    assert 2 == len({each["queue_id"] for each in whole})
    assert whole[1:] == second["result"]
    assert 2 == second["result_info"]["total_count"]
    assert [] == sandbox.result("GET", "queues")


def test_kv_namespaces_are_listed(sandbox: Sandbox) -> None:
    """Wrangler asks for the list before it deletes a worker."""
    sandbox.control("PUT", "resources", json=RESOURCES)
    some = sandbox.result("GET", "storage/kv/namespaces")
    sandbox.control("PUT", "resources", json={})

    assert [NAMESPACE] == [each["id"] for each in some]
    assert [] == sandbox.result("GET", "storage/kv/namespaces")


@pytest.mark.parametrize(
    ("method", "path", "product"),
    [
        ("DELETE", f"storage/kv/namespaces/{NAMESPACE}", "KV namespaces"),
        ("GET", f"storage/kv/namespaces/{NAMESPACE}/values/key", "KV namespaces"),
        ("PUT", "r2/buckets/pictures", "R2 buckets"),
        ("POST", f"d1/database/{DATABASE}/query", "D1 databases"),
        ("DELETE", "queues/jobs", "queues"),
        ("PUT", "workflows/chores", "workflow"),
    ],
)
def test_nothing_can_be_done_with_resources(sandbox: Sandbox, method: str, path: str, product: str) -> None:
    """The products themselves stay refused by name, whatever exists."""
    sandbox.control("PUT", "resources", json=RESOURCES)

    refused = sandbox.api(method, path)

    assert (400, 990501) == code_of(refused)
    assert product in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"buckets": []}, "wanted kv, r2, d1, queues; found buckets"),
        ({"kv": NAMESPACE}, "wanted kv as a list of texts"),
        ({"d1": [1]}, "wanted d1 as a list of texts; found [1]"),
        ({"r2": [""]}, "wanted r2 as a list of texts"),
        ([], "not a JSON object"),
    ],
)
def test_wrong_resources_are_refused(sandbox: Sandbox, body: object, said: str) -> None:
    """With a sentence, and what exists stays."""
    sandbox.control("PUT", "resources", json=RESOURCES)

    refused = sandbox.control("PUT", "resources", json=body)

    assert 400 == refused.status_code
    assert said in refused.json()["error"]
    assert 200 == sandbox.api("GET", "r2/buckets/pictures").status_code
