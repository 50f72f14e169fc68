"""Whose outage may be behind what is red. Pure: of a check, its row, and what is known of those outside."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from backstop.model.outside import Outside
from backstop.policy.signals import Signals
from backstop.policy.table import TABLE, Row
from backstop.policy.thresholds import Measure

# Answered by a bot before it asks anything of Discord, which takes no part in it: facts, "Discord".
_BEFORE_DISCORD = (
    *("discord.ping", "discord.verify-key", "discord.endpoint.kept", "discord.signature.*"),
    *("discord.unknown-command", "security.unsigned", "security.headers.unauthorized"),
)
# What is asked of a bot's health, or of what it answers by itself: its configuration may rule Discord out.
_OF_HEALTH = ("health.*", "latency.*", "errors.probes", "watch.probes", "watch.latency")
_OF_HEALTH_MEASURED = frozenset({Measure.MEAN, Measure.SLOWER})
# Told by the answer of the health path: what is not there is not there because that is wrong as a whole.
_IN_HEALTH = "health.environment"
_HEALTH = next(row for row in TABLE if row.name == "health")
# Red where Discord's API fails or knows no token, whatever the bot does.
_NEEDS_DISCORD = (
    *("discord.token", "discord.endpoint", "discord.registered", "discord.genuine"),
    *("discord.commands", "discord.commands.*", "discord.interactions", "discord.in-time"),
)


def behind(row: Row, check: str, signals: Signals) -> frozenset[Outside]:
    """Who may be behind a red check: by an outage that they report, or by an API that fails.

    A failing API explains only what is asked of it; a reported outage, all that looks like it.
    """
    reported = (row.may_be | _with_health(check, signals)) & signals.out
    if _is_of(check, _BEFORE_DISCORD):
        reported -= {Outside.DISCORD}
    if _is_of(check, _OF_HEALTH):
        reported -= signals.unasked
    return reported | (_needs(row, check) & signals.failing)


def in_doubt(row: Row, check: str, signals: Signals) -> frozenset[Outside]:
    """Who is needed for a check to pass, and is not known to be well."""
    return _needs(row, check) & signals.doubted


def behind_all(row: Row, checks: Iterable[str], signals: Signals) -> frozenset[Outside]:
    """Who may be behind all that a row was fired by; nobody where one of its checks is not explained."""
    each = [behind(row, check, signals) for check in checks]
    if not each:
        unasked = signals.unasked if row.measure in _OF_HEALTH_MEASURED else frozenset[Outside]()
        return (row.may_be & signals.out) - unasked
    return frozenset[Outside]().union(*each) if all(each) else frozenset()


def _with_health(check: str, signals: Signals) -> frozenset[Outside]:
    """Whose outage may be behind what the health answer lacks, where the health answer is wrong besides."""
    wrong = any(_HEALTH.names(each.check, each.severity) for each in signals.red)
    return _HEALTH.may_be if wrong and check == _IN_HEALTH else frozenset()


def _needs(row: Row, check: str) -> frozenset[Outside]:
    return row.may_be & {Outside.DISCORD} if _is_of(check, _NEEDS_DISCORD) else frozenset()


def _is_of(check: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(check, pattern) for pattern in patterns)
