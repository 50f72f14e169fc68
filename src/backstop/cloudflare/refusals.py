"""Errors that Cloudflare's API answers with, as exceptions that say what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from backstop.cloudflare.otherwise import DASHBOARD, STATUS_PAGE
from backstop.model.errors import CouldNotLook
from backstop.probes.rest import Reply, excerpt

NO_SUCH_WORKER = frozenset({10007, 10090})
SECRETS_CHANGED = 10220
_UNAUTHORISED = frozenset({401, 403})
_REFUSED = 400
_REDIRECTS = range(300, 400)
_MOST_DIGITS = 10  # of a code; they have four to six
_NO_SUCH_TOKEN = 401
_TOKENS_PAGE = "dash.cloudflare.com → My Profile → API Tokens"


@dataclass(frozen=True, slots=True)
class ApiError:
    """One entry of an error envelope; ``code`` is 0 where there is none."""

    code: int
    message: str

    def __str__(self) -> str:
        return f"{self.message} [code: {self.code}]" if self.code else self.message


class ApiRefused(CouldNotLook):
    """Raised when Cloudflare answers with an error; nothing was changed. ``code`` is the first one's."""

    def __init__(self, message: str, *, status: int, code: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.code = code


class NotPermitted(ApiRefused):
    """Raised when the API token is wrong, has expired, or lacks a permission."""


class NoSuchWorker(ApiRefused):
    """Raised when the account has no worker of that name."""


def check(reply: Reply, what: str, permission: str) -> Any:
    """The ``result`` of an envelope. ``permission`` is that which the call needs, as the dashboard has it.

    Raises NotPermitted, NoSuchWorker or ApiRefused for an error, CouldNotLook for what is no envelope.
    """
    if reply.status in _UNAUTHORISED:
        raise _not_permitted(reply, what, permission)
    envelope = reply.content
    if reply.status in _REDIRECTS:
        leads = urlsplit(reply.answer.header("location") or "").netloc or "somewhere"
        message = f"{what}: answered {reply.status}, a redirect to {leads}; the token does not follow it"
        raise CouldNotLook(message, remedy="is CLOUDFLARE_API_BASE_URL the address of the API?")
    if not isinstance(envelope, dict) or not isinstance(envelope.get("success"), bool):
        message = f"{what}: answered {reply.status} with what is no API answer: {excerpt(reply.answer)}"
        raise CouldNotLook(message, remedy="is CLOUDFLARE_API_BASE_URL the address of the API?")
    if not envelope["success"] or reply.status >= _REFUSED:
        raise _refused(reply, what)
    return envelope.get("result")


def _not_permitted(reply: Reply, what: str, permission: str) -> NotPermitted:
    message = f"{what}: Cloudflare answered {reply.status}: {_said(reply)}"
    need = f"the permission “{permission}” of this account"
    if reply.status == _NO_SUCH_TOKEN:
        remedy = f"the API token is wrong, or has expired: make one anew, with {need}: {_TOKENS_PAGE}"
    else:
        remedy = f"the API token needs {need}, or has expired: {_TOKENS_PAGE}"
    return NotPermitted(message, status=reply.status, code=_errors(reply)[0].code, remedy=remedy)


def _refused(reply: Reply, what: str) -> ApiRefused:
    code = _errors(reply)[0].code
    message = f"{what}: Cloudflare answered {reply.status}: {_said(reply)}"
    if code in NO_SUCH_WORKER:
        remedy = "see that the worker's name and CLOUDFLARE_ACCOUNT_ID are right"
        return NoSuchWorker(message, status=reply.status, code=code, remedy=remedy)
    return ApiRefused(message, status=reply.status, code=code, remedy=f"{STATUS_PAGE}; {DASHBOARD}")


def _said(reply: Reply) -> str:
    return "; ".join(str(error) for error in _errors(reply))


def _errors(reply: Reply) -> tuple[ApiError, ...]:
    """At least one error, whatever the envelope looks like."""
    listed = reply.content.get("errors") if isinstance(reply.content, dict) else None
    found = tuple(_error(entry) for entry in listed[:5]) if isinstance(listed, list) else ()
    return found or (ApiError(0, excerpt(reply.answer)),)


def _error(entry: Any) -> ApiError:
    members = entry if isinstance(entry, dict) else {}
    code, message = members.get("code"), members.get("message")
    return ApiError(_code(code), str(message or entry)[:500])


def _code(found: Any) -> int:
    """A code of the API's, also one that is written as a text; 0 for what is none."""
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) <= _MOST_DIGITS:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
