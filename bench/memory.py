"""The most memory that this process had."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")  # proc(5): since the program was executed
_KILO = 1024


def peak_mb() -> float:
    """In MiB. Where the system tells no better, that of a process which started this one may be in it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text()) if _STATUS.exists() else None
    if found is not None:
        return int(found[1]) / _KILO
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / _KILO**2 if sys.platform == "darwin" else most / _KILO
