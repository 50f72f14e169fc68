"""From which figure on a severity begins, and how soon it wants somebody to act; a target may change each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from backstop.model.severity import Severity
from backstop.model.target import PolicyChange


class Measure(Enum):
    """What is measured, by the key of its threshold in a targets file."""

    ERROR_RATE = "error_rate_percent"
    MEAN = "mean_ms"
    SLOWER = "slower_percent"
    ALERT = "alert_error_rate_percent"
    UNAUTHORISED = "unauthorised_per_minute"


# The procedure's decision matrix and alert thresholds, reconciled in DESIGN's decision policy.
LIMITS = {
    Measure.ERROR_RATE: {
        Severity.LOW: 2.0,
        Severity.MEDIUM: 5.0,
        Severity.HIGH: 50.0,
        Severity.CRITICAL: 100.0,
    },
    Measure.MEAN: {Severity.LOW: 1000.0, Severity.MEDIUM: 2000.0, Severity.HIGH: 5000.0},
    Measure.SLOWER: {Severity.HIGH: 50.0},
    Measure.ALERT: {Severity.MEDIUM: 10.0},  # the procedure decides from 5 % on, and alerts from 10 % on
    Measure.UNAUTHORISED: {},  # what is usual only a target can know
}
SLOWER_MIN_MS = 150.0  # a difference that nobody feels, whatever the ratio; same source
ACT_WITHIN_S = {
    Severity.CRITICAL: 120.0,
    Severity.HIGH: 300.0,
    Severity.MEDIUM: 900.0,
    Severity.LOW: 3600.0,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The defaults, and what a target changes of them."""

    changes: tuple[PolicyChange, ...] = ()

    def limit(self, measure: Measure, severity: Severity) -> float | None:
        """The figure above which a severity begins, in the measure's unit; None where it never does."""
        changed = self._change(severity)
        own: float | None = getattr(changed, measure.value) if changed else None
        return LIMITS[measure].get(severity) if own is None else own

    @property
    def slower_min_ms(self) -> float:
        """What differs by less than so many milliseconds is not called slower."""
        changed = self._change(Severity.HIGH)
        own = changed.slower_min_ms if changed else None
        return SLOWER_MIN_MS if own is None else own

    def act_within(self, severity: Severity) -> float | None:
        """Within how many seconds somebody must act; None where nothing is to be done."""
        changed = self._change(severity)
        own = changed.act_within_s if changed else None
        return ACT_WITHIN_S.get(severity) if own is None else own

    def is_off(self, severity: Severity, row: str) -> bool:
        """Whether the target has switched a row of the table off."""
        changed = self._change(severity)
        return changed is not None and row in changed.off

    def _change(self, severity: Severity) -> PolicyChange | None:
        return next((change for change in self.changes if change.severity is severity), None)


DEFAULTS = Policy()
