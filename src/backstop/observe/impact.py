"""Whom it hits: everybody, or those of some paths or of one version of a split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange
from backstop.model.version import Deployment, VersionId
from backstop.observe.errors import counted, is_error, reached
from backstop.observe.looks import Looks
from backstop.probes.serving import version_shown


class Hit(Enum):
    """How many of the users; the words are those of the journal."""

    NOBODY = "nobody"
    SOME = "some"
    EVERYBODY = "everybody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Impact:
    """``text`` says by what that is known."""

    hit: Hit
    text: str


def impact_of(looks: Looks) -> Impact:
    """By the usual requests that failed. What is merely answered wrongly fails for whoever asks for it."""
    try:
        rate = looks.errors
        sent = looks.heeded((*looks.bot.usual(), *looks.cold, *looks.samples))
    except (CouldNotLook, AssertionError) as error:
        return Impact(Hit.UNKNOWN, f"whom it hits could not be seen: {str(error).splitlines()[0]}")
    by_version = _by_version(sent, looks)
    if not rate.errors:
        return Impact(Hit.NOBODY, f"none of {rate.probes} usual requests failed{by_version}")
    if rate.errors == rate.probes:
        return Impact(Hit.EVERYBODY, f"all of {rate.probes} usual requests failed{by_version}")
    told = f"{rate.errors} of {rate.probes} usual requests failed; {rate.where}{by_version}"
    return Impact(Hit.SOME, told)


def _by_version(sent: Iterable[Exchange], looks: Looks) -> str:
    """How each version of a split answers, as far as answers show their version; nothing without a split."""
    try:
        head, known = looks.deployed.head, [version.id for version in looks.deployed.listed]
    except (CouldNotLook, AssertionError):
        return ""
    if head.only_version is not None:
        return ""
    return f"; the traffic is split, {head.shown}: {_tallied(counted(sent), head, known)}"


def _tallied(sent: Sequence[Exchange], head: Deployment, known: Sequence[VersionId]) -> str:
    total: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for each in filter(reached, sent):
        shown = version_shown(each.result, known) if isinstance(each.result, Answer) else None
        if shown in head.versions:
            total[shown] += 1
            failed[shown] += is_error(each)
    told = [f"{version[:8]} failed {failed[version]} of {total[version]}" for version in sorted(total)]
    return ", ".join(told) or "no answer shows which of them it is of"
