"""The guards of a rollback: the lock, the address, the records, and what an earlier session left."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.model.errors import CouldNotLook, Refused, Unrestored
from backstop.model.http import Answer
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.rollback.address import see_that_it_leads_there
from backstop.rollback.leftovers import Leftovers, left_by_a_drill, what_became_of
from backstop.rollback.lock import Locks
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.remains import GOOD_AGAIN
from backstop.rollback.undo import UndoNote, UndoNotes
from backstop.storage import CannotWrite
from tests.unit.rollbacks import Account, account, deployed, history, version, vid

ANSWER_S = 20.0
BOT = Target("prod", sandbox=False, worker="bot", cloudflare_account="account")


def test_a_worker_is_changed_by_one_at_a_time(tmp_path: Path) -> None:
    """Whoever comes second learns who is first; another worker, or account, is free."""
    locks = Locks(tmp_path / "locks")
    elsewhere = replace(BOT, cloudflare_account="another")

    with locks.held(BOT, "run-1"):
        assert not locks.free(BOT)
        with pytest.raises(Refused, match="run run-1, process"):
            locks.refuse_taken(BOT)
        with pytest.raises(Refused, match="run run-1, process"), locks.held(BOT, "run-2"):
            pass
        with locks.held(replace(BOT, worker="other"), "run-2"), locks.held(elsewhere, "run-2"):
            pass
    assert locks.free(BOT)
    locks.refuse_taken(BOT)
    with locks.held(BOT, "run-3"):
        pass


def _hold(directory: Path, ready: Connection) -> None:
    with Locks(directory).held(BOT, "killed"):
        ready.send("held")
        ready.recv()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    """It is the operating system's, and goes with the process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(tmp_path, theirs))
    process.start()
    try:
        assert ours.poll(ANSWER_S)
        ours.recv()
        with pytest.raises(Refused), Locks(tmp_path).held(BOT, "next"):
            pass
    finally:
        process.kill()
        process.join(ANSWER_S)

    with Locks(tmp_path).held(BOT, "next"):
        pass


class Edge:
    """An edge that shows ``seen``, or only ``answer``."""

    def __init__(self, seen: VersionId | None = None, answer: Answer | None = None) -> None:
        self._found = seen, answer

    def serving_or_answer(self) -> tuple[VersionId | None, Answer | None, str]:
        """What is seen before anything is changed."""
        return (*self._found, "")


def _looked_at(url: str, edge: Edge, found: Account | None = None) -> str:
    target = Target("prod", sandbox=False, url=url, worker="bot")
    api = found or account(*history(2, 1))
    return see_that_it_leads_there(target, cast("Any", api), cast("Any", edge))


def _answer(body: object, *headers: tuple[str, str]) -> Answer:
    return Answer(200, headers, json.dumps(body).encode())


DOMAINS = account(*history(1), domains={"bot.example.com": "bot", "other.example.com": "other"})


@pytest.mark.parametrize(
    ("url", "edge", "found"),
    [
        pytest.param("https://bot.example.workers.dev/x", Edge(), None, id="workers.dev"),
        pytest.param("https://bot.example.com", Edge(), DOMAINS, id="a custom domain"),
        pytest.param("http://127.0.0.1:1", Edge(seen=vid(2)), None, id="it shows a version of the worker"),
        pytest.param("https://other.example.com", Edge(seen=vid(2)), DOMAINS, id="behind another worker"),
    ],
)
def test_an_address_that_leads_to_the_worker_is_no_warning(
    url: str, edge: Edge, found: Account | None
) -> None:
    """By its name, by the account's domains, or by what it shows."""
    assert not _looked_at(url, edge, found)


