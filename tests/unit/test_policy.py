"""The decision policy: its table, its laws, and what a target may change of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.decision import Decision
from backstop.model.outside import Outside
from backstop.model.severity import Severity
from backstop.model.target import PolicyChange
from backstop.policy.automatic import automatic
from backstop.policy.rule import in_words, rule
from backstop.policy.signals import Rate, Red, Signals
from backstop.policy.table import TABLE, row_of
from backstop.policy.thresholds import Measure, Policy

DISCORD = frozenset({Outside.DISCORD})
UNHEALTHY = frozenset({Red("health.status", Severity.CRITICAL)})
ELSEWHERE = frozenset({Red("health.environment", Severity.HIGH)})
# how long it takes says something of a loaded machine, and nothing of the policy
_CHECKS = st.sampled_from(
    (
        *(
            "health.reachable",
            "health.status",
            "discord.ping",
            "discord.commands",
            "discord.endpoint",
            "discord.token",
            "security.leaks.secrets",
            "latency.mean",
        ),
        *("security.headers.ok", "security.csp", "deployment.one-version", "nobody.knows.it"),
    )
)
_SEVERITIES = st.sampled_from([each for each in Severity if each is not Severity.NONE])
_REDS = st.frozensets(st.builds(Red, _CHECKS, _SEVERITIES), max_size=5)
_RATES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: Rate(max(pair), min(pair)))
_SIGNALS = st.builds(
    Signals,
    red=_REDS,
    errors=st.none() | _RATES,
    mean_ms=st.none() | st.floats(0, 20_000),
    slower=st.none() | st.floats(0, 10),
    unauthorised=st.none() | st.floats(0, 1000),
    rejected=st.booleans(),
    out=st.frozensets(st.sampled_from(Outside)),
    failing=st.frozensets(st.sampled_from(Outside)),
    doubted=st.frozensets(st.sampled_from(Outside)),
    unasked=st.frozensets(st.sampled_from(Outside)),
    unsure=_REDS,
)
_POLICIES = st.builds(
    Policy,
    st.lists(
        st.builds(
            PolicyChange,
            _SEVERITIES,
            mean_ms=st.none() | st.floats(1, 9_000),
            error_rate_percent=st.none() | st.floats(0.1, 100),
            slower_percent=st.none() | st.floats(1, 300),
            alert_error_rate_percent=st.none() | st.floats(0.1, 100),
            unauthorised_per_minute=st.none() | st.floats(0.1, 1000),
            act_within_s=st.none() | st.floats(1, 9_000),
            off=st.lists(st.sampled_from([row.name for row in TABLE]), max_size=3).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
)


def red(*names: str, severity: Severity = Severity.CRITICAL) -> Signals:
    """What these red checks tell."""
    return Signals(red=frozenset(Red(name, severity) for name in names))


@given(signals=_SIGNALS, policy=_POLICIES)
def test_it_is_total(signals: Signals, policy: Policy) -> None:
    """Any signals lead to a decision, with the rows that spoke: something is done exactly where one did."""
    ruling = rule(signals, policy)

    assert bool(ruling.fired) == (ruling.severity is not Severity.NONE)
    assert bool(ruling.fired) == (ruling.decision is not Decision.NOTHING)
    assert [each.row.severity for each in ruling.fired] == sorted(
        (each.row.severity for each in ruling.fired), reverse=True
    )
    assert ruling.nearest is None or ruling.nearest.row not in {each.row for each in ruling.fired}


@given(signals=_SIGNALS, worse=_SIGNALS, policy=_POLICIES)
def test_worse_signals_never_lower_the_severity(signals: Signals, worse: Signals, policy: Policy) -> None:
    """More red, more errors, slower answers: whatever is added, nothing becomes harmless by it."""
    both = Signals(
        red=signals.red | worse.red,
        errors=_worse(signals.errors, worse.errors),
        mean_ms=max((m for m in (signals.mean_ms, worse.mean_ms) if m is not None), default=None),
        slower=max((m for m in (signals.slower, worse.slower) if m is not None), default=None),
        unauthorised=max(
            (m for m in (signals.unauthorised, worse.unauthorised) if m is not None), default=None
        ),
        rejected=signals.rejected or worse.rejected,
        out=signals.out | worse.out,
        failing=signals.failing | worse.failing,
        doubted=signals.doubted | worse.doubted,
        unasked=signals.unasked | worse.unasked,
        unsure=signals.unsure | worse.unsure,
    )

    assert rule(both, policy).severity >= rule(signals, policy).severity


def _worse(one: Rate | None, other: Rate | None) -> Rate | None:
    if one is None or other is None:
        return one or other
    return Rate(max(one.seen, other.seen), max(one.low, other.low))


@given(reds=_REDS.filter(bool), policy=_POLICIES)
def test_nothing_red_is_ever_lost(reds: frozenset[Red], policy: Policy) -> None:
    """A row that is switched off makes what it names a minor finding, and no more than that."""
    ruling = rule(Signals(red=reds), policy)

    assert {each.check for each in reds} == {check for fired in ruling.fired for check in fired.checks}


@given(signals=_SIGNALS, policy=_POLICIES, severities=st.sets(_SEVERITIES))
def test_nobody_is_asked_only_where_people_are_told_the_same(
    signals: Signals, policy: Policy, severities: set[Severity]
) -> None:
    """What rolls back by itself after a deploy never goes against the decision that people read."""
    ruling, found = rule(signals, policy), automatic(signals, severities, policy)

    if found.roll_back:
        assert ruling.decision not in {Decision.NOTHING, Decision.WAIT, Decision.MEND}
        assert () == ruling.outside
    if found.outside:
        assert not found.roll_back
    if not signals.red or not severities:
        assert not found.roll_back


@pytest.mark.parametrize(
    ("signals", "severity", "decision"),
    [
        (Signals(), Severity.NONE, Decision.NOTHING),
        (red("health.status"), Severity.CRITICAL, Decision.AT_ONCE),
        (Signals(rejected=True), Severity.CRITICAL, Decision.AT_ONCE),
        (Signals(errors=Rate(1.0, 0.83)), Severity.CRITICAL, Decision.AT_ONCE),
        (Signals(errors=Rate(1.0, 0.4)), Severity.MEDIUM, Decision.INVESTIGATE),
        (Signals(errors=Rate(0.7, 0.51)), Severity.HIGH, Decision.ASSESS),
        (Signals(errors=Rate(0.2, 0.051)), Severity.MEDIUM, Decision.INVESTIGATE),
        (Signals(errors=Rate(0.2, 0.05)), Severity.LOW, Decision.WATCH),
        (Signals(errors=Rate(0.2, 0.02)), Severity.NONE, Decision.NOTHING),
        (Signals(unauthorised=1000), Severity.NONE, Decision.NOTHING),
        (Signals(mean_ms=5001), Severity.HIGH, Decision.ASSESS),
        (Signals(mean_ms=5000), Severity.MEDIUM, Decision.INVESTIGATE),
        (Signals(mean_ms=1001), Severity.LOW, Decision.WATCH),
        (Signals(slower=1.26), Severity.HIGH, Decision.ASSESS),
        (Signals(slower=1.25), Severity.NONE, Decision.NOTHING),
        (red("security.leaks.secrets", severity=Severity.HIGH), Severity.HIGH, Decision.ROTATE),
        (red("discord.endpoint"), Severity.CRITICAL, Decision.MEND),
        (red("discord.endpoint", "health.status"), Severity.CRITICAL, Decision.AT_ONCE),
        (red("nobody.knows.it", severity=Severity.MEDIUM), Severity.MEDIUM, Decision.INVESTIGATE),
        (red("security.csp", severity=Severity.LOW), Severity.LOW, Decision.WATCH),
    ],
)
def test_what_is_decided(signals: Signals, severity: Severity, decision: Decision) -> None:
    """The rows of the design, at their thresholds."""
    ruling = rule(signals)

    assert (ruling.severity, ruling.decision) == (severity, decision)


@pytest.mark.parametrize(
    ("signals", "decision", "outside"),
    [
        (replace(red("health.status"), out=frozenset({Outside.CLOUDFLARE})), Decision.WAIT, ("cloudflare",)),
        (replace(red("discord.commands"), out=frozenset({Outside.DISCORD})), Decision.WAIT, ("discord",)),
        (replace(red("health.status"), out=DISCORD, unasked=DISCORD), Decision.AT_ONCE, ()),
        (Signals(red=UNHEALTHY | ELSEWHERE, out=DISCORD), Decision.WAIT, ("discord",)),
        (Signals(red=UNHEALTHY | ELSEWHERE, out=DISCORD, unasked=DISCORD), Decision.AT_ONCE, ()),
        (Signals(red=ELSEWHERE, out=DISCORD), Decision.ASSESS, ()),
        (Signals(red=UNHEALTHY | ELSEWHERE), Decision.AT_ONCE, ()),
        (replace(red("discord.commands"), out=DISCORD, unasked=DISCORD), Decision.WAIT, ("discord",)),
        (Signals(mean_ms=9_000, out=DISCORD), Decision.WAIT, ("discord",)),
        (Signals(mean_ms=9_000, out=DISCORD, unasked=DISCORD), Decision.ASSESS, ()),
        (replace(red("discord.ping"), out=frozenset({Outside.DISCORD})), Decision.AT_ONCE, ()),
        (replace(red("discord.ping"), out=frozenset({Outside.CLOUDFLARE})), Decision.WAIT, ("cloudflare",)),
        (
            replace(red("health.status", "discord.signature.ping"), out=frozenset({Outside.DISCORD})),
            Decision.AT_ONCE,
            (),
        ),
        (
            replace(red("health.reachable", "discord.ping"), out=frozenset({Outside.DISCORD})),
            Decision.AT_ONCE,
            (),
        ),
        (replace(red("health.reachable"), out=frozenset({Outside.DISCORD})), Decision.WAIT, ("discord",)),
        (
            replace(
                red("discord.commands.followed-up", severity=Severity.HIGH),
                failing=frozenset({Outside.DISCORD}),
            ),
            Decision.WAIT,
            ("discord",),
        ),
        (replace(red("discord.ping"), failing=frozenset({Outside.DISCORD})), Decision.AT_ONCE, ()),
        (replace(red("health.status"), doubted=frozenset(Outside)), Decision.AT_ONCE, ()),
        (replace(red("discord.token"), failing=frozenset({Outside.DISCORD})), Decision.WAIT, ("discord",)),
        (replace(red("health.status"), failing=frozenset({Outside.DISCORD})), Decision.AT_ONCE, ()),
        (replace(red("health.status"), out=frozenset({Outside.NETWORK})), Decision.AT_ONCE, ()),
        (replace(red("deployment.secrets"), out=frozenset({Outside.CLOUDFLARE})), Decision.AT_ONCE, ()),
        (Signals(out=frozenset({Outside.DISCORD})), Decision.NOTHING, ()),
    ],
)
def test_is_it_ours(signals: Signals, decision: Decision, outside: tuple[str, ...]) -> None:
    """An outage that looks like what was found advises against a rollback; the severity stays."""
    ruling = rule(signals)

    assert decision is ruling.decision
    assert outside == tuple(who.value for who in ruling.outside)
    assert rule(replace(signals, out=frozenset(), failing=frozenset())).severity is ruling.severity


def test_a_bot_that_answers_nothing_leaks_nothing() -> None:
    """What is red for its silence belongs to that, and what does not ask it keeps its own row."""
    asked = ("security.leaks.secrets", "latency.mean", "discord.ping")
    reds = frozenset(Red(name, Severity.HIGH) for name in (*asked, "deployment.serving"))
    signals = Signals(red=reds | {Red("health.reachable", Severity.CRITICAL)})

    ruling = rule(signals)

    assert Decision.AT_ONCE is ruling.decision
    assert ["health", "version"] == [each.row.name for each in ruling.fired]
    assert set(asked) < set(ruling.fired[0].checks)


def test_where_health_is_switched_off_silence_excuses_nothing() -> None:
    """Or what is red besides would be made harmless by one more red check."""
    off = Policy((PolicyChange(Severity.CRITICAL, off=("health",)),))
    protection = Red("security.headers.ok", Severity.HIGH)
    silence = Red("health.reachable", Severity.CRITICAL)

    assert Severity.HIGH is rule(Signals(red=frozenset({protection, silence})), off).severity


def test_an_outage_is_no_excuse_for_what_it_does_not_explain() -> None:
    """A leak and a forged signature are the bot's own, whoever else is down."""
    forged = Red("discord.signature.wrong_key", Severity.HIGH)
    signals = Signals(
        red=frozenset({forged, Red("health.status", Severity.CRITICAL)}), out=frozenset({Outside.DISCORD})
    )

    ruling = rule(signals)

    assert (Severity.CRITICAL, Decision.ASSESS) == (ruling.severity, ruling.decision)
    assert () == ruling.outside


