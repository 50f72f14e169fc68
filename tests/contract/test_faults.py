"""The API misbehaves as it was told, as often as it was told."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import httpx
import pytest

from tests.contract.support import Sandbox

LOST = [{"hang_s": 0.1}, {"status": 503, "body": "busy"}, {"drop": True}]


def test_another_answer(sandbox: Sandbox) -> None:
    """A status with a body, once."""
    sandbox.set_fault("GET", "/workers/subdomain$", {"status": 503, "body": {"odd": 1}})

    answers = [sandbox.api("GET", "workers/subdomain") for _ in range(2)]

    assert [503, 200] == [each.status_code for each in answers]
    assert {"odd": 1} == answers[0].json()


def test_hang(sandbox: Sandbox) -> None:
    """No answer in the time, and then that it took too long."""
    sandbox.set_fault("GET", "/user$", {"hang_s": 0.3})

    started = time.monotonic()
    answer = sandbox.api("GET", "/user")

    assert 504 == answer.status_code
    assert time.monotonic() - started >= 0.3


def test_drop(sandbox: Sandbox) -> None:
    """The connection is reset."""
    sandbox.set_fault("*", "/user$", {"drop": True})

    with pytest.raises(httpx.TransportError):
        sandbox.api("GET", "/user")


@pytest.mark.parametrize("answer", LOST)
def test_what_is_not_answered_is_not_done(sandbox: Sandbox, worker: str, answer: dict[str, Any]) -> None:
    """Unless it is said otherwise, the request is lost with its answer."""
    old, new = sandbox.put(worker, "old"), sandbox.upload(worker, "new")
    sandbox.set_fault("POST", f"{worker}/deployments", answer)

    with suppress(httpx.TransportError):
        assert sandbox.deploy(worker, {new: 100}).status_code > 500

    assert {old: 100} == sandbox.live(worker)
    assert 1 == len(sandbox.deployments(worker))


@pytest.mark.parametrize("answer", LOST)
def test_what_is_not_answered_may_be_done(sandbox: Sandbox, worker: str, answer: dict[str, Any]) -> None:
    """With ``done`` only the answer is lost: the API and the edge have the new version."""
    sandbox.put(worker, "old")
    new = sandbox.upload(worker, "new")
    sandbox.set_fault("POST", f"{worker}/deployments", {**answer, "done": True})

    with suppress(httpx.TransportError):
        assert sandbox.deploy(worker, {new: 100}).status_code > 500

    assert {new: 100} == sandbox.live(worker)
    assert new == sandbox.serving(worker)


def test_lie(sandbox: Sandbox, worker: str) -> None:
    """The answer is that of success, and nothing has happened: neither here nor at the edge."""
    old, new = sandbox.put(worker, "old"), sandbox.upload(worker, "new")
    sandbox.set_fault("POST", f"{worker}/deployments", {"lie": True})

    answer = sandbox.deploy(worker, {new: 100})

    assert new == answer.json()["result"]["versions"][0]["version_id"]
    assert 1 == len(sandbox.deployments(worker))
    assert {old: 100} == sandbox.live(worker)


def test_a_stale_history_lacks_its_newest_entry(sandbox: Sandbox, worker: str) -> None:
    """It is answered as it was before, once; the count of entries as well."""
    old, new = sandbox.put(worker, "old"), sandbox.upload(worker, "new")
    sandbox.deploy(worker, {new: 100})
    sandbox.set_fault("GET", f"{worker}/deployments$", {"stale": True})

    stale = sandbox.api("GET", f"{sandbox.script(worker)}/deployments").json()

    assert [old] == [each["versions"][0]["version_id"] for each in stale["result"]["deployments"]]
    assert 1 == stale["result_info"]["total_count"]
    assert new == sandbox.serving(worker)


def test_only_a_history_can_be_stale(sandbox: Sandbox, worker: str) -> None:
    """Everything else is done and answered as ever."""
    sandbox.put(worker, "old")
    new = sandbox.upload(worker, "new")
    sandbox.set_fault("*", worker, {"stale": True}, times=3)

    deployed = sandbox.deploy(worker, {new: 100}).json()["result"]["id"]
    one = sandbox.result("GET", f"{sandbox.script(worker)}/deployments/{deployed}")
    versions = sandbox.result("GET", f"{sandbox.script(worker)}/versions")["items"]

    assert deployed == one["id"]
    assert new == versions[0]["id"]
    assert new == sandbox.serving(worker)


def test_a_truncated_answer_seems_whole(sandbox: Sandbox, worker: str) -> None:
    """Its length and type are right, its JSON is not, and what was asked for is done."""
    sandbox.put(worker, "old")
    new = sandbox.upload(worker, "new")
    sandbox.set_fault("POST", f"{worker}/deployments", {"truncated": True})

    answer = sandbox.deploy(worker, {new: 100})

    assert (200, "application/json") == (answer.status_code, answer.headers["content-type"])
    assert str(len(answer.content)) == answer.headers["content-length"]
    assert answer.text.startswith('{"success": true')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()
    assert {new: 100} == sandbox.live(worker)


def test_the_first_requests_may_pass(sandbox: Sandbox, worker: str) -> None:
    """A fault that skips two acts at the third of its requests, and at that one only."""
    sandbox.put(worker)
    sandbox.set_fault("GET", f"{worker}/deployments$", {"status": 503}, skip=2)

    sandbox.api("GET", f"{sandbox.script(worker)}/versions")
    answers = [sandbox.api("GET", f"{sandbox.script(worker)}/deployments") for _ in range(4)]

    assert [200, 200, 503, 200] == [each.status_code for each in answers]


def test_faults_act_one_after_the_other(sandbox: Sandbox) -> None:
    """The first that fits acts; what it took, the next does not count, even one that is its like."""
    body = {"faults": [{"path": "/user$", "answer": {"status": status}} for status in (501, 502, 502)]}
    sandbox.control("PUT", "api-faults", json=body)

    answers = [sandbox.api("GET", "/user") for _ in range(4)]

    assert [501, 502, 502, 200] == [each.status_code for each in answers]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ([], "a fault must be an object"),
        ({"answer": {"lie": True}}, "method and path must be texts"),
        ({"path": "(", "answer": {"lie": True}}, "'('"),
        ({"path": "", "answer": {"lie": True}, "after": 1}, "a fault has no after"),
        ({"path": "", "answer": {"lie": True}, "skip": -1}, "skip must be a whole number of 0 or more"),
        ({"path": "", "answer": {"lie": True}, "times": "1"}, "times must be a whole number of 0 or more"),
        ({"path": ""}, "an answer must be an object"),
        ({"path": "", "answer": {}}, "exactly one of hang_s, status, drop, lie, stale, truncated"),
        ({"path": "", "answer": {"lie": True, "drop": True}}, "exactly one of"),
        ({"path": "", "answer": {"hangs": 1}}, "an answer has no hangs"),
        ({"path": "", "answer": {"lie": True, "done": True}}, "done does not go with lie"),
        ({"path": "", "answer": {"stale": True, "done": True}}, "done does not go with stale"),
        ({"path": "", "answer": {"drop": True, "done": 1}}, "done must be true or false"),
        ({"path": "", "answer": {"truncated": False}}, "truncated must be true"),
        ({"path": "", "answer": {"hang_s": "1"}}, "hang_s must be a number of 0 or more"),
        ({"path": "", "answer": {"status": 99}}, "status must be a whole number from 200 to 599"),
    ],
)
def test_a_wrong_fault_is_refused(sandbox: Sandbox, fault: object, said: str) -> None:
    """With a sentence that shows it and says what is wrong; what was set before stays set."""
    sandbox.set_fault("GET", "/user$", {"status": 503})

    answer = sandbox.control("PUT", "api-faults", json={"faults": [fault]})

    assert 400 == answer.status_code
    assert said in answer.json()["error"]
    assert repr(fault) in answer.json()["error"]
    assert 503 == sandbox.api("GET", "/user").status_code
