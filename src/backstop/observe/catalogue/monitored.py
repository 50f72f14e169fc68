"""What a monitor sends: no more than its checks read, since it comes again every few minutes."""

from __future__ import annotations

from collections.abc import Collection

from backstop.observe.catalogue.everything import PROBES
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.health import PROBES as OF_HEALTH
from backstop.observe.catalogue.interactions import UNSIGNED
from backstop.observe.probe import Probe

_PLAIN = frozenset({"latency", "errors"})


def probes_of(suites: Collection[str]) -> tuple[Probe, ...]:
    """The probes that the checks of these suites read; all of them where any suite judges every answer."""
    if _PLAIN.issuperset(suites):
        return (HEALTH, UNSIGNED)
    return (*OF_HEALTH, UNSIGNED) if (_PLAIN | {"health"}).issuperset(suites) else PROBES
