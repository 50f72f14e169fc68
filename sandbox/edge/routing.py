"""Decides which version of a deployment serves a request."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.edge.live import LiveVersion

_OVERRIDES = "Cloudflare-Workers-Version-Overrides"
_KEY = "Cloudflare-Workers-Version-Key"
_OVERRIDE = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=\s*"([^"]*)"\s*(?:,|$)')
_DICE = random.Random()  # noqa: S311 -- balances load, keeps no secret


@dataclass(frozen=True)
class Split:
    """The versions of one deployment, each with its part of the traffic in per cent."""

    worker: str
    shares: tuple[tuple[LiveVersion, float], ...]

    def choose(self, headers: Mapping[str, str]) -> LiveVersion:
        """The version that serves a request with these headers."""
        return self._overridden(headers) or self._at(_point(headers))

    def __contains__(self, version: LiveVersion) -> bool:
        return any(version is known for known, _ in self.shares)

    def _overridden(self, headers: Mapping[str, str]) -> LiveVersion | None:
        """The version asked for, if it is one of these; a wish that cannot be met is ignored."""
        wishes = dict(_OVERRIDE.findall(headers.get(_OVERRIDES, "")))
        wish = wishes.get(self.worker)
        return next((version for version, _ in self.shares if version.script.version_id == wish), None)

    def _at(self, point: float) -> LiveVersion:
        """The version at a point between 0 and 1 of the traffic."""
        rest = point * sum(part for _, part in self.shares)
        for version, part in self.shares:
            rest -= part
            if rest < 0:
                return version
        return max(self.shares, key=lambda share: share[1])[0]


def _point(headers: Mapping[str, str]) -> float:
    key = headers.get(_KEY)
    if not key:
        return _DICE.random()
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
