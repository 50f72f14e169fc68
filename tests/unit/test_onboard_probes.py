"""What ``backstop init`` concludes from a bot's answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from backstop.discord.signer import Signer
from backstop.model.target import HealthExpectation
from backstop.onboard.commands import Candidate, CommandFound, candidates, find_commands
from backstop.onboard.health import find_health
from backstop.onboard.interactions import find_interactions
from backstop.onboard.paths import beneath, health_paths, interactions_paths
from backstop.probes.prober import Prober
from tests.unit.loopback import RawServer, api, read_request

PATHS = ("/", "/health", "/healthz")
SIGNER = Signer("07" * 32)
Answers = dict[str, tuple[int, object]]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"GET /": (200, {"status": "healthy"})}, HealthExpectation("/", json=(("status", "healthy"),))),
        ({"GET /healthz": (200, b"all is well\n")}, HealthExpectation("/healthz", text="all is well")),
        (
            {"GET /": (200, b"hello"), "GET /health": (200, {"up": 7, "ok": True})},
            HealthExpectation("/health", json=(("ok", True),)),
        ),
        ({"GET /": (200, b"bot 1234567 here")}, HealthExpectation("/", text="here")),
        ({"GET /health": (503, {"status": "ok"})}, None),
        ({"GET /health": (200, {"status": "degraded"})}, HealthExpectation("/health")),
        ({}, None),
    ],
)
def test_health_is_what_the_bot_says_of_itself(answers: Answers, expected: HealthExpectation | None) -> None:
    """JSON that says it is well, else a path that is there for it, else what is plain and stays."""
    with api(answers) as canned, Prober(canned.url) as prober:
        found = find_health(prober, PATHS)

    assert expected == found.expectation


def test_what_is_answered_everywhere_is_no_health_path() -> None:
    """A bot that says hello on every path says it on the first."""
    with serving(lambda _method, path, _request: (200, f"hello {path}".encode())) as prober:
        found = find_health(prober, PATHS)

    assert HealthExpectation("/", text="hello") == found.expectation


def test_the_sentence_says_what_was_asked() -> None:
    """It becomes the comment of the line."""
    with api({"GET /healthz": (200, b"well")}) as canned, Prober(canned.url) as prober:
        there = find_health(prober, PATHS).sentences
    with api({}) as canned, Prober(canned.url) as prober:
        nowhere = find_health(prober, PATHS).sentences

    assert ("GET / answered 404; found: GET /healthz answers 200 with “well”",) == there
    assert ("GET / answered 404: health = false; of 2 other paths none says that it is well",) == nowhere


@contextmanager
def serving(answer: Callable[[str, str, bytes], tuple[int, bytes]]) -> Iterator[Prober]:
    """A prober of a server that makes its answers from method, path and the whole request."""

    def serve(connection: object) -> None:
        request = read_request(connection)  # type: ignore[arg-type]
        head, _, _ = request.partition(b"\r\n\r\n")
        length = next(
            (int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0
        )
        while len(request) < len(head) + 4 + length:
            request += connection.recv(65536)  # type: ignore[attr-defined]
        method, path, _ = head.split(b" ", 2)
        status, body = answer(method.decode(), path.decode(), request)
        reply = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        connection.sendall(reply + body)  # type: ignore[attr-defined]

    with RawServer(serve) as server, Prober(server.url) as prober:
        yield prober


def discord_bot(
    *, verifies: bool, path: str = "/interactions"
) -> Callable[[str, str, bytes], tuple[int, bytes]]:
    """A bot with one command, ``hello``; any other is answered with a message too."""

    def answer(method: str, asked: str, request: bytes) -> tuple[int, bytes]:
        head, _, body = request.partition(b"\r\n\r\n")
        if (method, asked) != ("POST", path):
            return 404, b"{}"
        if verifies and not _is_genuine(head, body):
            return 401, b"{}"
        interaction = json.loads(body)
        if interaction["type"] == 1:
            return 200, b'{"type":1}'
        name = interaction["data"]["name"]
        content = "hello" if name == "hello" else f"there is no {name}"
        return 200, json.dumps({"type": 4, "data": {"content": content}}).encode()

    return answer


def _is_genuine(head: bytes, body: bytes) -> bool:
    lines = (line.partition(b": ") for line in head.split(b"\r\n"))
    headers = {name.lower(): value for name, _, value in lines}
    signed = headers[b"x-signature-timestamp"] + body
    try:
        VerifyKey(bytes.fromhex(SIGNER.public_key)).verify(
            signed, bytes.fromhex(headers[b"x-signature-ed25519"].decode())
        )
    except BadSignatureError:
        return False
    return True


def test_interactions_are_taken_where_a_ping_is_answered() -> None:
    """And where one that a stranger signed is refused."""
    with serving(discord_bot(verifies=True)) as prober:
        found = find_interactions(prober, SIGNER, "1", ("/", "/interactions", "/api"))

    assert found.path == "/interactions"
    assert "refuses one that a stranger signed" in found.sentences[0]


def test_a_bot_that_verifies_nothing_is_told_of() -> None:
    """Its path is right all the same."""
    with serving(discord_bot(verifies=False)) as prober:
        found = find_interactions(prober, SIGNER, "1", ("/", "/interactions"))

    assert found.path == "/interactions"
    assert "does not verify signatures" in found.sentences[0]


def test_a_bot_that_takes_no_interaction_is_asked_about_its_key() -> None:
    """That is the likeliest reason: it verifies with a key that it reads under another name."""
    with api({}) as canned, Prober(canned.url) as prober:
        found = find_interactions(prober, SIGNER, "1", interactions_paths(""))

    assert found.path == ""
    assert "Under which name does the bot read its public key" in found.sentences[0]


@pytest.mark.parametrize(("status", "said"), [(400, "answers 400 to one"), (500, "answers 500 to one")])
def test_a_refusal_that_discord_does_not_take_is_told_as_one(status: int, said: str) -> None:
    """The bot verifies; only its answer is wrong."""
    bot = discord_bot(verifies=True)

    def answer(method: str, path: str, request: bytes) -> tuple[int, bytes]:
        found, body = bot(method, path, request)
        return (status if found == 401 else found), body

    with serving(answer) as prober:
        found = find_interactions(prober, SIGNER, "1", ("/interactions",))

    assert "/interactions" == found.path
    assert said in found.sentences[0]
    assert "Discord wants 401" in found.sentences[0]


def test_only_commands_that_the_bot_knows_are_believed() -> None:
    """One that is answered as a command that nobody has is none."""
    mentioned = (Candidate("hello"), Candidate("forgotten"))
    with serving(discord_bot(verifies=True)) as prober:
        found = find_commands(prober, SIGNER, "1", "/interactions", mentioned)

    assert (CommandFound("hello", (), 4),) == found


def test_commands_are_read_from_json_and_from_code(tmp_path: Path) -> None:
    """With a value for each option that must be given; without those that no plain value fits."""
    (tmp_path / "commands.json").write_text(
        json.dumps(
            [
                {"name": "ask", "description": "d", "options": [_option("q", 3), _option("n", 4)]},
                {
                    "name": "pick",
                    "description": "d",
                    "options": [_option("c", 3, choices=[{"value": "red"}])],
                },
                {"name": "greet", "description": "d", "options": [_option("whom", 6)]},
                {"name": "menu", "type": 2, "description": ""},
                {"name": "no command"},
            ]
        )
    )
    (tmp_path / "register.ts").write_text('const X = { name: "wave", description: "d" };\n')
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text('({ name: "alien", description: "d" })')

    assert (
        Candidate("ask", (("q", "test"), ("n", 1))),
        Candidate("pick", (("c", "red"),)),
        Candidate("wave"),
    ) == candidates(tmp_path)


def _option(name: str, kind: int, **more: object) -> dict[str, object]:
    return {"name": name, "type": kind, "description": "d", "required": True, **more}


@pytest.mark.parametrize(
    "code",
    [
        'new Hono().basePath("/v1")',
        "AutoRouter({ base: '/v1/' })",
        'const PREFIX = "/v1";',
        'url.pathname.startsWith("/v1/")',
        'app.route("/v1", interactions)',
        'app.mount("/v1/*", bot.fetch)',
    ],
)
def test_paths_beneath_a_base_are_asked(code: str) -> None:
    """However a router is told of it; the base itself is one of them."""
    found = beneath(code, ("/", "/health"))

    assert ("/v1", "/v1/health") == found


def test_no_base_and_nothing_beneath() -> None:
    """A path that is only mentioned is none, and of many bases few are tried."""
    many = "".join(f'basePath("/v{number}"); ' for number in range(50))

    assert () == beneath('case "/v1": fetch("/data/v2")', ("/", "/health"))
    assert 8 == len(beneath(many, ("/", "/health")))


def test_what_a_router_takes_posts_at_is_asked() -> None:
    """Whatever it is called."""
    code = (
        'app.post("/hook", verify); const routes = { "POST /in": take, "GET /out": give }; app.get("/home")'
    )
    found = interactions_paths(code)

    assert {"/hook", "/in"} <= {*found}
    assert not {"/out", "/home"} & {*found}


def test_paths_of_the_code_are_asked_too() -> None:
    """Those that are about it; the usual ones first, each once."""
    code = "case '/v2/heartbeat': case \"/healthz\": router.post(`/hooks/discord`); '/other'; '//cdn/health'"

    assert health_paths(code)[0] == interactions_paths(code)[0] == "/"
    assert "/v2/heartbeat" in health_paths(code)
    assert "/hooks/discord" in interactions_paths(code)
    assert not {"/other", "//cdn/health"} & {*health_paths(code), *interactions_paths(code)}
    assert len(health_paths(code)) == len(set(health_paths(code)))
