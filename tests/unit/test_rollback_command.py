"""A team's own rollback command: how it is read, run, and judged."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from backstop.drill.command_verdict import Other, judge
from backstop.drill.rollback_command import CommandEnded, RollbackCommand
from backstop.model.command_outcome import CommandOutcome
from backstop.model.errors import UsageError
from backstop.model.version import Deployment, Share, VersionId
from backstop.polling import SYSTEM
from backstop.redaction import REDACTOR
from backstop.rollback import testimony
from backstop.rollback.testimony import Act, Confirmation, Witness, Word
from tests.unit.drilling import BAD, FOREIGN, GOOD, NOW

VALUES = {"reason": 'it "broke"; rm -rf /', "worker": "bot", "from": BAD, "to": GOOD, "url": "http://x"}


def _with(folder: Path, name: str, text: str = "#!/bin/sh\n") -> str:
    """A folder that has a program, to be searched for it."""
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return str(folder)


def test_what_is_filled_in_stays_one_word(tmp_path: Path) -> None:
    """Whatever the reason holds, no shell reads it."""
    command = RollbackCommand.parse(
        "mend {reason} --to={to} 'two words' --yes", tmp_path, _with(tmp_path, "mend")
    )

    assert command.filled(VALUES) == ("mend", VALUES["reason"], f"--to={GOOD}", "two words", "--yes")


def test_braces_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    """JSON in an argument, for one."""
    command = RollbackCommand.parse("""mend '{"a": 1}'""", tmp_path, _with(tmp_path, "mend"))

    assert command.filled(VALUES) == ("mend", '{"a": 1}')


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "is empty"),
        ("mend 'open", "can't be split"),
        ("mend {reson}", "did you mean {reason}"),
        ("mend {branch}", "there are {reason}, {worker}"),
        ("./nowhere.sh", "there is no program"),
        ("nowhere {reason}", "there is no program nowhere in the PATH"),
        ("./folder", "there is no program"),
        ("./no-right.sh", "may not be executed"),
        ("no-right.sh", "there is no program no-right.sh in the PATH"),
        ("./no-first-line.sh", "does not say in its first line what runs it"),
        ("./empty.sh", "does not say in its first line what runs it"),
        ("./windows.sh", "has the line breaks of Windows"),
        ("sh -c 'echo ${HOME}'", "braces of its own goes into a script"),
        ("./nobody.sh", "is to be run by /no/such/shell, which is not there"),
    ],
)
def test_a_command_that_can_not_be_run_is_wrong_usage(typed: str, why: str, tmp_path: Path) -> None:
    """Before anything is broken, and with what to do."""
    (tmp_path / "folder").mkdir()
    search = _with(tmp_path, "no-right.sh")
    (tmp_path / "no-right.sh").chmod(0o644)
    _with(tmp_path, "no-first-line.sh", "echo hello\n")
    _with(tmp_path, "empty.sh", "")
    _with(tmp_path, "windows.sh", "#!/bin/sh\r\nexit 0\r\n")
    _with(tmp_path, "nobody.sh", "#!/no/such/shell -e\n")

    with pytest.raises(UsageError) as caught:
        RollbackCommand.parse(typed, tmp_path, search)

    assert why in str(caught.value)


def test_a_program_is_found_from_where_it_was_typed(tmp_path: Path) -> None:
    """It runs in another directory, so its path is made absolute; a bare name is left for the PATH."""
    search = _with(tmp_path, "mend.sh")

    words = [
        RollbackCommand.parse(f"{typed} {{to}}", tmp_path, search).words for typed in ("./mend.sh", "mend.sh")
    ]

    assert [(str(tmp_path / "mend.sh"), "{to}"), ("mend.sh", "{to}")] == words


def test_a_program_that_is_no_text_is_taken(tmp_path: Path) -> None:
    """What a compiler makes has no first line."""
    assert RollbackCommand.parse(f"{sys.executable} -V", tmp_path, "").words[1:] == ("-V",)


def _run(script: str, limit: float = 20.0) -> CommandEnded:
    return RollbackCommand((sys.executable, "-c", script)).run(VALUES, {"A": "1"}, None, limit, SYSTEM)


def test_a_command_that_ends_well_is_taken_at_its_word() -> None:
    """Its exit code is its word; the witnesses come after it."""
    ended = _run("import os; print('back', sorted(os.environ) >= ['A'])")

    assert (ended.act.word, ended.hung, ended.output) == (Word.DONE, False, "back True")


def test_a_command_that_fails_says_so() -> None:
    """With its exit code and what it wrote."""
    ended = _run("import sys; sys.exit('no such version')")

    assert (ended.act.word, ended.ended) == (Word.FAILED, "it ended with exit code 1")
    assert ended.output == "no such version"


def test_a_command_that_hangs_is_killed_at_its_limit() -> None:
    """What it did before that is not known from itself."""
    ended = _run("import time; print('waiting', flush=True); time.sleep(60)", limit=1.0)

    assert (ended.act.word, ended.hung, ended.output) == (Word.LOST, True, "waiting")
    assert ended.act.after < 20


def test_no_secret_and_no_flood_comes_through() -> None:
    """What a command writes goes into a report."""
    REDACTOR.register("OWN_TOKEN", "s3cr3t-value-of-a-token")

    ended = _run("print('x' * 9000 + ' s3cr3t-value-of-a-token')")

    assert "s3cr3t" not in ended.output
    assert len(ended.output) < 2100


def _ended(word: Word = Word.DONE, *, hung: bool = False) -> CommandEnded:
    return CommandEnded(("mend",), "it ended", "words", Act(word, 1.0), hung=hung)


def _confirmed(*, api: bool, edge: bool, command: bool = True) -> Confirmation:
    agreeing = {Witness.COMMAND: command, Witness.API: api, Witness.EDGE: edge}
    return Confirmation(tuple(testimony.Testimony(who, GOOD, "", yes, 1.0) for who, yes in agreeing.items()))


@pytest.mark.parametrize(
    ("ended", "confirmed", "serves", "outcome"),
    [
        (_ended(), _confirmed(api=True, edge=True), GOOD, CommandOutcome.DONE),
        (_ended(), _confirmed(api=False, edge=False), BAD, CommandOutcome.LIED),
        (
            _ended(Word.FAILED),
            _confirmed(api=False, edge=False, command=False),
            BAD,
            CommandOutcome.DID_NOTHING,
        ),
        (_ended(), _confirmed(api=False, edge=False), FOREIGN, CommandOutcome.WRONG_VERSION),
        (_ended(), _confirmed(api=True, edge=False), GOOD, CommandOutcome.UNCONFIRMED),
        (
            _ended(Word.FAILED),
            _confirmed(api=True, edge=True, command=False),
            GOOD,
            CommandOutcome.MISREPORTED,
        ),
        (_ended(Word.LOST, hung=True), _confirmed(api=True, edge=True), GOOD, CommandOutcome.HUNG),
    ],
)
def test_its_word_is_weighed_against_the_witnesses(
    ended: CommandEnded, confirmed: Confirmation, serves: VersionId, outcome: CommandOutcome
) -> None:
    """Only a command that says so, and did so, is done."""
    head = Deployment("d", NOW, "api", "dev@example.com", (Share(serves, 100),))

    verdict = judge(ended, confirmed, head, BAD)

    assert verdict.outcome is outcome
    assert bool(verdict.detail) == (outcome is not CommandOutcome.DONE)


@pytest.mark.parametrize(
    ("other", "outcome", "says"),
    [
        (
            Other("33333333 (v1)", alike=True),
            CommandOutcome.ANEW,
            f"deployed is 33333333 (v1), a new version of the same code .*; wanted {GOOD} itself",
        ),
        (
            Other("33333333 (v0)", alike=False),
            CommandOutcome.WRONG_VERSION,
            f"deployed is another version, 33333333 (v0); wanted {GOOD}",
        ),
        (None, CommandOutcome.WRONG_VERSION, f"deployed is {FOREIGN} at 100 %; wanted {GOOD}"),
    ],
    ids=["anew", "older", "unread"],
)
def test_what_it_deployed_instead_is_named(other: Other | None, outcome: CommandOutcome, says: str) -> None:
    """The same code built anew is told from another version that was good once."""
    head = Deployment("d", NOW, "api", "dev@example.com", (Share(FOREIGN, 100),))

    verdict = judge(_ended(), _confirmed(api=False, edge=False), head, BAD, other)

    assert outcome is verdict.outcome
    assert re.search(re.escape(says).replace(r"\.\*", ".*"), verdict.detail)


def test_a_signal_is_named() -> None:
    """Whoever reads it need not know its number."""
    ended = _run("import os; os.kill(os.getpid(), 15)")

    assert (Word.FAILED, "it was ended by signal 15 (SIGTERM)") == (ended.act.word, ended.ended)


def test_a_flood_and_a_question_hold_nothing_up() -> None:
    """A hundred megabytes are read and not kept; what it asks is answered by an end of input."""
    flood = "import os, sys; [os.write(1, b'y' * 1_000_000) for _ in range(100)]"

    ended = _run(f"{flood}; print(repr(sys.stdin.read()))", limit=120.0)

    assert (Word.DONE, False) == (ended.act.word, ended.hung)
    assert ended.output.endswith("yyy''")
    assert len(ended.output) < 2100
