"""What a session leaves for CI systems: JUnit where it is wanted, Allure's results, the page of the run."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.plugins.conftest import FakeBot, SessionRunner
from tests.plugins.test_sessions import STATUS


@pytest.fixture(autouse=True)
def _suite(session: SessionRunner) -> None:
    session.suite(STATUS.format(severity="critical"))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page of a run that others wrote to already."""
    path = tmp_path / "page.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


def test_page_of_the_run_has_a_good_verdict(session: SessionRunner, page: Path) -> None:
    """Below what others wrote."""
    assert 0 == session.run().code
    assert page.read_text().startswith("before\n## ✅ VERIFIED: look of mine\n")


def test_page_of_the_run_has_a_bad_verdict(session: SessionRunner, fake_bot: FakeBot, page: Path) -> None:
    """With what speaks against the bot."""
    fake_bot.status = 503

    assert 1 == session.run().code
    assert page.read_text().startswith("before\n## ❌ FAILED: look of mine\n")
    assert "- health.status: " in page.read_text()


def test_page_that_can_not_be_written_is_no_verdict(
    session: SessionRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and the exit code stays that of the bot."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))

    ended = session.run()

    assert 0 == ended.code
    assert "can't be written" in ended.output


@pytest.mark.parametrize("status", [200, 503])
def test_junit_is_where_it_is_wanted(
    session: SessionRunner, fake_bot: FakeBot, pytester: pytest.Pytester, status: int
) -> None:
    """And beside the report as well, the same."""
    fake_bot.status = status

    session.run("--junitxml=out/tests.xml")

    text = (pytester.path / "out" / "tests.xml").read_text()
    case = next(c for c in ET.fromstring(text).iter("testcase") if c.attrib["classname"] == "health")  # noqa: S314
    assert "health.status" == case.attrib["name"]
    assert (status != 200) is (case.find("failure") is not None)
    assert text == (pytester.path / "reports" / "latest" / "junit.xml").read_text()


ALLURE = """
def pytest_addoption(parser):
    parser.addoption("--alluredir", dest="allure_report_dir", default=None)

def pytest_sessionstart(session):
    assert session.config.option.allure_report_dir is None, "it would write what it sees"
"""


def test_allure_results_are_where_they_are_wanted(session: SessionRunner, pytester: pytest.Pytester) -> None:
    """With Allure's own plugin installed, its option is heard, and it writes nothing past the redactor."""
    pytester.makepyfile(like_allure=ALLURE)
    pytester.syspathinsert()

    session.run("-plike_allure", "--alluredir=out")

    ours = pytester.path / "reports" / "latest" / "allure-results"
    names = {path.name for path in (pytester.path / "out").iterdir()}
    assert "categories.json" in names
    assert names == {path.name for path in ours.iterdir()}


def test_session_that_is_interrupted_leaves_its_junit(
    session: SessionRunner, pytester: pytest.Pytester
) -> None:
    """Red, with what was seen until then."""
    interrupting = "\n\n@pytest.mark.check('health.stop', severity='low', step='')\ndef test_zz(looks):\n"
    interrupting += "    'It is stopped'\n    raise KeyboardInterrupt\n"
    session.suite(STATUS.format(severity="critical") + interrupting)

    assert 2 == session.run().code

    cases = list(ET.parse(pytester.path / "reports" / "latest" / "junit.xml").getroot().iter("testcase"))  # noqa: S314
    assert ["health.status"] == [c.attrib["name"] for c in cases if c.attrib["classname"] == "health"]
    assert any(c.find("error") is not None for c in cases if c.attrib["classname"] == "session")


def test_no_session_is_put_on_a_public_page(session: SessionRunner) -> None:
    """It is refused before anything is looked at."""
    ended = session.run("--pastebin=all")

    assert 4 == ended.code
    assert "a public page" in ended.output