def test_a_target_changes_thresholds_rows_and_times() -> None:
    """Its own figures decide, and its own time is in the words."""
    off = Policy((PolicyChange(Severity.CRITICAL, off=("health",)),))
    later = Policy((PolicyChange(Severity.HIGH, mean_ms=3000, act_within_s=600),))

    assert Severity.LOW is rule(red("health.status"), off).severity
    assert Severity.HIGH is rule(Signals(mean_ms=3500), later).severity
    assert "assess quickly, roll back (within 10 min)" == rule(Signals(mean_ms=3500), later).text


@pytest.mark.parametrize(
    ("low", "rows"),
    [(0.051, ["error-rate"]), (0.1, ["error-rate"]), (0.101, ["error-rate", "alert"])],
)
def test_what_is_decided_from_and_what_is_alerted_from_are_two_figures(low: float, rows: list[str]) -> None:
    """The procedure investigates from 5 % of errors on, and alerts from 10 % on."""
    assert rows == [each.row.name for each in rule(Signals(errors=Rate(0.2, low))).fired]


def test_a_target_says_how_many_unauthorised_requests_are_usual() -> None:
    """Of each severity by itself; without its word none speaks."""
    usual = Policy(
        (
            PolicyChange(Severity.MEDIUM, unauthorised_per_minute=30),
            PolicyChange(Severity.HIGH, unauthorised_per_minute=300),
        )
    )

    found = [rule(Signals(unauthorised=rate), usual).severity for rate in (30, 31, 301)]

    assert [Severity.NONE, Severity.MEDIUM, Severity.HIGH] == found
    assert "31 requests a minute were answered 401 or 403, threshold 30" == (
        rule(Signals(unauthorised=31), usual).fired[0].why
    )


