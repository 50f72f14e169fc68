"""Wrangler: what it is started with, and what its endings mean. A stub stands in for the real one."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backstop.cloudflare.failures import plain
from backstop.cloudflare.toolchain import Toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.model.errors import BackstopError, BotRejected, BuildFailed, CouldNotLook, UsageError
from backstop.model.target import Secret
from backstop.model.version import Share, VersionId
from backstop.probes.rest import OutcomeUnknown
from backstop.process import ProcessTimedOut
from backstop.settings.wrangler_project import WranglerProject

OLD = VersionId("71570803-d6b0-4a51-b97f-42fadb8da7e1")
NEW = VersionId("190f9b47-003b-4860-b1c5-cd75d8818148")
ACCOUNT = Account("acc", Secret("CLOUDFLARE_API_TOKEN", "tok-en"), "http://127.0.0.1:9/client/v4")

# Notes how it was called, then writes the entries it was told to and ends as it was told to.
STUB = """\
import json, os, pathlib, sys, time
plan = json.loads(pathlib.Path(__file__).with_suffix(".json").read_text())
config = pathlib.Path(os.environ["XDG_CONFIG_HOME"])
env_file = sys.argv[sys.argv.index("--env-file") + 1]
called = {"argv": sys.argv[1:], "cwd": os.getcwd(), "env": dict(os.environ),
          "private": config.is_dir() and os.access(config, os.W_OK), "dotenv": open(env_file).read(),
          "newest": json.load(open(os.environ["TMPDIR"] + "/update-check/wrangler-latest.json"))}
pathlib.Path(__file__).with_name("called.json").write_text(json.dumps(called))
with open(os.environ["WRANGLER_OUTPUT_FILE_PATH"], "a") as file:
    file.write("".join(line + "\\n" for line in plan["lines"]))
time.sleep(plan["sleeps"])
sys.stdout.write("out")
sys.stderr.write(plan["stderr"])
os.kill(os.getpid(), -plan["exit"]) if plan["exit"] < 0 else sys.exit(plan["exit"])
"""

# Python in the place of Node: it has no use for what is preloaded.
NODE = f"""\
#!/bin/sh
[ "$1" = --require ] && [ -f "$2" ] && shift 2 && exec '{sys.executable}' "$@"
"""


class Stub:
    """A program in the place of wrangler."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "stub.py").write_text(STUB)
        (directory / "bot").mkdir()
        self.project = WranglerProject(
            directory / "bot" / "wrangler.toml", "bot", directory / "bot" / "index.js"
        )
        node = directory / "node"
        node.write_text(NODE)
        node.chmod(0o755)
        self.tools = Toolchain(node, directory / "stub.py")
        self.plan([])

    def plan(self, entries: list[Any], code: int = 0, stderr: str = "", sleeps: float = 0) -> None:
        """What it writes and how it ends; an entry that is text is a line as it is."""
        lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
        plan = {"lines": lines, "exit": code, "stderr": stderr, "sleeps": sleeps}
        (self.directory / "stub.json").write_text(json.dumps(plan))

    def wrangler(self, env: str = "", limit: float = 20) -> Wrangler:
        """Wrangler for the project of this test."""
        project = WranglerProject(self.project.config, "bot", self.project.main, env)
        return Wrangler(self.tools, project, ACCOUNT, ambient={"PATH": "/usr/bin"}, limit=limit)

    def called(self) -> dict[str, Any]:
        """How it was called."""
        found: dict[str, Any] = json.loads((self.directory / "called.json").read_text())
        return found


@pytest.fixture
def stub(tmp_path: Path) -> Stub:
    """A stub of wrangler that succeeds."""
    return Stub(tmp_path)


def test_a_deploy_answers_the_version_that_wrangler_reports(stub: Stub) -> None:
    """The last entry of its type counts, lines that are no JSON don't."""
    stub.plan(["no json", {"type": "wrangler-session"}, {"type": "deploy", "version_id": OLD}, "[]"])

    result = stub.wrangler().deploy(message="good one", tag="v1")

    assert (OLD, 0, "out") == (result.version_id, result.completed.returncode, result.completed.stdout)
    called = stub.called()
    assert ["deploy", "--message=good one", "--tag=v1"] == called["argv"][:3]
    assert ["--config", str(stub.project.config), "--env="] == called["argv"][-3:]
    assert str(stub.project.directory) == called["cwd"]


