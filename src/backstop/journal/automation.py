"""What a journal says of a deploy, brought before the policy. A pure function."""

from __future__ import annotations

from collections.abc import Collection

from backstop.journal.events import Problem
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.journal.signals import policy_of, signals_of
from backstop.model.severity import Severity
from backstop.policy.automatic import Automatic, automatic


def after_deploy(facts: Facts, severities: Collection[Severity]) -> Automatic:
    """Whether a deploy is rolled back with nobody being asked; never after a session that went wrong."""
    if problem := next((event for _, event in select(facts.records, Problem)), None):
        return Automatic(roll_back=False, why=f"the session went wrong: {problem.message}")
    return automatic(signals_of(facts), severities, policy_of(facts))
