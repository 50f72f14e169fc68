"""Findings of a real session, accepted, and counted again once their day is over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.drill.conftest import write_bot
from tests.onboard.conftest import Type, Typed

# Its headers are those that block; it lacks the policy that does not. Any signature will do.
BOT = """
const headers = {
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
};
export default {
  async fetch(request) {
    if (request.method === "POST") return Response.json({ type: 1 }, { headers });
    return Response.json({ status: "healthy" }, { headers });
  },
};
"""
TABLE = "[targets.mine.accept]\n"
TARGETS = """\
# my bots
[targets.mine]
sandbox = true     # on this machine
project = "bot"
health = { json = { status = "healthy" } }

# the real one
[targets.prod]
url = "https://bot.example.com"
worker = "bot"
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A targets file with a bot that has findings of all kinds."""
    write_bot(tmp_path / "bot", BOT)
    (tmp_path / "targets.toml").write_text(TARGETS)
    return tmp_path / "targets.toml"


@pytest.fixture
def look(type_in: Type, bot: Path) -> Type:
    """A session with the suite of security; the outcome of each check."""

    def go() -> dict[str, str]:
        reports = bot.parent / "reports"
        type_in("pytest", "-m", "security", "--target", "mine", *_where(bot))
        verdict = json.loads((reports / "latest" / "verdict.json").read_text())
        return {name: check["outcome"] for name, check in verdict["checks"].items()}

    return go  # type: ignore[return-value]


def _where(targets: Path) -> tuple[str, ...]:
    return "--targets-file", str(targets), "--reports", str(targets.parent / "reports")


def test_findings_are_accepted_until_their_day(type_in: Type, look: Type, bot: Path) -> None:
    """What does not block by itself, what blocks by name; after its day each counts again."""
    before = look()
    assert ("degraded", "fail") == (before["security.csp"], before["security.unsigned"])  # type: ignore[index]

    by_itself = type_in("backstop", "accept", "mine", *_where(bot), "--reason", "it serves no pages")

    assert by_itself.code == 0, by_itself.output
    assert '+"security.csp" = "it serves no pages, until ' in by_itself.stdout
    assert "not accepted: security.unsigned (high)" in by_itself.stdout
    assert _without_accept(bot.read_text()) == _without_accept(TARGETS)
    refused = type_in("backstop", "accept", "mine", "security.unsig*", *_where(bot))
    assert (4, True) == (refused.code, "name each that you mean: security.unsigned" in refused.stderr)
    named = type_in("backstop", "accept", "mine", "security.unsigned", *_where(bot), "--until", _day(30))
    assert named.code == 0, named.output
    after = look()
    assert ("accepted", "accepted") == (after["security.csp"], after["security.unsigned"])  # type: ignore[index]

    bot.write_text(bot.read_text().replace(_day(90), _day(-1)).replace(_day(30), _day(-1)))
    later = look()
    assert ("degraded", "fail") == (later["security.csp"], later["security.unsigned"])  # type: ignore[index]
    expired = type_in("backstop", "accept", "mine", "security.csp", *_where(bot))
    assert f"not accepted: security.unsigned (expired on {_day(-1)})" in expired.stdout
    assert bot.read_text().count('"security.csp"') == 1
    line = f'"security.cors" = "x, until {_day(-1)}"\n'
    bot.write_text(bot.read_text().replace(TABLE, TABLE + line))
    assert "it holds now: security.cors;" in type_in("backstop", "accept", "mine", *_where(bot)).stdout


def _day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def _without_accept(text: str) -> str:
    head, _, tail = text.partition("\n[targets.mine.accept]\n")
    return head + tail[tail.index("\n# the real one") :] if tail else head


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("mine",), "holds no session of mine (small-bot)"),
        (("mien",), 'did you mean "mine"'),
        (("mine", "--until", "soon"), "--until: found 'soon', wanted a day such as"),
        (("mine", "--until", "2020-01-01"), "--until: 2020-01-01 is over"),
    ],
)
def test_what_can_not_be_done_is_said(type_in: Type, bot: Path, words: tuple[str, ...], says: str) -> None:
    """With exit code 4 and the file as it was."""
    ended: Typed = type_in("backstop", "accept", *words, *_where(bot))

    assert ended.code == 4, ended.output
    assert says in ended.stderr
    assert bot.read_text() == TARGETS
