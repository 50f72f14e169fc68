"""Bindings that the sandbox serves for real, stubs, and crons: deployed by real wrangler."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.bound import CODE, NAMESPACE, kv, objects, shown, write_bound
from tests.contract.support import Sandbox, Wrangler, code_of, eventually, upload_form


def test_kv_is_served_and_begins_as_it_was_told(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """All that a bot does with KV, over a namespace that has values already and that the API knows of."""
    sandbox.control("PUT", f"workers/{worker}/staging", json={"kv": {"STORE": {"greeting": "hello"}}})
    write_bound(project, worker, kv(), objects())

    wrangler("deploy")

    metadata = {"from": "here"}
    many = [["a/b é?", "one"], ["none", None]]
    expected = ["one", metadata, "a/b é?", metadata, True, many, None, "hello"]
    assert expected == sandbox.ask(worker, "/kv").json()
    assert "kv_namespace" == shown(sandbox, worker)["STORE"]
    assert NAMESPACE == sandbox.result("GET", f"storage/kv/namespaces/{NAMESPACE}")["id"]


def test_modules_of_other_kinds_are_uploaded_and_run(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """WebAssembly, as a build of worker-rs imports it, texts and data."""
    write_bound(project, worker, objects())

    wrangler("deploy")

    assert ["<p>page</p>", "note", 256, 42] == sandbox.ask(worker, "/modules").json()


def test_a_stub_is_there_and_throws_at_use(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Having it, passing it round and writing it out are no use of it; each use is told."""
    sandbox.control("PUT", f"workers/{worker}/staging", json={"stub": ["AI", "DB"]})
    database = '[[d1_databases]]\nbinding = "DB"\ndatabase_name = "d"\ndatabase_id = "0123"\n'
    write_bound(project, worker, '[ai]\nbinding = "AI"\n', database, objects())

    wrangler("deploy")

    assert [True, True, "object", "[{}]"] == sandbox.ask(worker, "/there").json()
    assert {"AI": 0, "DB": 0} == _used(sandbox, worker)
    said = "AI (ai) is a stub of the sandbox: it throws when it is used"
    assert said == sandbox.ask(worker, "/ai").json()
    eventually(lambda: _used(sandbox, worker) == {"AI": 1, "DB": 0}, seconds=5)
    assert {"AI": "ai", "DB": "d1", "COUNTER": "durable_object_namespace"} == shown(sandbox, worker)
    assert "0123" == sandbox.result("GET", "d1/database/0123")["uuid"]


def _used(sandbox: Sandbox, worker: str) -> dict[str, int]:
    stubs = sandbox.control("GET", f"workers/{worker}/bindings").json()["stubs"]
    return {each["name"]: each["used"] for each in stubs}


