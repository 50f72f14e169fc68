"""Writes the text configuration with which workerd serves one version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.edge.script import Module, Script, StartupError
from sandbox.edge.text import address, quoted
from sandbox.edge.wires import embedded, wired

CF_BLOB = "x-sandbox-cf-blob"
SCHEME = "x-sandbox-scheme"  # workerd keeps it from the worker, which must see X-Forwarded-Proto
_TAILER = Path(__file__).with_name("tailer.js")
_TAILER_DATE = "2025-01-01"
_CLASSIC = "application/javascript"
_KINDS = {
    "application/javascript+module": "esModule",
    "text/javascript+module": "esModule",
    _CLASSIC: "commonJsModule",
    "text/javascript": "commonJsModule",
    "application/wasm": "wasm",
    "text/plain": "text",
    "text/html": "text",
    "application/octet-stream": "data",
    "application/json": "json",
}

_CONFIG = """using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      {code},
      compatibilityDate = {date},
      compatibilityFlags = [{flags}],
      bindings = [{bindings}],
      globalOutbound = "outbound",
      tails = ["tailer"],{objects}
    )),
    (name = "tailer", worker = (
      modules = [(name = "tailer.js", esModule = embed "tailer")],
      compatibilityDate = {tailer_date},
      bindings = [(name = "COLLECTOR", service = "collector"), (name = "TOKEN", text = {token})],
      globalOutbound = "collector",
    )),
    (name = "collector", external = (address = {collector}, http = ())),
    (name = "outbound", external = (
      address = {outbound},
      http = (forwardedProtoHeader = "x-forwarded-proto"),
    )),{services}
  ],
  sockets = [
    (
      name = "http",
      address = "127.0.0.1:0",
      http = (cfBlobHeader = {cf_blob}, forwardedProtoHeader = {scheme}),
      service = "main",
    ),{sockets}
  ],
  v8Flags = [{v8_flags}],{extensions}
);
"""


@dataclass(frozen=True, slots=True)
class Wiring:
    """Where a process sends its outgoing requests and its trace events; the heap limit is in MiB.

    ``backstage`` is where bindings lead to, ``objects`` the directory for what Durable Objects keep.
    """

    outbound: tuple[str, int]
    collector: tuple[str, int]
    backstage: tuple[str, int]
    objects: Path
    heap_mib: int


def lay_out(directory: Path, script: Script, wiring: Wiring, token: str) -> Path:
    """Write configuration and modules into a directory; the configuration's path.

    Raises StartupError when a module is of a type that cannot be served.
    """
    modules = _ordered(script)
    text = _render(script, modules, wiring, token)
    for index, module in enumerate(modules):
        (directory / _file(index)).write_bytes(module.content)
    (directory / "tailer").write_bytes(_TAILER.read_bytes())
    for name, content in embedded(script).items():
        (directory / name).write_bytes(content)
    path = directory / "config.capnp"
    path.write_text(text, encoding="utf-8")
    return path


def _render(script: Script, modules: list[Module], wiring: Wiring, token: str) -> str:
    parts = wired(script, token, wiring.backstage, wiring.objects)
    return _CONFIG.format(
        code=_code(modules),
        date=quoted(script.compatibility_date),
        flags=", ".join(quoted(flag) for flag in script.compatibility_flags),
        bindings=", ".join([*_bindings(script), *parts.bindings]),
        objects="".join(f"\n      {each}," for each in parts.objects),
        services="".join(f"\n    {each}," for each in parts.services),
        sockets="".join(f"\n    {each}," for each in parts.sockets),
        extensions="".join(f"\n  {each}," for each in parts.extensions),
        tailer_date=quoted(_TAILER_DATE),
        token=quoted(token),
        collector=address(wiring.collector),
        outbound=address(wiring.outbound),
        cf_blob=quoted(CF_BLOB),
        scheme=quoted(SCHEME),
        v8_flags=quoted(f"--max-old-space-size={wiring.heap_mib}"),
    )


def _ordered(script: Script) -> list[Module]:
    """The main module first, where workerd expects it."""
    modules = sorted(script.modules, key=lambda module: module.name != script.main_module)
    if not modules or modules[0].name != script.main_module:
        raise StartupError(f"The main module {script.main_module!r} is not among the uploaded modules.")
    return modules


def _code(modules: list[Module]) -> str:
    if _type(modules[0]) == _CLASSIC:
        return f'serviceWorkerScript = embed "{_file(0)}"'
    entries = [_entry(index, module) for index, module in enumerate(modules)]
    return f"modules = [{', '.join(entries)}]"


def _entry(index: int, module: Module) -> str:
    kind = _KINDS.get(_type(module))
    if kind is None:
        raise StartupError(
            f"Module {module.name!r} has the type {module.content_type!r}, which is not served."
        )
    return f'(name = {quoted(module.name.removeprefix("./"))}, {kind} = embed "{_file(index)}")'


def _bindings(script: Script) -> Iterator[str]:
    for name, text in {**script.vars, **script.secrets}.items():
        yield f"(name = {quoted(name)}, text = {quoted(text)})"
    for name, value in {**script.json_vars, **script.version_metadata}.items():
        content = dict(value) if name in script.version_metadata else value
        yield f"(name = {quoted(name)}, json = {quoted(json.dumps(content))})"


def _type(module: Module) -> str:
    return module.content_type.partition(";")[0].strip().lower()


def _file(index: int) -> str:
    return f"module-{index}"
