"""What a session loads before its rollback, and what only while it waits for it."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from backstop.report.paper import paper
from backstop.report.write import ready

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_S = 60
_SAY = """
import sys
sys.path.insert(0, ".")
import conftest
from importlib import import_module
for name in conftest.pytest_plugins:
    import_module(name)
later = {"backstop.report.html", "backstop.report.incident", "jinja2", "nacl", "websockets"}
print(*sorted(later & set(sys.modules)))
"""


def test_the_start_loads_nothing_that_only_a_look_or_a_report_needs() -> None:
    """Pages, templates, signatures and WebSockets are loaded while the rollback's command runs."""
    ended = subprocess.run(
        [sys.executable, "-c", _SAY], cwd=ROOT, capture_output=True, text=True, timeout=_LIMIT_S, check=True
    )

    assert "" == ended.stdout.strip()


def test_what_is_made_ready_is_what_a_page_is_made_of() -> None:
    """Every template of a page compiles, and is kept for when the report is written."""
    ready()

    kept = {name for _loader, name in paper().cache or ()}
    assert {"report.html.j2", "scorecard.html.j2"} <= kept


def test_garbage_is_looked_for_again_once_all_is_loaded(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a run of pytest ends before it has begun."""
    # hypothesis would go on waiting for that run to begin, and turn every property after it red
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for arguments in (["--version"], ["--no-such-option"]):
        pytester.runpytest_inprocess("-p", "pytest_backstop", *arguments)

        assert gc.isenabled()
