"""``wrangler rollback``: plain, across changed secrets, and with an answer that never comes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.support import Sandbox, Wrangler

GUARDED = """
? The following secrets have changed since version {old} was deployed. \
Please confirm you wish to continue with the rollback
  * ADDED
  * TOKEN
🤖 Using fallback value in non-interactive context: yes
"""


def test_rollback_to_a_version(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """A rollback makes a new deployment of the old version, and the edge follows."""
    old = sandbox.put(worker, "old")
    sandbox.deploy(worker, {sandbox.upload(worker, "bad"): 100})

    wrangler("rollback", old, "--message", "the reason")

    newest = sandbox.deployments(worker)[0]
    assert old == newest["versions"][0]["version_id"]
    assert "the reason" == newest["annotations"]["workers/message"]
    assert "old" == sandbox.ask(worker).json()["text"]


def test_rollback_across_changed_secrets_is_forced(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """Without a terminal wrangler answers the guard with force, after it has named the secrets on stdout."""
    old = sandbox.put(worker, "old")
    for name in ("ADDED", "TOKEN"):
        sandbox.result("PUT", f"{sandbox.script(worker)}/secrets", json={"name": name, "text": "later"})

    finished = wrangler("rollback", old, "--message", "r", "--yes")

    assert GUARDED.format(old=old) in finished.stdout
    assert "" == finished.stderr
    assert {old: 100} == sandbox.live(worker)
    assert "ADDED" not in sandbox.ask(worker).json()["env"]


def test_rollback_across_changed_secrets_asks_a_second_time(
    wrangler: Wrangler, sandbox: Sandbox, worker: str
) -> None:
    """What succeeds is a second request with force; when that one is refused, the rollback has failed."""
    old = sandbox.put(worker, "old")
    sandbox.result("PUT", f"{sandbox.script(worker)}/secrets", json={"name": "ADDED", "text": "later"})
    serving = sandbox.live(worker)
    no = {"success": False, "errors": [{"code": 10000, "message": "not today"}], "result": None}
    sandbox.set_fault("POST", rf"{worker}/deployments\?force=true$", {"status": 403, "body": no})

    refused = wrangler.attempt("rollback", old, "--message", "r", "--yes")

    assert 1 == refused.code
    assert "* ADDED" in refused.stdout
    assert "not today [code: 10000]" in refused.stderr
    assert serving == sandbox.live(worker)


@pytest.mark.parametrize(
    "answer",
    [{"drop": True, "done": True}, {"status": 502, "body": "<html>", "done": True}, {"truncated": True}],
)
def test_rollback_whose_answer_is_lost_fails_and_has_happened(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, answer: dict[str, Any]
) -> None:
    """Wrangler does not ask again: it ends with 1 while the old version serves, deployed once."""
    old = sandbox.put(worker, "old")
    sandbox.deploy(worker, {sandbox.upload(worker, "bad"): 100})
    before = len(sandbox.deployments(worker))
    sandbox.set_fault("POST", f"{worker}/deployments$", answer)

    lost = wrangler.attempt("rollback", old, "--message", "r", "--yes")

    assert 1 == lost.code
    assert {old: 100} == sandbox.live(worker)
    assert before + 1 == len(sandbox.deployments(worker))
