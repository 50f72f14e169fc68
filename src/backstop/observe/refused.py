"""How many requests a minute are answered 401 or 403, by what tails have shown of late."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.statistics import poisson

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Refused:
    """``requests`` were refused in ``seconds`` that ``looks`` listened to, within ``span`` seconds."""

    requests: int
    seconds: float
    looks: int
    span: float

    @property
    def low(self) -> float:
        """Requests a minute: at least so many, at 95 %."""
        return _MINUTE_S * poisson.lower(self.requests) / self._listened

    @property
    def high(self) -> float:
        """Requests a minute: at most so many, at 95 %."""
        return _MINUTE_S * poisson.upper(self.requests) / self._listened

    @property
    def told(self) -> str:
        """In words, with the time that it is of, and the interval."""
        looks = "one look" if self.looks == 1 else f"{self.looks} looks of the last {self.span / 60:.0f} min"
        rate = f"{_MINUTE_S * self.requests / self._listened:.1f} a minute"
        heard = (
            f"{self.requests} requests answered 401 or 403 in {self.seconds:.0f} s of the tail, by {looks}"
        )
        return f"{heard}: {rate} ({self.low:.1f} to {self.high:.1f}, each end at 95 %)"

    @property
    def _listened(self) -> float:
        return max(self.seconds, 1.0)
