"""Versions uploaded over the API, in the form that wrangler sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from backstop.model.errors import BotRejected, CouldNotLook
from backstop.model.target import Target
from backstop.model.version import VersionId, version_id

_LIMIT = 20.0  # seconds; the sandbox boots what is uploaded
_ES_MODULE = "application/javascript+module"
Part = tuple[str | None, str | bytes] | tuple[str, bytes, str]
_SECRETS = ("secret_text", "secret_key")


class Uploader:
    """Uploads modules to one worker, each with the bindings and the runtime of the version ``like``.

    Close it, or use it with ``with``.
    """

    def __init__(self, target: Target, like: VersionId) -> None:
        token = target.cloudflare_token.value if target.cloudflare_token else ""
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {token}"}, timeout=_LIMIT, trust_env=False
        )
        account = f"{target.cloudflare_api}/accounts/{target.cloudflare_account}"
        self._versions = f"{account}/workers/scripts/{target.worker}/versions"
        self._resources = self._call("GET", f"{self._versions}/{like}")["resources"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def upload(self, name: str, module: bytes) -> VersionId:
        """Make a version that nothing serves yet. Raises BotRejected when it does not start."""
        parts: dict[str, Part] = {
            "metadata": (None, json.dumps(self._metadata(name))),
            f"{name}.js": (f"{name}.js", module, _ES_MODULE),
        }
        made = self._call("POST", f"{self._versions}?bindings_inherit=strict", parts)
        return version_id(str(made["id"]))

    def _metadata(self, name: str) -> dict[str, Any]:
        """Variables are sent again, secrets are kept by the server: that is wrangler's way."""
        runtime = self._resources["script_runtime"]
        return {
            "main_module": f"{name}.js",
            "bindings": [each for each in self._resources["bindings"] if each["type"] not in _SECRETS],
            "keep_bindings": list(_SECRETS),
            "compatibility_date": runtime["compatibility_date"],
            "compatibility_flags": runtime["compatibility_flags"],
            "annotations": {"workers/message": f"proof: {name}", "workers/tag": name},
        }

    def _call(self, method: str, url: str, parts: Mapping[str, Part] | None = None) -> dict[str, Any]:
        try:
            answer = self._client.request(method, url, files=parts)
            body: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise CouldNotLook(f"{method} {url}: no usable answer: {error!r}") from error
        if answer.is_success:
            return dict(body["result"])
        said = "; ".join(str(each["message"]) for each in body["errors"])
        raise BotRejected(said) if answer.is_client_error else CouldNotLook(said)
