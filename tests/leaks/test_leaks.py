"""Every way for a session to go wrong, with secrets planted in all of it: none is in anything it leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backstop.environment import read_environment
from backstop.process import run
from tests.leaks.planted import (
    ACCOUNT,
    ALL,
    ID_IN_TOKEN,
    KNOWN,
    PUBLIC_KEY,
    SECRETS,
    VARIABLES,
    WEBHOOK_ID,
    echo,
    files_of,
    forms,
    found_in,
)
from tests.plugins.conftest import PLUGINS, ROOT

CHECK = """
import faulthandler, logging, os, sys, threading, warnings
import pytest
from backstop.observe.catalogue.health import HEALTH

KNOWN = {known!r}
ALL = {everything!r}

@pytest.mark.check("health.leaky", severity="critical", step="")
def test_leaky(looks, {asks}):
    "It goes wrong"
    {body}
"""
LOCALS = "local = ALL; parts = local.split(' | '); assert parts == [], f'{local} is not empty'"
ECHOED = "reply = answer(HEALTH); assert reply.status == 200, reply.explain(reply.json(), 200, ALL)"
UNDER = "raise RuntimeError('deep ' + KNOWN)"
LOGGED = (
    "logging.getLogger('a').error('said %s', ALL); print(ALL); sys.stderr.write(ALL); "
    "print(ALL[:70], end=''); print(ALL[70:]); "
    "print('Authorization: Bearer', ALL.split('Bearer ')[1].split(' ')[0]); "
    "warnings.warn(ALL); logging.getLogger('b').exception('x', exc_info=OSError(ALL))"
)
NOTED = "error = AssertionError('see'); error.add_note('noted: ' + ALL); raise error"
GROUPED = """deep = ValueError(ALL); deep.add_note(ALL)
    raise ExceptionGroup('several ' + ALL, [deep, ExceptionGroup(ALL, [KeyError(ALL)])]) from OSError(ALL)"""
THREAD = "t = threading.Thread(target=lambda: [][ALL]); t.start(); t.join(); assert False, ALL"
CRASH = "local = ALL; faulthandler.dump_traceback(); os.abort()"
FIXTURE = """
@pytest.fixture
def broken():
    secret = ALL
    raise ConnectionError(f"refused: {secret}")
"""
NAMED = """
import pytest
VALUES = {values!r}

@pytest.mark.parametrize("value", VALUES)
@pytest.mark.check("health.named", severity="critical", step="")
def test_named(looks, value):
    "It is named for what it tries"
    assert value == ""
"""
GIVEN = """
import pytest
VALUES = {values!r}

@pytest.mark.parametrize("number", range(len(VALUES)), ids=VALUES)
@pytest.mark.check("health.named", severity="critical", step="")
def test_given(looks, number):
    "Its names are given"
    assert number < 0

@pytest.mark.parametrize("number", [pytest.param(1, id=value) for value in VALUES])
@pytest.mark.check("health.also_named", severity="critical", step="")
def test_also_given(looks, number):
    "Each by itself"
    assert number < 0
"""
MEASURED = """
import pytest
ALL = {everything!r}

@pytest.mark.check("latency.named", severity="low", step="")
def test_measured(looks, record, benchmark):
    "It notes what it should not"
    benchmark.extra_info["token"] = ALL
    benchmark.group = ALL
    record([0.1, 0.2])
"""
INTERNAL = """
import pytest
ALL = {everything!r}

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    local = ALL
    raise LookupError(local)