@pytest.mark.parametrize(
    ("url", "edge", "says"),
    [
        pytest.param("https://other.example.workers.dev", Edge(), "not bot.example", id="another worker"),
        pytest.param("https://bot.elsewhere.workers.dev", Edge(), "not bot.example", id="another account"),
        pytest.param("https://1a2b-bot.example.workers.dev", Edge(), "preview", id="a preview address"),
        pytest.param("https://other.example.com", Edge(), "domain of the worker other", id="custom domain"),
        pytest.param(
            "http://127.0.0.1:1",
            Edge(answer=_answer({"worker": {"version": {"id": vid(77)}}})),
            "which bot never had",
            id="it shows a version of another worker",
        ),
        pytest.param(
            "http://127.0.0.1:1",
            Edge(answer=_answer({}, ("x-version-id", vid(78)))),
            "which bot never had",
            id="in a header",
        ),
    ],
)
def test_an_address_that_contradicts_is_refused(url: str, edge: Edge, says: str) -> None:
    """Somebody would roll back one bot and look at another."""
    with pytest.raises(Refused, match=says) as caught:
        _looked_at(url, edge, DOMAINS if "example.com" in url else None)

    assert "url" in caught.value.remedy


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="no answer at all"),
        pytest.param(_answer({"request": vid(77)}), id="an id of something else"),
        pytest.param(_answer({"version": "1.2.3"}), id="a version that is no id"),
        pytest.param(Answer(200, (), b"<html>"), id="no JSON"),
        pytest.param(_answer({"version": vid(1)}), id="an old version of the worker"),
    ],
)
def test_what_can_not_be_known_of_an_address_is_a_warning(answer: Answer | None) -> None:
    """An outage must not block its own rescue."""
    assert "could not be seen" in _looked_at("http://127.0.0.1:1", Edge(answer=answer))


def test_an_api_that_tells_no_domains_is_no_obstacle() -> None:
    """Names are compared as far as they go; the rest is a warning."""

    class Silent(Account):
        def subdomain(self) -> str:
            raise CouldNotLook("not permitted")

        def domain_leads_to(self, hostname: str) -> str | None:
            raise CouldNotLook(hostname)

    silent = Silent(history(1))

    assert not _looked_at("https://bot.whoever.workers.dev", Edge(), silent)
    assert _looked_at("https://bot.example.com", Edge(), silent)
    with pytest.raises(Refused):
        _looked_at("https://other.whoever.workers.dev", Edge(), silent)


NOTE = UndoNote("abc", "prod", "bot", vid(2), "roll bot back", vid(1))
MARKED = marked("why", Mark("abc", Part.REAL, vid(2), vid(1)))


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (deployed(1, message=MARKED), "it was done; what follows"),
        (deployed(2), "it was not done so far"),
        (deployed(3), "since then dev@example.com deployed"),
    ],
)
def test_what_became_of_a_rollback_that_was_cut_short_is_told(head: Any, says: str) -> None:
    """By the next session on this machine."""
    assert says in what_became_of(NOTE, head)


DRILL = UndoNote("abc", "prod", "bot", vid(1), "deploy the bot under x to bot")


def _leftovers(folder: Path, head: Any) -> tuple[Leftovers, Any]:
    api = SimpleNamespace(deployments=lambda _worker: (head,))
    return Leftovers(BOT, "now", UndoNotes(folder / "undo"), Locks(folder / "locks")), api


def test_a_rollback_that_was_cut_short_is_told_until_it_is_proven(tmp_path: Path) -> None:
    """A look that found the bot ill proves nothing; one that did nothing is told once."""
    left, api = _leftovers(tmp_path, deployed(1, message=MARKED))
    left.notes.arm(NOTE)

    assert left.told(api) == left.told(api) != ""
    left.proven()
    assert left.told(api) == ""
    left, api = _leftovers(tmp_path, deployed(2))
    left.notes.arm(NOTE)
    assert "it was not done so far" in left.told(api)
    assert left.told(api) == ""


def test_where_no_note_can_be_kept_nothing_is_begun(tmp_path: Path) -> None:
    """Something else stands in its place: there is no note, none to forget, and none is written."""
    (tmp_path / "undo").write_text("a file")
    left, api = _leftovers(tmp_path, deployed(1, message=MARKED))

    assert "" == left.told(api)
    left.notes.clear("prod")
    with pytest.raises(CannotWrite, match="can't be written") as caught:
        left.notes.arm(NOTE)
    assert caught.value.remedy
    (tmp_path / "undo").unlink()
    (tmp_path / "undo" / "prod.json").mkdir(parents=True)
    with pytest.raises(Unrestored, match="can't be read"):
        left.notes.pending("prod")


