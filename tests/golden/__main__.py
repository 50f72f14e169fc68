"""``python -m tests.golden``: make the golden reports anew, and with ``--journals`` their journals too."""

from __future__ import annotations

import sys

from tests.golden.cases import CASES, REPORTS


def remake(*, journals: bool) -> None:
    """Write them where they are kept; what has changed is for people to look at."""
    for case in CASES:
        case.folder.mkdir(exist_ok=True)
        for name, make in case.journals.items() if journals else ():
            (case.folder / name).write_bytes(make())
        case.report(case.folder)
        for path in case.folder.iterdir():
            if path.name not in {*case.journals, *REPORTS}:
                path.unlink()


if __name__ == "__main__":
    remake(journals="--journals" in sys.argv)
