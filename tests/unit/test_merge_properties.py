"""Laws of an incident with several journals, for any journals."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from backstop.journal.conclusion import conclude
from backstop.journal.merge import Merged, Source, merge
from backstop.journal.record import Record
from backstop.model.errors import UsageError
from backstop.model.keeping import Keeping
from backstop.model.verdict import WORST_FIRST, Ending, Verdict
from backstop.report.archive import Ended, Left, outlived
from backstop.report.merged import merged_incident, merged_page
from backstop.report.merged_verdict import merged_verdict
from tests.unit.arbitrary import journals

several = st.lists(journals, min_size=1, max_size=4)


def merged(each: list[tuple[Record, ...]]) -> Merged:
    """Those that are about one bot."""
    try:
        return merge([Source(str(number), records) for number, records in enumerate(each)])
    except UsageError:
        assume(False)
        raise


@given(each=several)
def test_no_journal_makes_another_one_better(each: list[tuple[Record, ...]]) -> None:
    """An incident is never better than the worst of its sessions."""
    found = merged(each)

    assume(
        not found.copies
    )  # of one session, the longer journal says all that the shorter one does, and more
    worst_of_all = min(WORST_FIRST.index(conclude(records).ending) for records in each)
    assert WORST_FIRST.index(found.ending) <= worst_of_all


@given(each=several)
def test_a_missing_vantage_point_is_never_verified(each: list[tuple[Record, ...]]) -> None:
    """Whatever the others say."""
    try:
        found = merge(
            [*(Source(str(n), records) for n, records in enumerate(each)), Source("x", None, "fra", "no")]
        )
    except UsageError:
        return

    assert Ending.VERIFIED is not found.ending
    assert ("fra",) == found.missing


@given(each=several)
def test_every_incident_has_its_three_files(each: list[tuple[Record, ...]]) -> None:
    """Total, and the same each time."""
    found = merged(each)

    assert merged_page(found) == merged_page(found)
    assert merged_incident(found) == merged_incident(found)
    assert json.loads(json.dumps(merged_verdict(found)))["exit_code"] == found.ending


NOW = datetime(2026, 11, 25, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
runs = st.sampled_from("abcdef")
ends = st.builds(
    Ended,
    run=runs,
    session=st.just("look"),
    target=st.just("prod"),
    verdict=st.sampled_from(Verdict),
    severity=st.just("none"),
    decision=st.just("nothing"),
    lasted=st.none(),
    recovered=st.none(),
    written=moments,
)
lists = st.lists(st.tuples(moments, st.none() | ends), max_size=30)


@given(
    each=lists, keep=st.integers(1, 8), days=st.integers(1, 900), needed=st.sets(st.sampled_from("abcdef"))
)
def test_the_rule_never_removes_what_might_be_needed(
    each: list[tuple[datetime, Ended | None]], keep: int, days: int, needed: set[str]
) -> None:
    """However the sessions ended, and whatever the clocks of their machines said."""
    ordered = sorted(each, key=lambda one: one[0], reverse=True)
    left = [Left(f"{began:%Y%m%dT%H%M%SZ}-{n}", began, ended) for n, (began, ended) in enumerate(ordered)]
    latest = left[len(left) // 2].name if left else ""

    gone = set(outlived(left, Keeping(keep, days), NOW, needed, latest))

    ours = [one for one in left if one.ended is not None]
    stay = {latest, *(one.name for one in ours[:1]), *(one.name for one in left if one.ended is None)}
    may_be_in_place = {Verdict.UNRESTORED, Verdict.UNCONFIRMED}
    stay |= {
        n.name for n in left if n.ended and (n.ended.verdict in may_be_in_place or n.ended.run in needed)
    }
    assert set() == gone & stay
