"""Times to first byte are kept as benchmarks, in the file that pytest-benchmark compares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugins.conftest import SessionRunner

RECORDS = """
import pytest

@pytest.mark.check("latency.mean", severity="high", step="")
def test_mean(looks, record):
    "It records what was measured"
    record((0.1, 0.5))
"""
RECORDS_NOTHING = """
import pytest

@pytest.mark.check("latency.mean", severity="high", step="")
def test_mean(looks):
    "It measures nothing"
"""


def test_what_was_measured_is_recorded(session: SessionRunner, pytester: pytest.Pytester) -> None:
    """The times themselves, not how long it took to write them down; and nothing of this machine."""
    session.suite(RECORDS, "latency")

    ended = session.run("-p", "pytest_benchmark.plugin")

    assert ended.code == 0, ended.output
    record = json.loads((_reports(pytester) / "benchmark.json").read_text())
    stats = record["benchmarks"][0]["stats"]
    assert stats["rounds"] == 2
    assert (stats["min"], stats["max"]) == (pytest.approx(0.1), pytest.approx(0.5))
    assert record["machine_info"].keys() == {"python_version", "system"}


def test_a_session_that_measures_nothing_records_nothing(
    session: SessionRunner, pytester: pytest.Pytester
) -> None:
    """Which is no reason for a warning."""
    session.suite(RECORDS_NOTHING, "latency")

    ended = session.run("-p", "pytest_benchmark.plugin")

    assert ended.code == 0, ended.output
    assert not (_reports(pytester) / "benchmark.json").exists()


def _reports(pytester: pytest.Pytester) -> Path:
    return pytester.path / "reports" / "latest"
