"""Run a command within a time limit and write its greatest memory, in bytes, to a file.

A process of its own, because a child that is started from a large one counts that one's memory as its own.
Usage: python measured.py FILE SECONDS COMMAND…
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024

if __name__ == "__main__":
    file, seconds, *command = sys.argv[1:]
    code = subprocess.run(command, timeout=float(seconds), check=False).returncode
    Path(file).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT))
    sys.exit(code)
