"""The unmodified, pinned wrangler against the sandbox: every command that the project stands on."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.contract.support import COMMAND_S, Sandbox, Wrangler, write_project

ASK_AGAIN_S = 0.3
READ_BYTES = 65536


def test_whoami_knows_the_account(wrangler: Wrangler, sandbox: Sandbox) -> None:
    """Wrangler accepts the token and names the account."""
    shown = wrangler("whoami").stdout

    assert sandbox.ready["account"] in shown
    assert "Sandbox" in shown


def test_first_deploy_serves_a_first_version(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A first deploy makes version and deployment 1 with its secrets, and the edge answers from it."""
    secrets = project / "secrets.json"
    secrets.write_text(json.dumps({"KEY": "from a file"}))

    wrangler("deploy", "--secrets-file", str(secrets))

    (deployment,) = sandbox.deployments(worker)
    version = deployment["versions"][0]["version_id"]
    answer = sandbox.ask(worker).json()
    assert [{"version_id": version, "percentage": 100}] == deployment["versions"]
    assert "wrangler" == deployment["source"]
    assert (version, "from a file") == (answer["version"], answer["env"]["KEY"])
    assert version == wrangler.output()[-1]["version_id"]


def test_second_deploy_keeps_secrets_and_says_why(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Secrets of before stay beside those of a file; tag and message are on version and deployment."""
    sandbox.put(worker, bindings=[{"name": "OLD", "type": "secret_text", "text": "from before"}])
    secrets = project / "secrets.json"
    secrets.write_text(json.dumps({"NEW": "from a file"}))
    write_project(project, worker, text="two")

    wrangler("deploy", "--tag", "v2", "--message", "the second", "--secrets-file", str(secrets))

    newest = sandbox.deployments(worker)[0]
    version = sandbox.result(
        "GET", f"{sandbox.script(worker)}/versions/{newest['versions'][0]['version_id']}"
    )
    env = sandbox.ask(worker).json()["env"]
    assert ("from before", "from a file") == (env["OLD"], env["NEW"])
    assert (version["id"], "v2") == (env["META"]["id"], env["META"]["tag"])
    assert ["the second"] * 2 == [each["annotations"]["workers/message"] for each in (version, newest)]
    assert 2 == version["number"]
    assert {"name": "NEW", "type": "secret_text"} in version["resources"]["bindings"]


def test_deploy_to_an_environment(wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path) -> None:
    """``--env`` deploys the environment's worker with its variables, and no other."""
    variables = '[env.staging.vars]\nWHERE = "staging"\nDEEP = { a = [1] }\n'
    extra = f'[env.staging]\nname = "{worker}-stage"\n{variables}'
    write_project(project, worker, extra=extra)

    wrangler("deploy", "--env", "staging")

    answer = sandbox.ask(f"{worker}-stage").json()
    assert {"WHERE": "staging", "DEEP": {"a": [1]}} == answer["env"]
    assert 404 == sandbox.control("GET", f"workers/{worker}").status_code


def test_crons_and_routes_are_recorded(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A project with a cron and routes deploys, and its crons can be read back."""
    routes = '["bot.example.com/*", { pattern = "other.example.com/*", zone_name = "example.com" }]'
    write_project(project, worker, extra=f'routes = {routes}\n[triggers]\ncrons = ["*/5 * * * *"]\n')

    shown = wrangler("deploy").stdout

    schedules = sandbox.result("GET", f"{sandbox.script(worker)}/schedules")["schedules"]
    assert ["*/5 * * * *"] == [each["cron"] for each in schedules]
    assert "bot.example.com/*" in shown
    assert "one" == sandbox.ask(worker).json()["text"]


def test_custom_domains_are_recorded(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A project with a custom domain deploys, and the account shows where the domain leads."""
    routes = f'[{{ pattern = "{worker}.example.com", custom_domain = true }}]'
    write_project(project, worker, extra=f"routes = {routes}\n")

    wrangler("deploy")

    (domain,) = sandbox.result("GET", f"workers/domains?service={worker}")
    assert (f"{worker}.example.com", "example.com") == (domain["hostname"], domain["zone_name"])


def test_versions_upload_does_not_deploy(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """An uploaded version serves nobody until it is deployed."""
    serving = sandbox.put(worker, "before")

    wrangler("versions", "upload", "--tag", "t", "--message", "m")

    uploaded = wrangler.output()[-1]["version_id"]
    written = sandbox.result("GET", f"{sandbox.script(worker)}/versions/{uploaded}")["annotations"]
    assert {serving: 100} == sandbox.live(worker)
    assert {"workers/tag": "t", "workers/message": "m", "workers/triggered_by": "upload"} == written


def test_versions_deploy_one_and_split(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """A version is deployed at 100 %, then two are deployed as a split."""
    first = sandbox.put(worker, "first")
    second = sandbox.upload(worker, "second")

    wrangler("versions", "deploy", f"{second}@100", "--yes", "--message", "all of it")
    all_of_it = sandbox.live(worker)
    wrangler("versions", "deploy", f"{first}@90", f"{second}@10", "--yes")

    assert {second: 100} == all_of_it
    assert {first: 90, second: 10} == sandbox.live(worker)
    assert "all of it" == sandbox.deployments(worker)[1]["annotations"]["workers/message"]


def test_versions_list_and_view(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """Both print JSON in which versions are found again."""
    first = sandbox.put(worker, "first")
    second = sandbox.upload(worker, "second", annotations={"workers/tag": "two"})

    listed = wrangler("versions", "list", "--json").json()
    viewed = wrangler("versions", "view", second, "--json").json()

    assert {first, second} == {each["id"] for each in listed}
    assert "two" == viewed["annotations"]["workers/tag"]
    assert ["fetch"] == viewed["resources"]["script"]["handlers"]


def test_deployments_list_and_status(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """For people and as JSON, the history and the current deployment are shown."""
    first = sandbox.put(worker, "first")
    second = sandbox.upload(worker, "second")
    sandbox.deploy(worker, {second: 100})

    listed = wrangler("deployments", "list", "--json").json()
    status = wrangler("deployments", "status", "--json").json()
    for_people = wrangler("deployments", "list").stdout, wrangler("deployments", "status").stdout

    assert [first, second] == [each["versions"][0]["version_id"] for each in listed]
    assert second == status["versions"][0]["version_id"]
    assert first in for_people[0]
    assert second in for_people[1]


def test_secret_commands(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """Put, bulk, delete and list change what the worker sees and never show a value."""
    sandbox.put(worker)

    wrangler("secret", "put", "A", stdin="first value")
    put = sandbox.ask(worker).json()["env"]
    wrangler("secret", "bulk", stdin=json.dumps({"A": None, "B": "second value", "C": "third value"}))
    wrangler("secret", "delete", "C")
    listed = wrangler("secret", "list").json()

    assert "first value" == put["A"]
    assert {"B": "second value"} == sandbox.ask(worker).json()["env"]
    assert [{"name": "B", "type": "secret_text"}] == listed
    assert ["secret"] * 3 == [
        each["annotations"]["workers/triggered_by"] for each in sandbox.deployments(worker)[:3]
    ]


def test_version_secret_put_makes_a_version_only(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """After a rollback secrets can only be put into a new version, which nothing serves yet."""
    old = sandbox.put(worker, "old")
    sandbox.upload(worker, "newer")

    refused = wrangler.attempt("secret", "put", "KEY", stdin="value")
    wrangler("versions", "secret", "put", "KEY", stdin="value")

    newest = sandbox.result("GET", f"{sandbox.script(worker)}/versions")["items"][0]
    assert 1 == refused.code
    assert "versions secret put" in refused.stderr
    assert [{"name": "KEY", "type": "secret_text"}] == newest["resources"]["bindings"]
    assert {old: 100} == sandbox.live(worker)


def test_secret_put_makes_a_missing_worker(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """A secret for a worker that was never deployed makes a draft of it first."""
    wrangler("secret", "put", "EARLY", stdin="value")

    assert [{"name": "EARLY", "type": "secret_text"}] == sandbox.result(
        "GET", f"{sandbox.script(worker)}/secrets"
    )


def test_tail_shows_events_with_their_version(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """An exception and a log line arrive with outcome, version and request."""
    version = sandbox.put(worker)
    with wrangler.running("tail", "--format", "json") as process:
        events = _tail(process, sandbox, worker)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=COMMAND_S)

    by_path = {each["event"]["request"]["url"].rpartition("/")[2]: each for each in events}
    assert {"seen", "throw"} <= by_path.keys()
    assert {version} == {each["scriptVersion"]["id"] for each in events}
    assert ("ok", ["marker", "/seen"]) == (by_path["seen"]["outcome"], by_path["seen"]["logs"][0]["message"])
    assert ("exception", "on request") == (
        by_path["throw"]["outcome"],
        by_path["throw"]["exceptions"][0]["message"],
    )


def _tail(process: subprocess.Popen[str], sandbox: Sandbox, worker: str) -> list[dict[str, Any]]:
    """Ask the worker until the tail has shown both outcomes: it never says that it is open."""
    assert process.stdout is not None
    shown, events = "", list[dict[str, Any]]()
    deadline = time.monotonic() + COMMAND_S
    while len({each["outcome"] for each in events}) < len(("ok", "exception")):
        assert time.monotonic() < deadline, f"the tail showed only {shown!r}"
        sandbox.ask(worker, "/seen")
        sandbox.ask(worker, "/throw")
        readable, _, _ = select.select([process.stdout], [], [], ASK_AGAIN_S)
        if readable:
            shown += os.read(process.stdout.fileno(), READ_BYTES).decode()
        events = _decoded(shown)
    return events


def _decoded(shown: str) -> list[dict[str, Any]]:
    """The whole events of a tail, which wrangler prints one after the other over many lines."""
    decoder, events, rest = json.JSONDecoder(), list[dict[str, Any]](), shown.lstrip()
    while rest:
        try:
            event, end = decoder.raw_decode(rest)
        except ValueError:
            break
        events.append(event)
        rest = rest[end:].lstrip()
    return events


def test_delete_ends_the_worker(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """A deleted worker is gone from the API and from the edge."""
    sandbox.put(worker)

    wrangler("delete", "--name", worker)

    assert 404 == sandbox.api("GET", f"{sandbox.script(worker)}/deployments").status_code
    assert 404 == sandbox.control("GET", f"workers/{worker}").status_code


def test_code_that_throws_at_start_up_is_refused(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Wrangler fails with the runtime's own message, and what served before still does."""
    serving = sandbox.put(worker)
    (project / "index.js").write_text('throw new Error("too early");\nexport default { fetch() {} };\n')

    refused = wrangler.attempt("deploy")

    assert 1 == refused.code
    assert "too early" in refused.stderr
    assert "10021" in refused.stderr
    assert {serving: 100} == sandbox.live(worker)


def test_bindings_that_cannot_be_served_are_named(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A project with an R2 bucket is refused loudly, not deployed without it, with the line that helps."""
    write_project(project, worker, extra='r2_buckets = [{ binding = "FILES", bucket_name = "files" }]\n')

    refused = wrangler.attempt("deploy")

    assert 1 == refused.code
    assert 'FILES (r2_bucket) → stub = ["FILES"]' in refused.stderr
    assert 404 == sandbox.control("GET", f"workers/{worker}").status_code
