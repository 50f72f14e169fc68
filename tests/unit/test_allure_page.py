"""Allure's page asks nobody for anything when it is opened, which a real browser shows."""

from __future__ import annotations

import re
import shutil
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backstop.environment import read_environment
from backstop.journal.conclusion import conclude
from backstop.process import run
from backstop.report.exports import ALLURE, write_exports
from tests.unit.samples import drill
from tools.allure.quiet import NotQuiet, quiet

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
GENERATOR = ROOT / "tools" / "allure" / "node_modules" / "allure" / "cli.js"
OF_THE_BROWSER = re.compile(r"[/ .](?:google|googleapis|gvt1)\.com[:/ ]")  # for updates and the time of day
PROGRAM = "<script src=\"data:text/javascript,document.body.append('made by a script')\"></script>"
# Megabytes of a page go into a file: a runner keeps the beginning and the end of what it reads.
INTO = """
import subprocess, sys
with open(sys.argv[1], "wb") as file:
    sys.exit(subprocess.run(sys.argv[2:], stdout=file, check=False).returncode)
"""
TAG_MANAGER = """
<script async src="https://www.tags.example/gtag/js?id=G-1"></script>
<script>
  window.dataLayer = window.dataLayer || [];
  function gtag(){dataLayer.push(arguments);}
  gtag('js', new Date());
</script>
"""
BY_A_PROGRAM = (
    "<script>fetch('http://told.example/opened'); new Image().src = 'http://told.example/x'</script>"
)


def _page(*, head: str = "", body: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def test_tag_manager_is_taken_out() -> None:
    """Its script and the one that calls it; the program of the page stays."""
    page = quiet(_page(body=PROGRAM + TAG_MANAGER))

    assert "tags.example" not in page
    assert "gtag" not in page
    assert PROGRAM in page


def test_policy_stands_before_everything_else() -> None:
    """What comes before a policy isn't bound by it."""
    head = quiet(_page()).partition("<head>")[2]

    assert head.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ')


@pytest.mark.parametrize(
    "part",
    [
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
        "<img src=//pixel.example/a.gif>",
        "<iframe src='http://frame.example'></iframe>",
    ],
)
def test_page_that_loads_something_else_is_refused(part: str) -> None:
    """A newer generator may have other ways: then it is said, and no report is left that tells on anybody."""
    with pytest.raises(NotQuiet, match=r"from elsewhere: .*\.example"):
        quiet(_page(body=part))


def test_page_without_a_place_for_a_policy_is_refused() -> None:
    """It may be anything."""
    with pytest.raises(NotQuiet, match="without a head"):
        quiet("<html><body></body></html>")


@contextmanager
def _proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that lets nothing through, and what it was asked for."""
    asked: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline(2000).decode(errors="replace").strip())
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def _opened(page: Path, tmp_path: Path) -> tuple[str, list[str]]:
    """What a browser made of a page, and what it asked for on the way."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium on this machine, so that no page was opened: .ci/run installs one")
    with _proxy() as (address, asked):
        words = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        words += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        words += ["--no-first-run", "--disable-default-apps", "--disable-extensions", "--no-pings"]
        words += [f"--user-data-dir={tmp_path / 'profile'}", f"--proxy-server={address}"]
        words += ["--virtual-time-budget=8000", "--dump-dom", page.as_uri()]
        environment = {**read_environment().handed_down(), "HOME": str(tmp_path)}
        run([sys.executable, "-c", INTO, str(tmp_path / "dom"), *words], env=environment, limit=120.0)
    return (tmp_path / "dom").read_text(encoding="utf-8"), [
        each for each in asked if not OF_THE_BROWSER.search(each)
    ]


@pytest.mark.parametrize("part", [TAG_MANAGER, BY_A_PROGRAM], ids=["tag manager", "program"])
@pytest.mark.parametrize("made_quiet", [True, False])
def test_browser_asks_only_for_what_is_let_through(tmp_path: Path, part: str, made_quiet: bool) -> None:
    """A page as it was asks; the same made quiet does not, and its program runs all the same."""
    raw = _page(body=PROGRAM + part)
    page = tmp_path / "page.html"
    page.write_text(quiet(raw) if made_quiet else raw, encoding="utf-8")

    dom, asked = _opened(page, tmp_path)

    assert "made by a script" in dom
    assert made_quiet is (asked == [])


def test_report_of_a_drill_opens_and_asks_nobody(tmp_path: Path) -> None:
    """The real generator's, with the results of a drill in it."""
    if not GENERATOR.is_file():
        pytest.skip("Allure's generator is not installed, so no report was made: make allure installs it")
    write_exports(conclude(drill()), tmp_path)
    assert (tmp_path / ALLURE).is_dir()
    words = [sys.executable, "-m", "tools.allure", str(tmp_path)]
    made = run(words, env=read_environment().handed_down(), cwd=ROOT, limit=300.0)

    assert 0 == made.returncode, made.stderr
    dom, asked = _opened(tmp_path / "allure.html", tmp_path)
    assert [] == asked
    assert "20261123T031231Z-drill-local" in dom
    assert "allure.html" in made.stdout
