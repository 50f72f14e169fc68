"""A heartbeat arrives, says how the session ended, and never shows where it went."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from backstop.cli.main import main
from backstop.heartbeat import send
from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.target import Secret


@dataclass
class Watchman:
    """Keeps the path and body of each report; ``answers`` are the statuses, the last one for ever."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    heard: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def watchman() -> Iterator[Watchman]:
    """One on loopback."""
    found = Watchman()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            found.heard.append((self.path, body))
            answers = found.answers
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output to itself."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/ping/uuid-of-mine"
    yield found
    server.shutdown()
    server.server_close()
    thread.join(5)


def _secret(url: str) -> Secret:
    return Secret("BACKSTOP_HEARTBEAT_DRILL", url)


def test_the_code_is_in_the_body(watchman: Watchman) -> None:
    """Of a plain address."""
    send(_secret(watchman.url), "drill", "21")

    assert [("/ping/uuid-of-mine", "backstop drill: exit code 21\n")] == watchman.heard


@pytest.mark.parametrize(("ended", "code"), [("0", "0"), ("23", "23"), ("TERM", "255"), ("", "255")])
def test_the_code_is_in_the_address_where_that_wants_it(watchman: Watchman, ended: str, code: str) -> None:
    """What was killed has none of its own."""
    send(_secret(f"{watchman.url}/{{code}}"), "drill", ended)

    assert [f"/ping/uuid-of-mine/{code}"] == [path for path, _ in watchman.heard]


def test_a_passing_trouble_is_tried_again_once(watchman: Watchman) -> None:
    """And no more than that."""
    watchman.answers = [503, 200]
    send(_secret(watchman.url), "drill", "0")
    watchman.answers = [503]
    with pytest.raises(CouldNotLook):
        send(_secret(watchman.url), "drill", "0")

    assert 4 == len(watchman.heard)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(302, "no redirect is followed"), (404, "the address is right"), (500, "the address is right")],
)
def test_what_nobody_took_is_told_without_the_address(watchman: Watchman, status: int, remedy: str) -> None:
    """An address of a heartbeat is a secret."""
    watchman.answers = [status]

    with pytest.raises(CouldNotLook) as caught:
        send(_secret(watchman.url), "drill", "0")

    assert f"it answered {status}" in str(caught.value)
    assert remedy in caught.value.remedy
    assert "BACKSTOP_HEARTBEAT_DRILL" in str(caught.value)
    assert "uuid-of-mine" not in str(caught.value)


@pytest.mark.parametrize("url", ["ping/uuid-of-mine", "ftp://x/uuid-of-mine", "https:///uuid-of-mine"])
def test_what_is_no_address_is_wrong_usage(url: str) -> None:
    """Nothing is sent, and it is not shown."""
    with pytest.raises(UsageError) as caught:
        send(_secret(url), "drill", "0")

    assert "uuid-of-mine" not in str(caught.value)


def test_typed(watchman: Watchman, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The address comes from the environment, or from .env in this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKSTOP_HEARTBEAT_READY", watchman.url)
    (tmp_path / ".env").write_text(f"BACKSTOP_HEARTBEAT_DRILL={watchman.url}/{{code}}\n")

    assert 0 == main(["heartbeat", "ready", "0"])
    assert 0 == main(["heartbeat", "drill", "1"])
    assert 0 == main(["heartbeat", "drill"])
    assert ["/ping/uuid-of-mine", "/ping/uuid-of-mine/1", "/ping/uuid-of-mine/255"] == [
        path for path, _ in watchman.heard
    ]


def test_where_none_is_set_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A schedule may have none, and whoever reads its output is told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKSTOP_HEARTBEAT_DRILL", raising=False)

    assert 0 == main(["heartbeat", "drill", "0"])
    assert "BACKSTOP_HEARTBEAT_DRILL is not set" in capsys.readouterr().out


def test_where_nobody_listens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, watchman: Watchman) -> None:
    """20: whoever waits for it will raise the alarm."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKSTOP_HEARTBEAT_DRILL", watchman.url)
    watchman.answers = [500]

    assert 20 == main(["heartbeat", "drill", "0"])


@pytest.mark.parametrize("words", [["../x", "0"], ["drill", "a b"], ["drill", "0\n"], []])
def test_what_is_no_job_or_code(words: list[str]) -> None:
    """Wrong usage."""
    assert 4 == main(["heartbeat", *words])
