"""The frozen values that everything else speaks in."""

from __future__ import annotations

import itertools
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from backstop.model import errors
from backstop.model.check import Check
from backstop.model.errors import BackstopError, UsageError
from backstop.model.http import Answer, Timing
from backstop.model.run import Phase, Stage
from backstop.model.severity import Severity
from backstop.model.target import Secret
from backstop.model.verdict import WORST_FIRST, Ending, Verdict, worst
from backstop.model.version import Binding, Deployment, Share, Version, version_id

ID = "71570803-d6b0-4a51-b97f-42fadb8da7e1"
OTHER_ID = "190f9b47-003b-4860-b1c5-cd75d8818148"
NOW = datetime(2026, 11, 24, 3, 12, 41, tzinfo=UTC)


def version(**members: object) -> Version:
    """A version of which only some members matter."""
    known = {"id": version_id(ID), "number": 3, "created": NOW, "author": "a@example.com"}
    return Version(**{**known, **members})  # type: ignore[arg-type]


def test_version_id_is_kept() -> None:
    """A lower-case UUID is an id."""
    assert version_id(ID) == ID


@pytest.mark.parametrize("text", ["", "latest", ID.upper(), ID[:-1], f"{ID}\n", f" {ID}"])
def test_anything_else_is_no_version_id(text: str) -> None:
    """Nothing else can be rolled back to by mistake; the message shows what was found."""
    with pytest.raises(ValueError, match="is no version id"):
        version_id(text)


@pytest.mark.parametrize(
    ("tag", "message", "label"),
    [
        ("", "", "71570803"),
        ("v1.2", "", "71570803 (v1.2)"),
        ("", "fix", "71570803 (“fix”)"),
        ("v1.2", "fix", "71570803 (v1.2 “fix”)"),
    ],
)
def test_version_is_shown_as_people_know_it(tag: str, message: str, label: str) -> None:
    """A short id, with the tag and the message where there are any."""
    assert version(tag=tag, message=message).label == label


def test_secret_names_are_those_of_secret_bindings() -> None:
    """Plain variables aren't counted among the secrets."""
    bindings = (
        Binding("DISCORD_TOKEN", "secret_text"),
        Binding("KEY", "secret_key"),
        Binding("ENVIRONMENT", "plain_text", "local"),
    )

    assert version(bindings=bindings).secret_names == {"DISCORD_TOKEN", "KEY"}


@pytest.mark.parametrize(
    ("shares", "only"),
    [
        (((ID, 100.0),), ID),
        (((ID, 90.0), (OTHER_ID, 10.0)), None),
        (((ID, 100.0), (OTHER_ID, 0.0)), ID),
        (((ID, 0.0), (OTHER_ID, 100.0)), OTHER_ID),
        (((ID, 99.9),), ID),
        (((ID, 50.0), (ID, 50.0)), ID),
        (((ID, 99.5), (OTHER_ID, 0.5)), None),
        (((ID, 50.0),), None),
        (((ID, 0.0),), None),
        ((), None),
    ],
)
def test_only_version_of_a_deployment(shares: tuple[tuple[str, float], ...], only: str | None) -> None:
    """A deployment that splits the traffic has no single version; what is staged at 0 % splits nothing."""
    parts = tuple(Share(version_id(share), percentage) for share, percentage in shares)

    assert Deployment("d", NOW, "wrangler", "a", parts).only_version == only


def test_severities_are_ordered() -> None:
    """From harmless to down."""
    words = [severity.value for severity in sorted(Severity, reverse=True)]

    assert words == ["critical", "high", "medium", "low", "none"]
    assert max(Severity.LOW, Severity.HIGH) is Severity.HIGH
    assert Severity.MEDIUM >= Severity.MEDIUM


