"""A plan: from where, to where, why, what it changes, what it leaves, and what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from backstop.cloudflare.api import CloudflareApi
from backstop.model.version import Deployment, Version
from backstop.rollback.choose import choose, version_named
from backstop.rollback.differences import Outside, what_changes, what_stays
from backstop.rollback.history import is_rollback
from backstop.rollback.hurdles import Course, Hurdle, hurdles, warnings
from backstop.rollback.marker import Part, mark_of
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.resources import look_at_resources
from backstop.rollback.secrets import changes_between, lacking, sibling_of
from backstop.rollback.survey import Survey
from backstop.rollback.verified import VerifiedVersion

_MINUTE = 60
SECOND_RESPONDER = timedelta(minutes=30)  # so long a rollback is given to show whether it helped


@dataclass(frozen=True, slots=True)
class Known:
    """What a session knows beside the history.

    ``verified`` are the versions that were found well here, the newest first, ``required`` the secrets that
    the target says it needs. ``commands`` says what Discord has otherwise than the target declares.
    """

    verified: Sequence[VerifiedVersion] = ()
    required: Sequence[str] = ()
    commands: Callable[[], Sequence[str]] = tuple


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rollback will do. ``head`` is the deployment that it was made for.

    ``changes``, ``stays`` (is not undone) and ``warnings`` are sentences.
    """

    head: Deployment
    serving: Version
    wanted: Version
    why: str
    reason: str
    changes: tuple[str, ...]
    stays: tuple[str, ...]
    warnings: tuple[str, ...]
    hurdles: tuple[Hurdle, ...]


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """Somebody has rolled back a moment ago: ``told`` says who, when and what to do if that is not enough."""

    serving: Version
    told: str


def make_plan(
    api: CloudflareApi, survey: Survey, request: RollbackRequest, known: Known = NOTHING_KNOWN
) -> Plan | AlreadyDone:
    """Weigh a rollback; changes nothing.

    Raises Refused where there is no version to go to, UsageError for a name that is none, CouldNotLook when
    the API gives no answer.
    """
    if done := _already_done(survey, request):
        return done
    chosen = choose(survey, request, known.verified)
    serving, wanted = survey.version(survey.serving), chosen.version
    secrets = changes_between(survey.listed, serving, wanted)
    course = Course(
        serving,
        wanted,
        secrets,
        look_at_resources(api, wanted),
        sibling_of(survey, wanted),
        lacking(serving, wanted, known.required),
    )
    return Plan(
        head=survey.head,
        serving=serving,
        wanted=wanted,
        why=chosen.why,
        reason=" ".join(request.reason.split()),
        changes=what_changes(serving, wanted),
        stays=what_stays(serving, wanted, Outside(secrets, survey.crons, known.commands(), survey.newest)),
        warnings=warnings(survey, course),
        hurdles=hurdles(survey, request, course),
    )


def _ago(survey: Survey, age: timedelta | None) -> str:
    if age is None:
        at = f"{survey.served[0].created:%Y-%m-%d %H:%M:%SZ}"
        return f"at {at}, which lies in the future: a clock is off, and that may have been a moment ago"
    seconds = max(0, round(age.total_seconds()))
    ago = f"{seconds // 60} min ago" if seconds >= _MINUTE else f"{seconds} s ago"
    return f"{ago} or more ({survey.clocks})" if survey.clocks else ago


def _names_another(survey: Survey, request: RollbackRequest) -> bool:
    return request.aim is Aim.NAMED and version_named(survey, request.name) != survey.serving


def _already_done(survey: Survey, request: RollbackRequest) -> AlreadyDone | None:
    """A second responder's rollback would go one version further back than anybody wants.

    Where no clock can tell how long ago the last one was, it is taken for one of a moment ago.
    """
    head, serving = survey.served[0], survey.version(survey.serving)
    if request.aim in {Aim.UNDO, Aim.RESTORE} or _names_another(survey, request):
        return None
    mark = mark_of(head.message)
    age = survey.age(head.created)
    if (mark and mark.part is not Part.REAL) or (age is not None and age >= SECOND_RESPONDER):
        return None
    served_before = any(serving.id in entry.receiving for entry in survey.served[1:])
    if not is_rollback(survey.served, survey.numbers) or not (mark or served_before or survey.cut):
        return None
    who = f"run {mark.run}" if mark else head.author or "somebody"
    told = f"{who} rolled back to {serving.label} {_ago(survey, age)}: nothing is rolled back, only validated"
    return AlreadyDone(serving, f"{told}. If that is not enough, name a version: --to ID")
