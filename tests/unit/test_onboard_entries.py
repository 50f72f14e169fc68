"""Findings become lines of the accept table, and nothing else of the file changes."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.check import Check
from backstop.model.errors import UsageError
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome
from backstop.onboard.entries import Entry, with_entries
from backstop.onboard.findings import Finding, findings_of, light, named
from backstop.policy.adjudicate import adjudicate
from backstop.settings.targets import load_targets
from tests.unit.conclusions import check, concluded

UNTIL = date(2027, 2, 1)
ENTRY = Entry("security.csp", "it serves no pages", UNTIL, ("what it means",))
LINE = '"security.csp" = "it serves no pages, until 2027-02-01"'
LOW = "no policy · low weighs less than blocking = medium"
OTHER = '\n# of b\n[targets.b]\nurl = "https://b"\n'
TABLE = f"[targets.a.accept]\n# what it means\n{LINE}\n"
PLAIN = '[targets.a]\nurl = "https://a"   # mine\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, f"{PLAIN}\n{TABLE}"),
        (
            f'{PLAIN}\n[[targets.a.commands]]\nname = "x"\n{OTHER}',
            f'{PLAIN}\n[[targets.a.commands]]\nname = "x"\n\n{TABLE}{OTHER}',
        ),
        (
            f'{PLAIN}[targets.a.accept] # hm\nx.y = "why"  # so\n{OTHER}',
            f'{PLAIN}[targets.a.accept] # hm\nx.y = "why"  # so\n# what it means\n{LINE}\n{OTHER}',
        ),
        (
            f'{PLAIN}[targets.a.accept]\n# old\n"security.csp" = "was fine, until 2026-01-01"\n"x" = "y"\n',
            f'{PLAIN}[targets.a.accept]\n# old\n{LINE}\n"x" = "y"\n',
        ),
        (
            f"{PLAIN}".replace("\n", "\r\n"),
            f"{PLAIN}\n{TABLE}".replace("\n", "\r\n"),
        ),
        (PLAIN.rstrip(), f"{PLAIN.rstrip()}\n\n{TABLE}"),
    ],
    ids=["no table", "no table before another target", "a table", "an entry", "windows", "no last newline"],
)
def test_entries_are_added_and_all_else_stays(before: str, after: str) -> None:
    """Comments stay with what they are about; an entry that is there gets its new value in its place."""
    assert after == with_entries(before, "a", [ENTRY])


@pytest.mark.parametrize(
    "text",
    [
        '[targets.a]\nurl = "https://a"\naccept = { x = "y" }\n',
        '[targets]\na.url = "https://a"\na.accept.x = "y"\n',
        '[targets.a]\nurl = "https://a"\n[targets.a.accept]\n"security.csp" = """\nfine"""\n',
    ],
    ids=["inline", "dotted", "value of several lines"],
)
def test_a_table_that_can_not_be_added_to_is_left_alone(text: str) -> None:
    """The lines to write by hand are said."""
    with pytest.raises(UsageError, match="can't be added to") as caught:
        with_entries(text, "a", [ENTRY])

    assert LINE in caught.value.remedy


@pytest.mark.parametrize("reason", ['he said "no"', "back\\slash", "snow ☃, until Monday", "a\x7fb"])
def test_any_reason_is_written_so_that_it_reads_the_same(reason: str) -> None:
    """Quotes, backslashes and what no plain string of TOML may hold."""
    text = with_entries(PLAIN, "a", [Entry("x.y", reason, UNTIL)])

    assert f"{reason}, until 2027-02-01" == tomllib.loads(text)["targets"]["a"]["accept"]["x.y"]


@pytest.mark.parametrize(
    ("today", "expected"), [(UNTIL, Outcome.ACCEPTED), (UNTIL + timedelta(days=1), Outcome.FAIL)]
)
def test_what_was_accepted_counts_again_after_its_day(tmp_path: Path, today: date, expected: Outcome) -> None:
    """As the settings read the written entry, and as a session judges with it."""
    path = tmp_path / "targets.toml"
    path.write_text(with_entries(PLAIN.replace("https://a", "https://a.example.com"), "a", [ENTRY]))
    target = load_targets(path, Environment({})).get("a")

    outcome, _ = adjudicate(Outcome.FAIL, Check("security.csp", "", Severity.HIGH), target, today)

    assert expected is outcome


def found(*checks: tuple[str, str, str]) -> tuple[Finding, ...]:
    """The findings of a session with checks of these ids, outcomes and messages."""
    events = (check(name, outcome, message=message) for name, outcome, message in checks)
    return findings_of(concluded(*events).checks)


SESSION = found(
    ("security.csp", "degraded", LOW),
    ("security.leaks.versions", "degraded", LOW),
    ("health.head", "degraded", LOW),
    ("discord.signature.stale", "degraded", "answered 200, better 401"),
    ("security.headers.ok", "fail", "none"),
    ("security.headers.not-found", "fail", "none"),
    ("discord.signature.tampered", "fail", "taken"),
    ("discord.signature.put", "degraded", LOW),
    ("discord.token", "inconclusive", "no token"),
    ("latency.cold", "accepted", "slow · accepted: far away"),
    ("health.status", "pass", ""),
    ("latency.mean", "n/a", ""),
)


def test_a_finding_is_what_does_not_hold_or_could_not_be_looked_at() -> None:
    """What holds with a remark is none: accepting it would change nothing."""
    assert {
        *("security.csp", "security.leaks.versions", "health.head", "discord.token", "latency.cold"),
        *("security.headers.ok", "security.headers.not-found", "discord.signature.tampered"),
        "discord.signature.put",
    } == {each.check for each in SESSION}


def test_by_itself_only_what_does_not_block_is_accepted() -> None:
    """And neither a leak nor a bot that is not well, however little it weighs."""
    assert ["security.csp", "discord.signature.put"] == [each.check for each in light(SESSION)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["security.headers.ok"], {"security.headers.ok"}),
        (["security.headers.*"], {"security.headers.ok", "security.headers.not-found"}),
        (["discord.signature.tampered"], {"discord.signature.tampered"}),
        (["latency.cold"], {"latency.cold"}),
        (["security.leaks.versions", "health.head"], {"security.leaks.versions", "health.head"}),
        (["security.*"], {"security.csp", "security.headers.ok", "security.headers.not-found"}),
        (["discord.token", "discord.*"], {"discord.token", "discord.signature.put"}),
    ],
)
def test_what_is_named_is_accepted_whatever_it_weighs(names: list[str], expected: set[str]) -> None:
    """A pattern stands for several, but for no leak, no forged signature and no bot that is not well."""
    assert expected == {each.check for each in named(SESSION, names)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("security.leaks.*", "name each that you mean: security.leaks.versions"),
        ("health*", "name each that you mean: health.head"),
        ("discord.signature.t*", "name each that you mean: discord.signature.tampered"),
        ("security.cps", 'did you mean "security.csp"'),
        ("health.status", "is no finding of that session"),
        ("latency.m*", "is no finding of that session"),
    ],
)
def test_a_name_that_may_not_or_can_not_be_accepted(name: str, said: str) -> None:
    """With what to type instead."""
    with pytest.raises(UsageError) as caught:
        named(SESSION, [name])

    assert said in str(caught.value)


def test_what_only_discord_can_sign_has_a_name_of_its_own() -> None:
    """It never covers a check that failed, so that anybody may write it down."""
    (finding,) = named(SESSION, ["discord.signed.*"])

    assert (
        '"discord.signed.*" = "it serves no pages, until 2027-02-01"'
        == finding.entry(ENTRY.reason, UNTIL).line
    )


def test_an_entry_says_what_it_means() -> None:
    """The check's title and what was found stand above it, without the address of one run."""
    event = check("security.csp", "degraded", message=f"GET http://127.0.0.1:1/x: {LOW}", severity="low")
    (finding,) = findings_of(concluded(event).checks, "http://127.0.0.1:1/")

    assert ["# title (low). Found:", "#   GET /x: no policy", LINE] == finding.entry(
        ENTRY.reason, UNTIL
    ).lines
