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
    record((0.1, 0.5), {"connect": 0.02}, more={"statuses": (200, 404)})
"""
RECORDS_NOTHING = """
import pytest

@pytest.mark.check("latency.mean", severity="high", step="")
def test_mean(looks):
    "It measures nothing"
"""


COULD_NOT_LOOK = """
import pytest
from backstop.model.errors import CouldNotLook

@pytest.mark.check("latency.mean", severity="high", step="")
def test_mean(looks, record):
    "It has nothing to record"
    raise CouldNotLook("no samples")
"""


@pytest.fixture(autouse=True)
def _in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-benchmark records nothing in the workers of a distributed run, such as this may be."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


def test_what_was_measured_is_recorded(session: SessionRunner, pytester: pytest.Pytester) -> None:
    """The times themselves, not how long it took to write them down; and nothing of this machine."""
    session.suite(RECORDS, "latency")

    ended = session.run("-p", "pytest_benchmark.plugin")

    assert ended.code == 0, ended.output
    record = json.loads((_reports(pytester) / "benchmark.json").read_text())
    stats = record["benchmarks"][0]["stats"]
    assert stats["rounds"] == 2
    assert (stats["min"], stats["max"]) == (pytest.approx(0.1), pytest.approx(0.5))
    extra = record["benchmarks"][0]["extra_info"]
    quantiles = {"p50": 0.5, "p95": 0.5, "p99": 0.5}
    assert quantiles | {"phases": {"connect": 0.02}, "statuses": [200, 404]} == extra
    assert record["machine_info"].keys() == {"python_version", "system"}


def test_a_session_that_measures_nothing_records_nothing(
    session: SessionRunner, pytester: pytest.Pytester
) -> None:
    """Which is no reason for a warning."""
    session.suite(RECORDS_NOTHING, "latency")

    ended = session.run("-p", "pytest_benchmark.plugin")

    assert ended.code == 0, ended.output
    assert not (_reports(pytester) / "benchmark.json").exists()


def test_a_record_that_could_not_be_made_is_no_error_of_ours(session: SessionRunner) -> None:
    """The check could not look; nothing else is wrong."""
    session.suite(COULD_NOT_LOOK, "latency")

    assert (
        session.run("-p", "pytest_benchmark.plugin", "-W", "error:Benchmark fixture was not used").code == 20
    )


def test_where_nothing_is_recorded_the_check_is_no_pass(session: SessionRunner) -> None:
    """As in a worker of xdist, where the benchmark makes one call, keeps nothing and is content."""
    session.suite(RECORDS, "latency")

    ended = session.run("-p", "pytest_benchmark.plugin", "--benchmark-disable")

    assert ended.code == 20, ended.output
    assert "pytest-benchmark is turned off" in ended.output


def _reports(pytester: pytest.Pytester) -> Path:
    return pytester.path / "reports" / "latest"