"""


@dataclass(frozen=True)
class Case:
    """What a session is made to do, and a word that shows that it did."""

    suite: str
    shows: str
    arguments: tuple[str, ...] = ()
    conftest: str = ""
    targets: str = ""
    name: str = "health"


def check_of(body: str, asks: str = "answer", more: str = "") -> str:
    """The text of a suite with one check, which does this."""
    return CHECK.format(known=KNOWN, everything=ALL, body=body, asks=asks) + more


NOISY = ("-s", "-rA", "-vv", "--showlocals", "--tb=long", "--durations=0", "--setup-show")
LOG_FILE = ("--log-file=session.log", "--log-file-level=DEBUG", "--log-cli-level=DEBUG")
ITS_VALUES = list(VARIABLES.values())

CASES = {
    "a bot that says its secrets": Case(check_of(ECHOED), "health.leaky"),
    "a failing assertion with locals": Case(check_of(LOCALS), "health.leaky", ("--showlocals", "--tb=long")),
    "a failing assertion with a note": Case(check_of(NOTED), "health.leaky", ("--tb=long",)),
    "errors in a group": Case(check_of(GROUPED), "several", ("--tb=long", "-l")),
    "an error of our own": Case(check_of(UNDER), "this tool failed", ("--full-trace", "-l")),
    "an error in a fixture": Case(check_of("pass", "broken", FIXTURE), "refused", ("--showlocals",)),
    "a suite that is not read": Case(f"raise ImportError({ALL!r})", "ImportError", ("-l",)),
    "an internal error": Case(check_of("pass"), "INTERNALERROR", ("--showlocals",), conftest=INTERNAL),
    "a crash": Case(check_of(CRASH), "Fatal Python error"),
    "what is printed": Case(check_of(LOGGED), "Authorization: Bearer", NOISY),
    "what is captured": Case(check_of(LOGGED + "; assert False, ALL"), "health.leaky", ("-rA", "-vv")),
    "what is logged": Case(check_of(LOGGED), "said", LOG_FILE),
    "what pytest traces": Case(check_of(LOCALS), "debug information", ("--debug=trace.log",)),
    "an error in a thread": Case(check_of(THREAD), "health.leaky", ("-Wdefault",)),
    "names of tests": Case(
        NAMED.format(values=ITS_VALUES), "test_named", ("-vv", "-rA", "--setup-show", "-o", "cache_dir=cache")
    ),
    "names that are given": Case(
        GIVEN.format(values=ITS_VALUES), "test_given", ("-vv", "-rA", "-o", "cache_dir=cache")
    ),
    "a benchmark": Case(MEASURED.format(everything=ALL), "verdict", name="latency"),
    "a usage error": Case(check_of("pass"), "discord_tokne", targets=f"discord_tokne = {ALL!r}\n"),
    "a value of a wrong kind": Case(check_of("pass"), "rate_limit", targets=f"rate_limit = {ALL!r}\n"),
    "an unknown target": Case(check_of("pass"), "target", ("--target", ALL)),
    "a wrong option": Case(check_of("pass"), "genuine", ("--genuine", ALL)),
    "an option that is none": Case(check_of("pass"), "unrecognized", (f"--discord={KNOWN}",)),
    "a reason": Case(
        check_of("pass"), "rollback", ("-m", "post_rollback", "--rollback", "--yes", "--reason", ALL)
    ),
    "a page for everybody": Case(check_of(LOCALS), "--pastebin", ("--pastebin=all",)),
}


@pytest.fixture(scope="module")
def services() -> Iterator[str]:
    """A bot, a Cloudflare and a Discord that say all that they know."""
    with echo() as url:
        yield url


@dataclass(frozen=True)
class Left:
    """All that a session left: what it printed, and its files by name."""

    printed: str
    files: dict[str, str]


def session_of(folder: Path, url: str, case: Case) -> Left:
    """Run a case in a folder of its own, against services at this address."""
    (folder / "suites" / case.name).mkdir(parents=True)
    (folder / "tmp").mkdir()
    plugins = ", ".join(f'"fixtures.{name}"' for name in PLUGINS)
    hooks = case.conftest.format(everything=ALL) if case.conftest else ""
    (folder / "conftest.py").write_text(f"{hooks}\npytest_plugins = ({plugins})\n")
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = suites\n")
    (folder / "suites" / case.name / "test_under_test.py").write_text(case.suite)
    (folder / "targets.toml").write_text(_targets(url, case.targets))
    planted = frozenset(folder.rglob("*"))
    named = case.arguments if "--target" in case.arguments else ("--target=mine", *case.arguments)
    words = [sys.executable, "-P", "-m", "pytest", f"--rootdir={folder}", "-ppytest_backstop", *named]
    ended = run(words, env=_environment(folder, url), cwd=folder, limit=120.0)
    files = {str(path.relative_to(folder)): text for path, text in files_of(folder, planted).items()}
    return Left(ended.stdout + ended.stderr, files)


def _targets(url: str, more: str) -> str:
    return (
        f'[targets.mine]\nurl = "{url}"\nworker = "mine"\n{more}'
        f'control = "{url}"\nheaders = {{ CF-Access-Client-Secret = "env:MINE_ACCESS_SECRET" }}\n'
        'signing_key = "env:MINE_SIGNING_KEY"\nhealth = { path = "/", json = { status = "healthy" } }\n'
    )


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **read_environment().handed_down(),
        **VARIABLES,
        "DISCORD_API_BASE_URL": f"{url}/api/v10",
        "CLOUDFLARE_API_BASE_URL": f"{url}/client/v4",
        "HOME": str(folder / "tmp"),
        "TMPDIR": str(folder / "tmp"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_PLUGINS": "pytest_benchmark.plugin",
    }


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_no_output_of_a_session_holds_a_secret(tmp_path: Path, services: str, case: Case) -> None:
    """Neither the terminal nor any file nor its name, whatever went wrong."""
    left = session_of(tmp_path, services, case)

    assert case.shows in left.printed, left.printed
    assert [] == found_in(left.printed)
    assert {} == {name: found for name, text in left.files.items() if (found := found_in(name + text))}


def test_what_a_reader_needs_stays(tmp_path: Path, services: str) -> None:
    """Ids, public keys and addresses are evidence: they stand in the report, beside what is redacted."""
    left = session_of(tmp_path, services, CASES["a bot that says its secrets"])
    pages = {Path(name).name: text for name, text in left.files.items()}

    for name in ("journal.jsonl", "report.html", "junit.xml"):
        assert "[redacted DISCORD_TOKEN]" in pages[name]
        assert all(word in pages[name] for word in (PUBLIC_KEY, ACCOUNT, WEBHOOK_ID, ID_IN_TOKEN, services))
    assert all(word in left.printed for word in (PUBLIC_KEY, ACCOUNT, WEBHOOK_ID, ID_IN_TOKEN, services))


def test_session_leaves_all_its_files(tmp_path: Path, services: str) -> None:
    """So that the search above has something to search in."""
    left = session_of(tmp_path, services, CASES["what is logged"])

    names = {Path(name).name for name in left.files}
    assert {"journal.jsonl", "report.html", "incident.md", "verdict.json", "junit.xml"} < names
    assert {"session.log", "categories.json"} < names
    assert any(name.endswith("-result.json") for name in names)


def test_all_suites_over_services_that_say_everything(tmp_path: Path, services: str) -> None:
    """Our own checks, readiness and a rollback's plan among them, quote what they were answered."""
    for session in ("ready", "post_rollback"):
        folder = tmp_path / session
        (folder / "tmp").mkdir(parents=True)
        (folder / "targets.toml").write_text(_targets(services, ""))
        planted = frozenset(folder.rglob("*"))
        words = ["-m", session, "--target=mine", f"--targets-file={folder / 'targets.toml'}"]
        words += [f"--reports={folder / 'reports'}", "-pno:cacheprovider", *NOISY]
        argv = [sys.executable, "-P", "-m", "pytest", "-pbackstop", *words]
        ended = run(argv, env=_environment(folder, services), cwd=ROOT, limit=240.0)

        assert "verdict" in ended.stdout, ended.stdout + ended.stderr
        assert [] == found_in(ended.stdout + ended.stderr)
        assert {} == {path: f for path, text in files_of(folder, planted).items() if (f := found_in(text))}


COMMANDS = {
    "a journal that is none": ("report", f"/nowhere/{KNOWN}"),
    "a word that is no command": (KNOWN,),
    "a target that is none": ("rollback", KNOWN, "reason"),
    "a session that is none": ("run", f"--target={KNOWN}", "-m", "post_rollback"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS.keys())
def test_no_command_prints_a_secret(tmp_path: Path, services: str, words: tuple[str, ...]) -> None:
    """Also where it ends with a traceback, or with wrong usage."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "targets.toml").write_text(_targets(services, ""))
    argv = [sys.executable, "-P", "-m", "backstop.cli.main", *words]

    ended = run(argv, env=_environment(tmp_path, services), cwd=tmp_path, limit=60.0)

    assert 0 != ended.returncode
    assert "[redacted" in ended.stdout + ended.stderr
    assert [] == found_in(ended.stdout + ended.stderr)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_search_finds_what_would_be_left(secret: str) -> None:
    """A piece of any form of a secret, and nothing in a text that has none."""
    for form in forms(secret):
        assert found_in(f"…{form[3:13]}…")
    assert [] == found_in(f"{PUBLIC_KEY} {ACCOUNT} {WEBHOOK_ID} [redacted DISCORD_TOKEN]")
