"""What a drill would do, in words. Looks where there is something to look at, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from backstop.commit import commit_of
from backstop.drill.chance import requests_to_meet
from backstop.drill.cost import expected_cost
from backstop.drill.gate import (
    refuse_another_worker,
    refuse_split,
    refuse_unless_it_answers,
    what_a_drill_needs,
)
from backstop.drill.rollback_command import RollbackCommand
from backstop.model.scenario import Scenario
from backstop.model.target import Target
from backstop.model.version import Deployment
from backstop.place import Place
from backstop.rollback.leftovers import Leftovers


def plan_of_sandbox(target: Target) -> Iterator[str]:
    """Where a drill in a sandbox would run."""
    yield f"account  a sandbox of its own on this machine, made for the drill ({target.name})"
    yield from _source(target)


def plan_of_place(place: Place, leftovers: Leftovers) -> Iterator[str]:
    """Which account, worker and version a drill would break. Raises as its gate does, also Unrestored."""
    target = place.target
    api, _ = what_a_drill_needs(place)
    leftovers.locks.refuse_taken(target)
    leftovers.refuse_left(api)
    yield f"account  {target.cloudflare_account}"
    yield f"worker   {target.worker} at {target.url}"
    yield f"serves   {_only(target, api.deployments(target.worker)[0])}: every rollback goes to it"
    yield from _source(target)
    refuse_unless_it_answers(place)
    refuse_another_worker(place, api)


def plan_of_scenarios(
    scenarios: Sequence[Scenario], command: RollbackCommand | None, took: Mapping[str, float]
) -> Iterator[str]:
    """What each scenario would do, and what all of them may cost; ``took`` is as the gate has it."""
    for scenario in scenarios:
        notices = ", ".join(scenario.notices) or f"one at least of {', '.join(scenario.able)}"
        before = f"{scenario.previous.name}, then under " if scenario.previous else ""
        does = f"deploys the bot under {before}{scenario.what}"
        yield f"  - {scenario.name}: {does} ({scenario.fault.changes})"
        yield from _chance(scenario)
        yield f"    must be noticed by {notices}; rolled back within {scenario.budget:g} s"
    how = " ".join(command.words) if command else "wrangler rollback"
    yield f"rolls back with  {how}"
    cost = expected_cost(scenarios, took)
    yield f"may cost         {cost.minutes:.1f} minutes of service: {cost.told}"


def _chance(scenario: Scenario) -> Iterator[str]:
    """That a part of the traffic may be too small for the checks that can notice the fault."""
    takes, able = requests_to_meet(scenario), len(scenario.able)
    if 0 < able < takes:
        chance = f"it takes {takes} requests to meet the fault, and {able} checks can notice it"
        yield f"    may come out as not shown: {chance}"


def _only(target: Target, head: Deployment) -> str:
    refuse_split(target, head)
    return head.shown


def _source(target: Target) -> Iterator[str]:
    if target.project is not None:
        environment = f", environment {target.wrangler_env}" if target.wrangler_env else ""
        yield f"project  {target.project}{environment}"
        yield f"commit   {commit_of(target.project)}"
