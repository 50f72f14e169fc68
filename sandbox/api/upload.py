"""Reads the multipart form in which a version is uploaded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.api.errors import bad_request, cannot_serve, startup_failed
from sandbox.api.models import DEFAULT_COMPATIBILITY_DATE, Annotations, Code
from sandbox.edge.script import Module

_ES_MODULE = "application/javascript+module"
_DROPPED = frozenset({"application/source-map"})
_UNSERVED = {"text/x-python": "Python modules", "text/x-python-requirement": "Python packages"}
_MESSAGE_BYTES = 1000
_TAG_BYTES = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """A version as it was uploaded; ``metadata`` is the form's own, as yet unread where bindings go."""

    code: Code
    metadata: Mapping[str, Any]

    def annotations(self, triggered_by: str) -> Annotations:
        """What was written on the version."""
        return read_annotations(self.metadata, triggered_by)


async def read_upload(request: web.Request) -> Upload:
    """Read the form. Raises ApiError when it is none or holds what the sandbox can't run."""
    if not request.content_type.startswith("multipart/"):
        raise bad_request(f"wanted a multipart form, found {request.content_type}")
    form = await request.post()
    metadata = _metadata(form.get("metadata"))
    modules = [await _module(name, part) for name, part in form.items() if name != "metadata"]
    return Upload(_code(metadata, tuple(each for each in modules if each)), metadata)


def read_annotations(body: Mapping[str, Any], triggered_by: str) -> Annotations:
    """The ``annotations`` of a request body; too long texts are cut as Cloudflare cuts them."""
    written = body.get("annotations") or {}
    message = _cut(written.get("workers/message"), _MESSAGE_BYTES)
    return Annotations(triggered_by, message, _cut(written.get("workers/tag"), _TAG_BYTES))


def _cut(text: object, most: int) -> str:
    return str(text or "").encode()[:most].decode(errors="ignore")


def _metadata(part: object) -> Mapping[str, Any]:
    text = part.file.read() if isinstance(part, web.FileField) else part
    if not isinstance(text, (str, bytes, bytearray)):
        raise bad_request("the form has no part named metadata")
    try:
        metadata = json.loads(text)
    except ValueError as error:
        raise bad_request(f"the part metadata is not JSON: {error}") from error
    if not isinstance(metadata, dict):
        raise bad_request("the part metadata is not a JSON object")
    return metadata


async def _module(name: str, part: str | bytes | bytearray | web.FileField) -> Module | None:
    if not isinstance(part, web.FileField):
        content = part.encode() if isinstance(part, str) else bytes(part)
        return Module(name, _ES_MODULE, content)
    if part.content_type in _DROPPED:
        return None
    if part.content_type in _UNSERVED:
        raise cannot_serve([_UNSERVED[part.content_type]])
    return Module(name, part.content_type, await asyncio.to_thread(part.file.read))


def _code(metadata: Mapping[str, Any], modules: tuple[Module, ...]) -> Code:
    main = str(metadata.get("main_module") or "")
    if not main and metadata.get("assets"):
        raise cannot_serve(["a worker of static assets alone"])
    if not main and not metadata.get("body_part"):
        raise bad_request("metadata names no main_module")
    if main and main not in {module.name for module in modules}:
        raise startup_failed(f"Uncaught Error: No such module {main!r} in the upload.")
    return Code(
        main_module=main,
        modules=modules,
        compatibility_date=str(metadata.get("compatibility_date") or DEFAULT_COMPATIBILITY_DATE),
        compatibility_flags=tuple(metadata.get("compatibility_flags") or ()),
    )
