"""``pytest -m pre_deploy``: a team's own commands first, then what the deploy would close behind it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.gate.conftest import HEAD, Bench
from tests.ready.desk import outcomes, said

MIGRATION = '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["Room"]\n'


def _commands(*scripts: str, more: str = "") -> str:
    words = [[sys.executable, "-c", script] for script in scripts]
    return f"pre_deploy = {{ commands = {json.dumps(words)}{more} }}"


def test_a_commit_that_was_given_up(bench: Bench, tmp_path: Path) -> None:
    """It is not deployed again by accident: exit code 1, with who went back and when."""
    ended = bench.look(tmp_path)

    assert 1 == ended.code, ended.output
    assert "fail" == outcomes(ended)["gate.regretted"]
    assert f"commit {bench.bad[:12]} was deployed before and given up" in ended.output
    assert "rolled away from" in said(ended, "gate.regretted")
    assert "do not deploy: see to what was found first" == ended.verdict["decision"]


def test_another_commit(bench: Bench, tmp_path: Path) -> None:
    """Nothing stands in the way of a commit that nobody gave up."""
    bench.git("checkout", "-qf", bench.good)

    ended = bench.look(tmp_path)

    assert 0 == ended.code, ended.output
    assert "pass" == outcomes(ended)["gate.regretted"]
    assert "pass" == outcomes(ended)["gate.committed"]
    assert "pass" == outcomes(ended)["gate.migration"]
    assert "n/a" == outcomes(ended)["gate.commands"]


def test_what_is_in_no_commit(bench: Bench, tmp_path: Path) -> None:
    """A finding, and a failure for those who want nothing but clean deploys."""
    bench.git("checkout", "-qf", bench.good)
    (bench.project / "src" / "index.js").write_text("export default {};\n")

    finding, failure = bench.look(tmp_path), bench.look(tmp_path, 'blocking = "low"')

    assert (0, "degraded") == (finding.code, outcomes(finding)["gate.committed"]), finding.output
    assert (1, "fail") == (failure.code, outcomes(failure)["gate.committed"]), failure.output
    assert "1 paths of the project differ from commit" in said(failure, "gate.committed")


def test_a_migration_ends_the_way_back(bench: Bench, tmp_path: Path) -> None:
    """Said before it is made; a failure for those who want none by accident."""
    bench.git("checkout", "-qf", bench.good)
    (bench.project / "wrangler.toml").write_text(HEAD + MIGRATION)

    finding, failure = bench.look(tmp_path), bench.look(tmp_path, 'blocking = "low"')

    assert (0, "degraded") == (finding.code, outcomes(finding)["gate.migration"]), finding.output
    assert "migrates from none to v1: this migration ends the way back" in said(finding, "gate.migration")
    assert (1, "fail") == (failure.code, outcomes(failure)["gate.migration"]), failure.output


def test_own_commands_come_first(bench: Bench, tmp_path: Path) -> None:
    """In the project's folder, one after the other, before anything is looked at."""
    bench.git("checkout", "-qf", bench.good)
    shows = "import pathlib; pathlib.Path('src/index.js').stat()"

    ended = bench.look(tmp_path, _commands(shows, shows))
    order = [line["check"] for line in ended.lines("check-finished")]

    assert 0 == ended.code, ended.output
    assert "gate.commands" == order[0]
    assert "pass" == outcomes(ended)["gate.commands"]


def test_the_first_command_that_fails(bench: Bench, tmp_path: Path) -> None:
    """Exit code 1 with its last lines and no secret; what follows it is not run."""
    token = bench.sandbox.ready["token"]
    fails = f"print('first\\n' * 500); print('the linter found 3 errors with {token}'); raise SystemExit(7)"
    leaves = f"open({str(tmp_path / 'ran')!r}, 'w')"

    ended = bench.look(tmp_path, _commands(fails, leaves))

    assert 1 == ended.code, ended.output
    assert "ended with exit code 7" in said(ended, "gate.commands")
    assert "the linter found 3 errors with" in said(ended, "gate.commands")
    assert token not in ended.output
    assert 30 > len(said(ended, "gate.commands").splitlines())
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('pre_deploy = { commands = [["no-such-program-anywhere", "x"]] }', "can't be started"),
        (_commands("import threading; threading.Event().wait()", more=", limit_s = 1"), "within 1 s"),
    ],
)
def test_a_command_that_says_nothing_of_the_project(
    bench: Bench, tmp_path: Path, lines: str, words: str
) -> None:
    """One that is not there, or never ends, is no word about it: exit code 20."""
    bench.git("checkout", "-qf", bench.good)

    ended = bench.look(tmp_path, lines)

    assert 20 == ended.code, ended.output
    assert "inconclusive" == outcomes(ended)["gate.commands"]
    assert words in said(ended, "gate.commands")
    assert [] == ended.left


def test_the_deploy_goes_elsewhere(bench: Bench, tmp_path: Path) -> None:
    """What would be closed is looked at where the deploy goes, not where it was tried."""
    ready = bench.sandbox.ready
    elsewhere = (
        f'pre_deploy = {{ to = "prod" }}\n[targets.prod]\nurl = "{bench.sandbox.ready["control"]}"\n'
        f'worker = "nobody"\ncontrol = "{ready["control"]}"\n'
    )

    ended = bench.look(tmp_path, elsewhere)

    assert 20 == ended.code, ended.output
    assert "inconclusive" == outcomes(ended)["gate.regretted"]
    assert "nobody" in said(ended, "gate.regretted")