def test_a_session_that_is_still_at_work_was_not_cut_short(tmp_path: Path) -> None:
    """Its note is its own, until it has ended."""
    left, api = _leftovers(tmp_path, deployed(2))
    left.notes.arm(NOTE)

    with left.locks.held(BOT, "abc"):
        assert left.told(api) == ""
        left.proven()
    assert left.notes.pending("prod") == NOTE


def test_a_drill_does_not_begin_with_what_another_left(tmp_path: Path) -> None:
    """Not on another machine either; in a sandbox it is gone."""
    fault = marked("drill: x", Mark("drl", Part.FAULT, vid(1), vid(2)))
    left, api = _leftovers(tmp_path, deployed(2, message=fault))

    with pytest.raises(Unrestored, match="the drill of run drl") as caught:
        left.refuse_drill(api)
    assert "--restore" in caught.value.remedy
    left, api = _leftovers(tmp_path, deployed(2, message="drill: x [backstop drill abc]"))
    left.notes.arm(DRILL)
    with pytest.raises(Unrestored, match="may have left something"):
        left.refuse_drill(api)
    replace(left, target=replace(BOT, sandbox=True)).refuse_drill(api)
    left.refuse_drill(api)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (deployed(1), "serves, as before it"),
        (deployed(1, message=marked("drill: restore", Mark("abc", Part.DRILL))), "serves, as before it"),
        (deployed(3, message="hotfix"), "since then dev@example.com deployed"),
    ],
)
def test_a_drill_begins_where_nothing_of_an_earlier_one_serves(tmp_path: Path, head: Any, says: str) -> None:
    """The note of one that was cut short before it changed anything, or after it had put it back."""
    left, api = _leftovers(tmp_path, head)
    left.notes.arm(DRILL)

    assert says in what_became_of(DRILL, head)
    left.refuse_left(api)
    assert left.notes.pending("prod") == DRILL
    left.refuse_drill(api)
    assert left.notes.pending("prod") is None


def test_what_a_drill_left_stays_known_until_it_is_put_back(tmp_path: Path) -> None:
    """Each session on this machine says so again."""
    fault = marked("drill: x", Mark("abc", Part.FAULT, vid(1), vid(2)))
    left, api = _leftovers(tmp_path, deployed(2, message=fault))
    left.notes.arm(DRILL)

    assert left.told(api) == left.told(api)
    assert f"--restore puts {vid(1)} back" in left.told(api)


def test_a_fault_that_a_drill_left_is_known_on_every_machine() -> None:
    """By the mark in the deployment's message, also with a part of the traffic; a running drill's is none."""
    message = marked("drill: x", Mark("drl", Part.FAULT, vid(1), vid(2)))
    split = deployed(2, 1, split=(10, 90), message=message)

    assert "the drill of run drl" in left_by_a_drill(deployed(2, message=message), "other")
    assert "still serves a part of the traffic" in left_by_a_drill(split, "other")
    assert not left_by_a_drill(deployed(2, message=message), "drl")
    assert not left_by_a_drill(deployed(3, message=message), "other")
    assert not left_by_a_drill(deployed(2, message="hotfix"), "other")


@pytest.mark.parametrize(
    ("newest", "left"),
    [
        ("drill: health-503 [backstop fault drl]", True),
        ("drill: health-503 [backstop drill drl]", True),
        (f"{GOOD_AGAIN} [backstop drill drl]", False),
        ("drill: health-503 [backstop fault now]", False),
        ("a hotfix", False),
    ],
)
def test_a_faulty_upload_that_a_drill_left_is_known_on_every_machine(
    tmp_path: Path, newest: str, *, left: bool
) -> None:
    """It serves nobody, and is what the next edit starts from; with the way to mend it."""
    leftovers, _ = _leftovers(tmp_path, deployed(1))

    told = leftovers.uploaded((replace(version(2), message=newest), version(1)))

    assert left == ("the drill of run drl left" in told)
    assert left == ("--restore" in told)


def test_a_change_of_secrets_over_a_fault_is_no_good_upload(tmp_path: Path) -> None:
    """It has the code of the upload before it."""
    leftovers, _ = _leftovers(tmp_path, deployed(1))
    secret = replace(version(3), triggered_by="secret")
    fault = replace(version(2), message="drill: health-503 [backstop fault drl]")

    assert "the drill of run drl left" in leftovers.uploaded((secret, fault))
    assert not leftovers.uploaded((secret, version(1)))
