"""The embedded cloud as a child process: started, talked to over loopback, and always ended."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from backstop.cloudflare.toolchain import find_toolchain, tools_directory
from backstop.environment import read_environment
from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.target import EmbeddedBindings
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Rest, excerpt
from backstop.process import start
from backstop.root import project_root

GRACE = 5.0  # seconds for it to end its own children
_LIMITS = Limits(total=10.0)
_SHOWN = 1500
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class HttpsAddress:
    """Where a worker is served over https and where in the clear; ``authority`` is PEM of what to trust."""

    url: str
    plain_url: str
    authority: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding; ``used`` counts the times that a stub was used."""

    name: str
    type: str
    used: int = 0

    def __str__(self) -> str:
        return f"{self.name} ({self.type})"


@dataclass(frozen=True, slots=True)
class BoundTo:
    """What a worker's latest version is bound to, and what of its last upload could not be served."""

    bindings: tuple[Bound, ...]
    stubs: tuple[Bound, ...]
    refused: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class SandboxHandle:
    """Where a running sandbox answers, and the identities that are valid in it for this run."""

    api: str
    control: str
    account: str
    token: str
    discord: str
    discord_status: str
    cloudflare_status: str
    control_probe: str
    application_id: str
    discord_token: str
    public_key: str
    signing_key: str
    channel: str

    def worker_url(self, name: str) -> str:
        """Where a worker is served, the same all the time. Raises CouldNotLook while it is not deployed."""
        return str(self._call("GET", f"/workers/{name}")["url"])

    def serve_https(self, name: str) -> HttpsAddress:
        """Have a worker served over https too, as is usual. Raises CouldNotLook while it is not deployed."""
        found = self._call("PUT", f"/workers/{name}/tls", {})
        return HttpsAddress(str(found["https_url"]), str(found["plain_url"]), str(found["authority"]))

    def set_conditions(self, *, propagation_s: float = 0.0, added_rtt_ms: float = 0.0) -> None:
        """How long the edge takes to follow a deployment, and what is added to each round trip."""
        self._call("PUT", "/conditions", {"propagation_s": propagation_s, "added_rtt_ms": added_rtt_ms})

    def lie_once(self, worker: str) -> None:
        """Have the API say once that it made a deployment of this worker, and make none."""
        path = rf"/scripts/{re.escape(worker)}/deployments(\?|$)"
        self._call(
            "PUT", "/api-faults", {"faults": [{"method": "POST", "path": path, "answer": {"lie": True}}]}
        )

    def be_honest(self) -> None:
        """Have the API say what it does, from now on."""
        self._call("PUT", "/api-faults", {"faults": []})

    def pretend_migration(self, worker: str, tag: str) -> None:
        """Have what serves be as if its deploy had carried a migration of Durable Objects with this tag."""
        self._call("PUT", f"/workers/{worker}/migration", {"tag": tag})

    def forget_migration(self, worker: str) -> None:
        """As if there had been none: what a drill must be able to take back, and no real account can."""
        self._call("DELETE", f"/workers/{worker}/migration")

    def stage(self, worker: str, bindings: EmbeddedBindings) -> None:
        """Say what is to be made of a worker's bindings, before it is deployed. Raises CouldNotLook."""
        kv = {name: dict(values) for name, values in bindings.kv}
        self._call("PUT", f"/workers/{worker}/staging", {"stub": list(bindings.stub), "kv": kv})

    def bound_to(self, worker: str) -> BoundTo:
        """What a worker is bound to; it need not be deployed. Raises CouldNotLook."""
        found = self._call("GET", f"/workers/{worker}/bindings")
        kinds = ("bindings", "stubs", "refused")
        return BoundTo(*(tuple(Bound(**each) for each in found[kind]) for kind in kinds))

    def unknown_requests(self) -> tuple[str, ...]:
        """Every request so far that the sandbox has no answer for."""
        found = self._call("GET", "/unknown-requests")
        return tuple(str(request) for request in found["requests"])

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer's JSON. Raises CouldNotLook."""
        rest = Rest("sandbox", Prober(self.control, limits=_LIMITS))
        try:
            reply = rest.call(method, path, body)
        finally:
            rest.close()
        if reply.status >= _REFUSED or not isinstance(reply.content, dict):
            message = f"sandbox: {method} {path} answered {reply.status}: {excerpt(reply.answer)}"
            raise CouldNotLook(message)
        return reply.content


@contextmanager
def running_sandbox(python: str = sys.executable, deadline: float = 10.0) -> Iterator[SandboxHandle]:
    """Run ``python -m sandbox`` for as long as the context lasts; nothing of it is left after it.

    ``deadline`` is in seconds, for its start. Raises CouldNotLook, with the end of what it wrote to
    its standard error, when it does not come up; UsageError when it or wrangler isn't there.
    """
    root = _sandbox_root()
    find_toolchain()  # workerd comes with it
    environment = read_environment().handed_down()
    command = [python, "-m", "sandbox", f"--tools={tools_directory()}"]
    with start(command, env=environment, cwd=root, grace=GRACE) as child:
        yield _handle(child.read_line(deadline))


def _sandbox_root() -> Path:
    root = project_root()
    if not (root / "sandbox" / "__main__.py").is_file():
        message = f"the sandbox is not there: no {root / 'sandbox' / '__main__.py'}"
        raise UsageError(message, remedy="install backstop anew, from its wheel or from a clone of it")
    return root


def _handle(line: str) -> SandboxHandle:
    wanted = [field.name for field in fields(SandboxHandle)]
    try:
        found = json.loads(line)
        return SandboxHandle(**{name: str(found[name]) for name in wanted})
    except (ValueError, KeyError, TypeError) as error:
        message = f"the sandbox began with {line[:_SHOWN]!r}; wanted a JSON object with {', '.join(wanted)}"
        raise CouldNotLook(message) from error
