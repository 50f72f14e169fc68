"""The reasons not to roll back, each with the way on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from backstop.model.version import Version
from backstop.rollback.marker import Part, mark_of
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.resources import Resources
from backstop.rollback.secrets import made_by_secrets
from backstop.rollback.survey import Survey

# A deployment that is younger may be followed by more of the same deploy: wrangler makes a version, then a
# deployment, then settings and triggers, in about a second and a half; pipelines put a check behind it.
UNSETTLED = timedelta(seconds=20)

_DEPLOYABLE = 100  # versions, the newest: no other can be rolled back to
_OBJECTS = "durable_object_namespace"


@dataclass(frozen=True, slots=True)
class Hurdle:
    """Why a rollback is refused, and how to go on."""

    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Course:
    """A rollback that is being weighed: from, to, and what is known of both.

    ``sibling`` is the wanted code under secrets that were set since, where there is such a version;
    ``lacking`` are names of secrets that the bot needs, has now, and would be without.
    """

    serving: Version
    wanted: Version
    secrets: Sequence[str]
    resources: Resources
    sibling: Version | None = None
    lacking: Sequence[str] = ()


def hurdles(survey: Survey, request: RollbackRequest, course: Course) -> tuple[Hurdle, ...]:
    """All that speaks against it, what can't be talked away first; empty when nothing does."""
    found = (
        _other_than_expected(survey, request),
        _same(survey, request, course),
        _too_old(survey, course),
        _gone(course),
        _migration(course),
        _lacking(course),
        _secrets(request, course),
        _unsettled(survey, request),
    )
    return tuple(hurdle for hurdle in found if hurdle is not None)


def warnings(survey: Survey, course: Course) -> tuple[str, ...]:
    """What does not stop a rollback and should be known before it."""
    return tuple(_warnings(survey, course))


def _other_than_expected(survey: Survey, request: RollbackRequest) -> Hurdle | None:
    if not request.expect_live or request.expect_live in {survey.head.only_version, survey.serving}:
        return None
    text = f"what serves is {survey.head.shown}, not {request.expect_live}, which was expected to be live"
    return Hurdle(text, "somebody deployed meanwhile, or that deploy did not take: look before you act")


def _same(survey: Survey, request: RollbackRequest, course: Course) -> Hurdle | None:
    beside = request.aim is Aim.RESTORE and len(survey.head.shares) > 1  # what was left there is to go
    serving, wanted = course.serving, course.wanted
    if survey.head.only_version == wanted.id and not beside:
        text = f"{wanted.label} serves everything already: there is nothing to do"
    elif serving.id != wanted.id and _identical(serving, wanted) and not course.secrets:
        text = f"{wanted.label} is the same as {serving.label}: code, bindings and settings are identical"
    else:
        return None
    return Hurdle(text, "name another version with --to ID; wrangler versions list shows them")


def _identical(one: Version, other: Version) -> bool:
    """Whether nothing but the id tells two versions apart; unknown code is never the same."""
    return bool(one.etag) and one.essence == other.essence and one.secret_names == other.secret_names


def _too_old(survey: Survey, course: Course) -> Hurdle | None:
    if course.wanted.id in survey.numbers:
        return None
    if len(survey.listed) < _DEPLOYABLE:
        why = f"is not among the {len(survey.listed)} versions that Cloudflare says can be deployed"
    else:
        why = f"is beyond the {_DEPLOYABLE} newest versions: Cloudflare no longer deploys it"
    text = f"{course.wanted.label} {why}"
    return Hurdle(text, "check out its commit and deploy that anew: wrangler deploy")


def _gone(course: Course) -> Hurdle | None:
    if not course.resources.gone:
        return None
    text = f"{course.wanted.label} is bound to what is gone: {', '.join(course.resources.gone)}"
    return Hurdle(text, "make it again under that name or id, or go to another version with --to ID")


def _migration(course: Course) -> Hurdle | None:
    now, then = course.serving.migration_tag, course.wanted.migration_tag
    if now == then:
        return None
    text = f"a Durable Object migration lies between: {then or 'none'} then, {now or 'none'} now"
    remedy = "Cloudflare does not go back over it: mend forward, with the old code under today's migrations"
    return Hurdle(text, remedy)


def _lacking(course: Course) -> Hurdle | None:
    if not course.lacking:
        return None
    text = f"{course.wanted.label} was made before these secrets were set, and would serve without them: "
    remedy = f"{_sooner(course)}else check out its commit and deploy it anew, with the secrets of today"
    return Hurdle(text + ", ".join(course.lacking), remedy)


def _secrets(request: RollbackRequest, course: Course) -> Hurdle | None:
    if request.accept_secrets or not course.secrets:
        return None
    text = f"secrets changed since {course.wanted.label}, which holds others: "
    remedy = (
        f"{_sooner(course)}if those are still valid, say so with --accept secrets; else check out that "
        "version's commit and deploy it anew with today's secrets. If a secret leaked, change it where it "
        "was issued first: a rollback brings the leaked one back"
    )
    return Hurdle(text + "; ".join(course.secrets), remedy)


def _sooner(course: Course) -> str:
    """What mends it without going back over secrets, where there is such a way."""
    if made_by_secrets(course.serving):
        return "if that change is what broke the bot, set the secret right: wrangler secret put NAME; "
    if course.sibling is not None:
        return f"the same code under the secrets that were set since is {course.sibling.id}: --to that; "
    return ""


def _unsettled(survey: Survey, request: RollbackRequest) -> Hurdle | None:
    newest = survey.served[0]
    age = survey.age(newest.created)
    if request.fresh or request.expect_live or request.aim is Aim.RESTORE:
        return None
    if age is None or age >= UNSETTLED:
        return None
    if mark_of(newest.message) is not None:
        return None  # of ours, nothing follows
    wait = min(UNSETTLED, UNSETTLED - age).total_seconds()
    by = newest.author or "somebody"
    seconds = max(0.0, age.total_seconds())
    text = f"{by} deployed {newest.shown} only {seconds:.0f} s ago: that may go on"
    remedy = f"wait {wait:.0f} s, or say that you mean this very one: --expect-live {survey.serving}"
    return Hurdle(text, remedy)


def _warnings(survey: Survey, course: Course) -> Iterator[str]:
    mark = mark_of(survey.head.message)
    if mark is not None and mark.part is Part.FAULT and mark.from_version is not None:
        yield f"what serves is the fault of a drill (run {mark.run}); --restore goes back to its good version"
    if len(survey.head.shares) > 1:
        what = "a version is staged" if survey.head.only_version else "the traffic is split"
        yield f"{what} ({survey.head.shown}): the rollback ends that, at 100 %"
    if not course.wanted.etag or not course.serving.etag:
        yield "the API shows no etag, so whether the code differs is not known"
    objects = any(each.type == _OBJECTS for each in (*course.serving.bindings, *course.wanted.bindings))
    if objects and not course.serving.migration_tag and not course.wanted.migration_tag:
        yield "there are Durable Objects, and the API shows no migration: if one lies between, it is refused"
    if survey.age(survey.head.created) is None:
        yield "the newest deployment lies in the future: a clock is off, so ages can't be told"
    elif survey.clocks:
        yield f"{survey.clocks}: one of them is off, and how long ago something was is told by either"
    if survey.cut:
        shown = len(survey.history)
        yield f"the history could be read back to its {shown}. newest deployment only: {survey.cut}"
    yield from course.resources.unknown
