"""No drill starts unless the bot is well; down, blocked and our own network are told apart."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.drill import gate as gate_module
from backstop.drill.gate import (
    refuse_another_worker,
    refuse_split,
    refuse_unless_it_answers,
    refuse_unsteady,
)
from backstop.journal.events import CheckFinished, StageStarted
from backstop.journal.steady import red_before
from backstop.model.errors import CouldNotLook, Refused
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import Target
from backstop.model.version import Deployment
from backstop.place import Place
from backstop.rollback.edge_witness import EdgeWitness
from tests.unit.rollbacks import deployed
from tests.unit.samples import numbered

WELL = Answer(200, (("content-type", "application/json"),), b"{}")
UNWELL = Answer(503, (("content-type", "application/json"),), b"{}")
CHALLENGED = Answer(403, (("cf-mitigated", "challenge"),), b"")
SILENT = NoAnswer(Silence.TIMED_OUT, "after 10 s")


def _place(result: Answer | NoAnswer, *, online: bool = True) -> Place:
    def ask_twice(request: Request) -> tuple[Exchange, ...]:
        return (Exchange(request, result, Timing(0.1), datetime.now(UTC)),)

    target = Target("staging", sandbox=False, url="https://bot.example", worker="bot")
    prober, control = SimpleNamespace(ask_twice=ask_twice), SimpleNamespace(answers=lambda: online)
    return Place(target, cast("Any", prober), cast("Any", control))


def test_a_bot_that_answers_may_be_drilled() -> None:
    """The pair of all below."""
    refuse_unless_it_answers(_place(WELL))


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (UNWELL, r"staging is down before the drill: https://bot\.example/ gives HTTP 503"),
        (SILENT, r"staging is down before the drill: .* gives no answer \(timed out"),
        (CHALLENGED, r"staging is blocked before the drill: a Cloudflare challenge"),
    ],
)
def test_a_bot_that_can_not_be_reached_is_not_drilled(result: Answer | NoAnswer, says: str) -> None:
    """Each in its own words, with what to do."""
    with pytest.raises(Refused, match=says) as caught:
        refuse_unless_it_answers(_place(result))

    assert caught.value.remedy


@pytest.mark.parametrize(("split", "says"), [((90, 10), "is split"), ((100, 0), "has a version staged")])
def test_a_drill_starts_from_one_version(split: tuple[float, float], says: str) -> None:
    """It ends with that one alone: what was staged beside it would be gone."""
    target = Target("staging", sandbox=False, url="https://bot.example", worker="bot")
    refuse_split(target, deployed(2))

    with pytest.raises(Refused, match=says):
        refuse_split(target, deployed(2, 3, split=split))


class _Api:
    """A worker whose one version is no longer listed."""

    def versions(self, _worker: str) -> tuple[()]:
        """None."""
        return ()

    def deployments(self, _worker: str) -> tuple[Deployment, ...]:
        """It serves."""
        return (deployed(2),)


@pytest.mark.parametrize(
    ("seen", "looks", "refused"),
    [
        pytest.param([""], 1, False, id="at once"),
        pytest.param(["the tail had no probe of ours", ""], 2, False, id="at the second look"),
        pytest.param(["the tail had no probe of ours"] * 3, 3, True, id="never"),
    ],
)
def test_an_address_must_be_seen_to_lead_to_the_worker(
    monkeypatch: pytest.MonkeyPatch, seen: list[str], looks: int, *, refused: bool
) -> None:
    """Another bot would be looked at, and the worker be broken unseen; a sandbox is its own address."""
    told, asked = iter(seen), list[Target]()

    def see(target: Target, _api: object, edge: EdgeWitness) -> str:
        asked.append(target)
        assert {deployed(2).only_version} == set(edge._known)
        return next(told)

    monkeypatch.setattr(gate_module, "see_that_it_leads_there", see)
    place, api = _place(WELL), cast("Any", _Api())
    sandboxed = replace(place, target=replace(place.target, sandbox=True))

    refuse_another_worker(sandboxed, api)
    assert [] == asked
    with pytest.raises(Refused, match="would break bot unseen") if refused else nullcontext():
        refuse_another_worker(place, api)
    assert looks == len(asked)


def test_our_own_network_says_nothing_of_the_bot() -> None:
    """An independent address does not answer either."""
    with pytest.raises(CouldNotLook, match="independent address"):
        refuse_unless_it_answers(_place(SILENT, online=False))


def _check(check: str, severity: str, outcome: str, stage: str = "0-good") -> CheckFinished:
    return CheckFinished(check, check, "health", severity, stage, outcome)


def test_what_failed_before_the_first_fault_is_named_with_the_heaviest_first() -> None:
    """What failed under a fault, or could not be looked at, is no reason not to begin."""
    records = numbered(
        (
            StageStarted("0-good", "good"),
            _check("a.light", "medium", "fail"),
            _check("a.heavy", "critical", "fail"),
            _check("a.unseen", "critical", "inconclusive"),
            _check("a.well", "critical", "pass"),
            StageStarted("1-fault-x", "fault", "x"),
            _check("a.broken", "critical", "fail", "1-fault-x"),
        )
    )

    assert red_before(records) == ("a.heavy", "a.light")


def test_a_bot_that_is_not_well_is_not_drilled() -> None:
    """At most five are named."""
    refuse_unsteady(())

    with pytest.raises(Refused, match="c0, c1, c2, c3, c4 and 2 more failed"):
        refuse_unsteady([f"c{n}" for n in range(7)])
