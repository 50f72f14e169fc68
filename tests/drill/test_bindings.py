"""A bot with KV, a Durable Object and a stub is drilled; what the sandbox can't serve is said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.drill.conftest import ROOT, Ended, Run, sandboxed, write_bot

BOT = ROOT / "tests" / "bots" / "bindings"
SEED = 'kv = { SETTINGS = { greeting = "Good day." } }\n'
STUB = 'stub = ["AI"]\n'
COMMANDS = """
[[targets.mine.commands]]
name = "greet"
expect = { type = 4, content = "Good day." }
[[targets.mine.commands]]
name = "count"
expect = { type = 4, content = "That makes" }
[[targets.mine.commands]]
name = "ask"
expect = { type = 4, content = "think at the moment" }
"""


def said(ended: Ended) -> list[str]:
    """The lines of the journal that were told."""
    lines = (ended.reports / "journal.jsonl").read_text().splitlines()
    return [entry["text"] for entry in map(json.loads, lines) if entry["kind"] == "said"]


def test_a_bot_with_bindings_is_drilled(run: Run) -> None:
    """Broken, rolled back and verified, with its stub told in the journal and its use too."""
    ended = run(
        *("-m", "drill", "--target", "mine", "--scenario", "health-check-failure"),
        targets=sandboxed(BOT, SEED + STUB + COMMANDS),
    )

    assert ended.code == 0, ended.output
    assert ended.verdict["scenarios"]["health-check-failure"]["verdict"] == "verified"
    assert "AI (ai) is a stub: it throws when it is used" in said(ended)
    assert "AI (ai) is a stub: it throws when it is used" in ended.output
    assert any(text.startswith("the bot used the stub AI (ai)") for text in said(ended))
    assert "AI (ai) is a stub" in (ended.reports / "report.html").read_text()
    assert not ended.left


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param(SEED, 'the sandbox can\'t serve AI (ai)\n      → stub = ["AI"]\n', id="not served"),
        pytest.param(
            STUB + 'services = ["nowhere"]\n',
            "wrangler projects, relative to the targets file",
            id="no such project",
        ),
    ],
)
def test_wrong_bindings_are_wrong_usage(run: Run, more: str, words: str) -> None:
    """With the very line that mends it."""
    ended = run("-m", "health", "--target", "mine", targets=sandboxed(BOT, more))

    assert ended.code == 4, ended.output
    assert words in ended.output
    assert not ended.left


CALLER = """
export default {
  async fetch(request, env) {
    const answer = await env.OTHER.fetch("https://other.internal/ask?x=1", { method: "POST", body: "hi" });
    return Response.json({ status: await answer.text() });
  },
};
"""
CALLED = """
export default {
  async fetch(request) {
    return new Response(`${request.method} ${request.url} ${await request.text()}`);
  },
};
"""


def test_services_are_deployed_before_the_bot(run: Run, tmp_path: Path) -> None:
    """The binding leads to the other worker, which sees the request as it was made."""
    head = 'main = "src/index.js"\ncompatibility_date = "2026-10-01"\n'
    binding = '[[services]]\nbinding = "OTHER"\nservice = "called"\n'
    caller = write_bot(tmp_path / "caller", CALLER, f'name = "caller"\n{head}{binding}')
    write_bot(tmp_path / "called", CALLED, f'name = "called"\n{head}')
    expected = "POST https://other.internal/ask?x=1 hi"
    more = f'services = ["called"]\nhealth = {{ json = {{ status = "{expected}" }} }}\n'

    ended = run(
        "-m", "health", "-k", "body or json or content", "--target", "mine", targets=sandboxed(caller, more)
    )

    assert "deploying called with real wrangler" in ended.output
    health = ended.verdict["checks"]["health.json"]
    assert health["outcome"] == "pass", ended.output
