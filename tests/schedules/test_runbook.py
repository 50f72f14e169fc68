"""``docs/runbook.md``: at three in the morning, everything that it says to type exists."""

from __future__ import annotations

import os
import re
import shutil

import pytest

from backstop.process import run
from tests.schedules.instructions import ROOT, shell_blocks, typed, wrong_in

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
BASH = shutil.which("bash") or "bash"


def test_what_is_to_be_typed_exists() -> None:
    """Options, sessions and commands, whether in a block or in a sentence."""
    lines = typed(RUNBOOK)

    assert [] == wrong_in(lines)
    assert 30 < sum("pytest" in line or "backstop" in line for line in lines)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("pytest -m post_deploy --rollback-on critical,high", []),
        ("pytest -m post_deploy --rolback-on critical", ["pytest has no --rolback-on"]),
        ("pytest -m wach --target prod", ["there is no marker wach"]),
        ('.venv/bin/backstop rollback prod "it is down" --yes', []),
        ('backstop rollback prod "x" --rollback-on=high', ["backstop has no --rollback-on"]),
        ("backstop ready", ["backstop has no command ready"]),
        ("backstop run -m drill --target mine --rollback-on critical", []),
        ("backstop run -m drlil --tagret mine", ["backstop has no --tagret", "there is no marker drlil"]),
        (
            "make setup && pytest --tagret prod || npx wrangler tail --status error",
            ["pytest has no --tagret"],
        ),
        ('echo "backstop rollback prod --not-closed', ["backstop has no --not-closed"]),
        ("wrangler rollback ID --yes", []),
    ],
)
def test_what_does_not_exist_would_be_noticed(line: str, wrong: list[str]) -> None:
    """Each kind of mistake is found, and other programs' options are their own."""
    assert [f"{each} in: {line}" for each in wrong] == wrong_in([line])


def test_lines_to_type_are_found_in_blocks_and_in_sentences() -> None:
    """What a session prints is no line to type."""
    text = "Type `pytest -m drill`.\n```sh\nbackstop sandbox\n```\n```\npytest printed this\n```\n"

    assert ["backstop sandbox", "pytest -m drill"] == typed(text)


def test_blocks_to_type_are_shell() -> None:
    """Bash reads each of them."""
    for block in shell_blocks(RUNBOOK):
        ended = run([BASH, "-n", "-c", block], env=dict(os.environ), cwd=ROOT, limit=20)

        assert 0 == ended.returncode, f"{block}\n{ended.stderr}"


def test_checks_that_it_names_exist() -> None:
    """A check that was renamed is looked for in vain."""
    known = set(re.findall(r"^\| `([a-z._-]+)` \|", CHECKS, re.MULTILINE))
    suites = {check.partition(".")[0] for check in known}
    named = re.findall(r"`((?:" + "|".join(sorted(suites)) + r")\.[a-z_.-]+\*?)`", RUNBOOK)

    assert 20 < len(named)
    assert [] == [name for name in named if not any(_is(name, check) for check in known)]


def _is(name: str, check: str) -> bool:
    """Whether a name, perhaps one that ends in a star, is that of a check."""
    return check.startswith(name[:-1]) if name.endswith("*") else check == name


def test_faults_that_it_practises_exist() -> None:
    """Practice begins with a fault of the sandbox."""
    named = set(re.findall(r"--fault[ =]([a-z0-9-]+)", RUNBOOK))

    assert named
    assert set() == named - {path.stem for path in (ROOT / "sandbox" / "faults").glob("*.toml")}


def test_links_lead_somewhere() -> None:
    """To a heading of the runbook, or to a file of the checkout."""
    headings = re.findall(r"^#+ (.*)$", RUNBOOK, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = [link for link in re.findall(r"\]\(([^)]+)\)", RUNBOOK) if not link.startswith("https://")]

    assert links
    assert [] == [link for link in links if link.startswith("#") and link[1:] not in anchors]
    assert [] == [link for link in links if not (ROOT / "docs" / link.partition("#")[0]).exists()]
