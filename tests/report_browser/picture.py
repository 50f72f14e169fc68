"""Pictures of a report: ``python -m tests.report_browser.picture REPORT.html PICTURE.png``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.report_browser.browser import browsing, find_browser, tab


def main() -> int:
    """Write one picture; 0 when it is there."""
    parser = argparse.ArgumentParser(description="Write a picture of a report.")
    parser.add_argument("report", type=Path)
    parser.add_argument("picture", type=Path, help="PNG, or PDF by its name's end")
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--height", type=int, help="pixels; the whole page without it")
    parser.add_argument("--top", type=int, default=0)
    parser.add_argument("--dark", action="store_true")
    given = parser.parse_args()
    program = find_browser()
    if program is None:
        sys.stderr.write("no Chromium on PATH: apt install chromium\n")
        return 1
    with browsing(program) as address, tab(address) as page:
        page.look(width=given.width, dark=given.dark)
        page.open(given.report)
        made = page.print() if given.picture.suffix == ".pdf" else page.picture(given.top, given.height)
    given.picture.write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
