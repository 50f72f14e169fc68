"""What the API double means, asked over plain HTTP."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.contract.support import WORKER, Sandbox, code_of

VERSION_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SECRET = {"name": "KEY", "type": "secret_text", "text": "the hidden text"}


def test_identical_code_has_an_identical_etag(sandbox: Sandbox, worker: str) -> None:
    """Versions differ by their ids, their code by its etag."""
    ids = [sandbox.put(worker, "same"), sandbox.upload(worker, "same"), sandbox.upload(worker, "other")]

    versions = [sandbox.result("GET", f"{sandbox.script(worker)}/versions/{each}") for each in ids]
    etags = [each["resources"]["script"]["etag"] for each in versions]

    assert all(VERSION_ID.fullmatch(each) for each in ids)
    assert etags[0] == etags[1] != etags[2]
    assert [1, 2, 3] == [each["number"] for each in versions]


@pytest.mark.parametrize(
    ("header", "path", "expected"),
    [
        ({}, "workers/subdomain", (401, 10000)),
        ({"Authorization": "Bearer nobody"}, "workers/subdomain", (401, 10000)),
        ({"Authorization": "Bearer nobody"}, "/user", (403, 9109)),
    ],
)
def test_bad_tokens_are_refused(
    sandbox: Sandbox, header: dict[str, str], path: str, expected: tuple[int, int]
) -> None:
    """Without a token, or with one that nobody issued, nothing is told."""
    below = path if path.startswith("/") else f"/accounts/{sandbox.ready['account']}/{path}"

    answer = sandbox.http.get(sandbox.ready["api"] + below, headers=header)

    assert expected == code_of(answer)


def test_another_account_is_refused(sandbox: Sandbox) -> None:
    """A token is good for its own account only."""
    assert (403, 10000) == code_of(sandbox.api("GET", f"/accounts/{'0' * 32}/workers/subdomain"))


def test_missing_things_are_404(sandbox: Sandbox, worker: str) -> None:
    """A worker, a service and a version that do not exist have codes that wrangler knows."""
    missing = sandbox.api("GET", f"{sandbox.script(worker)}/versions")
    service = sandbox.api("GET", f"workers/services/{worker}")
    sandbox.put(worker)
    other = sandbox.put(f"{worker}-b")
    version = sandbox.api("GET", f"{sandbox.script(worker)}/versions/{other}")

    assert (404, 10007) == code_of(missing)
    assert (404, 10090) == code_of(service)
    assert (404, 100146) == code_of(version)
    assert (404, 100146) == code_of(sandbox.deploy(worker, {other: 100}))


@pytest.mark.parametrize("parts", [(60.0, 30.0), (110.0, -10.0), (100.0, 0.0, 0.0), ()])
def test_impossible_shares_are_refused(sandbox: Sandbox, worker: str, parts: tuple[float, ...]) -> None:
    """At most two versions, and percentages of 100 in sum."""
    ids = [sandbox.put(worker, "a"), sandbox.upload(worker, "b"), sandbox.upload(worker, "c")]

    answer = sandbox.deploy(worker, dict(zip(ids, parts, strict=False)))

    assert 400 == answer.status_code
    assert {ids[0]: 100} == sandbox.live(worker)


def test_a_version_may_serve_nobody(sandbox: Sandbox, worker: str) -> None:
    """A share of 0 % is a share: the override header reaches it."""
    old, new = sandbox.put(worker, "old"), sandbox.upload(worker, "new")

    assert 200 == sandbox.deploy(worker, {old: 0, new: 100}).status_code
    assert {old: 0, new: 100} == sandbox.live(worker)


def test_secrets_of_an_upload_are_kept_where_asked(sandbox: Sandbox, worker: str) -> None:
    """``keep_bindings`` carries secrets over from the latest version; without it they are gone."""
    sandbox.put(worker, bindings=[SECRET])
    kept = sandbox.upload(worker, "two", keep_bindings=["secret_text"])
    lost = sandbox.upload(worker, "three")

    bindings = [
        sandbox.result("GET", f"{sandbox.script(worker)}/versions/{each}")["resources"]["bindings"]
        for each in (kept, lost)
    ]

    assert [[{"name": "KEY", "type": "secret_text"}], []] == bindings


def test_no_endpoint_tells_a_secret(sandbox: Sandbox, worker: str) -> None:
    """Not one answer about the worker holds the text of its secret."""
    version = sandbox.put(worker, bindings=[SECRET])
    script = sandbox.script(worker)
    paths = ("secrets", "secrets/KEY", "settings", "versions", f"versions/{version}", "deployments")

    answers = [sandbox.api("GET", f"{script}/{path}") for path in paths]
    answers += [
        sandbox.api("PUT", f"{script}/secrets", json=SECRET),
        sandbox.api("GET", f"workers/services/{worker}"),
    ]

    assert [200] * len(answers) == [each.status_code for each in answers]
    assert not [each.text for each in answers if SECRET["text"] in each.text]
    assert SECRET["text"] == sandbox.ask(worker).json()["env"]["KEY"]


def test_a_rollback_across_changed_secrets_needs_force(sandbox: Sandbox, worker: str) -> None:
    """The API names the secrets; forced, it lets the old version serve with its own."""
    old = sandbox.put(worker, bindings=[SECRET])
    sandbox.result("PUT", f"{sandbox.script(worker)}/secrets", json={**SECRET, "text": "changed"})

    refused = sandbox.deploy(worker, {old: 100})
    forced = sandbox.deploy(worker, {old: 100}, "?force=true")

    assert (400, 10220) == code_of(refused)
    assert "The following secrets have changed: KEY" in refused.json()["errors"][0]["message"]
    assert 200 == forced.status_code
    assert SECRET["text"] == sandbox.ask(worker).json()["env"]["KEY"]


def test_a_newer_version_with_changed_secrets_needs_no_force(sandbox: Sandbox, worker: str) -> None:
    """The guard is about going back; a deploy may bring its own secrets."""
    sandbox.put(worker, bindings=[SECRET])
    newer = sandbox.upload(worker, "two", bindings=[{**SECRET, "text": "changed"}])

    assert 200 == sandbox.deploy(worker, {newer: 100}).status_code


def test_secrets_cannot_change_after_a_rollback(sandbox: Sandbox, worker: str) -> None:
    """While something else than the latest version serves, a secret can't be put."""
    old = sandbox.put(worker, "old")
    sandbox.deploy(worker, {sandbox.upload(worker, "new"): 100})
    sandbox.deploy(worker, {old: 100})

    answer = sandbox.api("PUT", f"{sandbox.script(worker)}/secrets", json=SECRET)

    assert (400, 10215) == code_of(answer)


