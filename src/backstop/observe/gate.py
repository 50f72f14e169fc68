"""Before a deploy: a team's own commands, and what the deploy would close behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from backstop.cloudflare.failures import plain
from backstop.environment import read_environment
from backstop.model.commit import Commit
from backstop.model.errors import CouldNotLook
from backstop.model.pre_deploy import PreDeploy
from backstop.model.version import Deployment, Version, VersionId
from backstop.place import Place
from backstop.process import ProcessMissing, run
from backstop.redaction import REDACTOR
from backstop.rollback.survey import Survey, survey
from backstop.settings.wrangler_project import WranglerProject, migration_tags

_LAST_LINES = 20
_LONGEST = 2000  # characters of them: an event of the journal is one line
_COMMIT = re.compile(r"(?<![\w-])[0-9a-f]{7,40}(?![\w-])")


@dataclass(frozen=True, slots=True)
class CommandRan:
    """A command that has ended; ``last`` are its last lines, without secrets."""

    shown: str
    returncode: int
    seconds: float
    last: str


def run_commands(wanted: PreDeploy, project: Path, say: Callable[[str], object]) -> tuple[CommandRan, ...]:
    """Run one after the other in the project's folder, until one fails. No shell reads them.

    They get no credentials of ours. Raises CouldNotLook for one that can't be started or outlives its limit.
    """
    ran: list[CommandRan] = []
    for words in wanted.commands:
        shown = REDACTOR.redact(" ".join(words))
        say(f"running {shown} …")
        ran.append(_run(words, shown, project, wanted.limit_s))
        if ran[-1].returncode:
            break
    return tuple(ran)


def _run(words: tuple[str, ...], shown: str, project: Path, limit: float) -> CommandRan:
    try:
        ended = run(words, env=read_environment().handed_down(), cwd=project, limit=limit)
    except ProcessMissing as error:
        remedy = (
            "install it, or correct pre_deploy.commands: words as a program is started with, in the project"
        )
        raise CouldNotLook(error.message, remedy=remedy) from error
    return CommandRan(shown, ended.returncode, ended.seconds, _last(ended.stdout, ended.stderr))


def _last(stdout: str, stderr: str) -> str:
    wrote = REDACTOR.redact(
        plain("\n".join(filter(None, (stdout.strip(), stderr.strip()))))
    )  # whole, then cut
    lines = "\n".join(wrote.splitlines()[-_LAST_LINES:])
    return lines if len(lines) <= _LONGEST else f"…{lines[-_LONGEST:]}"


@dataclass(frozen=True, slots=True)
class Migrations:
    """The last migration of Durable Objects that serves, and those that the deploy would make after it.

    ``unknown``: what serves has one that the config does not know.
    """

    serving: str
    to_come: tuple[str, ...]
    unknown: bool = False


def migrations_between(place: Place, project: WranglerProject) -> Migrations:
    """What lies between what serves and what would be deployed. Raises CouldNotLook as the API does."""
    found = _survey(place)
    serving, tags = found.version(found.serving).migration_tag, migration_tags(project)
    if not serving:
        return Migrations("", tags)
    if serving not in tags:
        return Migrations(serving, (), unknown=True)
    return Migrations(serving, tags[tags.index(serving) + 1 :])


@dataclass(frozen=True, slots=True)
class RolledAway:
    """What somebody went back from and nobody deployed on purpose since, in words.

    ``same`` are of the commit that is to be deployed, ``nameless`` show no commit.
    """

    same: tuple[str, ...]
    nameless: tuple[str, ...]
    others: tuple[str, ...]


def rolled_away_from(place: Place, commit: Commit) -> RolledAway:
    """By the commits that people write into tags and messages. Raises CouldNotLook as the API does."""
    found = _survey(place)
    kinds: dict[str, list[str]] = {"same": [], "nameless": [], "others": []}
    for version in (found.version(each) for each in sorted(found.away)):
        named = set(_commits_of(version, found.history))
        same = any(commit.id.startswith(word) for word in named)
        kinds["same" if same else "others" if named else "nameless"].append(_told(version, found.history))
    return RolledAway(**{kind: tuple(told) for kind, told in kinds.items()})


def _commits_of(version: Version, history: tuple[Deployment, ...]) -> Iterator[str]:
    """What looks like a commit in what was written on a version, and on the deployments of it alone."""
    yield from _COMMIT.findall(f"{version.tag} {version.words}".lower())
    for entry in history:
        if entry.only_version == version.id and "[backstop " not in entry.message:
            yield from _COMMIT.findall(entry.message.lower())


def _told(version: Version, history: tuple[Deployment, ...]) -> str:
    back = _gone_back(version.id, history)
    if back is None:
        return version.label
    by = f" by {back.author}" if back.author else ""
    return f"{version.label}, rolled away from{by} at {back.created:%Y-%m-%d %H:%M} UTC"


def _gone_back(version: VersionId, history: tuple[Deployment, ...]) -> Deployment | None:
    """The newest deployment that ended a time of this version."""
    pairs = pairwise(history)
    return next((to for to, since in pairs if version in since.versions - to.versions), None)


def _survey(place: Place) -> Survey:
    if place.api is None:
        raise CouldNotLook(place.unreadable.message, remedy=place.unreadable.remedy)
    return survey(place.api, place.target.worker)
