"""The act itself: real ``wrangler rollback`` with an explicit id, or one request to the API. Never twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.failures import as_error, plain, read_failure, why
from backstop.cloudflare.refusals import SECRETS_CHANGED, ApiRefused
from backstop.cloudflare.wrangler import Wrangler
from backstop.model.errors import CouldNotLook, Refused
from backstop.model.version import Share, VersionId
from backstop.polling import Clock
from backstop.probes.rest import RateLimited
from backstop.process import Completed, ProcessMissing, ProcessTimedOut
from backstop.redaction import REDACTOR
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.testimony import Act, Confirmation, Word

_TOLD = 400  # characters of what wrangler wrote: a testimony is one line of a report
# Codes with which the API says no before it has done anything: credentials, no such thing, a version that
# can't be deployed, changed secrets. After any other failure only the history tells.
_REFUSALS = frozenset({9106, 9109, 10000, 10001, 10007, 10021, 10090, 10143, SECRETS_CHANGED, 100146})
_FORCED = re.compile(r"The following secrets have changed[^\n]*\n((?:\s*\* [^\n]+\n?)*)")
_CLIENT_ERRORS = range(400, 500)
_TIMED_OUT = 408
_SECRETS = (
    "if the secrets of that version are still valid, say so with --accept secrets; else check out its commit "
    "and deploy it anew with today's secrets"
)
_TRY_API = "where wrangler or Node is broken, the same can be done with one request: add --via api"


@dataclass(frozen=True, slots=True)
class Order:
    """From which version to which, and what is written on it. ``why`` says why it goes to that version."""

    run: str
    from_version: VersionId
    to_version: VersionId
    reason: str
    why: str
    accept_secrets: bool = False
    part: Part = Part.REAL

    @property
    def message(self) -> str:
        """The deployment's message: the reason, and the mark by which we know our own."""
        return marked(self.reason, Mark(self.run, self.part, self.from_version, self.to_version))


Command = Callable[[Order, Clock], Act]


def roll_back(order: Order, command: Command, confirmer: Confirmer, edge: EdgeWitness) -> Confirmation:
    """Give the command once and ask all three witnesses; it is never believed alone."""
    began = confirmer.clock.now()
    act = command(order, confirmer.clock)
    return confirmer.confirm(order.to_version, edge, began, act)


def by_wrangler(wrangler: Wrangler) -> Command:
    """The command is real ``wrangler rollback``. It raises Refused where that can't even be started."""

    def command(order: Order, clock: Clock) -> Act:
        began = clock.now()
        try:
            completed = wrangler.rollback(order.to_version, order.message)
        except ProcessMissing as error:
            raise Refused(f"nothing was changed: {error.message}", remedy=_TRY_API) from error
        except ProcessTimedOut as error:
            return Act(Word.LOST, clock.now() - began, _stopped(error), _TRY_API)
        except CouldNotLook as error:
            return Act(Word.LOST, clock.now() - began, error.message, error.remedy)
        return _ended(completed, order, clock.now() - began)

    return command


def by_api(api: CloudflareApi, worker: str) -> Command:
    """The command is one request, which the API itself guards against changed secrets."""

    def command(order: Order, clock: Clock) -> Act:
        began = clock.now()
        shares = (Share(order.to_version, 100),)
        try:
            api.deploy_version(worker, shares, order.message, force=order.accept_secrets)
        except RateLimited as refused:
            return Act(Word.REFUSED, clock.now() - began, refused.message, refused.remedy)
        except ApiRefused as error:
            word = Word.REFUSED if _says_no(error.status) else Word.LOST
            return Act(word, clock.now() - began, error.message, _remedy(error.code, error.remedy))
        except CouldNotLook as error:
            return Act(Word.LOST, clock.now() - began, error.message, error.remedy)
        return Act(Word.DONE, clock.now() - began)

    return command


def _says_no(status: int) -> bool:
    """Whether a status means that nothing was done; an error under 200 or 408 came about on the way."""
    return status in _CLIENT_ERRORS and status != _TIMED_OUT


def _remedy(code: int, otherwise: str) -> str:
    return _SECRETS if code == SECRETS_CHANGED else otherwise


def _ended(completed: Completed, order: Order, after: float) -> Act:
    if completed.returncode == 0:
        return _succeeded(completed, order, after)
    failure = read_failure(completed, None)
    detail = _failure(completed)
    if failure.code in _REFUSALS and completed.returncode > 0:
        error = as_error(failure, "wrangler rollback", deploys=False)
        return Act(Word.REFUSED, after, detail, _remedy(failure.code, error.remedy))
    return Act(Word.LOST, after, detail, _TRY_API)


def _succeeded(completed: Completed, order: Order, after: float) -> Act:
    """Without a terminal wrangler answers its own question with yes and forces changed secrets."""
    forced = _FORCED.search(plain(completed.stdout + completed.stderr))
    if forced is None or order.accept_secrets:
        return Act(Word.DONE, after)
    names = ", ".join(line.strip(" *") for line in forced[1].splitlines()) or "not named"
    detail = f"wrangler forced it over changed secrets that the API's history did not show: {names}"
    return Act(Word.FORCED, after, REDACTOR.redact(detail), f"to go forward again: --undo {order.run}")


def _failure(completed: Completed) -> str:
    """How it ended, and what it wrote of why, on one line."""
    return _in_a_line(f"wrangler rollback ended with exit code {completed.returncode}", completed)


def _stopped(error: ProcessTimedOut) -> str:
    """The same of one that did not end."""
    cut_off = Completed(error.argv, 0, error.stdout, error.stderr, error.limit)
    return _in_a_line(f"wrangler rollback did not end within {error.limit:g} s and was stopped", cut_off)


def _in_a_line(ended: str, completed: Completed) -> str:
    told = REDACTOR.redact(" ".join(why(completed).split()))  # whole: what is cut is harder to know
    if len(told) > _TOLD:
        told = f"{told[:_TOLD]}…"
    return f"{ended}: {told}" if told else ended
