"""Discord's limits: buckets per route, 50 requests a second in all, a ban after too many invalid ones.

Discord publishes no numbers for its buckets; these are generous and of the right order. Webhook and
interaction routes carry their own token and do not count towards the global limit.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

Clock = Callable[[], float]

INVALID_LIMIT = 10_000
INVALID_WINDOW_S = 600.0
_MOST_BUCKETS = 1_000
_INVALID = (401, 403, 429)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    per_s: float


GLOBAL = Rate(50, 1.0)
READS = Rate(40, 1.0)
POSTS = Rate(20, 5.0)
WRITES = Rate(10, 10.0)
WEBHOOKS = Rate(5, 2.0)


@dataclass(slots=True)
class Bucket:
    """The state of one fixed window, in seconds of the limits' clock."""

    name: str
    rate: Rate
    resets: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        """Counts a request; False when the window is used up."""
        if now >= self.resets:
            self.resets, self.used = now + self.rate.per_s, 0
        if self.used >= self.rate.limit:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> dict[str, str]:
        """Discord's rate limit headers; the reset is in seconds of the Unix epoch."""
        left = max(0.0, self.resets - now)
        return {
            "X-RateLimit-Limit": str(self.rate.limit),
            "X-RateLimit-Remaining": str(self.rate.limit - self.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


class Limits:
    """All buckets of one application, and the count of invalid requests of one address."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._global = Bucket("global", GLOBAL)
        self._buckets: dict[str, Bucket] = {}
        self._invalid: deque[float] = deque(maxlen=INVALID_LIMIT)

    @property
    def invalid_requests(self) -> int:
        """How many answers of the last ten minutes were 401, 403 or 429."""
        self._forget()
        return len(self._invalid)

    @property
    def banned(self) -> bool:
        """Whether the address has made so many invalid requests that Cloudflare turns it away."""
        return self.invalid_requests >= INVALID_LIMIT

    def count(self, status: int, scope: str = "") -> None:
        """Counts an answer; those under a shared limit are nobody's fault."""
        if status in _INVALID and scope != "shared":
            self._invalid.append(self._clock())

    def take_global(self) -> web.Response | None:
        """Counts towards the limit over all routes; a 429 when it is used up."""
        now = self._clock()
        return None if self._global.take(now) else _exceeded(self._global, now, "global")

    def take(self, route: str, rate: Rate) -> tuple[Bucket, web.Response | None]:
        """Counts towards the route's bucket; a 429 when it is used up."""
        if len(self._buckets) >= _MOST_BUCKETS:
            self._buckets.clear()
        bucket = self._buckets.setdefault(route, Bucket(_bucket_name(route), rate))
        now = self._clock()
        return bucket, None if bucket.take(now) else _exceeded(bucket, now, "user")

    def headers(self, bucket: Bucket) -> dict[str, str]:
        """The bucket's headers as of now."""
        return bucket.headers(self._clock())

    def _forget(self) -> None:
        oldest = self._clock() - INVALID_WINDOW_S
        while self._invalid and self._invalid[0] < oldest:
            self._invalid.popleft()


def ban_page() -> web.Response:
    """Cloudflare's page for a banned address: HTML, where every client expects JSON."""
    page = (
        "<!DOCTYPE html><html><head><title>Access denied | discord.com</title>"
        "</head><body><h1>Error 1015</h1><p>You are being rate limited</p><p>The owner of this website "
        "(discord.com) has banned you temporarily from accessing this website.</p></body></html>"
    )
    headers = {"Retry-After": str(int(INVALID_WINDOW_S)), "Server": "cloudflare"}
    return web.Response(status=429, text=page, content_type="text/html", headers=headers)


def _exceeded(bucket: Bucket, now: float, scope: str) -> web.Response:
    wait = max(0.001, bucket.resets - now)
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(wait, 3),
        "global": scope == "global",
    }
    headers = {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Scope": scope}
    headers |= {"X-RateLimit-Global": "true"} if scope == "global" else bucket.headers(now)
    return web.json_response(body, status=429, headers=headers)


def _bucket_name(route: str) -> str:
    return hashlib.sha256(route.encode()).hexdigest()[:32]
