"""``schedules/github-deploy.yml``: what it types exists, and nobody's text becomes a command in it."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from backstop.process import run
from tests.schedules.instructions import (
    ROOT,
    block_of,
    expressions,
    pytest_options,
    run_blocks,
    wrong_in,
)

WORKFLOW = (ROOT / "schedules" / "github-deploy.yml").read_text(encoding="utf-8")
BASH = shutil.which("bash") or "bash"
LIVE = "0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a01"
OTHER = "0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a02"

needs_jq = pytest.mark.skipif(
    shutil.which("jq") is None, reason="GitHub's machines have jq, this one has not"
)


def test_every_block_is_shell() -> None:
    """Bash reads each of them, and each was found."""
    blocks = run_blocks(WORKFLOW)

    assert WORKFLOW.count("run: ") == len(blocks)
    assert [] == [block for block in blocks if not _is_shell(block)]


def test_block_that_is_no_shell_would_be_noticed() -> None:
    """The reader takes whole blocks, and bash is what judges them."""
    blocks = run_blocks("  - run: make setup\n  - run: |\n      if true; then\n\n        echo\n  - uses: x\n")

    assert ["make setup", "if true; then\n\n  echo\n"] == blocks
    assert [True, False] == [_is_shell(block) for block in blocks]


def test_nothing_is_written_into_a_script_from_outside() -> None:
    """Secrets, outputs and what people wrote come as variables, which a shell does not read as commands."""
    assert [] == [found for block in run_blocks(WORKFLOW) for found in expressions(block)]
    assert "github.event" not in WORKFLOW


@pytest.mark.parametrize("text", ["${{ github.event.head_commit.message }}", "${{secrets.TOKEN}}"])
def test_expression_in_a_script_would_be_noticed(text: str) -> None:
    """Both ways of writing one are found."""
    assert [text] == expressions(run_blocks(f"      - run: |\n          echo {text}\n")[0])


def test_session_is_given_what_exists() -> None:
    """Every option of the session is one of ours, and it is the one that belongs after a deploy."""
    block = block_of(WORKFLOW, "validate")
    given = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", block))

    assert set() == given - pytest_options()
    assert {"--rollback-on", "--yes", "--expect-live", "--to"} <= given
    assert [] == wrong_in([f"pytest {words}" for words in re.findall(r"arguments\+?=\((.*?)\)", block)])


def test_secrets_stay_out_of_command_lines() -> None:
    """The one block that sends the token itself gives it to curl on its standard input."""
    block = block_of(WORKFLOW, "before")

    assert "printf 'Authorization: Bearer %s\\n' \"$CLOUDFLARE_API_TOKEN\" |" in block
    assert 1 == "".join(run_blocks(WORKFLOW)).count("$CLOUDFLARE_API_TOKEN")


def test_deploys_wait_for_each_other_and_may_do_little() -> None:
    """No deploy is cut off by the next, and the job's own token only reads."""
    assert "\nconcurrency:\n  group: deploy-production\n  cancel-in-progress: false\n" in WORKFLOW
    assert "\npermissions:\n  contents: read\n\n" in WORKFLOW
    assert 3 == WORKFLOW.count("if: always()\n")  # what was verified, the summary and the reports


@needs_jq
@pytest.mark.parametrize(
    ("answer", "code", "found"),
    [
        ({"success": True, "result": {"deployments": [[LIVE], [OTHER]]}}, 0, LIVE),
        ({"success": True, "result": {"deployments": [[LIVE, OTHER]]}}, 0, ""),
        ({"success": True, "result": {"deployments": []}}, 0, ""),
        ({"success": False, "errors": [{"code": 10007, "message": "no such worker"}]}, 0, ""),
        ({"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]}, 1, None),
        ("<html>502</html>", 1, None),
        ("", 1, None),
    ],
    ids=["one", "split", "none", "no worker", "refused", "no json", "nothing"],
)
def test_what_serves_before_the_deploy(tmp_path: Path, answer: object, code: int, found: str | None) -> None:
    """The newest deployment names it; nothing is deployed where Cloudflare does not say."""
    _fake_curl(tmp_path, answer if isinstance(answer, str) else json.dumps(_in_full(answer)))
    output = tmp_path / "output"
    output.touch()
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(output),
        "CLOUDFLARE_API_TOKEN": "made-up",
        "CLOUDFLARE_ACCOUNT_ID": "account",
        "WORKER": "bot",
    }

    ended = run(
        [BASH, "-eo", "pipefail", "-c", block_of(WORKFLOW, "before")],
        env=environment,
        cwd=tmp_path,
        limit=20,
    )

    assert (code, "" if found is None else f"version={found}\n") == (ended.returncode, output.read_text())
    assert "Authorization: Bearer made-up\n" == (tmp_path / "sent").read_text()
    assert "made-up" not in (tmp_path / "typed").read_text()


def _in_full(answer: object) -> object:
    """Deployments as the API lists them, from lists of the versions in each."""
    if isinstance(answer, dict) and "result" in answer:
        listed = [
            {"versions": [{"version_id": each} for each in ids]} for ids in answer["result"]["deployments"]
        ]
        return {**answer, "result": {"deployments": listed}}
    return answer


def _fake_curl(directory: Path, answer: str) -> None:
    """A curl that keeps what it is given, and answers the same always."""
    (directory / "answer").write_text(answer)
    curl = directory / "curl"
    curl.write_text(
        f'#!{BASH}\ncat > {directory}/sent\necho "$@" > {directory}/typed\n'
        'while [ "$1" != --output ]; do shift; done\n'
        f'cp {directory}/answer "$2"\n'
    )
    curl.chmod(0o755)


def _is_shell(block: str) -> bool:
    ended = run([BASH, "-n", "-c", block], env=dict(os.environ), cwd=ROOT, limit=20)
    return ended.returncode == 0
