"""Which version a rollback goes to, and why not to another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.errors import CouldNotLook, Refused, UsageError
from backstop.rollback.choose import choose
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.verified import VerifiedVersion
from backstop.rollback.way_back import search, way_back
from tests.unit.rollbacks import Account, account, deployed, history, plan, surveyed, version, vid

BACK = RollbackRequest("why")
FAULT_UPLOAD = marked("drill: health-503", Mark("r", Part.FAULT))


def verified(*numbers: int) -> tuple[VerifiedVersion, ...]:
    """Records, newest first."""
    return tuple(VerifiedVersion(vid(number), "r0", "2026-11-20") for number in numbers)


@pytest.mark.parametrize(
    ("found", "known", "wanted"),
    [
        pytest.param(account(*history(3, 2, 1)), (), 2, id="the one before"),
        pytest.param(account(*history(3, 2, 1)), verified(1), 1, id="the last that was verified here"),
        pytest.param(account(*history(3, 2, 1)), verified(3, 2, 1), 2, id="verified, but it serves"),
        pytest.param(account(*history(2, 3, 2, 1)), (), 1, id="no flip-flop to what was left"),
        pytest.param(account(*history(2, 3, 2, 1)), verified(3), 1, id="not even when it was verified once"),
        pytest.param(account(*history(3, 2, 1), versions=[version(2, etag="code 3")]), (), 1, id="same code"),
        pytest.param(
            account(*history(3, 2, 1), versions=[version(2, triggered_by="secret")]), (), 1, id="secret put"
        ),
        pytest.param(
            account(*history(4, 3, 2, 1), versions=[version(3, message='Updated secret "K"')]),
            (),
            2,
            id="versions secret put",
        ),
        pytest.param(
            account(*history(3, 2, 1), versions=[version(2, message=FAULT_UPLOAD)]), (), 1, id="drill's fault"
        ),
        pytest.param(
            account(*history(3, 2, 1), versions=[version(2, triggered_by="secret")]),
            verified(2),
            2,
            id="verified, whatever made it",
        ),
        pytest.param(
            account(*history(3, 2), versions=[version(2, etag="code 3", compatibility_date="2025-01-01")]),
            (),
            2,
            id="the same code under other settings, where there is no other",
        ),
        pytest.param(
            account(*history(3, 2, 1), versions=[version(2, etag="code 3", compatibility_date="2025-01-01")]),
            verified(2),
            2,
            id="verified under other settings",
        ),
        pytest.param(account(*history(3, 2, 1), unlisted=frozenset({vid(2)})), (), 1, id="beyond the 100"),
        pytest.param(
            account(deployed(2, 3, split=(50, 50)), *history(2, 1)), (), 2, id="split: the one that was all"
        ),
        pytest.param(
            account(*history(3), deployed(2, 3, split=(50, 50)), *history(1)), (), 1, id="never at 100 %"
        ),
        pytest.param(
            account(deployed(2, 3, split=(100, 0)), *history(2, 1)), (), 1, id="the newest is only staged"
        ),
        pytest.param(
            account(deployed(3, 2, split=(100, 0)), *history(2, 1)), (), 2, id="the old one is kept at 0 %"
        ),
        pytest.param(
            account(*history(3), deployed(2, 3, split=(100, 0)), *history(1)), (), 2, id="another was staged"
        ),
        pytest.param(
            account(*history(1, 3, 1), versions=[version(2, etag="code 3")]),
            verified(2),
            None,
            id="left code",
        ),
    ],
)
def test_the_way_back(found: Account, known: tuple[VerifiedVersion, ...], wanted: int | None) -> None:
    """The last verified one, else the newest earlier one that would do."""
    try:
        chosen = search(surveyed(found), known)[0].id
    except Refused:
        chosen = None

    assert (vid(wanted) if wanted else None) == chosen


@pytest.mark.parametrize("numbers", [(1,), (1, 1), (1, 2, 1)])
def test_nothing_to_go_back_to_is_refused_with_the_way_on(numbers: tuple[int, ...]) -> None:
    """And what was passed over is named."""
    with pytest.raises(Refused, match="nothing to go back to") as caught:
        choose(surveyed(account(*history(*numbers))), BACK)

    assert "--to ID" in caught.value.remedy


def test_what_was_passed_over_is_said() -> None:
    """So that somebody who knows better can name it."""
    found = account(*history(3, 2, 1), versions=[version(2, triggered_by="secret")])

    assert "made by a change of secrets" in choose(surveyed(found), BACK).why


TAGGED = account(
    *history(3, 2, 1), versions=[version(1, tag="v1"), version(2, tag="v2"), version(9, tag="v2")]
)


@pytest.mark.parametrize(
    ("name", "wanted"), [(vid(1), 1), (vid(1).upper(), 1), ("v1", 1), ("000000", None), ("00000001", 1)]
)
def test_a_name_is_an_id_the_beginning_of_one_or_a_tag(name: str, wanted: int | None) -> None:
    """One that means several is wrong usage."""
    request = RollbackRequest("why", Aim.NAMED, name)
    if wanted is None:
        with pytest.raises(UsageError, match="versions are named"):
            choose(surveyed(TAGGED), request)
    else:
        assert vid(wanted) == choose(surveyed(TAGGED), request).version.id


@pytest.mark.parametrize(
    ("name", "says", "remedy"),
    [
        ("latest", "neither the beginning of one .* nor a tag", "wrangler versions list"),
        ("v11", "no id", "'v1'"),
        ("v2", "2 versions are named 'v2'", "one of the ids"),
        ("'; DROP", "no id", "wrangler"),
        ("x" * 5000, "no id", "wrangler"),
    ],
)
def test_ids_that_are_none_are_wrong_usage(name: str, says: str, remedy: str) -> None:
    """Found, wanted, and what to do."""
    with pytest.raises(UsageError, match=says) as caught:
        choose(surveyed(TAGGED), RollbackRequest("why", Aim.NAMED, name))

    assert remedy in caught.value.remedy
    assert len(caught.value.message) < 500


def test_an_id_of_another_worker_is_refused() -> None:
    """The API knows no such version of this one."""
    with pytest.raises(Refused, match="another worker's"):
        choose(surveyed(TAGGED), RollbackRequest("why", Aim.NAMED, vid(77)))


def _rolled_back(run: str) -> str:
    return marked("why", Mark(run, Part.REAL, vid(3), vid(2)))


def test_undo_goes_forward_to_what_a_run_rolled_back_from() -> None:
    """Only while what that run made still serves."""
    made = deployed(2, message=_rolled_back("abc"))
    request = RollbackRequest("undo", Aim.UNDO, "abc")

    assert vid(3) == choose(surveyed(account(made, *history(3, 2))), request).version.id
    with pytest.raises(Refused, match="has deployed"):
        choose(surveyed(account(deployed(4), made, *history(3, 2))), request)
    with pytest.raises(Refused, match="is undone already"):
        choose(surveyed(account(deployed(3), made, *history(3, 2))), request)
    shouted = RollbackRequest("undo", Aim.UNDO, " ABC ")
    assert vid(3) == choose(surveyed(account(made, *history(3, 2))), shouted).version.id


def test_what_was_staged_beside_it_does_not_keep_from_returning() -> None:
    """At 0 % it had no part of the traffic."""
    made = deployed(2, message=_rolled_back("abc"))
    found = account(made, deployed(3, 4, split=(100, 0), minutes_ago=700), *history(2))

    assert vid(3) == choose(surveyed(found), RollbackRequest("undo", Aim.UNDO, "abc")).version.id


def test_a_split_is_no_version_to_return_to() -> None:
    """What was let in with a tenth of the traffic is not given all of it."""
    made = deployed(2, message=_rolled_back("abc"))
    found = account(made, deployed(2, 3, split=(90, 10), minutes_ago=700), *history(2))

    with pytest.raises(Refused, match="from a split"):
        choose(surveyed(found), RollbackRequest("undo", Aim.UNDO, "abc"))


def test_a_run_that_is_not_in_the_history_can_not_be_undone() -> None:
    """Those that are there are named; a drill's are none."""
    drill = deployed(2, message=marked("drill: x", Mark("drl", Part.DRILL, vid(3), vid(2))))
    found = account(drill, deployed(2, message=_rolled_back("abc"), minutes_ago=700), *history(3, 2))

    for run in ("nope", "drl"):
        with pytest.raises(Refused, match="no rollback of run") as caught:
            choose(surveyed(found), RollbackRequest("undo", Aim.UNDO, run))
        assert "abc" in caught.value.remedy