def test_what_a_configuration_leaves_to_be_made_is_made(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Wrangler makes KV, R2 and D1 before it uploads; a KV namespace without an id stays the same."""
    sandbox.control("PUT", f"workers/{worker}/staging", json={"stub": ["FILES", "DB", "JOBS", "FLOW"]})
    bucket = 'r2_buckets = [{ binding = "FILES", bucket_name = "some-files" }]\n'
    database = 'd1_databases = [{ binding = "DB", database_name = "some-data" }]\n'
    queue = '[queues]\nproducers = [{ binding = "JOBS", queue = "some-jobs" }]\n'
    consumer = '[[queues.consumers]]\nqueue = "some-jobs"\n'
    flow = '[[workflows]]\nbinding = "FLOW"\nname = "some-flow"\nclass_name = "Flow"\n'
    code = CODE.replace("{ DurableObject }", "{ DurableObject, WorkflowEntrypoint }")
    code += "export class Flow extends WorkflowEntrypoint {}\n"
    everything = (
        'kv_namespaces = [{ binding = "STORE" }]\n',
        bucket,
        database,
        queue,
        consumer,
        flow,
        objects(),
    )
    write_bound(project, worker, *everything, code=code)

    wrangler("deploy")
    first = _bound_to(sandbox, worker)
    wrangler("deploy")

    assert first == _bound_to(sandbox, worker)
    assert ("some-files", "some-data") == (first["FILES"]["bucket_name"], first["DB"]["id"])
    assert first["STORE"]["namespace_id"] in {
        each["id"] for each in sandbox.result("GET", "storage/kv/namespaces")
    }


def _bound_to(sandbox: Sandbox, worker: str) -> dict[str, dict[str, str]]:
    bindings = sandbox.result("GET", f"{sandbox.script(worker)}/settings")["bindings"]
    return {each["name"]: each for each in bindings}


def test_a_refusal_names_the_line_with_what_is_a_stub_already(sandbox: Sandbox, worker: str) -> None:
    """So that it can be put in the place of the line that is there."""
    sandbox.control("PUT", f"workers/{worker}/staging", json={"stub": ["MAIL"]})
    bindings = [{"name": "DB", "type": "d1", "id": "x"}, {"name": "MAIL", "type": "send_email"}]
    form = upload_form("x", bindings=bindings)

    refused = sandbox.api("PUT", sandbox.script(worker), files=form)

    assert (400, 990501) == code_of(refused)
    assert 'can\'t serve DB (d1) → stub = ["DB", "MAIL"]' in refused.json()["errors"][0]["message"]
    found = sandbox.control("GET", f"workers/{worker}/bindings").json()
    assert [{"name": "DB", "type": "d1"}] == found["refused"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"stubs": ["AI"]}, "wanted stub, kv; found stubs"),
        ({"stub": "AI"}, "wanted stub as a list of texts"),
        ({"kv": {"STORE": {"key": 1}}}, "wanted kv as keys and texts by binding"),
    ],
)
def test_a_wrong_staging_is_refused(sandbox: Sandbox, worker: str, body: object, said: str) -> None:
    """With a sentence."""
    refused = sandbox.control("PUT", f"workers/{worker}/staging", json=body)

    assert 400 == refused.status_code
    assert said in refused.json()["error"]


def test_crons_run_on_request(wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path) -> None:
    """The handler runs as for that cron, and how it ended is in the answer."""
    write_bound(project, worker, objects(), '[triggers]\ncrons = ["*/5 * * * *", "0 0 * * *"]\n')
    wrangler("deploy")

    well = sandbox.control("POST", f"workers/{worker}/scheduled")
    badly = sandbox.control("POST", f"workers/{worker}/scheduled?cron=0 0 * * *&time=1000")

    assert {"cron": "*/5 * * * *", "known": True, "outcome": "ok"} == well.json()
    assert {"cron": "0 0 * * *", "known": True, "outcome": "exception"} == badly.json()


def test_a_cron_without_a_handler_is_said(sandbox: Sandbox, worker: str) -> None:
    """Nothing runs, and the answer says why; nor without a cron or a worker."""
    sandbox.put(worker)

    assert 400 == sandbox.control("POST", f"workers/{worker}/scheduled").status_code
    assert 409 == sandbox.control("POST", f"workers/{worker}/scheduled?cron=* * * * *").status_code
    assert 404 == sandbox.control("POST", "workers/nobody/scheduled?cron=* * * * *").status_code


def test_a_service_that_is_not_there_is_refused_unless_it_is_a_stub(sandbox: Sandbox, worker: str) -> None:
    """With Cloudflare's own code; what a stub stands for counts as there when a rollback asks for it."""
    bindings = [{"name": "OTHER", "type": "service", "service": f"behind-{worker}"}]
    refused = sandbox.api("PUT", sandbox.script(worker), files=upload_form("x", bindings=bindings))
    unknown = sandbox.api("GET", f"workers/services/behind-{worker}")
    sandbox.control("PUT", f"workers/{worker}/staging", json={"stub": ["OTHER"]})
    sandbox.put(worker, bindings=bindings)

    assert (400, 10143) == code_of(refused)
    assert (404, 10090) == code_of(unknown)
    assert f"behind-{worker}" == sandbox.result("GET", f"workers/services/behind-{worker}")["id"]


def test_an_entrypoint_of_a_service_is_not_served(sandbox: Sandbox, worker: str) -> None:
    """It would be called over RPC, so it is named in the line for stubs."""
    bindings = [{"name": "OTHER", "type": "service", "service": worker, "entrypoint": "Admin"}]

    refused = sandbox.api("PUT", sandbox.script(worker), files=upload_form("x", bindings=bindings))

    assert (400, 990501) == code_of(refused)
    assert 'OTHER (service) → stub = ["OTHER"]' in refused.json()["errors"][0]["message"]


def test_values_that_kv_does_not_take_are_refused(sandbox: Sandbox, worker: str) -> None:
    """At the upload that binds the namespace, with KV's own reason."""
    seeds = {"STORE": {"k" * 513: "too long"}}
    sandbox.control("PUT", f"workers/{worker}/staging", json={"kv": seeds})
    bindings = [{"name": "STORE", "type": "kv_namespace", "namespace_id": "0" * 31 + "1"}]

    refused = sandbox.api("PUT", sandbox.script(worker), files=upload_form("x", bindings=bindings))

    assert (400, 990422) == code_of(refused)
    assert "exceeds key length limit of 512" in refused.json()["errors"][0]["message"]
