"""Bindings that the sandbox serves for real, stubs, and crons: deployed by real wrangler."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.support import Sandbox, Wrangler, code_of, eventually

NAMESPACE = "abcdef0123456789abcdef0123456789"
COUNTER = '[[durable_objects.bindings]]\nname = "COUNTER"\nclass_name = "Counter"\n'
MIGRATION = '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["Counter"]\n'
CODE = """
import { DurableObject } from "cloudflare:workers";
import page from "./page.html";
import note from "./note.txt";
import data from "./data.bin";
import sum from "./sum.wasm";
export class Counter extends DurableObject {
  async add() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
const act = {
  async kv({ STORE }) {
    await STORE.put("a/b é?", "one", { metadata: { from: "here" }, expirationTtl: 3600 });
    const { value, metadata } = await STORE.getWithMetadata("a/b é?");
    const { keys, list_complete } = await STORE.list({ prefix: "a/" });
    const many = await STORE.get(["a/b é?", "none"]);
    await STORE.delete("a/b é?");
    const [{ name, metadata: beside }] = keys;
    const after = [await STORE.get("a/b é?"), await STORE.get("greeting")];
    return [value, metadata, name, beside, list_complete, [...many], ...after];
  },
  count: ({ COUNTER }) => COUNTER.get(COUNTER.idFromName("all")).add(),
  there: (env) => ["AI" in env, !!env.AI, typeof env.AI, JSON.stringify([env.AI])],
  async ai({ AI }) {
    try { return await AI.run("model"); } catch (error) { return error.message; }
  },
  modules: async () => {
    const { exports } = await WebAssembly.instantiate(sum);
    return [page, note, data.byteLength, exports.f()];
  },
};
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    return Response.json((await act[pathname.slice(1)]?.(env)) ?? "VERSION");
  },
  async scheduled({ cron, scheduledTime }) {
    console.log("cron", cron, scheduledTime);
    if (cron === "0 0 * * *") throw new Error("not at midnight");
  },
};
"""
WASM = bytes.fromhex("0061736d010000000105016000017f0302010007050101660000 0a06010400412a0b".replace(" ", ""))


def write_bound(project: Path, worker: str, *config: str, code: str = CODE) -> None:
    """A project with modules of every kind and this configuration."""
    head = f'name = "{worker}"\nmain = "index.js"\ncompatibility_date = "2026-01-01"\n'
    (project / "wrangler.toml").write_text("\n".join((head, *config)))
    (project / "index.js").write_text(code)
    (project / "page.html").write_text("<p>page</p>")
    (project / "note.txt").write_text("note")
    (project / "data.bin").write_bytes(bytes(range(256)))
    (project / "sum.wasm").write_bytes(WASM)


def kv(namespace: str = f'id = "{NAMESPACE}"') -> str:
    """A KV binding."""
    return f'kv_namespaces = [{{ binding = "STORE", {namespace} }}]\n'


def objects(*migrations: str) -> str:
    """A binding to Durable Objects with the migrations that made its class."""
    return COUNTER + "".join(migrations or (MIGRATION,))


def shown(sandbox: Sandbox, worker: str) -> dict[str, str]:
    """The types of the bindings of the version that serves, as the API shows them."""
    path = f"{sandbox.script(worker)}/versions/{sandbox.serving(worker)}"
    return {each["name"]: each["type"] for each in sandbox.result("GET", path)["resources"]["bindings"]}


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


def test_durable_objects_keep_their_state_from_version_to_version(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Over a deploy, a rollback and a change of secrets; the migration is applied once and shown."""
    write_bound(project, worker, objects())
    wrangler("deploy")
    counts = [sandbox.ask(worker, "/count").json()]
    wrangler("secret", "put", "KEY", stdin="secret")
    first = sandbox.serving(worker)
    counts.append(sandbox.ask(worker, "/count").json())
    write_bound(project, worker, objects(), code=CODE.replace("VERSION", "two"))
    wrangler("deploy")
    counts.append(sandbox.ask(worker, "/count").json())
    wrangler("rollback", first, "--message", "back", "--yes")
    counts.append(sandbox.ask(worker, "/count").json())

    version = sandbox.result("GET", f"{sandbox.script(worker)}/versions/{first}")
    (namespace,) = [
        each
        for each in sandbox.result("GET", "workers/durable_objects/namespaces")
        if each["script"] == worker
    ]
    assert [1, 2, 3, 4] == counts
    assert "v1" == version["resources"]["script_runtime"]["migration_tag"]
    assert ("Counter", True) == (namespace["class"], namespace["use_sqlite"])


