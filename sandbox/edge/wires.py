"""The parts of workerd's configuration that a version's bindings, Durable Objects and crons ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from sandbox.edge.bound import AssetsBinding, Bound, KvBinding, ObjectsBinding, ServiceBinding, Stub
from sandbox.edge.script import Script
from sandbox.edge.text import address, quoted

LEADS_TO = "x-sandbox-leads-to"  # on a request to backstage: which binding it comes from
TRIGGER = "trigger"  # the socket that takes crons
_TRIGGER = Path(__file__).with_name("trigger.js")
_WRAPPERS: Mapping[type, str] = {Stub: "stub", ServiceBinding: "service"}  # each a module beside this one
_TRIGGER_DATE = "2025-01-01"
_DISK = "objects"


@dataclass(slots=True)
class Parts:
    """Entries of the configuration, each as text; nothing at all for a version without such things."""

    bindings: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)


def wired(script: Script, token: str, backstage: tuple[str, int], objects: Path) -> Parts:
    """What the script asks for; ``token`` is what its process is known by backstage.

    ``objects`` is the directory below which Durable Objects keep their state.
    """
    parts = Parts()
    for number, each in enumerate(script.bound):
        _bind(parts, each, f"bound-{number}", backstage, assets_target(token))
    modules = [
        f'(name = "{_module(each)}", internal = true, esModule = embed "{each}")'
        for each in _wrappers(script)
    ]
    if modules:
        parts.extensions.append(f"extensions = [(modules = [{', '.join(modules)}])]")
    if script.classes:
        _keep_objects(parts, script, objects)
    if script.scheduled:
        _take_crons(parts)
    return parts


def embedded(script: Script) -> Mapping[str, bytes]:
    """The files that those parts refer to, by name."""
    files = {each: Path(__file__).with_name(f"{each}.js").read_bytes() for each in _wrappers(script)}
    if script.scheduled:
        files["trigger"] = _TRIGGER.read_bytes()
    return files


def kept_at(script: Script, objects: Path) -> Path:
    """The directory of a worker's Durable Objects."""
    return objects / hashlib.sha256(script.worker.encode()).hexdigest()[:32]


def kv_target(namespace: str) -> str:
    """What ``LEADS_TO`` says of a KV namespace."""
    return f"kv {namespace}"


def service_target(service: str) -> str:
    """What ``LEADS_TO`` says of a worker."""
    return f"service {service}"


def assets_target(token: str) -> str:
    """What ``LEADS_TO`` says of the static assets of the process with this token."""
    return f"assets {token}"


def _bind(parts: Parts, bound: Bound, service: str, backstage: tuple[str, int], assets: str) -> None:
    match bound:
        case Stub():
            kind = _wrapped("stub", f'(name = "SAYS", text = {quoted(bound.says)})')
        case KvBinding():
            parts.services.append(_external(service, backstage, kv_target(bound.namespace)))
            kind = f"kvNamespace = {quoted(service)}"
        case ServiceBinding():
            parts.services.append(_external(service, backstage, service_target(bound.service)))
            name, worker = f'(name = "NAME", text = {quoted(bound.name)})', f'"{service}"'
            kind = _wrapped("service", name, f'(name = "WORKER", service = {worker})')
        case AssetsBinding():
            parts.services.append(_external(service, backstage, assets))
            kind = f"service = {quoted(service)}"
        case ObjectsBinding():
            kind = f"durableObjectNamespace = {quoted(bound.class_name)}"
        case _:
            assert_never(bound)
    parts.bindings.append(f"(name = {quoted(bound.name)}, {kind})")


def _wrappers(script: Script) -> list[str]:
    """The modules that stand before bindings of this script."""
    return sorted({_WRAPPERS[type(each)] for each in script.bound if type(each) in _WRAPPERS})


def _module(wrapper: str) -> str:
    return f"sandbox:{wrapper}"


def _wrapped(wrapper: str, *inner: str) -> str:
    return f'wrapped = (moduleName = "{_module(wrapper)}", innerBindings = [{", ".join(inner)}])'


def _external(service: str, backstage: tuple[str, int], leads_to: str) -> str:
    header = f"(name = {quoted(LEADS_TO)}, value = {quoted(leads_to)})"
    http = f'(forwardedProtoHeader = "x-forwarded-proto", injectRequestHeaders = [{header}])'
    return f"(name = {quoted(service)}, external = (address = {address(backstage)}, http = {http}))"


def _keep_objects(parts: Parts, script: Script, objects: Path) -> None:
    parts.objects.append(f"durableObjectNamespaces = [{', '.join(_classes(script))}]")
    if not script.keeps_objects:
        parts.objects.append("durableObjectStorage = (inMemory = void)")
        return
    where = quoted(str(kept_at(script, objects)))
    parts.objects.append(f"durableObjectStorage = (localDisk = {quoted(_DISK)})")
    parts.services.append(f"(name = {quoted(_DISK)}, disk = (path = {where}, writable = true))")


def _classes(script: Script) -> Iterator[str]:
    for each in script.classes:
        sqlite = "true" if each.sqlite else "false"
        yield f"(className = {quoted(each.name)}, uniqueKey = {quoted(each.key)}, enableSql = {sqlite})"


def _take_crons(parts: Parts) -> None:
    code = 'modules = [(name = "trigger.js", esModule = embed "trigger")]'
    dated = f"compatibilityDate = {quoted(_TRIGGER_DATE)}"
    flagged = 'compatibilityFlags = ["service_binding_extra_handlers"]'
    bound = 'bindings = [(name = "BOT", service = "main")], globalOutbound = "collector"'
    parts.services.append(f'(name = "trigger", worker = ({code}, {dated}, {flagged}, {bound}))')
    parts.sockets.append(f'(name = "{TRIGGER}", address = "127.0.0.1:0", http = (), service = "trigger")')
