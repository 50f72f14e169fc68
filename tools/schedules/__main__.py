"""Writes schedules/ from the table."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.schedules.files import files

SCHEDULES = Path(__file__).resolve().parents[2] / "schedules"


def main() -> int:
    """Write every file."""
    for name, text in files().items():
        path = SCHEDULES / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(files())} files in {SCHEDULES.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