def test_versions_side_by_side_do_not_share_objects(sandbox: Sandbox, worker: str) -> None:
    """The one with the larger part keeps the state; the other begins anew and disturbs nothing."""
    # (deployed over plain HTTP: wrangler has nothing to do with it)
    form = _objects_form("one", {"new_tag": "v1", "steps": [{"new_sqlite_classes": ["Counter"]}]})
    sandbox.result("PUT", sandbox.script(worker), files=form)
    one = sandbox.serving(worker)
    two = sandbox.result("POST", f"{sandbox.script(worker)}/versions", files=_objects_form("two"))["id"]
    counts = [_count(sandbox, worker, one)]
    assert 200 == sandbox.deploy(worker, {one: 90, two: 10}).status_code
    counts += [_count(sandbox, worker, two), _count(sandbox, worker, one)]
    assert 200 == sandbox.deploy(worker, {two: 100}).status_code
    counts += [_count(sandbox, worker, two)]

    assert [1, 1, 2, 3] == counts


def _objects_form(text: str, migrations: object = None) -> dict[str, object]:
    code = CODE.replace("VERSION", text)
    code = "\n".join(
        line for line in code.splitlines() if not line.startswith("import") or "cloudflare" in line
    )
    code = code.replace("[page, note, data.byteLength, exports.f()]", "[]").replace("instantiate(sum)", "x()")
    binding = {"name": "COUNTER", "type": "durable_object_namespace", "class_name": "Counter"}
    metadata: dict[str, object] = {
        "main_module": "index.js",
        "compatibility_date": "2026-01-01",
        "bindings": [binding],
    }
    if migrations:
        metadata["migrations"] = migrations
    return {
        "metadata": (None, json.dumps(metadata), "application/json"),
        "index.js": ("index.js", code, "application/javascript+module"),
    }


def _count(sandbox: Sandbox, worker: str, version: str) -> int:
    headers = {"Cloudflare-Workers-Version-Overrides": f'{worker}="{version}"'}
    return int(sandbox.ask(worker, "/count", headers=headers).json())


def test_nothing_goes_back_over_a_migration(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Neither real wrangler nor a plain call; what serves stays."""
    before = sandbox.put(worker)
    write_bound(project, worker, objects())
    wrangler("deploy")
    serving = sandbox.serving(worker)

    refused = wrangler.attempt("rollback", before, "--message", "back", "--yes")

    assert 1 == refused.code
    assert "migration" in refused.stdout + refused.stderr
    assert (400, 990409) == code_of(sandbox.deploy(worker, {before: 100}, "?force=true"))
    assert {serving: 100} == sandbox.live(worker)


def test_a_version_is_not_uploaded_with_a_migration(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Only once it is applied: then `versions upload` works as ever."""
    sandbox.put(worker)
    write_bound(project, worker, objects())

    refused = wrangler.attempt("versions", "upload")
    wrangler("deploy")
    wrangler("versions", "upload")

    assert 1 == refused.code
    assert "migration" in refused.stdout + refused.stderr
    assert 3 == len(sandbox.result("GET", f"{sandbox.script(worker)}/versions")["items"])


def test_classes_are_renamed_and_deleted_by_migrations(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A renamed class has the state of the old one; a deleted and new one has none."""
    write_bound(project, worker, objects())
    wrangler("deploy")
    counts = [sandbox.ask(worker, "/count").json()]
    renamed = '[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "Counter", to = "Other" }]\n'
    other = CODE.replace("class Counter", "class Other")
    bound = objects(MIGRATION, renamed).replace('class_name = "Counter"', 'class_name = "Other"')
    write_bound(project, worker, bound, code=other)
    wrangler("deploy")
    counts.append(sandbox.ask(worker, "/count").json())
    again = '[[migrations]]\ntag = "v3"\ndeleted_classes = ["Other"]\nnew_sqlite_classes = ["Counter"]\n'
    write_bound(project, worker, objects(MIGRATION, renamed, again))
    wrangler("deploy")
    counts.append(sandbox.ask(worker, "/count").json())

    assert [1, 2, 1] == counts


def test_a_class_that_no_migration_made_is_refused(wrangler: Wrangler, worker: str, project: Path) -> None:
    """With Cloudflare's own code."""
    write_bound(project, worker, COUNTER)

    refused = wrangler.attempt("deploy")

    assert 1 == refused.code
    assert "10061" in refused.stderr


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
    form = _objects_form("x")
    described = {"main_module": "index.js", "compatibility_date": "2026-01-01", "bindings": bindings}
    form["metadata"] = (None, json.dumps(described), "application/json")

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
