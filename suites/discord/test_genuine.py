"""Where only Discord can sign, what Discord sends proves the signed path."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import OnlyDiscordSigns
from backstop.observe.genuine import REMEDY
from backstop.observe.looks import Looks
from backstop.observe.traffic import describe
from fixtures.state import NotApplicable


@pytest.mark.check("discord.genuine", severity="critical", step="2. Discord integration failures, step 5")
def test_genuine(looks: Looks, degraded: Callable[[str], None], remark: Callable[[str], None]) -> None:
    """Where only Discord can sign: interactions that it sends are taken, as the tail shows them"""
    if looks.place.signer is not None:
        message = "this session signs as Discord does, and asks the bot itself"
        raise NotApplicable(message)
    found = looks.genuine
    broken = "; ".join(dict.fromkeys(describe(event) for event in found.broken[:5]))

    assert found.taken or not found.broken, (
        f"found {len(found.broken)} interactions with Discord's headers that ended badly and none taken: "
        f"{broken}; wanted 200, or 401 for a wrong signature\n→ wrangler tail --status error"
    )
    assert found.taken or not found.several_refused, (
        f"found {len(found.refused)} interactions with Discord's headers answered 401 and none taken; wanted "
        "200\n→ wrangler secret put DISCORD_PUBLIC_KEY, with the key of the Developer Portal; if nobody uses "
        "the bot now, strangers may be knocking: look again with --genuine 60 and use a command"
    )
    if not found.taken:
        message = "no interaction of Discord's was taken while the tail was open"
        one = f"; {len(found.refused)} answered 401, which is right for what Discord signs wrongly on purpose"
        raise OnlyDiscordSigns(message + (one if found.refused else ""), remedy=REMEDY)
    remark(f"{len(found.taken)} interactions of Discord's were taken")
    if found.broken:
        degraded(f"{len(found.broken)} others with its headers ended badly: {broken}")
