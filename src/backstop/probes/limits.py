"""How long and how much a probe may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``total`` and ``connect`` in seconds; ``body`` in bytes, ``headers`` in header lines."""

    total: float = 10.0
    connect: float = 5.0
    body: int = 256 * 1024
    headers: int = 500


DEFAULT_LIMITS = Limits()