def test_exit_codes_never_change() -> None:
    """Scripts rely on the numbers."""
    assert {ending.name.lower(): int(ending) for ending in Ending} == {
        "verified": 0,
        "failed": 1,
        "interrupted": 2,
        "internal_error": 3,
        "usage": 4,
        "inconclusive": 20,
        "refused": 21,
        "unconfirmed": 22,
        "unrestored": 23,
        "rolled_back": 24,
    }


def test_worst_ending_wins() -> None:
    """The order in which endings win over each other, complete and without repetition."""
    assert [int(ending) for ending in WORST_FIRST] == [23, 22, 3, 2, 21, 4, 1, 24, 20, 0]
    assert set(WORST_FIRST) == set(Ending)
    for one, other in itertools.combinations(WORST_FIRST, 2):
        assert worst([other, one]) is one


def test_nothing_bad_is_verified() -> None:
    """No ending at all is the best one."""
    assert worst([]) is Ending.VERIFIED


@pytest.mark.parametrize("ending", [Ending.INTERRUPTED, Ending.INTERNAL_ERROR, Ending.USAGE])
def test_endings_that_say_nothing_of_the_bot(ending: Ending) -> None:
    """An error of ours is never a verdict on the bot."""
    assert ending.verdict is Verdict.INCONCLUSIVE


def test_every_verdict_has_an_ending() -> None:
    """No word of a verdict is out of reach."""
    assert {ending.verdict for ending in Ending} == set(Verdict)


def test_errors_end_as_documented() -> None:
    """Each way to end other than well has its exit code."""
    endings = {
        error.__name__: int(error.ending)
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, BackstopError)
    }

    assert endings == {
        "BackstopError": 3,
        "UsageError": 4,
        "BuildFailed": 4,
        "BotRejected": 1,
        "CouldNotLook": 20,
        "Blocked": 20,
        "OnlyDiscordSigns": 20,
        "Refused": 21,
        "Unconfirmed": 22,
        "Unrestored": 23,
    }


def test_error_shows_the_remedy() -> None:
    """What to do next stands below what is wrong."""
    assert str(UsageError("no such target", remedy="name another")) == "no such target\n  → name another"
    assert str(UsageError("no such target")) == "no such target"


def test_secret_does_not_show() -> None:
    """Neither directly nor within another value."""
    secret = Secret("DISCORD_TOKEN", "hidden-value")

    assert "hidden-value" not in f"{secret} {secret!r} {[secret]}"


def test_values_are_frozen() -> None:
    """Nobody changes what another has read."""
    secret = Secret("A", "b")

    with pytest.raises(FrozenInstanceError):
        secret.value = "c"  # type: ignore[misc]


def test_headers_whatever_their_case() -> None:
    """Names of headers have no case; the first value counts, all can be had."""
    answer = Answer(200, (("Set-Cookie", "a"), ("set-cookie", "b")), b"")

    assert answer.header("SET-COOKIE") == "a"
    assert answer.all("Set-Cookie") == ("a", "b")
    assert answer.header("X-Missing") is None


def test_body_as_text_and_json() -> None:
    """Bytes that are no text do not raise; a body that is no JSON does."""
    assert Answer(200, (), b"\xff{").text == "\ufffd{"
    assert Answer(200, (), b'{"a": 1}').json() == {"a": 1}
    with pytest.raises(ValueError, match="Expecting"):
        Answer(200, (), b"x").json()


def test_cold_is_a_new_connection() -> None:
    """Only a request that had to connect was cold."""
    assert Timing(total=0.1, connect=0.01).cold
    assert not Timing(total=0.1).cold


def test_stage_names_are_readable_and_unique() -> None:
    """A stage is named by its place, its phase and its scenario."""
    assert Stage(0, Phase.LIVE).name == "0-live"
    assert Stage(2, Phase.FAULT, "health").name == "2-fault-health"


def test_suite_is_the_first_word_of_a_check() -> None:
    """A check's id says to which suite it belongs."""
    assert Check("discord.signature.tampered", "…", Severity.HIGH).suite == "discord"
