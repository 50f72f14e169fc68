"""A version may consist of modules of any type that can be served; what cannot start is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.edge.edge import Module, Script, StartupError
from sandbox.edge.limits import Limits
from tests.sandbox.edge_stage import ESM, WORKER, Stage, on_stage, script

_WASM = base64.b64decode("AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEqCw==")
_MIXED = """
import code from "./add.wasm";
import text from "./hello.txt";
import data from "./data.bin";
import json from "./facts.json";
import common from "./lib/common.js";
import { other } from "./lib/other.js";
export default { async fetch() {
  const { f } = (await WebAssembly.instantiate(code)).exports;
  return Response.json([f(), text, data.byteLength, json.a, common.b, other]);
} };
"""


def test_modules_of_every_type_are_served() -> None:
    """The content type decides, with or without parameters; names may begin with ./ as wrangler's do."""
    modules = (
        Module("./add.wasm", "application/wasm", _WASM),
        Module("./hello.txt", "text/plain; charset=utf-8", b"hello"),
        Module("./data.bin", "application/octet-stream", bytes(range(256))),
        Module("facts.json", "application/json", b'{"a": 1}'),
        Module("lib/common.js", "application/javascript", b"module.exports = { b: 2 }"),
        Module("lib/other.js", ESM, b"export const other = 3"),
        Module("index.js", ESM, _MIXED.encode()),
    )

    async def play(stage: Stage) -> None:
        assert await stage.get("/") == (200, '[42,"hello",256,1,2,3]')

    on_stage(play, script("v1", modules=modules))


def test_a_classic_script_is_served() -> None:
    """A main module that is no ES module listens for events and finds its bindings as globals."""
    source = b"addEventListener('fetch', e => e.respondWith(new Response(VERSION)))"

    async def play(stage: Stage) -> None:
        assert await stage.get("/") == (200, "v1")

    on_stage(play, script("v1", modules=(Module("index.js", "application/javascript", source),)))


def _dated(date: str, *flags: str) -> Script:
    return script("v1", compatibility_date=date, compatibility_flags=flags)


def _typed(content_type: str) -> Script:
    return script("v1", modules=(Module("index.js", ESM, b""), Module("x", content_type, b"")))


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (script("v1", "throw new Error('no config')"), "Uncaught Error: no config"),
        (script("v1", "export default {"), "SyntaxError"),
        (script("v1", "import 'nowhere'; export default {}"), 'No such module "nowhere"'),
        (script("v1", "for (;;); export default {}"), "CPU time limit"),
        (_dated("2099-01-01"), "in the future"),
        (_dated("2025-01-01", "whatnot"), "No such compatibility flag: whatnot"),
        (script("v1", main_module="other.js"), "'other.js' is not among"),
        (_typed("text/x-python"), "'text/x-python', which is not served"),
    ],
    ids=["throws", "syntax", "import", "loops", "future", "flag", "main", "type"],
)
def test_what_cannot_start_is_refused(refused: Script, message: str) -> None:
    """In workerd's own words."""

    async def play(stage: Stage) -> None:
        with pytest.raises(StartupError) as caught:
            await stage.edge.check(refused)

        assert message in caught.value.message
        assert not caught.value.message.startswith("service main")

    on_stage(play, limits=Limits(boot_cpu_s=0.7))


def test_a_refused_deployment_changes_nothing() -> None:
    """What was served stays served, also when one of two new versions would have started."""

    async def play(stage: Stage) -> None:
        with pytest.raises(StartupError):
            await stage.deploy((script("fine"), 50), (script("bad", "throw 1"), 50))

        assert await stage.version() == "good"
        assert stage.edge.live(WORKER) == [("good", 100)]

    on_stage(play, script("good"))


def test_a_date_newer_than_the_binary_is_lowered_to_what_it_knows() -> None:
    """Today is not in the future, so the worker is right and only the pinned workerd is old."""
    today = (datetime.now(UTC) - timedelta(hours=1)).date().isoformat()

    async def play(stage: Stage) -> None:
        assert await stage.edge.check(_dated(today)) > 0

    on_stage(play)
