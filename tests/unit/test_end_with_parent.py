"""What wrangler is tied to us by: it ends when we do, also when nobody could tell it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from backstop.cloudflare.toolchain import END_WITH_PARENT, find_toolchain
from backstop.environment import read_environment
from backstop.polling import poll
from backstop.process import Input, run

GONE_S = 10.0
# Starts Node as wrangler is started, on a script that would go on for a minute.
PARENT = """\
import sys
from backstop.process import Input, run
node, preload, script = sys.argv[1:]
run([node, "--require", preload, script], env={}, limit=60, stdin=Input.TIED)
"""
ENDLESS = """\
require("node:fs").writeFileSync(`${__filename}.pid`, `${process.pid}`);
setTimeout(() => {}, 60_000);
"""


def test_node_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """Otherwise a rollback could be made by nobody."""
    script, written = tmp_path / "endless.cjs", tmp_path / "endless.cjs.pid"
    script.write_text(ENDLESS)
    argv = [sys.executable, "-c", PARENT, str(find_toolchain().node), str(END_WITH_PARENT), str(script)]
    with subprocess.Popen(argv, env=read_environment().handed_down()) as parent:
        try:
            poll(lambda: (written.exists() and written.read_text()) or None, deadline=GONE_S, what="Node")
        finally:
            parent.kill()
    node = int(written.read_text())

    poll(lambda: not psutil.pid_exists(node) or None, deadline=GONE_S, what="the end of Node")


@pytest.mark.parametrize("preload", [True, False])
def test_a_program_that_ends_by_itself_is_not_held_up(tmp_path: Path, *, preload: bool) -> None:
    """The pipe keeps nobody alive, and what is written arrives whole."""
    script = tmp_path / "short.cjs"
    script.write_text('process.stdout.write("x".repeat(200_000));')
    required = ["--require", str(END_WITH_PARENT)] if preload else []

    completed = run([str(find_toolchain().node), *required, str(script)], env={}, limit=20, stdin=Input.TIED)

    assert (completed.returncode, len(completed.stdout)) == (0, 200_000)