def test_the_nearest_row_that_did_not_speak() -> None:
    """The one whose figure came nearest, or whose check could not tell."""
    unsure = frozenset({Red("discord.token", Severity.CRITICAL)})
    measured = rule(Signals(errors=Rate(0.6, 0.45))).nearest
    not_shown = rule(replace(red("security.cors", severity=Severity.HIGH), unsure=unsure)).nearest

    assert measured is not None
    assert ("error-rate", Severity.HIGH) == (measured.row.name, measured.row.severity)
    assert "at least 45.0 % are shown to fail, threshold 50 %" in measured.why
    assert not_shown is not None
    assert "token" == not_shown.row.name


@pytest.mark.parametrize(
    ("seconds", "words"), [(120, "2 min"), (3600, "1 h"), (90, "90 s"), (5400, "90 min"), (0.5, "0.5 s")]
)
def test_times_in_words(seconds: float, words: str) -> None:
    """In the largest unit that is whole."""
    assert words == in_words(seconds)


def test_rows_are_known_by_severity_and_name() -> None:
    """What a targets file switches off is one row."""
    keys = [(row.severity, row.name) for row in TABLE]

    assert sorted(set(keys)) == sorted(keys)


def test_each_measure_has_a_row_of_each_severity() -> None:
    """So that a target can give any of them a threshold."""
    measured = {(row.severity, row.measure) for row in TABLE if row.measure}

    assert {(s, m) for s in Severity if s is not Severity.NONE for m in Measure} == measured


def test_a_check_belongs_to_the_row_of_its_own_severity() -> None:
    """So that what a check says of itself and what the policy says never differ."""
    genuine = row_of("discord.signature.ping", Severity.CRITICAL)
    forged = row_of("discord.signature.wrong_key", Severity.HIGH)

    assert genuine is not None
    assert forged is not None
    assert ("signed", "forged") == (genuine.name, forged.name)
    assert row_of("nobody.knows.it", Severity.HIGH) is None
