"""Cloudflare's API: answers become values, and everything else says what it is."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.refusals import ApiRefused, NoSuchWorker, NotPermitted
from backstop.model.errors import CouldNotLook, Unconfirmed
from backstop.model.target import Secret
from backstop.model.version import Binding, Share, VersionId
from backstop.probes.limits import Limits
from backstop.probes.rest import OutcomeUnknown, RateLimited, ServerFailed
from tests.unit.loopback import Canned, RawServer, api, saying, stalling

OLD = VersionId("71570803-d6b0-4a51-b97f-42fadb8da7e1")
NEW = VersionId("190f9b47-003b-4860-b1c5-cd75d8818148")
TOKEN = Secret("CLOUDFLARE_API_TOKEN", "tok-en")
QUICK = Limits(total=0.3, connect=0.2)
SCRIPT = "/accounts/acc/workers/scripts/bot"
DEPLOYMENTS = f"GET {SCRIPT}/deployments"
DEPLOYMENT = {
    "id": "aa814baf-7780-429b-bb9e-a562bac13a64",
    "source": "wrangler",
    "strategy": "percentage",
    "author_email": "dev@example.com",
    "annotations": {"workers/message": "m", "workers/triggered_by": "deployment"},
    "versions": [{"version_id": NEW, "percentage": 90}, {"version_id": OLD, "percentage": 10.5}],
    "created_on": "2026-01-31T12:00:00.123456Z",
}
VERSION = {
    "id": OLD,
    "number": 7,
    "metadata": {"created_on": "2026-01-31T11:00:00Z", "author_email": "dev@example.com"},
    "annotations": {"workers/triggered_by": "upload", "workers/message": "good", "workers/tag": "v7"},
    "resources": {
        "script": {"etag": "e7", "handlers": ["fetch", "scheduled"]},
        "script_runtime": {"compatibility_date": "2026-01-01", "compatibility_flags": ["nodejs_compat"]},
        "bindings": [
            {"name": "ENVIRONMENT", "type": "plain_text", "text": "staging"},
            {"name": "DISCORD_TOKEN", "type": "secret_text"},
            {"name": "LIMITS", "type": "json", "json": {"a": 1}},
        ],
    },
}


def _ok(result: object) -> tuple[int, object]:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}


def _error(status: int, code: int | str, message: str = "no") -> tuple[int, object]:
    errors = [{"code": code, "message": message}]
    return status, {"success": False, "errors": errors, "messages": [], "result": None}


def _cloudflare(canned: Canned) -> CloudflareApi:
    return CloudflareApi(canned.url, TOKEN, "acc", QUICK)


def test_deployments_are_newest_first_with_their_shares() -> None:
    """In the order of the API, whose first entry serves."""
    older = {**DEPLOYMENT, "id": "older", "versions": [{"version_id": OLD, "percentage": 100}]}
    with (
        api({DEPLOYMENTS: _ok({"deployments": [DEPLOYMENT, older]})}) as canned,
        _cloudflare(canned) as cloudflare,
    ):
        head, before = cloudflare.deployments("bot")

    assert (Share(NEW, 90), Share(OLD, 10.5)) == head.shares
    assert (None, OLD) == (head.only_version, before.only_version)
    assert ("m", "deployment", "wrangler", "dev@example.com") == (
        head.message,
        head.triggered_by,
        head.source,
        head.author,
    )
    assert datetime(2026, 1, 31, 12, 0, 0, 123456, UTC) == head.created
    assert "Bearer tok-en" == canned.seen[0][0]["authorization"]


def test_a_version_is_read_in_full() -> None:
    """With what a plan compares: bindings, secrets, runtime, etag."""
    with api({f"GET {SCRIPT}/versions/{OLD}": _ok(VERSION)}) as canned, _cloudflare(canned) as cloudflare:
        version = cloudflare.version("bot", OLD)

    assert (OLD, 7, "v7", "good", "upload", "e7") == (
        version.id,
        version.number,
        version.tag,
        version.message,
        version.triggered_by,
        version.etag,
    )
    assert ("fetch", "scheduled") == version.handlers
    assert ("2026-01-01", ("nodejs_compat",)) == (version.compatibility_date, version.compatibility_flags)
    assert frozenset({"DISCORD_TOKEN"}) == version.secret_names
    assert Binding("ENVIRONMENT", "plain_text", "staging") == replace(version.bindings[0], digest="")
    assert version.bindings[2].text is None


def test_bindings_may_be_wrapped_in_an_object() -> None:
    """Some versions of the API do so."""
    wrapped: dict[str, Any] = deepcopy(VERSION)
    wrapped["resources"]["bindings"] = {"result": wrapped["resources"]["bindings"]}
    with api({f"GET {SCRIPT}/versions/{OLD}": _ok(wrapped)}) as canned, _cloudflare(canned) as cloudflare:
        assert 3 == len(cloudflare.version("bot", OLD).bindings)


def test_what_may_be_missing_may_be_missing() -> None:
    """Lists carry no resources, and not every version has notes."""
    bare = {"id": OLD, "number": 8, "metadata": {"created_on": "2026-01-31T11:00:00Z"}, "resources": None}
    path = f"GET {SCRIPT}/versions?deployable=true"
    with api({path: _ok({"items": [bare, VERSION]})}) as canned, _cloudflare(canned) as cloudflare:
        first, second = cloudflare.versions("bot")

    assert ("", "", (), "") == (first.author, first.etag, first.bindings, first.message)
    assert "v7" == second.tag


def test_names_are_quoted_in_paths() -> None:
    """A worker's name can't reach another endpoint."""
    with api({}) as canned, _cloudflare(canned) as cloudflare, pytest.raises(CouldNotLook):
        cloudflare.secret_names("../x?y")
    assert ["GET /accounts/acc/workers/scripts/..%2Fx%3Fy/secrets"] == canned.asked


def test_secret_names_are_read_and_values_written() -> None:
    """Values go out in one merge patch."""
    answers = {
        f"GET {SCRIPT}/secrets": _ok(
            [{"name": "A", "type": "secret_text"}, {"name": "B", "type": "secret_text"}]
        ),
        f"PATCH {SCRIPT}/secrets-bulk": _ok(None),
    }
    with api(answers) as canned, _cloudflare(canned) as cloudflare:
        assert frozenset({"A", "B"}) == cloudflare.secret_names("bot")
        cloudflare.put_secrets("bot", {"A": Secret("A", "v")})

    headers, body = canned.seen[1]
    assert "application/merge-patch+json" == headers["content-type"]
    assert {"secrets": {"A": {"name": "A", "text": "v", "type": "secret_text"}}} == json.loads(body)


@pytest.mark.parametrize("force", [False, True])
def test_a_deployment_is_made(force: bool) -> None:
    """With its shares and message, over changed secrets only when forced."""
    path = f"POST {SCRIPT}/deployments" + ("?force=true" if force else "")
    with api({path: _ok(DEPLOYMENT)}) as canned, _cloudflare(canned) as cloudflare:
        made = cloudflare.deploy_version("bot", (Share(OLD, 100),), "why", force=force)

    assert DEPLOYMENT["id"] == made
    sent = json.loads(canned.seen[0][1])
    assert [{"version_id": OLD, "percentage": 100}] == sent["versions"]
    assert ("percentage", {"workers/message": "why"}) == (sent["strategy"], sent["annotations"])


def test_tails_are_made_and_deleted() -> None:
    """The ticket says where to connect to."""
    answers = {
        f"POST {SCRIPT}/tails": _ok(
            {"id": "t1", "url": "ws://127.0.0.1:1/ws", "expires_at": "2026-01-31T12:00:00Z"}
        ),
        f"DELETE {SCRIPT}/tails/t1": _ok(None),
    }
    with api(answers) as canned, _cloudflare(canned) as cloudflare:
        ticket = cloudflare.create_tail("bot", [{"sampling_rate": 1}])
        cloudflare.delete_tail("bot", ticket.id)

    assert ("t1", "ws://127.0.0.1:1/ws") == (ticket.id, ticket.url)
    assert {"filters": [{"sampling_rate": 1}]} == json.loads(canned.seen[0][1])
    assert list(answers) == canned.asked


def test_a_worker_without_a_deployment_is_no_look() -> None:
    """There is no head to read."""
    with (
        api({DEPLOYMENTS: _ok({"deployments": []})}) as canned,
        _cloudflare(canned) as cloudflare,
        pytest.raises(CouldNotLook, match="no deployment"),
    ):
        cloudflare.deployments("bot")


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (_error(404, 10007, "This Worker does not exist"), NoSuchWorker, "does not exist"),
        (_error(404, 10090), NoSuchWorker, "CLOUDFLARE_ACCOUNT_ID"),
        (_error(401, 10000, "Authentication error"), NotPermitted, "Workers Scripts: Read"),
        (_error(403, 9109, "Unauthorized"), NotPermitted, "dash.cloudflare.com"),
        ((403, b"<html>denied</html>"), NotPermitted, "denied"),
        (_error(400, 10220, "secrets have changed"), ApiRefused, "10220"),
        (_error(200, 0, "odd"), ApiRefused, "odd"),
        ((400, {"success": False, "errors": "none"}), ApiRefused, "400"),
        ((400, {"success": False, "errors": [None]}), ApiRefused, "400"),
        (_error(429, 10429), RateLimited, "too many"),
        (_error(500, 10001), ServerFailed, "500"),
        ((502, b"<html>bad gateway</html>"), ServerFailed, "bad gateway"),
        ((200, b"<html>log in</html>"), CouldNotLook, "no JSON"),
        ((200, b'{"success": true, "resu'), CouldNotLook, "no JSON"),
        ((200, b""), CouldNotLook, "no API answer"),
        ((200, []), CouldNotLook, "no API answer"),
        ((200, {"success": "yes"}), CouldNotLook, "no API answer"),
        ((200, {"success": True}), CouldNotLook, "wanted an object"),
        ((307, b""), CouldNotLook, "answered 307, a redirect to somewhere; the token does not follow it"),
        (_ok({}), CouldNotLook, "result.deployments is None; wanted a list"),
        (_ok({"deployments": None}), CouldNotLook, "result.deployments is None; wanted a list"),
        (_error(404, "10007", "no such worker"), NoSuchWorker, "10007"),
        (_error(400, "0x10", "odd"), ApiRefused, "odd"),
        (_ok({"deployments": "none"}), CouldNotLook, "result.deployments is 'none'; wanted a list"),
        (_ok({"deployments": [{}]}), CouldNotLook, r"deployments\[0\].id is None; wanted text"),
        (
            _ok({"deployments": [{**DEPLOYMENT, "created_on": "today"}]}),
            CouldNotLook,
            "'today'; wanted a time",
        ),
        (_ok({"deployments": [{**DEPLOYMENT, "created_on": 7}]}), CouldNotLook, "7; wanted text"),
        (_ok({"deployments": [{**DEPLOYMENT, "annotations": []}]}), CouldNotLook, "wanted an object"),
        (
            _ok({"deployments": [{**DEPLOYMENT, "versions": [{"version_id": "x", "percentage": 1}]}]}),
            CouldNotLook,
            "'x'; wanted a version id",
        ),
        (
            _ok({"deployments": [{**DEPLOYMENT, "versions": [{"version_id": OLD, "percentage": True}]}]}),
            CouldNotLook,
            "True; wanted a number",
        ),
        (
            _ok({"deployments": [{**DEPLOYMENT, "versions": [{"version_id": OLD, "percentage": "nan"}]}]}),
            CouldNotLook,
            "'nan'; wanted a number",
        ),
    ],
)
def test_every_other_answer_says_what_it_is(
    answer: tuple[int, object], error: type[CouldNotLook], says: str
) -> None:
    """What was found stands in the message, and what to do in the remedy."""
    with (
        api({DEPLOYMENTS: answer}) as canned,
        _cloudflare(canned) as cloudflare,
        pytest.raises(error, match=says) as caught,
    ):
        cloudflare.deployments("bot")
    assert error is type(caught.value)
    assert "tok-en" not in str(caught.value)


def test_the_code_of_a_refusal_can_be_read() -> None:
    """A caller may want to force a deployment over changed secrets."""
    with (
        api(
            {f"POST {SCRIPT}/deployments": _error(400, 10220, "The following secrets have changed: A")}
        ) as canned,
        _cloudflare(canned) as cloudflare,
        pytest.raises(ApiRefused) as caught,
    ):
        cloudflare.deploy_version("bot", (Share(OLD, 100),), "m")
    assert (400, 10220) == (caught.value.status, caught.value.code)


Write = Callable[[CloudflareApi], object]
WRITES: list[Write] = [
    lambda cloudflare: cloudflare.deploy_version("bot", (Share(OLD, 100),), "m"),
    lambda cloudflare: cloudflare.put_secrets("bot", {"A": Secret("A", "v")}),
]


@pytest.mark.parametrize("write", WRITES, ids=["deploy", "secrets"])
@pytest.mark.parametrize(
    "serve", [stalling, saying(b""), saying(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")]
)
def test_a_write_without_an_answer_may_have_been_done(write: Write, serve: Callable[[Any], None]) -> None:
    """It is sent once, and the error is both: not known, and not confirmed."""
    with RawServer(serve) as server, CloudflareApi(server.url, TOKEN, "acc", QUICK) as cloudflare:
        with pytest.raises(OutcomeUnknown, match="it may have been done") as caught:
            write(cloudflare)
        assert 1 == server.connections
    assert isinstance(caught.value, CouldNotLook)
    assert isinstance(caught.value, Unconfirmed)
    assert Unconfirmed.ending == caught.value.ending


def test_an_api_that_hangs_is_no_look_in_time() -> None:
    """A time-out is not tried again."""
    with RawServer(stalling) as server, CloudflareApi(server.url, TOKEN, "acc", QUICK) as cloudflare:
        with pytest.raises(CouldNotLook, match="timed out"):
            cloudflare.deployments("bot")
        assert 1 == server.connections


def test_a_read_that_fails_quickly_is_tried_again() -> None:
    """A gateway's 502 in the night does not end a rollback."""
    ok = json.dumps(_ok([{"name": "A", "type": "secret_text"}])[1]).encode()
    replies = [
        b"HTTP/1.1 502 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ok), ok),
    ]

    def serve(connection: socket.socket) -> None:
        saying(replies.pop(0))(connection)

    with RawServer(serve) as server, CloudflareApi(server.url, TOKEN, "acc", QUICK) as cloudflare:
        assert frozenset({"A"}) == cloudflare.secret_names("bot")
