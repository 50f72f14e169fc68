"""A journal that was changed after it was written says where."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from backstop.journal.chain import chained, seal, unchained
from backstop.journal.codec import to_line
from backstop.journal.conclusion import conclude
from backstop.journal.events import Said
from backstop.journal.reader import parse, read
from backstop.journal.record import Damaged, Record
from backstop.journal.writer import Journal
from backstop.model.verdict import Ending
from backstop.redaction import REDACTOR
from tests.unit.fakeclock import FakeClock
from tests.unit.samples import drill, failed_post_rollback

LINE = re.compile(rb'(.*), "chain": "(\w{64})"\}\n')


def lines_of(records: tuple[Record, ...], folder: Path) -> list[bytes]:
    """The lines of a chained journal with these events, all of one moment: what is mixed keeps its order."""
    with Journal(folder / "journal.jsonl", FakeClock()) as journal:
        for record in records:
            journal.write(record.event)
    return journal.path.read_bytes().splitlines(keepends=True)


@pytest.fixture
def whole(tmp_path: Path) -> list[bytes]:
    """The lines of a drill that was verified."""
    return lines_of(drill(), tmp_path)


def damages(lines: list[bytes]) -> list[tuple[int, str]]:
    """What is wrong with these lines, and where."""
    return [(r.n, r.event.why) for r in parse(lines) if isinstance(r.event, Damaged)]


def _renumbered(line: bytes, number: int) -> bytes:
    return re.sub(rb'"n": \d+', f'"n": {number}'.encode(), line)


def _rehashed(line: bytes, before: bytes) -> bytes:
    """As somebody would who knows how it is done."""
    content, _ = unchained(line)
    chain = LINE.fullmatch(before)[2]  # type: ignore[index]
    return chained(content, hashlib.sha256(chain + content.rstrip(b"\n")).hexdigest())


def test_a_whole_journal_is_verified_as_before(whole: list[bytes]) -> None:
    """The chain tells against nobody who has changed nothing."""
    assert [] == damages(whole)
    assert Ending.VERIFIED is conclude(tuple(parse(whole))).ending


def test_the_seal_is_what_the_documented_recipe_finds(whole: list[bytes]) -> None:
    """So that anybody can check a journal with nothing of ours."""
    found = ""
    for line in whole:
        body, chain = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
        found = hashlib.sha256(found.encode() + body + b"}").hexdigest()
        assert found == chain.decode()

    assert found == seal(tuple(parse(whole)))


def test_memory_and_file_have_the_same_seal(tmp_path: Path) -> None:
    """What the terminal shows at the end is what a reader of the file finds."""
    with Journal(tmp_path / "journal.jsonl") as journal:
        for record in failed_post_rollback():
            journal.write(record.event)

    assert seal(journal.records) == seal(read(journal.path))
    assert json.loads(journal.path.read_bytes().splitlines()[-1])["chain"] == seal(journal.records)


@pytest.mark.parametrize(
    ("change", "where", "why"),
    [
        (lambda a, _b: [*a[:14], a[14].replace(b"pass", b"fail"), *a[15:]], 14, "line 14 was changed"),
        (
            lambda a, _b: [*a[:14], _rehashed(a[14].replace(b"pass", b"fail"), a[13]), *a[15:]],
            15,
            "line 15 was",
        ),
        (lambda a, b: [*a[:14], b[14], *a[15:]], 14, "comes from another journal"),
        (lambda a, _b: [*a[:14], unchained(a[14])[0], *a[15:]], 14, "line 14 has no hash"),
        (lambda a, _b: [unchained(a[0])[0], *a[1:]], 1, "line 1 is chained"),
        (lambda a, _b: [*a[:14], *a[15:]], 14, "1 lines are missing before line 15"),
        (lambda a, _b: [*a[:14], a[14], *a[14:]], 15, "line 14 comes where line 15 was due"),
        (lambda a, _b: [*a[:14], a[15], a[14], *a[16:]], 14, "lines are missing"),
        (lambda a, _b: [*a[:14], _renumbered(a[15], 14), *a[16:]], 14, "line 14 was changed"),
        (lambda a, b: [*a, *b], len(drill()), "another journal is mixed in"),
        (lambda a, _b: [a[0].replace(b'": ', b'":'), *a[1:]], 0, "line 0 was changed"),
        (lambda a, _b: [b"\xef\xbb\xbf" + a[0], *a[1:]], 0, "line 0 was changed"),
    ],
)
def test_a_change_shows_where_it_is(
    whole: list[bytes],
    tmp_path_factory: pytest.TempPathFactory,
    change: Callable[[list[bytes], list[bytes]], list[bytes]],
    where: int,
    why: str,
) -> None:
    """The first damage names the line, and the session is not verified any more."""
    other = lines_of(failed_post_rollback(), tmp_path_factory.mktemp("other"))

    changed = change(whole, other)

    place, said = damages(changed)[0]
    assert (where, True) == (place, why in said)
    assert Ending.VERIFIED is not conclude(tuple(parse(changed))).ending


def test_what_follows_a_changed_line_still_counts(whole: list[bytes]) -> None:
    """One change is one damage, and every event is there."""
    changed = [*whole[:14], whole[14].replace(b"0.018", b"0.019"), *whole[15:]]

    records = list(parse(changed))

    assert len(damages(changed)) == 1
    assert len(whole) + 1 == len(records)
    assert list(range(len(whole))) == [r.n for r in records if not isinstance(r.event, Damaged)]


def test_a_journal_of_before_is_read_and_said_not_to_be_chained() -> None:
    """Nothing is held against it, but nothing is claimed either."""
    old = conclude(tuple(parse([to_line(record).encode() for record in drill()])))

    assert (Ending.VERIFIED, "") == (old.ending, old.seal)


def test_a_line_that_was_cut_out_of_the_end_shows(whole: list[bytes]) -> None:
    """Without its last line a session was cut short, chained or not."""
    assert Ending.INCONCLUSIVE is conclude(tuple(parse(whole[:-1]))).ending


def test_a_line_that_can_not_be_read_is_one_damage(whole: list[bytes]) -> None:
    """The chain is taken up again after it."""
    assert [(14, True)] == [
        (n, "not a line" in why) for n, why in damages([*whole[:14], b"{\n", *whole[15:]])
    ]


def test_a_chain_is_no_credential(tmp_path: Path) -> None:
    """What happens to stand in a secret too is not taken out of it: the journal would seem to be changed."""
    with Journal(tmp_path / "journal.jsonl") as journal:
        first = journal.write(Said("one"))
        REDACTOR.register("KEY", first.chain)
        second = journal.write(Said("two"))

    assert first.chain != second.chain
    assert (first, second) == read(journal.path)
