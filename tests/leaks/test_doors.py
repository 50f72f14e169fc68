"""Doors that a team opens by itself: options, hooks in its conftest, ways to end; no secret leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks.planted import ALL, echo, found_in
from tests.leaks.test_leaks import GROUPED, LOCALS, LOGGED, NOTED, Case, check_of, session_of

CHAINED = """
    try:
        raise KeyError(ALL)
    except KeyError as first:
        try:
            raise OSError('second ' + ALL) from first
        except OSError:
            raise ValueError('third ' + ALL)"""
CHILD = """import subprocess
    subprocess.run([sys.executable, '-c', 'raise SystemError(' + repr(ALL) + ')'])
    assert False, 'a child'"""
BELOW = "os.write(1, ALL.encode()); os.write(2, ALL.encode()); assert False, ALL"
TITLE = "[s.write('\\033]0;' + ALL + '\\007') for s in (sys.stdout, sys.stderr)]; assert 0, 'title'"
PROPERTY = "record_property('token', ALL); record_property(ALL, 'x'); assert 0, 'property'"
SUITE_PROPERTY = "record_testsuite_property('token', ALL); assert 0, 'property'"
STRAIGHT = "[print(ALL, file=s, flush=True) for s in (sys.__stdout__, sys.__stderr__)]; assert 0, 'straight'"
BROKEN_LOG = "logging.getLogger('a').error('said %d', ALL); assert 0, 'broken log'"
DISABLED = """
    with capsys.disabled():
        print(ALL)
        logging.getLogger('x').warning(ALL)
    assert 0, 'disabled'"""
UNRAISED = """
    class Bad:
        def __del__(self): raise ValueError(ALL)
    Bad(); assert 0, 'unraised'"""
UNSEEN = "pytest.fail(ALL, pytrace=False)"
SKIPPED = "pytest.skip(ALL)"
XFAILED = "pytest.xfail(ALL)"
EXIT = "pytest.exit(ALL)"
BYTES = "assert KNOWN.encode() == b'x' * 300"
NESTED = "import json; assert json.dumps(json.dumps({'a': ALL})) == repr({'a': [KNOWN.encode()]})"
HOOKS = """
import logging, sys, warnings
ALL = {everything!r}
print(ALL)
sys.stderr.write(ALL)
warnings.warn("conftest " + ALL)
logging.getLogger("conftest").error(ALL)
def pytest_report_header(config): return ["header " + ALL]
def pytest_collection_modifyitems(items): print("collected " + ALL)
def pytest_report_collectionfinish(): return ALL
def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("team " + ALL)
    terminalreporter.write_line("team " + ALL)
    terminalreporter._tw.write(ALL)
def pytest_sessionfinish(session): print("finish", ALL); sys.stderr.write(ALL)
def pytest_unconfigure(config): print("unconfigure", ALL)
def pytest_report_teststatus(report):
    if report.failed and report.when == "call": return ("own " + ALL, "o", "OWN " + ALL)
"""
RAISING = """
ALL = {everything!r}
def pytest_sessionfinish(session):
    local = ALL
    raise RuntimeError("finish " + ALL)
"""
CONFIGURE = """
ALL = {everything!r}
def pytest_configure(config):
    local = ALL
    raise RuntimeError("configure " + ALL)
