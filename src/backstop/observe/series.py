"""The times of one stage, with the version that they are of: what one version is compared with another by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request
from backstop.model.version import VersionId
from backstop.observe.looks import Looks
from backstop.observe.samples import status_of
from backstop.probes.serving import version_shown


@dataclass(frozen=True, slots=True)
class Series:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS.

    ``shown`` are the versions that the answers named; ``version`` gave all of them, and is empty where it is
    not known or there were several. ``connect`` is how long a connection took, 0 where none was made.
    ``due`` are the warm ones from when each was due, empty where none went out late. ``held`` is the most by
    which our own side sent one too late, which is in no time.

    ``statuses`` and ``cold_statuses`` are what each was answered with. ``versions`` is what each of the warm
    ones showed, empty text where it showed none; empty where all of them are proven to be of ``version``.
    ``lost`` are those that are in no time, by why; ``failures`` counts those of them that were answered.
    """

    what: str
    version: str
    shown: tuple[str, ...]
    warm: tuple[float, ...]
    cold: tuple[float, ...] = ()
    connect: float = 0.0
    due: tuple[float, ...] = ()
    held: float = 0.0
    statuses: tuple[int, ...] = ()
    cold_statuses: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0

    @property
    def of_each(self) -> Mapping[str, object]:
        """What the journal keeps of its warm samples beside their times, by its names."""
        told = {"statuses": self.statuses, "versions": self.versions, "lost": dict(self.lost)}
        return {"version": self.version} | {name: what for name, what in told.items() if what}

    @property
    def switched(self) -> bool:
        """Whether several versions answered, so that the times are of no one of them."""
        return len(self.shown) > 1


def series(looks: Looks) -> Series:
    """The plain request's times at this stage. Raises as ``Looks.latency`` does."""
    found = looks.latency
    known = _known(looks)
    sent = (*looks.cold, *(each.exchange for each in looks.sampled.sent))
    shown = tuple(dict.fromkeys(version for version in _shown(sent, known) if version))
    version = (shown[0] if len(shown) == 1 else "") if shown else deployed_alone(looks)
    versions = _shown(found.answers, known)
    return Series(
        what=named(looks.plain, looks.place.target.concurrency),
        version=version,
        shown=shown,
        warm=found.warm,
        cold=found.cold,
        connect=_connect(sent),
        due=found.due if found.late else (),
        held=found.held,
        statuses=tuple(map(status_of, found.answers)),
        cold_statuses=tuple(map(status_of, found.cold_answers)),
        versions=() if set(versions) == {version} else versions,
        lost=found.lost,
        failures=found.failures,
    )


def named(request: Request, at_once: int = 1) -> str:
    """A request as times of it are known by: method and path, and how many were under way where not one."""
    several = f", {at_once} at once" if at_once > 1 else ""
    return f"{request.method} {urlsplit(request.url).path or '/'}{several}"


def _shown(sent: Sequence[Exchange], known: Collection[VersionId]) -> tuple[str, ...]:
    """The version that each answer names, or nothing."""
    return tuple(version_shown(e.result, known) or "" if isinstance(e.result, Answer) else "" for e in sent)


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
