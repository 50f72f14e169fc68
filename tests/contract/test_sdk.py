"""The official ``cloudflare`` SDK reads what wrangler and plain HTTP wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator

import cloudflare
import pytest

from tests.contract.support import Sandbox

NAMESPACE = "0123456789abcdef0123456789abcdef"
DATABASE = "01234567-89ab-4cde-8f01-23456789abcd"
RESOURCES = {"kv": [NAMESPACE], "r2": ["pictures"], "d1": [DATABASE], "queues": ["jobs"]}


@pytest.fixture
def sdk(sandbox: Sandbox) -> Iterator[cloudflare.Cloudflare]:
    """The SDK, pointed at the sandbox."""
    ready = sandbox.ready
    with cloudflare.Cloudflare(
        api_token=ready["token"], base_url=ready["api"], max_retries=0, timeout=20
    ) as client:
        yield client


def test_sdk_reads_versions(sdk: cloudflare.Cloudflare, sandbox: Sandbox, worker: str) -> None:
    """All versions come once, newest first, and the list ends."""
    first = sandbox.put(worker, "first")
    second = sandbox.upload(worker, "second")

    versions = list(sdk.workers.scripts.versions.list(worker, account_id=sandbox.ready["account"]))
    pages = list(sdk.workers.scripts.versions.list(worker, account_id=sandbox.ready["account"], per_page=1))

    assert [(second, 2), (first, 1)] == [(each.id, each.number) for each in versions]
    assert [second, first] == [each.id for each in pages]


def test_sdk_reads_one_version(sdk: cloudflare.Cloudflare, sandbox: Sandbox, worker: str) -> None:
    """A version has its resources; raw, because the SDK's own type for it can't be built."""
    version = sandbox.put(worker)

    versions = sdk.workers.scripts.versions.with_raw_response
    answer = versions.get(version, account_id=sandbox.ready["account"], script_name=worker)

    resources = json.loads(answer.read())["result"]["resources"]
    assert ["fetch"] == resources["script"]["handlers"]
    assert "2026-01-01" == resources["script_runtime"]["compatibility_date"]


def test_sdk_reads_deployments(sdk: cloudflare.Cloudflare, sandbox: Sandbox, worker: str) -> None:
    """The history is in the result as Cloudflare documents it, which the SDK's own paging overlooks."""
    version = sandbox.put(worker)

    page = sdk.workers.scripts.deployments.list(worker, account_id=sandbox.ready["account"])
    assert page.result is not None
    (listed,) = page.result.model_dump()["deployments"]
    found = sdk.workers.scripts.deployments.get(
        listed["id"], account_id=sandbox.ready["account"], script_name=worker
    )

    assert [version] == [each.version_id for each in found.versions]
    assert 100 == found.versions[0].percentage


def test_sdk_reads_secrets(sdk: cloudflare.Cloudflare, sandbox: Sandbox, worker: str) -> None:
    """Names, never texts."""
    sandbox.put(worker, bindings=[{"name": "KEY", "type": "secret_text", "text": "hidden"}])

    secrets = list(sdk.workers.scripts.secrets.list(worker, account_id=sandbox.ready["account"]))

    assert [("KEY", "secret_text")] == [(each.name, each.type) for each in secrets]
    assert "hidden" not in repr(secrets)


def test_sdk_is_told_of_a_missing_worker(sdk: cloudflare.Cloudflare, sandbox: Sandbox, worker: str) -> None:
    """The SDK's own error carries Cloudflare's code."""
    with pytest.raises(cloudflare.NotFoundError) as caught:
        sdk.workers.scripts.versions.list(worker, account_id=sandbox.ready["account"])

    assert 10007 in [each.code for each in caught.value.errors]


def test_sdk_reads_domains(sdk: cloudflare.Cloudflare, sandbox: Sandbox, worker: str) -> None:
    """Which worker a hostname leads to; of another hostname there is none."""
    hostname, account = f"{worker}.example.com", sandbox.ready["account"]
    sandbox.control("PUT", "domains", json=[{"hostname": hostname, "service": worker}])

    (found,) = sdk.workers.domains.list(account_id=account, hostname=hostname)
    none = list(sdk.workers.domains.list(account_id=account, hostname="other.example.com"))

    assert (hostname, worker, "production") == (found.hostname, found.service, found.environment)
    assert ("example.com", 32) == (found.zone_name, len(found.zone_id))
    assert found.id
    assert found.cert_id
    assert [] == none


def test_sdk_reads_resources(sdk: cloudflare.Cloudflare, sandbox: Sandbox) -> None:
    """What exists is found by its own name or id."""
    account = sandbox.ready["account"]
    sandbox.control("PUT", "resources", json=RESOURCES)

    namespace = sdk.kv.namespaces.get(NAMESPACE, account_id=account)
    bucket = sdk.r2.buckets.get("pictures", account_id=account)
    database = sdk.d1.database.get(DATABASE, account_id=account)
    queues = list(sdk.queues.list(account_id=account))

    assert namespace is not None
    assert (NAMESPACE, "pictures", DATABASE) == (namespace.id, bucket.name, database.uuid)
    assert ["jobs"] == [each.queue_name for each in queues]
    assert 32 == len(queues[0].queue_id or "")


def test_sdk_is_told_of_missing_resources(sdk: cloudflare.Cloudflare, sandbox: Sandbox) -> None:
    """The SDK's own error carries the code that each product gives."""
    account = sandbox.ready["account"]
    sandbox.control("PUT", "resources", json={})

    codes = []
    for get, what in (
        (sdk.kv.namespaces.get, NAMESPACE),
        (sdk.r2.buckets.get, "pictures"),
        (sdk.d1.database.get, DATABASE),
    ):
        with pytest.raises(cloudflare.NotFoundError) as caught:
            get(what, account_id=account)
        codes += [each.code for each in caught.value.errors]

    assert [10013, 10006, 7404] == codes
    assert [] == list(sdk.queues.list(account_id=account))
