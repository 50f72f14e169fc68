"""A bot whose key only Discord holds: what Discord sends while a session looks is what proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext

import pytest

from backstop.model.target import Secret, Target
from backstop.place import Place
from backstop.provision import open_place
from backstop.settings.worker import with_worker
from proof.usage import Usage
from tests.drill.conftest import ROOT, Ended, Run

ANOTHER_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"  # of RFC 8032, test 2
STATUS = "suites/discord/test_application.py::test_status"  # asks the real status page
ACCEPT = '[targets.mine.accept]\n"discord.signed.*" = "Discord holds the key"\n'
PROVEN = ("discord.genuine", "discord.ping", "discord.verify-key")

Look = Callable[..., Ended]


@pytest.fixture(scope="module", params=["right", "wrong"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """The reference bot in a cloud of its own, with the public key of its application or with another."""
    secrets = (("DISCORD_PUBLIC_KEY", Secret("public key", ANOTHER_KEY)),) if request.param == "wrong" else ()
    target = with_worker(Target("bot", sandbox=True, project=ROOT / "sandbox" / "bot", secrets=secrets))
    with open_place(target, "test", lambda _: None) as opened:
        yield opened


@pytest.fixture
def look(place: Place, run: Run, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Look at that bot as at one in production: with credentials for both APIs, and no signing key."""
    target = place.target
    assert target.cloudflare_token is not None
    assert target.discord_token is not None
    for name, value in {
        "CLOUDFLARE_API_BASE_URL": target.cloudflare_api,
        "CLOUDFLARE_ACCOUNT_ID": target.cloudflare_account,
        "CLOUDFLARE_API_TOKEN": target.cloudflare_token.value,
        "DISCORD_API_BASE_URL": target.discord_api,
        "DISCORD_APPLICATION_ID": target.discord_application_id,
        "DISCORD_TOKEN": target.discord_token.value,
    }.items():
        monkeypatch.setenv(name, value)

    def go(*arguments: str, used: bool, accept: str = "") -> Ended:
        described = f'[targets.mine]\nurl = "{target.url}"\nworker = "{target.worker}"\n'
        described += f'control = "{target.url}"\nhealth = {{ json = {{ status = "healthy" }} }}\n'
        assert place.courier is not None
        with closing(Usage(place.courier, target)) if used else nullcontext():
            return run("--target", "mine", f"--deselect={STATUS}", *arguments, targets=described + accept)

    return go


def _outcomes(ended: Ended) -> dict[str, str]:
    return {name: ended.verdict["checks"][name]["outcome"] for name in PROVEN}


@pytest.mark.parametrize("place", ["right"], indirect=True)
def test_what_discord_sends_proves_the_signed_path(look: Look) -> None:
    """What it proves passes, the rest is accepted by name, and the verdict's line says so."""
    ended = look("--genuine", "30", used=True, accept=ACCEPT)

    assert ended.code == 0, ended.output
    assert set(_outcomes(ended).values()) == {"pass"}
    assert "genuine interactions in the tail" in ended.verdict["checks"]["discord.ping"]["message"]
    assert " not proven (accepted: Discord holds the key)" in ended.output
    assert "waiting up to 30 s for Discord" in ended.output


@pytest.mark.parametrize("place", ["wrong"], indirect=True)
def test_what_discord_sends_shows_a_wrong_key(look: Look) -> None:
    """Every one of them is answered 401, which no look without a key could see otherwise."""
    ended = look("--genuine", "2", "-k", "genuine or ping or key or serving", used=True, accept=ACCEPT)

    assert ended.code == 1, ended.output
    assert ended.verdict["checks"]["discord.genuine"]["outcome"] == "fail"
    assert ended.verdict["checks"]["discord.ping"]["outcome"] == "accepted"
    assert "DISCORD_PUBLIC_KEY" in ended.output


@pytest.mark.parametrize("place", ["right"], indirect=True)
def test_silence_proves_nothing(look: Look) -> None:
    """Nobody used the bot: that is no pass, and the remedy says what to do."""
    ended = look("-k", "genuine or ping or key or serving", used=False)

    assert ended.code == 20, ended.output
    assert set(_outcomes(ended).values()) == {"inconclusive"}
    assert "--genuine 60" in ended.output
