"""Boots an upload before it becomes a version: whether it starts, and which events it handles."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sandbox.api.errors import no_handlers, startup_failed
from sandbox.api.ports import EdgePort, Nowhere
from sandbox.edge.script import Module, Script, StartupError

_PROBE = "sandbox-handlers.mjs"
_MARK = "sandbox-handlers:"
# The edge only says whether a script starts, so the probe fails on purpose, with the answer as its error.
_SOURCE = """import * as bot from {main};
const known = ["fetch", "scheduled", "queue", "email", "tail", "trace", "tailStream", "test"];
const main = typeof bot.default === "function" ? bot.default.prototype : bot.default;
const handled = known.filter((name) => main && typeof main[name] === "function");
throw new Error("{mark}" + handled.join(",") + ";");
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What booting told; milliseconds."""

    startup_ms: int
    handlers: tuple[str, ...]


async def check(edge: EdgePort, script: Script) -> Checked:
    """Boot a script. Raises ApiError when it does not start or handles nothing."""
    try:
        startup_ms = await edge.check(script)
    except StartupError as error:
        raise startup_failed(error.message) from error
    handlers = await _handlers(edge, script)
    if not handlers:
        raise no_handlers()
    return Checked(startup_ms, handlers)


async def _handlers(edge: EdgePort, script: Script) -> tuple[str, ...]:
    if isinstance(edge, Nowhere):
        return ("fetch",)
    try:
        await edge.check(_probe(script))
    except StartupError as error:
        names = error.message.partition(_MARK)[2].partition(";")[0]
        return tuple(name for name in names.split(",") if name)
    return ()


def _probe(script: Script) -> Script:
    source = _SOURCE.replace("{main}", json.dumps(f"./{script.main_module}")).replace("{mark}", _MARK)
    module = Module(_PROBE, "application/javascript+module", source.encode())
    return replace(script, main_module=_PROBE, modules=(*script.modules, module))
