"""``action.yml``: every input arrives, nobody's text becomes a command, the exit code is the session's."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from backstop.journal.conclusion import conclude
from backstop.process import run
from backstop.report.verdict_json import verdict_text
from tests.schedules.instructions import ROOT, block_of, expressions, pytest_options, run_blocks
from tests.unit.samples import failed_post_rollback

ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")
BASH = shutil.which("bash") or "bash"

# In the place of backstop: notes its arguments, and leaves the report that it is told to.
STUB = """\
#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >> called; done
if [ -n "$LEAVES" ]; then
  mkdir -p "reports/$LEAVES"
  cp verdict.json "reports/$LEAVES/verdict.json"
  echo "# Incident" > "reports/$LEAVES/incident.md"
  case "$LEAVES" in *-monitor-*) ;; *) ln -sfn "$LEAVES" reports/latest ;; esac
fi
exit "$ENDS_WITH"
"""


@dataclass(frozen=True)
class Ended:
    """How the block of the session ended: exit code, what it called with, its outputs."""

    code: int
    called: list[str]
    outputs: dict[str, str]


def _section(name: str) -> str:
    """What stands below a key at the left margin."""
    found = re.search(rf"^{name}:\n((?:(?: .*)?\n)+)", ACTION, re.MULTILINE)
    assert found
    return found[1]


def _steps() -> list[str]:
    return re.split(r"^    - ", _section("runs").partition("  steps:\n")[2], flags=re.MULTILINE)[1:]


def _session(tmp_path: Path, *, leaves: str = "", ends_with: int = 0, **inputs: str) -> Ended:
    """Run the session's block with a stub; inputs are named as its variables."""
    stub = tmp_path / "backstop"
    stub.write_text(STUB)
    stub.chmod(0o755)
    (tmp_path / "verdict.json").write_text(verdict_text(conclude(failed_post_rollback())))
    environment = {
        "PATH": os.environ["PATH"],
        "BACKSTOP": str(stub),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    environment |= {"LEAVES": leaves, "ENDS_WITH": str(ends_with)}
    given = {"SESSION": "drill", "TARGET": "staging", "TARGETS_FILE": "targets.toml", "ARGUMENTS": ""}
    given |= {"REPORTS": "reports", "ARTIFACT": "", **inputs}
    shell = [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", block_of(ACTION, "session")]
    ended = run(shell, env=environment | given, cwd=tmp_path, limit=20)
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    return Ended(ended.returncode, (tmp_path / "called").read_text().splitlines(), outputs)


def test_every_input_is_used_and_every_used_one_exists() -> None:
    """An input that nothing reads would be ignored in silence."""
    declared = set(re.findall(r"^  ([a-z-]+):$", _section("inputs"), re.MULTILINE))

    assert declared == set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", ACTION))
    assert {"session", "target", "targets-file", "arguments"} <= declared


def test_every_input_and_output_is_described() -> None:
    """Whoever uses it reads nothing else."""
    for section in ("inputs", "outputs"):
        entries = re.split(r"^  (?=[a-z])", _section(section), flags=re.MULTILINE)[1:]

        assert entries
        assert [] == [entry for entry in entries if "    description: " not in entry]


def test_every_script_has_its_shell() -> None:
    """A composite action has no default one; each is read by bash."""
    scripts = [step for step in _steps() if "run: |" in step]

    assert [] == [step for step in scripts if "shell: bash\n" not in step]
    assert len(scripts) == len(run_blocks(ACTION))
    for block in run_blocks(ACTION):
        ended = run([BASH, "-n", "-c", block], env=dict(os.environ), cwd=ROOT, limit=20)
        assert 0 == ended.returncode, f"{block}\n{ended.stderr}"


def test_nothing_is_written_into_a_script_from_outside() -> None:
    """What people write comes as variables, which a shell does not read as commands."""
    assert [] == [found for block in run_blocks(ACTION) for found in expressions(block)]
    assert "secrets." not in ACTION
    assert "github.event" not in ACTION


def test_variables_of_a_script_are_given_to_it() -> None:
    """Each that a block reads is set by the step, by the block, or by every runner."""
    of_runners = {"RUNNER_TEMP", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_RUN_ATTEMPT"}
    for step in _steps():
        given = set(re.findall(r"^        ([A-Z_]+): \$\{\{", step, re.MULTILINE))
        read = set(re.findall(r"\$\{?([A-Z_]+)", step.partition("run: |")[2]))

        assert set() == read - given - of_runners
        assert set() == given - read


def test_outputs_of_steps_exist() -> None:
    """Each that is read is one that its step sets."""
    read = set(re.findall(r"steps\.([a-z]+)\.outputs\.([a-z-]+)", ACTION)) - {("python", "python-path")}

    assert read
    assert set() == {name for name in read if f'echo "{name[1]}=' not in block_of(ACTION, name[0])}


def test_report_is_kept_whatever_happened() -> None:
    """A red session is the one whose report is wanted, with all of its files."""
    summary, upload = _steps()[-2:]

    assert summary.startswith("if: always()\n")
    assert upload.startswith("if: always() && steps.session.outputs.report != ''\n")
    assert "\n        path: ${{ steps.session.outputs.report }}\n" in upload


def test_actions_are_pinned_to_a_major_version() -> None:
    """So that they get fixes, and nothing else."""
    used = re.findall(r"uses: (\S+)", ACTION)

    assert len(used) == ACTION.count("uses: actions/")
    assert [] == [name for name in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", name)]


def test_session_is_given_what_was_asked_for(tmp_path: Path) -> None:
    """Each line of the arguments is one word, whatever is in it."""
    text = '--reason=it\'s $(touch here) `down`; "x"\n\n--yes'

    ended = _session(tmp_path, SESSION="monitor and health", ARGUMENTS=text)

    words = ["--target=staging", "--targets-file=targets.toml", "--reports=reports"]
    words += ["-m", "monitor and health", '--reason=it\'s $(touch here) `down`; "x"', "--yes"]
    assert ["run", *words] == ended.called
    assert not (tmp_path / "here").exists()


def test_session_is_given_options_that_exist() -> None:
    """As in the workflow of schedules/."""
    given = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", block_of(ACTION, "session")))

    assert {"--target", "--targets-file", "--reports"} == given & pytest_options()
    assert set() == given - pytest_options()


def test_without_a_session_it_is_a_plain_look(tmp_path: Path) -> None:
    """No marker, and a name for its artifact all the same."""
    ended = _session(tmp_path, SESSION="")

    assert "-m" not in ended.called
    assert "backstop-look-staging-1" == ended.outputs["artifact"]


@pytest.mark.parametrize("code", [0, 1, 20, 24])
def test_exit_code_is_that_of_the_session(tmp_path: Path, code: int) -> None:
    """The job is red for every other than 0, and others can tell them apart."""
    ended = _session(tmp_path, leaves="run-1", ends_with=code)

    assert (code, str(code)) == (ended.code, ended.outputs["exit-code"])
    assert ("reports/run-1", "failed") == (ended.outputs["report"], ended.outputs["verdict"])


def test_report_of_an_earlier_session_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    """A session that could not begin leaves none."""
    assert "reports/run-1" == _session(tmp_path, leaves="run-1").outputs["report"]

    ended = _session(tmp_path, ends_with=4)

    assert ("", "") == (ended.outputs["report"], ended.outputs["verdict"])


def test_report_of_a_monitor_is_found_without_latest(tmp_path: Path) -> None:
    """It is left where something has changed, once; the look after it leaves none."""
    name = "20261125T140000Z-monitor-prod"
    assert f"reports/{name}" == _session(tmp_path, leaves=name, ends_with=1).outputs["report"]

    ended = _session(tmp_path, ends_with=1)

    assert ("", "1") == (ended.outputs["report"], ended.outputs["exit-code"])


def test_name_of_the_artifact_is_one(tmp_path: Path) -> None:
    """Of what is typed only letters and digits stay; a name that is given is taken as it is."""
    assert (
        "backstop-monitor_and_health-a_b-1"
        == (_session(tmp_path, SESSION="monitor and health", TARGET="a/b").outputs["artifact"])
    )
    assert "mine" == _session(tmp_path, ARTIFACT="mine").outputs["artifact"]


def test_summary_of_the_run_has_the_incident_report(tmp_path: Path) -> None:
    """Below the verdict, which the session writes itself."""
    (tmp_path / "incident.md").write_text("# Incident\n")

    assert "# Incident\n" == _shown(tmp_path, str(tmp_path))


def test_summary_of_the_run_says_so_where_there_is_no_report(tmp_path: Path) -> None:
    """With the exit code."""
    shown = _shown(tmp_path, "")

    assert shown.startswith("## backstop: drill of staging\n")
    assert "There is no report: the session ended with exit code 4." in shown


def _shown(folder: Path, report: str) -> str:
    """What the block of the summary writes."""
    block = next(block for block in run_blocks(ACTION) if "GITHUB_STEP_SUMMARY" in block)
    given = {"SESSION": "drill", "TARGET": "staging", "CODE": "4", "REPORT": report}
    path = folder / "step-summary"
    env = {**os.environ, **given, "GITHUB_STEP_SUMMARY": str(path)}
    ended = run([BASH, "-eo", "pipefail", "-c", block], env=env, cwd=folder, limit=20)

    assert 0 == ended.returncode, ended.stderr
    return path.read_text()
