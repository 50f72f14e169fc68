"""Looking at processes from a test."""

from __future__ import annotations

import psutil


def is_gone(pid: int) -> bool | None:
    """True once no such process runs (a zombie does not); None while one does."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE or None
    except psutil.NoSuchProcess:
        return True
