"""Discord's API, its status page and Cloudflare's API, well and otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from tests.hostile.wire import HTML, JSON, Asked, Odd, always, answer, as_json, holding, keeping, once
from tests.unit.loopback import Serve

APPLICATION = "100000000000000002"
CHANNEL = "100000000000000001"
VERSION = "71570803-d6b0-4a51-b97f-42fadb8da7e1"

_ME = {"id": APPLICATION, "verify_key": "ab" * 32, "interactions_endpoint_url": "https://bot.example.com/"}
_COMMAND = {"id": "1", "name": "register", "type": 1, "options": [{"name": "tracker1", "type": 3}]}
_COMMANDS = [_COMMAND, {"id": "2", "name": "post", "type": 1}]
_STATUS = {"status": {"indicator": "none", "description": "All Systems Operational"}}
_MADE = "2026-01-31T12:00:00Z"
_DEPLOYMENT = {
    "id": "d1",
    "created_on": _MADE,
    "versions": [{"version_id": VERSION, "percentage": 100}],
}
_VERSION = {
    "id": VERSION,
    "number": 1,
    "metadata": {"created_on": _MADE},
    "annotations": {},
    "resources": {"bindings": [{"name": "DISCORD_TOKEN", "type": "secret_text"}]},
}
_PAGE = b"<html><body>A page where JSON was wanted</body></html>"
_DEEP = b"[" * 100_000
_NEARLY_TOO_DEEP = b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}"

_INFINITE = (
    b'{"success": true, "result": {"deployments": [{"id": "d1", "created_on": "2026-01-31T12:00:00Z", '
    b'"versions": [{"version_id": "'
    + VERSION.encode()
    + b'", "percentage": 1e999}]}], "items": [{"id": "'
    + VERSION.encode()
    + b'", "number": 1e999, "metadata": {"created_on": "2026-01-31T12:00:00Z"}}]}}'
)


def routes(known: Mapping[str, bytes], otherwise: bytes) -> Serve:
    """Answer by the end of the path, whatever stands before it."""

    def choose(asked: Asked) -> bytes:
        path = asked.path.partition("?")[0]
        return next((told for end, told in known.items() if path.endswith(end)), otherwise)

    return keeping(choose)


def _discord(**odd: object) -> Serve:
    """A well Discord, but for the members of its application, or its ``commands`` or ``messages``."""
    commands, messages = odd.pop("commands", _COMMANDS), odd.pop("messages", [])
    known = {
        "/applications/@me": as_json({**_ME, **odd}),
        "/commands": as_json(commands),
        "/messages": as_json(messages),
        "/status.json": as_json(_STATUS),
    }
    return routes(known, as_json({"message": "404: Not Found", "code": 0}, "404 Not Found"))


def _refusing(status: str, body: object, headers: bytes = JSON) -> Serve:
    return always(as_json(body, status, headers))


def _no_page(serve: Serve) -> Odd:
    """A status page that says nothing that can be used: that is said, and is no outage."""
    return Odd(serve, "discord.status", "degraded")


def _unknown(check: str, serve: Serve) -> Odd:
    """A service of which this check can say nothing."""
    return Odd(serve, check, "inconclusive")


WELL_DISCORD = _discord()
DISCORDS: dict[str, Odd] = {
    "200 HTML": _unknown("discord.token", always(answer(_PAGE, headers=HTML))),
    "502 HTML": _unknown("discord.token", always(answer(_PAGE, "502 Bad Gateway", HTML))),
    "401": Odd(_refusing("401 Unauthorized", {"message": "401: Unauthorized", "code": 0}), "discord.token"),
    "401 HTML": Odd(always(answer(_PAGE, "401 Unauthorized", HTML)), "discord.token"),
    "403": _unknown(
        "discord.token", _refusing("403 Forbidden", {"message": "Missing Access", "code": 50001})
    ),
    "429": _unknown("discord.token", _refusing("429 Too Many Requests", {})),
    "429 for ever": _unknown(
        "discord.token",
        _refusing(
            "429 Too Many Requests", {"retry_after": 1e300, "global": True}, JSON + b"Retry-After: 1e99\r\n"
        ),
    ),
    "429 for no number": _unknown(
        "discord.token", _refusing("429 Too Many Requests", [], JSON + b"Retry-After: nan\r\n")
    ),
    "500": _unknown(
        "discord.token", _refusing("500 Internal Server Error", {"message": "500: Internal Server Error"})
    ),
    "drops": _unknown("discord.token", once()),
    "no HTTP": _unknown("discord.token", once(b"I am no HTTP\r\n\r\n")),
    "empty 200": _unknown("discord.token", always(answer(b""))),
    "a list": _unknown("discord.token", always(as_json([_ME]))),
    "null": _unknown("discord.token", always(as_json(None))),
    "[[[[…": _unknown("discord.token", always(answer(_DEEP))),
    "nested 900 deep": _unknown("discord.token", always(answer(_NEARLY_TOO_DEEP))),
    "NaN": _unknown("discord.token", always(answer(b"NaN"))),
    "no id": _unknown("discord.token", _discord(id=None)),
    "odd id": _unknown("discord.token", _discord(id={"a": [1]})),
    "commands are an object": _unknown("discord.registered", _discord(commands={"register": _COMMAND})),
    "odd options": _unknown("discord.registered", _discord(commands=[{**_COMMAND, "options": 5}])),
    "odd option": _unknown(
        "discord.registered",
        _discord(commands=[{**_COMMAND, "options": [{"name": ["x"], "type": "3"}, 7, None]}]),
    ),
    "odd command": _unknown(
        "discord.registered", _discord(commands=[{"id": "1", "name": {"a": 1}, "type": [1]}])
    ),
    "odd messages": _unknown(
        "discord.commands.posted", _discord(messages=[{"id": "1", "content": {"a": 1}}, 5])
    ),
    "odd address": Odd(_discord(interactions_endpoint_url="http://["), "discord.endpoint"),
    "odd port": Odd(_discord(interactions_endpoint_url="http://x:99999/"), "discord.endpoint"),
    "address of odd type": _unknown(
        "discord.endpoint", _discord(interactions_endpoint_url=[1], verify_key={"a": 1})
    ),
    "lone surrogates": Odd(
        _discord(interactions_endpoint_url="https://\ud800/", verify_key="\udfff"), "discord.endpoint"
    ),
}
HANGING = holding()

STATUS_PAGES: dict[str, Odd] = {
    "HTML": _no_page(always(answer(_PAGE, headers=HTML))),
    "500": _no_page(_refusing("500 Internal Server Error", {})),
    "drops": _no_page(once()),
    "a list": _no_page(always(as_json([]))),
    "null": _no_page(always(as_json(None))),
    "odd indicator": _no_page(always(as_json({"status": {"indicator": 5, "description": []}}))),
    "unheard of": _no_page(always(as_json({"status": {"indicator": "purple", "description": {"a": 1}}}))),
    "[[[[…": _no_page(always(answer(_DEEP))),
    "nested 900 deep": _no_page(always(answer(b'{"status": ' + _NEARLY_TOO_DEEP + b"}"))),
}


def _cloudflare(**odd: object) -> Serve:
    """A well API, but for the result of one of its calls: ``deployments``, ``versions`` …"""
    results: dict[str, object] = {
        "deployments": {"deployments": [_DEPLOYMENT]},
        "versions": {"items": [_VERSION]},
        VERSION: _VERSION,
        "secrets": [{"name": "DISCORD_TOKEN"}],
        "tails": {"id": "t1", "url": "ws://127.0.0.1:1/", "expires_at": None},
        **odd,
    }
    known = {f"/{end}": as_json({"success": True, "result": result}) for end, result in results.items()}
    return routes(known, as_json({"success": True, "result": None}))


def _version(**odd: object) -> Serve:
    return _cloudflare(versions={"items": [{**_VERSION, **odd}]}, **{VERSION: {**_VERSION, **odd}})


WELL_CLOUDFLARE = _cloudflare()
CLOUDFLARES: dict[str, Odd] = {
    "200 HTML": _unknown("deployment.authenticated", always(answer(_PAGE, headers=HTML))),
    "502 HTML": _unknown("deployment.authenticated", always(answer(_PAGE, "502 Bad Gateway", HTML))),
    "401": _unknown(
        "deployment.authenticated",
        _refusing("401 Unauthorized", {"success": False, "errors": [{"code": 10000}]}),
    ),
    "403 of odd shape": _unknown(
        "deployment.authenticated", _refusing("403 Forbidden", {"success": "no", "errors": {"code": []}})
    ),
    "429": _unknown(
        "deployment.authenticated", _refusing("429 Too Many Requests", {}, JSON + b"Retry-After: 1e99\r\n")
    ),
    "no worker": Odd(
        _refusing("404 Not Found", {"success": False, "errors": [{"code": 10007, "message": []}]}),
        "deployment.authenticated",
    ),
    "errors of odd types": _unknown(
        "deployment.authenticated",
        _refusing("400 Bad Request", {"success": False, "errors": [5, None, [[]]]}),
    ),
    "drops": _unknown("deployment.authenticated", once()),
    "null": _unknown("deployment.authenticated", always(as_json(None))),
    "result null": _unknown("deployment.authenticated", always(as_json({"success": True, "result": None}))),
    "[[[[…": _unknown("deployment.authenticated", always(answer(_DEEP))),
    "nested 900 deep": _unknown(
        "deployment.authenticated", always(answer(b'{"success": true, "result": ' + _NEARLY_TOO_DEEP + b"}"))
    ),
    "no deployments": _unknown("deployment.authenticated", _cloudflare(deployments={"deployments": []})),
    "no versions": _unknown("deployment.latest", _cloudflare(versions={"items": []})),
    "deployments of odd types": _unknown(
        "deployment.authenticated", _cloudflare(deployments={"deployments": {"a": 1}})
    ),
    "shares of odd types": _unknown(
        "deployment.authenticated",
        _cloudflare(deployments={"deployments": [{**_DEPLOYMENT, "versions": [5]}]}),
    ),
    "number 1e999": _unknown("deployment.authenticated", keeping(lambda _: answer(_INFINITE))),
    "number of odd type": _unknown("deployment.latest", _version(number="one")),
    "secrets of odd types": _unknown("deployment.secrets", _cloudflare(secrets=[{"name": 5}])),
    "tail leads nowhere": _unknown("deployment.canary", _cloudflare(tails={"id": "t1", "url": "no address"})),
    "tail of another kind": _unknown(
        "deployment.canary", _cloudflare(tails={"id": "t1", "url": "http://[", "expires_at": "soon"})
    ),
}
