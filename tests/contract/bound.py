"""A worker with bindings of many kinds, as a wrangler project and as a form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.contract.support import Sandbox, upload_form

NAMESPACE = "abcdef0123456789abcdef0123456789"
COUNTER = '[[durable_objects.bindings]]\nname = "COUNTER"\nclass_name = "Counter"\n'
MIGRATION = '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["Counter"]\n'
COUNTER_CLASS = """
export class Counter extends DurableObject {
  async add() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
"""
COUNTING = f"""import {{ DurableObject }} from "cloudflare:workers";
{COUNTER_CLASS}
export default {{
  fetch: async (request, {{ COUNTER }}) => Response.json(await COUNTER.get(COUNTER.idFromName("all")).add()),
}};
"""
CODE = """
import { DurableObject } from "cloudflare:workers";
import page from "./page.html";
import note from "./note.txt";
import data from "./data.bin";
import sum from "./sum.wasm";
"""
CODE += COUNTER_CLASS
CODE += """
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
WASM = bytes.fromhex("0061736d010000000105016000017f03020100070501016600000a06010400412a0b")


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


def objects_form(text: str, migrations: object = None) -> dict[str, Any]:
    """A form with the Durable Objects alone; ``text`` makes one version differ from another."""
    binding = {"name": "COUNTER", "type": "durable_object_namespace", "class_name": "Counter"}
    more = {"migrations": migrations} if migrations else {}
    return upload_form(text, code=f"{COUNTING}// {text}\n", bindings=[binding], **more)
