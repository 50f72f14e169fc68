"""``backstop sandbox`` runs the embedded cloud alone and leaves no process behind."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.drill.conftest import LIMIT, ROOT, by_itself, descendants, temporary_of


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    """It prints what points wrangler at it, answers there, and ends well with all that it started."""
    temporary = temporary_of(tmp_path)
    argv = [sys.executable, "-m", "backstop.cli.main", "sandbox"]
    environment = by_itself() | {"TMPDIR": str(temporary)}
    with subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = ""
            while "DISCORD_TOKEN" not in printed:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            exports = dict(re.findall(r"export (\w+)=(\S+)", printed))
            headers = {"Authorization": f"Bearer {exports['CLOUDFLARE_API_TOKEN']}"}
            answered = httpx.get(f"{exports['CLOUDFLARE_API_BASE_URL']}/user", headers=headers)
            process.send_signal(number)
            process.wait(LIMIT)
        finally:
            process.kill()

    assert answered.status_code == 200
    assert "redacted" not in printed
    assert process.returncode == 0
    assert not descendants(temporary)
