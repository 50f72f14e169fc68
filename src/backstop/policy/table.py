"""The decision policy as a table: what weighs how much, and whose trouble may be behind it.

A check belongs to the row of its own severity that names it. What no row names weighs what the check says of
itself, so that a new one is never lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from backstop.model.decision import Decision
from backstop.model.outside import Outside
from backstop.model.severity import Severity
from backstop.policy.thresholds import Measure

_ANYBODY = frozenset({Outside.DISCORD, Outside.CLOUDFLARE})
MINOR = "minor-findings"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``name`` is unique within its severity; a targets file switches it off by that.

    It is fired by a red check that ``checks`` name (``*`` allowed at the end), or by ``measure`` above its
    threshold. ``may_be`` are those whose outage looks like it. ``instead`` is what is done in place of what
    its severity calls for.
    """

    severity: Severity
    name: str
    what: str
    checks: tuple[str, ...] = ()
    measure: Measure | None = None
    may_be: frozenset[Outside] = frozenset()
    instead: Decision | None = None

    def names(self, check: str, severity: Severity) -> bool:
        """Whether a check of this severity belongs here."""
        return severity is self.severity and any(fnmatchcase(check, each) for each in self.checks)


_CRITICAL = (
    Row(
        Severity.CRITICAL,
        "health",
        "health is down or unhealthy",
        ("health.reachable", "health.status", "health.healthy", "health.edge-errors"),
        may_be=_ANYBODY,
    ),
    Row(Severity.CRITICAL, "secrets", "a required secret is missing", ("deployment.secrets",)),
    Row(
        Severity.CRITICAL,
        "signed",
        "what Discord signs is not taken, or what others sign is",
        (
            *("discord.ping", "discord.genuine", "discord.verify-key", "discord.signature.*"),
            *("discord.commands", "discord.commands.posted", "discord.endpoint.kept"),
        ),
        may_be=_ANYBODY,
    ),
    Row(
        Severity.CRITICAL,
        "token",
        "Discord does not take the bot's token, or it is another bot's",
        ("discord.token",),
        may_be=frozenset({Outside.DISCORD}),
    ),
    Row(
        Severity.CRITICAL,
        "endpoint",
        "Discord has dropped the endpoint URL",
        ("discord.endpoint",),
        may_be=frozenset({Outside.DISCORD}),
        instead=Decision.MEND,
    ),
    Row(Severity.CRITICAL, REJECTED, "the platform does not take the bot"),
)
_HIGH = (
    Row(
        Severity.HIGH,
        "forged",
        "an unsigned or forged request is taken, or answered as nobody should",
        ("discord.signature.*", "security.unsigned"),
    ),
    Row(Severity.HIGH, "leak", "a secret is shown", ("security.leaks.secrets",), instead=Decision.ROTATE),
    Row(Severity.HIGH, "traces", "a stack trace is shown", ("security.leaks.traces",)),
    Row(Severity.HIGH, "protection", "protection is removed", ("security.headers.*", "security.cors")),
    Row(
        Severity.HIGH,
        "exceptions",
        "requests end in an exception, or above the limits of memory or CPU",
        (
            *("deployment.errors", "deployment.canary", "errors.outage"),
            *("watch.limits", "watch.probes", "watch.tail", "watch.whole"),
        ),
        may_be=_ANYBODY,
    ),
    Row(
        Severity.HIGH,
        "answers",
        "what the bot answers is wrong, or comes too late",
        (
            *("health.json", "health.checks", "health.redirect", "health.connections", "health.certificate"),
            *("discord.interactions", "discord.in-time"),
            *("discord.commands.content", "discord.commands.followed-up"),
        ),
        may_be=_ANYBODY,
    ),
    Row(
        Severity.HIGH,
        "version",
        "another version, worker or environment serves than should",
        (
            *("deployment.serving", "deployment.expected", "deployment.authenticated"),
            *("health.version", "health.environment"),
        ),
        may_be=frozenset({Outside.CLOUDFLARE}),
    ),
    Row(
        Severity.HIGH,
        "registration",
        "Discord has other commands than the target declares",
        ("discord.registered",),
        may_be=frozenset({Outside.DISCORD}),
        instead=Decision.MEND,
    ),
)
_MEDIUM = (
    Row(
        Severity.MEDIUM,
        "intermittent",
        "errors come and go",
        ("health.error-rate", "health.steady", "errors.probes", "errors.tail"),
        may_be=_ANYBODY,
    ),
    Row(Severity.MEDIUM, "slow", "answers are slow", ("latency.*", "watch.latency"), may_be=_ANYBODY),
    Row(Severity.MEDIUM, "stale", "an old answer is served", ("health.fresh", "health.uncached")),
    Row(Severity.MEDIUM, "split", "not all of the traffic is served", ("deployment.one-version",)),
    Row(
        Severity.MEDIUM,
        "commands",
        "a command is answered badly",
        ("discord.commands.*", "discord.replies.readable", "discord.unknown-command"),
        may_be=frozenset({Outside.DISCORD}),
    ),
    Row(
        Severity.MEDIUM,
        "patterns",
        "an invalid request is answered badly, or shows more than it should",
        (
            *("security.content-type", "security.csp.scripts", "security.headers.*", "security.leaks.paths"),
            *(
                "deployment.logs",
                "security.methods",
                "security.oversize",
                "security.provoked",
                "security.rate-limiter",
            ),
        ),
    ),
)
_BY_CHECK = {  # checks that say themselves what a measured row says
    (Severity.HIGH, Measure.SLOWER): ("latency.*",),
    (Severity.MEDIUM, Measure.ALERT): ("errors.alert",),
    (Severity.MEDIUM, Measure.UNAUTHORISED): ("errors.unauthorised",),
}
_MEASURED = tuple(
    Row(severity, name, what, _BY_CHECK.get((severity, measure), ()), measure, may_be)
    for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
    for name, what, measure, may_be in (
        ("error-rate", "error rate", Measure.ERROR_RATE, _ANYBODY),
        ("mean", "mean time to first byte", Measure.MEAN, _ANYBODY),
        ("slower", "slower than the version before", Measure.SLOWER, _ANYBODY),
        ("alert", "error rate of which people are alerted", Measure.ALERT, _ANYBODY),
        ("unauthorised", "requests refused as unauthorised", Measure.UNAUTHORISED, frozenset[Outside]()),
    )
)
_LOW = (Row(Severity.LOW, MINOR, "minor findings", ("*",)),)

TABLE = tuple(sorted((*_CRITICAL, *_HIGH, *_MEDIUM, *_MEASURED, *_LOW), key=lambda row: -row.severity.rank))


SILENT = (
    "health.reachable"  # red where the bot answers nothing: all that asks it is red then, for that reason
)
_ASKS_THE_BOT = frozenset({"health", "discord", "security", "latency"})
_ASKS_DISCORD = frozenset({"discord.token", "discord.endpoint", "discord.registered", "discord.status"})


def asks_the_bot(check: str) -> bool:
    """Whether a check is red where the bot is silent, whatever else it looks for."""
    return check.partition(".")[0] in _ASKS_THE_BOT and check not in _ASKS_DISCORD


def row_of(check: str, severity: Severity) -> Row | None:
    """The row that a check belongs to; None where it weighs what it says of itself."""
    return next((row for row in TABLE if row.names(check, severity)), None)


def may_be_off(severity: Severity) -> tuple[str, ...]:
    """The names of the rows of a severity that a target may switch off: all but the last refuge."""
    return tuple(row.name for row in TABLE if row.severity is severity and row.name != MINOR)