def test_handlers_are_those_of_the_code(sandbox: Sandbox, worker: str) -> None:
    """What the default export handles is asked of the runtime, also for a class."""
    code = """import { WorkerEntrypoint } from "cloudflare:workers";
    export default class extends WorkerEntrypoint { fetch() { return new Response("x"); } scheduled() {} }"""
    version = sandbox.put(worker, code=code)

    shown = sandbox.result("GET", f"{sandbox.script(worker)}/versions/{version}")

    assert ["fetch", "scheduled"] == shown["resources"]["script"]["handlers"]


@pytest.mark.parametrize(
    ("code", "expected", "words"),
    [
        ("export default {", 10021, "SyntaxError"),
        ("undefined.x; export default { fetch() {} };", 10021, "TypeError"),
        ("export default { other() {} };", 10068, "event handlers"),
    ],
)
def test_code_that_cannot_run_is_refused(
    sandbox: Sandbox, worker: str, code: str, expected: int, words: str
) -> None:
    """With the runtime's message, and no version is made of it."""
    sandbox.put(worker)

    answer = sandbox.api("POST", f"{sandbox.script(worker)}/versions", files=_form(code))

    assert (400, expected) == code_of(answer)
    assert words in answer.json()["errors"][0]["message"]
    assert 1 == len(sandbox.result("GET", f"{sandbox.script(worker)}/versions")["items"])


def test_all_that_cannot_be_served_is_named(sandbox: Sandbox, worker: str) -> None:
    """Bindings and other wishes are refused together, and nothing is made."""
    bindings = [{"name": "DB", "type": "d1", "id": "x"}, {"name": "AI", "type": "ai"}]
    form = _form(WORKER.format(text="x"), bindings=bindings, containers=[{"class_name": "X"}])

    answer = sandbox.api("PUT", sandbox.script(worker), files=form)

    message = answer.json()["errors"][0]["message"]
    assert 400 == answer.status_code
    assert 'The sandbox can\'t serve DB (d1), AI (ai), containers → stub = ["AI", "DB"]' in message
    assert 404 == sandbox.api("GET", f"{sandbox.script(worker)}/versions").status_code


def _form(code: str, **metadata: Any) -> dict[str, Any]:
    described = json.dumps({"main_module": "index.js", "compatibility_date": "2026-01-01", **metadata})
    module = ("index.js", code, "application/javascript+module")
    return {"metadata": (None, described, "application/json"), "index.js": module}
