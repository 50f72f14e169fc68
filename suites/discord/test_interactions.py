"""Buttons, forms and suggestions that a target declares, and the time that all interactions have."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.target import Interaction, Target
from backstop.observe.catalogue.commands import UNKNOWN_OTHERS, raw
from backstop.observe.catalogue.interactions import PING
from backstop.observe.interaction import (
    DEFERRED,
    WITHIN,
    content_of,
    is_ephemeral,
    kind_of,
    refused_by_discord,
    taken_for,
)
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from backstop.observe.timely import Timed
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]
_STEP = "2. Discord integration failures, step 5"
_OK, _CRASHED, _NOT_IMPLEMENTED = 200, 500, 501


@pytest.mark.check("discord.interactions", severity="high", step=_STEP)
def test_interactions(target: Target, answer: Ask, degraded: Callable[[str], None]) -> None:
    """Every interaction that the target gives as JSON is answered as declared, in a way that Discord takes"""
    if not target.interactions:
        message = f"{target.name} declares no interactions"
        raise NotApplicable(message)
    for interaction in target.interactions:
        reply = answer(raw(interaction))
        _assert_answers(interaction, reply)
        if kind_of(reply) in DEFERRED:
            degraded(f"{interaction.source.name}: accepted (type {kind_of(reply)}), follow-up not proven")


def _assert_answers(interaction: Interaction, reply: Reply) -> None:
    expect, name = interaction.expect, interaction.source.name
    taken = tuple(sorted(taken_for(interaction.payload)))
    found, wanted = kind_of(reply), expect.types or taken

    assert reply.status == 200, reply.explain(reply.status, f"200 for {name}")
    assert found in taken, reply.explain(
        f"type {found}", f"one of {taken}: Discord takes no other for {name}"
    )
    assert found in wanted, reply.explain(f"type {found}", f"one of {wanted} for {name}")
    assert not (against := refused_by_discord(reply)), reply.explain(
        against, f"what Discord takes for {name}"
    )
    assert expect.content in content_of(reply), reply.explain(
        repr(content_of(reply)), f"a text with {expect.content!r} for {name}"
    )
    if expect.ephemeral is not None:
        shown = f"ephemeral {is_ephemeral(reply)}"
        assert is_ephemeral(reply) is expect.ephemeral, reply.explain(shown, expect.ephemeral)


@pytest.mark.check("discord.unknown-interactions", severity="low", step=_STEP)
def test_unknown_interactions(answer: Ask, degraded: Callable[[str], None]) -> None:
    """A button, a form and a request for suggestions that the bot does not know do not crash it"""
    for kind, probe in UNKNOWN_OTHERS.items():
        reply = answer(probe)
        assert reply.status < _CRASHED or reply.status == _NOT_IMPLEMENTED, reply.explain(
            reply.status, f"a reply or a refusal for: {probe.name}", "read the error log: wrangler tail"
        )
        taken = sorted(taken_for(json.dumps({"type": kind.value})))
        if reply.status == _OK and kind_of(reply) not in taken:
            degraded(f"{probe.name}: answered with type {kind_of(reply)}; Discord takes one of {taken}")


@pytest.mark.check("discord.in-time", severity="high", step=_STEP)
def test_in_time(looks: Looks, answer: Ask, degraded: Callable[[str], None]) -> None:
    """Interactions are answered within the three seconds that Discord waits"""
    answer(PING)
    late = [each for each in looks.interactions if each.late]
    recovered = [each for each in looks.interactions if each.recovered]
    if recovered and late and not any(each.repeatable for each in late):
        message = f"found {_listed(late)}; so did others, and they were in time when they were sent again"
        raise CouldNotLook(message, remedy="look once more; what posts is not sent twice")

    assert not late, (
        f"found {_listed(late)}; wanted at most {WITHIN:g} s\n"
        "→ answer with a deferred reply (type 5) first, and do the work in ctx.waitUntil"
    )
    if recovered:
        degraded(f"found {_listed(recovered)}")


def _listed(found: Sequence[Timed]) -> str:
    return "; ".join(map(str, found))
