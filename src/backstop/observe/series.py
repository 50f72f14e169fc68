"""The times of one stage, with the version that they are of: what one version is compared with another by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request
from backstop.model.version import VersionId
from backstop.observe.looks import Looks
from backstop.probes.serving import version_shown


@dataclass(frozen=True, slots=True)
class Series:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS.

    ``shown`` are the versions that the answers named; ``version`` gave all of them, and is empty where it is
    not known or there were several. ``connect`` is how long a connection took, 0 where none was made.
    ``due`` are the warm ones from when each was due, empty where none went out late. ``held`` is the most by
    which our own side sent one too late, which is in no time.
    """

    what: str
    version: str
    shown: tuple[VersionId, ...]
    warm: tuple[float, ...]
    cold: tuple[float, ...] = ()
    connect: float = 0.0
    due: tuple[float, ...] = ()
    held: float = 0.0

    @property
    def switched(self) -> bool:
        """Whether several versions answered, so that the times are of no one of them."""
        return len(self.shown) > 1


def series(looks: Looks) -> Series:
    """The plain request's times at this stage. Raises as ``Looks.latency`` does."""
    found = looks.latency
    sent = (*looks.cold, *(each.exchange for each in looks.sampled.sent))
    shown = _shown(sent, _known(looks))
    version = (shown[0] if len(shown) == 1 else "") if shown else deployed_alone(looks)
    return Series(
        what=named(looks.plain, looks.place.target.concurrency),
        version=version,
        shown=shown,
        warm=found.warm,
        cold=found.cold,
        connect=_connect(sent),
        due=found.due if found.late else (),
        held=found.held,
    )


def named(request: Request, at_once: int = 1) -> str:
    """A request as times of it are known by: method and path, and how many were under way where not one."""
    several = f", {at_once} at once" if at_once > 1 else ""
    return f"{request.method} {urlsplit(request.url).path or '/'}{several}"


def _shown(sent: Sequence[Exchange], known: Collection[VersionId]) -> tuple[VersionId, ...]:
    seen = (version_shown(e.result, known) for e in sent if isinstance(e.result, Answer))
    return tuple(dict.fromkeys(version for version in seen if version))


def _known(looks: Looks) -> tuple[VersionId, ...]:
    try:
        return tuple(version.id for version in looks.deployed.listed)
    except (CouldNotLook, AssertionError):
        return ()


def deployed_alone(looks: Looks) -> str:
    """The version that the deployments say serves alone; empty where there are several or it is not known."""
    try:
        return looks.deployed.head.only_version or ""
    except (CouldNotLook, AssertionError):
        return ""


def _connect(sent: Sequence[Exchange]) -> float:
    times = [each.timing.connect for each in sent if each.timing.connect is not None]
    return median(times) if times else 0.0