def test_restore_goes_back_to_what_a_drill_began_with() -> None:
    """Also on a machine that knows nothing of that drill."""
    fault = marked("drill: health-503", Mark("r", Part.FAULT, vid(2), vid(3)))
    request = RollbackRequest("restore", Aim.RESTORE)

    assert vid(2) == choose(surveyed(account(deployed(3, message=fault), *history(2))), request).version.id
    split = deployed(3, 2, split=(10, 90), message=fault)
    assert vid(2) == choose(surveyed(account(split, *history(2))), request).version.id
    for head in (deployed(3), deployed(4, message=fault)):
        with pytest.raises(Refused):
            choose(surveyed(account(head, *history(2))), request)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_no_history_leads_back_to_what_was_left(numbers: list[int]) -> None:
    """Nor to what serves, nor forward: whatever was deployed in whichever order."""
    found = surveyed(account(*history(*numbers)))
    chosen = way_back(found)

    if chosen is not None:
        assert chosen.id not in found.away
        assert chosen.number < numbers[0]
        assert chosen.id in {entry.only_version for entry in found.history[1:]}


CUT = "page 2 of it could not be read"


def test_a_history_that_is_cut_does_not_say_that_there_is_nothing() -> None:
    """What served before may lie beyond: it could not be looked at, and a name helps."""
    found = surveyed(account(*history(2), versions=[version(1)], cut=CUT))

    for look in (lambda: choose(found, BACK), lambda: way_back(found)):
        with pytest.raises(CouldNotLook, match=f"the history is not whole: {CUT}") as caught:
            look()
        assert "--to ID" in caught.value.remedy
    assert vid(1) == choose(found, RollbackRequest("why", Aim.NAMED, vid(1))).version.id


def test_what_is_shown_of_a_cut_history_leads_back() -> None:
    """The deployments in between are all known; the plan says that there are more."""
    found = account(*history(3, 2), versions=[version(1)], cut=CUT)

    assert vid(2) == choose(surveyed(found), BACK).version.id
    assert any(CUT in warning for warning in plan(found).warnings)


def test_what_was_verified_beyond_a_cut_is_not_gone_back_to() -> None:
    """Somebody may have rolled away from it there."""
    known = verified(1)
    found = account(*history(3, 2), versions=[version(1)])

    assert vid(1) == choose(surveyed(found), BACK, known).version.id
    found.cut = CUT
    assert vid(2) == choose(surveyed(found), BACK, known).version.id


@pytest.mark.parametrize("run", ["abc", "nope"])
def test_what_lies_beyond_a_cut_is_not_undone_by_guess(run: str) -> None:
    """The run may be there, or a split beneath what it made."""
    found = account(deployed(2, message=_rolled_back("abc")), versions=[version(3)], cut=CUT)

    with pytest.raises(CouldNotLook, match=CUT) as caught:
        choose(surveyed(found), RollbackRequest("undo", Aim.UNDO, run))
    assert "--to" in caught.value.remedy