"""
IMPORT = """
ALL = {everything!r}
raise RuntimeError("import " + ALL)
"""
AT_EXIT = """
import atexit, sys, threading
ALL = {everything!r}
atexit.register(lambda: print("at exit", ALL))
atexit.register(lambda: [][ALL])
"""

CASES = {
    "native tracebacks": Case(check_of(CHAINED), "third", ("--tb=native",)),
    "chained errors": Case(check_of(CHAINED), "third", ("--tb=long", "-l")),
    "short tracebacks": Case(check_of(GROUPED), "several", ("--tb=short",)),
    "lines": Case(check_of(CHAINED), "health.leaky", ("--tb=line", "-rA")),
    "notes": Case(check_of(NOTED), "health.leaky", ("--tb=native", "-rA")),
    "a log on the terminal": Case(
        check_of(LOGGED + "; assert 0, ALL"), "said", ("-o", "log_cli=true", "-rA")
    ),
    "a file of JUnit of their own": Case(
        check_of(LOGGED + "; assert 0, ALL"),
        "health.leaky",
        ("--junitxml=own.xml", "-o", "junit_logging=all"),
    ),
    "properties": Case(check_of(PROPERTY, "record_property"), "property", ("--junitxml=own.xml",)),
    "properties of the suite": Case(
        check_of(SUITE_PROPERTY, "record_testsuite_property"), "property", ("--junitxml=own.xml",)
    ),
    "a child's traceback": Case(check_of(CHILD), "a child", ("-rA",)),
    "below Python": Case(check_of(BELOW), "health.leaky", ("-rA",)),
    "titles": Case(check_of(TITLE), "title", ("-s",)),
    "straight": Case(check_of(STRAIGHT), "straight", ("-rA",)),
    "straight, uncaptured": Case(check_of(STRAIGHT), "straight", ("-rA", "-s")),
    "a broken log": Case(check_of(BROKEN_LOG), "health.leaky", ("-s",)),
    "capturing switched off": Case(check_of(DISABLED, "capsys"), "disabled", ()),
    "unraised": Case(check_of(UNRAISED), "unraised", ("-Wdefault",)),
    "failed": Case(check_of(UNSEEN), "health.leaky", ("-rA",)),
    "skipped": Case(check_of(SKIPPED), "verdict", ("-rA",)),
    "expected to fail": Case(check_of(XFAILED), "health.leaky", ("-rA",)),
    "exit": Case(check_of(EXIT), "redacted", ("-rA",)),
    "bytes": Case(check_of(BYTES), "health.leaky", ("-vv",)),
    "nested": Case(check_of(NESTED), "health.leaky", ("-vv",)),
    "hooks": Case(check_of(LOCALS), "team", ("-rA",), conftest=HOOKS),
    "a hook that fails at the end": Case(check_of("pass"), "finish", ("-l",), conftest=RAISING),
    "a hook that fails at first": Case(check_of("pass"), "configure", ("-l",), conftest=CONFIGURE),
    "a conftest that fails": Case(check_of("pass"), "import", ("-l",), conftest=IMPORT),
    "at exit": Case(check_of(LOCALS), "at exit", conftest=AT_EXIT),
    "the slowest and the cache": Case(
        check_of(LOCALS), "health.leaky", ("--durations=0", "--durations-min=0", "-vv", "--ff")
    ),
    "only collected": Case(
        check_of(LOCALS, more=f"\n@pytest.mark.parametrize('x', [{ALL!r}])\ndef test_x(x): pass\n"),
        "test_x",
        ("--collect-only", "-q"),
    ),
    "set-up planned": Case(
        check_of(LOCALS, more=f"\n@pytest.mark.parametrize('x', [{ALL!r}])\ndef test_x(x): pass\n"),
        "test_x",
        ("--setup-plan",),
    ),
    "fixtures shown": Case(
        check_of(LOCALS, more=f"\n@pytest.fixture\ndef told():\n    '''{ALL}'''\n"),
        "told",
        ("--fixtures", "-v"),
    ),
}


@pytest.fixture(scope="module")
def services() -> Iterator[str]:
    """A bot, a Cloudflare and a Discord that say all that they know."""
    with echo() as url:
        yield url


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_no_door_lets_a_secret_out(tmp_path: Path, services: str, case: Case) -> None:
    """Neither on the terminal nor in any file or its name."""
    left = session_of(tmp_path, services, case)

    assert case.shows in left.printed, left.printed
    assert [] == found_in(left.printed)
    assert {} == {name: found for name, text in left.files.items() if (found := found_in(name + text))}
