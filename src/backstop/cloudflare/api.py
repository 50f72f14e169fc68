"""Cloudflare's API v4, as far as versions, deployments, secrets and tails of one account go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from backstop.cloudflare import parse
from backstop.cloudflare.asker import LIMITS, Asker
from backstop.cloudflare.credential import Credential, credential_of
from backstop.cloudflare.otherwise import DASHBOARD
from backstop.cloudflare.paging import Listed, Page, follow, page
from backstop.cloudflare.refusals import ApiRefused, check
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.model.version import Deployment, Share, Version, VersionId
from backstop.probes.limits import Limits
from backstop.probes.rest import Reply

_NOT_FOUND = 404
_A_CLOCKS_ERROR = timedelta(seconds=5)  # between machines of Cloudflare's that write down when it was
_MOST_QUEUES = 100
_MOST_LABELS = 6  # of a host name: a zone's own name has few
_READ = "Workers Scripts: Read"
_EDIT = "Workers Scripts: Edit"
_TAIL = "Workers Tail: Read"


@dataclass(frozen=True, slots=True)
class TailTicket:
    """A tail that was opened: where to connect to, and what to delete in the end."""

    id: str
    url: str
    expires: datetime | None


class CloudflareApi:
    """One account, over kept connections; close it, or use it with ``with``.

    Every call raises CouldNotLook when there is no usable answer (silence, 5xx, HTML, an unknown
    shape), RateLimited for 429, NotPermitted for 401 and 403, NoSuchWorker, and ApiRefused for any
    other error; a write raises OutcomeUnknown when nothing tells whether it was done.
    """

    def __init__(self, base: str, token: Secret | Credential, account: str, limits: Limits = LIMITS) -> None:
        self._asker = Asker(base, credential_of(token), limits)
        self._account = quote(account, safe="")
        self._date = ""

    @property
    def server_time(self) -> datetime | None:
        """Cloudflare's own time at its last answer, to the second; None before one that told it."""
        try:
            found = parsedate_to_datetime(self._date)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._asker.close()

    def deployments(self, worker: str) -> tuple[Deployment, ...]:
        """The newest part of the history, newest first, never empty: the first one serves.

        An entry that can't be read ends it. Raises CouldNotLook when it is empty, and where its times say
        that another one was made later: which of them serves can't be told then.
        """
        return self._newest(worker).entries

    def whole_history(self, worker: str) -> Listed[Deployment]:
        """The history to its end, or to where it can't be read; raises as ``deployments`` does."""
        path = self._script(worker, "deployments")

        def ask(number: int, size: int) -> Page[Deployment]:
            result, info = self._listing(f"{path}?page={number}&per_page={size}")
            entries, unread = parse.deployments(result)
            return page(entries, info, unread)

        found = follow(self._newest(worker), ask, lambda entry: entry.id)
        self._see_that_the_first_is_newest(worker, found.entries)
        return found

    def versions(self, worker: str) -> tuple[Version, ...]:
        """The versions that can be deployed, newest first and never none, without bindings and etags."""
        path = f"{self._script(worker, 'versions')}?deployable=true"
        found = parse.versions(self._call("GET", path, permission=_READ))  # by its description, never paged
        if not found:
            message = f"the API names no version of {worker} that can be deployed"
            raise CouldNotLook(message, remedy=f"look at `wrangler versions list`; {DASHBOARD}")
        return tuple(sorted(found, key=lambda each: each.number, reverse=True))

    def version(self, worker: str, version: VersionId) -> Version:
        """One version in full. Raises CouldNotLook where the answer is about another one."""
        found = parse.version(self._call("GET", self._script(worker, "versions", version), permission=_READ))
        if found.id != version:
            message = f"asked for version {version} of {worker}, Cloudflare answered with {found.id}"
            raise CouldNotLook(message, remedy=f"try again; if it stays so, {DASHBOARD}")
        return found

    def secret_names(self, worker: str) -> frozenset[str]:
        """The names of the worker's secrets; nobody can read their values."""
        return parse.secret_names(self._call("GET", self._script(worker, "secrets"), permission=_READ))

    def schedules(self, worker: str) -> tuple[str, ...]:
        """The worker's crons, which are no part of a version."""
        return parse.schedules(self._call("GET", self._script(worker, "schedules"), permission=_READ))

    def subdomain(self) -> str:
        """What stands before ``workers.dev`` in the addresses of this account."""
        return parse.subdomain(self._call("GET", self._path("workers", "subdomain"), permission=_READ))

    def domain_leads_to(self, hostname: str) -> str | None:
        """The worker that a custom domain of this account leads to; None when it has no such domain."""
        path = f"{self._path('workers', 'domains')}?hostname={quote(hostname, safe='')}"
        return parse.domains(self._call("GET", path, permission=_READ)).get(hostname)

    def zone_of(self, hostname: str) -> str | None:
        """The id of the zone that a host name lies in; None where this token is shown none.

        Cloudflare leaves zones that a token may not read out of the list, without a word.
        """
        labels = hostname.split(".")
        for first in range(max(0, len(labels) - _MOST_LABELS), len(labels) - 1):
            path = f"/zones?name={quote('.'.join(labels[first:]), safe='')}"
            if found := parse.zones(self._call("GET", path, permission="Zone: Read")):
                return found[0]
        return None

    def routes(self, zone: str, worker: str) -> tuple[str, ...]:
        """The patterns of a zone's routes that lead to a worker; they are no part of a version."""
        path = f"/zones/{quote(zone, safe='')}/workers/routes"
        found = parse.routes(self._call("GET", path, permission="Workers Routes: Read"))
        return tuple(pattern for pattern, script in found if script == worker)

    def has(self, product: str, *path: str) -> bool:
        """Whether something of the account is there; ``product`` is what a token must be allowed to read."""
        try:
            self._call("GET", self._path(*path), permission=product)
        except ApiRefused as refused:
            if refused.status != _NOT_FOUND:
                raise
            return False
        return True

    def queue_names(self) -> frozenset[str]:
        """The names of the account's queues. Raises CouldNotLook where there are more than a hundred."""
        path = f"{self._path('queues')}?page=1&per_page={_MOST_QUEUES}"
        found = parse.queues(self._call("GET", path, permission="Queues: Read"))
        if len(found) >= _MOST_QUEUES:
            message = f"the account has {_MOST_QUEUES} queues or more, and only so many are read"
            raise CouldNotLook(message)
        return found

    def put_secrets(self, worker: str, secrets: Mapping[str, Secret]) -> None:
        """Set secrets, all in one new version that is deployed at once; others stay."""
        listed = {name: _secret(name, secret) for name, secret in secrets.items()}
        self._call(
            "PATCH",
            self._script(worker, "secrets-bulk"),
            {"secrets": listed},
            content_type="application/merge-patch+json",
        )

    def deploy_version(
        self, worker: str, shares: Sequence[Share], message: str, *, force: bool = False
    ) -> str:
        """Make a deployment of these shares, which must add up to 100 per cent; its id.

        ``force`` deploys over changed secrets, which is otherwise refused with code 10220.
        """
        body = {
            "strategy": "percentage",
            "versions": [{"version_id": s.version, "percentage": s.percentage} for s in shares],
            "annotations": {"workers/message": message},
        }
        path = self._script(worker, "deployments") + ("?force=true" if force else "")
        return parse.deployment_id(self._call("POST", path, body))

    def create_tail(self, worker: str, filters: Sequence[Mapping[str, object]] = ()) -> TailTicket:
        """Open a tail; it must be deleted in the end."""
        body = {"filters": [dict(entry) for entry in filters]}
        return TailTicket(
            *parse.tail(self._call("POST", self._script(worker, "tails"), body, permission=_TAIL))
        )

    def delete_tail(self, worker: str, tail: str) -> None:
        """Close a tail."""
        self._call("DELETE", self._script(worker, "tails", tail), permission=_TAIL)

    def _newest(self, worker: str) -> Page[Deployment]:
        """What is answered where no page is asked for, as wrangler asks."""
        result, info = self._listing(self._script(worker, "deployments"))
        entries, unread = parse.deployments(result)
        found = page(entries, info, unread)
        if not found.entries:
            message = f"{worker} has no deployment"
            raise CouldNotLook(message, remedy="deploy it once: wrangler deploy")
        if found.goes_on(len(found.entries)) and parse.runs_backwards(result):
            message = f"the history of {worker} begins with its oldest deployment, and goes on"
            raise CouldNotLook(message, remedy=f"which one serves can't be told from that: {DASHBOARD}")
        self._see_that_the_first_is_newest(worker, found.entries)
        return found

    def _see_that_the_first_is_newest(self, worker: str, found: Sequence[Deployment]) -> None:
        first, newest = found[0], max(found, key=lambda entry: entry.created)
        if first.created + _A_CLOCKS_ERROR < newest.created <= (self.server_time or datetime.now(UTC)):
            order = f"{first.shown} stands first, and {newest.shown} was deployed later"
            message = f"the history of {worker} is in no order: {order}"
            raise CouldNotLook(message, remedy=f"which of them serves can't be told from that: {DASHBOARD}")

    def _script(self, worker: str, *parts: str) -> str:
        return self._path("workers", "scripts", worker, *parts)

    def _path(self, *parts: str) -> str:
        return f"/accounts/{self._account}/" + "/".join(quote(part, safe="") for part in parts)

    def _call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        permission: str = _EDIT,
        content_type: str = "application/json",
    ) -> Any:
        return check(self._reply(method, path, body, content_type), f"{method} {path}", permission)

    def _listing(self, path: str) -> tuple[Any, Any]:
        """The ``result`` of a list that may be paged, and its ``result_info``, None where there is none."""
        reply = self._reply("GET", path)
        return check(reply, f"GET {path}", _READ), reply.content.get("result_info")

    def _reply(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> Reply:
        reply = self._asker.call(method, path, body, content_type)
        self._date = reply.answer.header("date") or self._date
        return reply


def _secret(name: str, secret: Secret) -> dict[str, str]:
    return {"name": name, "text": secret.value, "type": "secret_text"}