def test_wrangler_sees_only_what_it_must(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of ours, a directory of its own, no .env, and nothing of what lies around."""
    monkeypatch.setenv("CLOUDFLARE_API_KEY", "ambient")
    monkeypatch.setenv("WRANGLER_LOG", "error")
    stub.plan([{"type": "deploy", "version_id": OLD}])

    stub.wrangler().deploy()

    called = stub.called()
    env = called["env"]
    assert ("acc", "tok-en", ACCOUNT.api) == (
        env["CLOUDFLARE_ACCOUNT_ID"],
        env["CLOUDFLARE_API_TOKEN"],
        env["CLOUDFLARE_API_BASE_URL"],
    )
    assert ("true", "true", "false", f"/usr/bin:{stub.tools.node.parent}") == (
        env["CI"],
        env["WRANGLER_HIDE_BANNER"],
        env["WRANGLER_SEND_METRICS"],
        env["PATH"],
    )
    assert not {"CLOUDFLARE_API_KEY", "WRANGLER_LOG"} & env.keys()
    assert (True, "") == (called["private"], called["dotenv"])
    assert called["newest"]["latest"] is None
    assert abs(called["newest"]["lastUpdate"] / 1000 - time.time()) < 60
    assert not Path(env["XDG_CONFIG_HOME"]).exists()
    assert not any("tok-en" in argument for argument in called["argv"])


def test_a_wrapped_bot_is_uploaded_as_a_version(stub: Stub, tmp_path: Path) -> None:
    """The shim is what is built; the bot is what it imports."""
    stub.plan([{"type": "version-upload", "version_id": NEW}])

    uploaded = stub.wrangler("staging").upload_wrapped(tmp_path / "down.js", message="drill", tag="down")

    assert NEW == uploaded
    alias = f"the-bot:{stub.project.main}"
    argv = stub.called()["argv"]
    assert ["versions", "upload", str(tmp_path / "down.js"), "--alias", alias] == argv[:5]
    assert "--env=staging" == argv[-1]


def test_secrets_are_handed_over_in_a_file(stub: Stub, tmp_path: Path) -> None:
    """Never on the command line, which every process can read."""
    stub.plan([{"type": "deploy", "version_id": OLD}])

    stub.wrangler().deploy(secrets_file=tmp_path / "secrets.json")

    assert f"--secrets-file={tmp_path / 'secrets.json'}" in stub.called()["argv"]


def test_variables_of_the_config_are_replaced_in_every_upload(stub: Stub, tmp_path: Path) -> None:
    """And in nothing else that wrangler does."""
    stub.plan([{"type": "version-upload", "version_id": NEW}])
    wrangler = replace(stub.wrangler(), variables={"APP_ID": "1:2"})

    wrangler.versions_upload()
    uploading = stub.called()["argv"]
    wrangler.rollback(OLD, "x")

    assert ["versions", "upload", "--var", "APP_ID:1:2"] == uploading[:4]
    assert "--var" not in stub.called()["argv"]


def test_versions_are_deployed_with_their_shares(stub: Stub) -> None:
    """As wrangler writes them."""
    stub.plan([{"type": "version-deploy", "deployment_id": "d"}])

    stub.wrangler().versions_deploy((Share(OLD, 90), Share(NEW, 10)), "split")

    argv = stub.called()["argv"]
    assert ["versions", "deploy", f"{OLD}@90", f"{NEW}@10", "--message=split", "--yes"] == argv[:6]


@pytest.mark.parametrize("code", [0, 1])
def test_a_rollback_returns_whatever_its_exit_code(stub: Stub, code: int) -> None:
    """The command is one witness of three."""
    stub.plan([], code)

    completed = stub.wrangler().rollback(OLD, "reason [backstop x]")

    assert code == completed.returncode
    assert ["rollback", OLD, "--message=reason [backstop x]", "--yes"] == stub.called()["argv"][:4]


def test_without_a_project_the_worker_is_named(stub: Stub) -> None:
    """Rollbacks need no project; they run where no configuration lies around."""
    wrangler = Wrangler(stub.tools, None, ACCOUNT, worker="bot", ambient={})

    wrangler.rollback(OLD, "m")

    called = stub.called()
    assert ["--name", "bot"] == called["argv"][-2:]
    assert not Path(called["cwd"]).exists()
    with pytest.raises(UsageError, match="no project"):
        wrangler.deploy()
    with pytest.raises(UsageError, match="no project"):
        wrangler.upload_wrapped(Path("down.js"), message="m", tag="t")


def test_a_hanging_wrangler_is_stopped(stub: Stub) -> None:
    """The API makes it wait for five minutes; we don't."""
    stub.plan([], sleeps=30)

    with pytest.raises(ProcessTimedOut):
        stub.wrangler(limit=0.5).rollback(OLD, "m")


def test_success_without_a_version_is_not_believed(stub: Stub) -> None:
    """It was seen to say SUCCESS after doing nothing, and its launcher ends with 0 when it is killed."""
    with pytest.raises(OutcomeUnknown, match="names no version"):
        stub.wrangler().deploy()
    with pytest.raises(OutcomeUnknown, match="reports no deployment"):
        stub.wrangler().versions_deploy((Share(OLD, 100),), "m")


ESBUILD = """\
\x1b[31m✘ \x1b[41;31m[\x1b[41;97mERROR\x1b[41;31m]\x1b[0m \x1b[1mBuild failed with 1 error:\x1b[0m

  ✘ [ERROR] Expected ";" but found "is"

      src/index.js:1:5:
        1 │ this is no javascript

If you think this is a bug then please create an issue at https://github.com/cloudflare/workers-sdk
"""
STARTUP = """\
✘ [ERROR] A request to the Cloudflare API (/accounts/acc/workers/scripts/bot/versions) failed.

  Uncaught Error: boom at start [code: 10021]
"""
DEPLOY_5XX = """\
✘ [ERROR] A request to the Cloudflare API (/accounts/acc/workers/scripts/bot/deployments) failed.

  An unknown error has occurred [code: 10013]
"""
HTML_503 = """\
✘ [ERROR] Received a malformed response from the API

  <html>no</html>
  POST /accounts/acc/workers/scripts/bot/deployments -> 503 Service Unavailable
"""
CUSTOM_BUILD = {
    "type": "command-failed",
    "message": "Running custom build `make` failed. There are more logs above.",
}
FORBIDDEN = (
    "✘ [ERROR] A request to the Cloudflare API (/user) failed.\n\n  Authentication error [code: 10000]"
)
BINDING = (
    "✘ [ERROR] A request to the Cloudflare API (/x/versions) failed.\n\n  KV is not served [code: 10501]"
)
SANDBOX = (
    "✘ [ERROR] A request to the Cloudflare API (/x/versions) failed.\n\n"
    "  The sandbox can't serve containers. Nothing was uploaded. [code: 990501]"
)


@pytest.mark.parametrize(
    ("stderr", "entries", "error", "says"),
    [
        pytest.param(ESBUILD, [], BuildFailed, r"index\.js:1:5", id="build"),
        pytest.param(
            '✘ [ERROR] The entry-point file at "x.js" was not found.', [], BuildFailed, "x.js", id="entry"
        ),
        pytest.param(
            "✘ [ERROR] k [Error]: exit 3", [CUSTOM_BUILD], BuildFailed, "`make` failed", id="own build"
        ),
        pytest.param(STARTUP, [], BotRejected, "boom at start", id="throws at start"),
        pytest.param(
            "✘ [ERROR] no",
            [{"type": "command-failed", "code": 10021, "message": "m"}],
            BotRejected,
            "no",
            id="reported",
        ),
        pytest.param(FORBIDDEN, [], CouldNotLook, "Workers Scripts: Edit", id="token"),
        pytest.param(DEPLOY_5XX, [], OutcomeUnknown, "the upload was made", id="deployment failed"),
        pytest.param(BINDING, [], CouldNotLook, "KV is not served", id="refused"),
        pytest.param(SANDBOX, [], UsageError, "can't serve containers", id="not in the sandbox"),
        pytest.param(SANDBOX.replace("990501", "990422"), [], UsageError, "mend `kv`", id="no value of KV"),
        pytest.param(
            "Total Upload: 1 KiB\n✘ [ERROR] fetch failed",
            [],
            OutcomeUnknown,
            "fetch failed",
            id="network lost",
        ),
        pytest.param("✘ [ERROR] fetch failed", [], CouldNotLook, "fetch failed", id="no network"),
        pytest.param(HTML_503, [], OutcomeUnknown, "malformed", id="HTML for a deployment"),
        pytest.param("✘ [ERROR] Unknown argument: x", [], UsageError, "Unknown argument", id="usage"),
    ],
)
def test_a_failed_deploy_says_whose_fault_it_is(
    stub: Stub, stderr: str, entries: list[Any], error: type[BackstopError], says: str
) -> None:
    """The bot's build, the bot itself, the token, the network, the configuration."""
    stub.plan(entries, 1, stderr)

    with pytest.raises(error, match=says) as caught:
        stub.wrangler().deploy()

    assert error is type(caught.value)
    assert "\x1b" not in str(caught.value)
    assert "If you think this is a bug" not in str(caught.value)


def test_an_upload_that_loses_the_network_changed_nothing(stub: Stub) -> None:
    """A version that may exist is not what serves."""
    stub.plan([], 1, "Total Upload: 1 KiB\n✘ [ERROR] fetch failed")

    with pytest.raises(CouldNotLook) as caught:
        stub.wrangler().versions_upload()
    assert CouldNotLook is type(caught.value)


@pytest.mark.parametrize(
    ("command", "error"), [("deploy", OutcomeUnknown), ("versions_upload", CouldNotLook)]
)
def test_a_killed_wrangler_leaves_the_outcome_open(
    stub: Stub, command: str, error: type[CouldNotLook]
) -> None:
    """Out of memory, for one: a deployment may have been made, an upload changes nothing."""
    stub.plan([], -9)

    with pytest.raises(error, match="signal 9") as caught:
        getattr(stub.wrangler(), command)()
    assert error is type(caught.value)


def test_colours_are_taken_out() -> None:
    """NO_COLOR does not keep them out."""
    assert "✘ [ERROR] x" == plain("\x1b[31m✘ \x1b[41;31m[\x1b[41;97mERROR\x1b[41;31m]\x1b[0m x")
