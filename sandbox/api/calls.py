"""A request on its way to the function that answers it, and the rules that hold for all of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.api.errors import (
    ApiError,
    authentication_failed,
    bad_request,
    invalid_token,
    no_such_worker,
    not_permitted,
    unknown_endpoint,
)
from sandbox.api.models import Account, Permission, Source, Store, Token
from sandbox.api.responses import failed, ok, page_info, window
from sandbox.api.workers import Workers

WORKERS = web.AppKey("workers", Workers)
LIE = "sandbox.lie"  # set on a request that only seems to be done
STALE = "sandbox.stale"  # set on a request that is answered from before the newest deployment
_MOST_PER_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """One request with the workers that it acts on."""

    request: web.Request
    workers: Workers

    @property
    def store(self) -> Store:
        """What the API remembers."""
        return self.workers.store

    @property
    def token(self) -> Token:
        """The token that asks. Raises ApiError for none."""
        found = token_of(self.request, self.store)
        if found is None:
            raise authentication_failed()
        return found

    @property
    def account(self) -> Account:
        """The account that the path names, or else the sandbox's own."""
        named = self.request.match_info.get("account", self.store.account.id)
        reached = self.token.accounts(self.store.account)
        return next((each for each in reached if each.id == named), self.store.account)

    @property
    def name(self) -> str:
        """The worker that the path names."""
        return self.part("name")

    @property
    def source(self) -> Source:
        """With what the request was sent."""
        agent = self.request.headers.get("User-Agent", "")
        return Source.WRANGLER if agent.startswith("wrangler") else Source.API

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    def asks(self, flag: str) -> bool:
        """Whether the query sets a flag."""
        return self.request.query.get(flag) == "true"

    async def json(self) -> Any:
        """The body as JSON, whatever type it claims. Raises ApiError when it is none."""
        try:
            return json.loads(await self.request.read())
        except ValueError as error:
            raise bad_request(f"the body is not JSON: {error}") from error

    async def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises ApiError when it is none."""
        body = await self.json()
        if not isinstance(body, dict):
            raise bad_request("the body is not a JSON object")
        return body

    async def json_objects(self) -> list[dict[str, Any]]:
        """The body as a list of JSON objects. Raises ApiError when it is none."""
        body = await self.json()
        if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
            raise bad_request("the body is not a list of JSON objects")
        return body

    def paged(
        self, items: list[Any], wrap: Callable[[list[Any]], object] = lambda shown: shown
    ) -> web.Response:
        """The part of a list that the query asks for; without ``per_page`` the first page holds all."""
        page = self._number("page") or 1
        per_page = self._number("per_page")
        shown = list(window(items, page, per_page))
        return ok(wrap(shown), info=page_info(len(shown), len(items), page, per_page))

    def _number(self, name: str) -> int | None:
        text = self.request.query.get(name)
        if text is None or text == "0":
            return None
        if not text.isdecimal() or int(text) > _MOST_PER_PAGE:
            raise bad_request(f"{name} is not a number up to {_MOST_PER_PAGE}")
        return int(text)


Answer = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: what it answers to, and what the token must be allowed to, if anything.

    ``needs`` is None where another token than the API's is asked for, by the answer itself.
    """

    method: str
    path: str
    answer: Answer
    needs: Permission | None

    def bind(self, app: web.Application) -> None:
        """Make the application answer it."""
        app.router.add_route(self.method, self.path, self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        workers = request.app[WORKERS]
        try:
            if self.needs is not None:
                authorize(request, workers.store, self.needs)
            return await self.answer(Call(request, workers.imagined() if LIE in request else workers))
        except ApiError as error:
            return failed(error)


def token_of(request: web.Request, store: Store) -> Token | None:
    """The token that a request has, whether or not it still works; None for one that nobody issued."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return store.tokens.get(value.strip()) if scheme.lower() == "bearer" else None


def authorize(request: web.Request, store: Store, needs: Permission | None) -> None:
    """Raise ApiError unless the request has a token that may do this in this account.

    An endpoint that needs nothing sees to the token itself.
    """
    if needs is None:
        return
    token = token_of(request, store)
    about_user = "account" not in request.match_info and "zone" not in request.match_info
    if token is None or not token.works or _is_used_up(token, store):
        named = bool(request.headers.get("Authorization", "").partition(" ")[2])
        raise invalid_token() if named and about_user else authentication_failed()
    account = request.match_info.get("account")
    reached = {each.id for each in token.accounts(store.account)}
    if needs not in token.permissions or (account is not None and account not in reached):
        raise not_permitted()
    if account not in {None, store.account.id} and "name" in request.match_info:
        raise no_such_worker()  # nobody has deployed anything there


def _is_used_up(token: Token, store: Store) -> bool:
    """Count a request of a token that is good for so many of them, and whether this is one too many."""
    store.used[token.id] += 1
    return 0 < token.uses < store.used[token.id]


def unknown(request: web.Request) -> web.Response:
    """The answer to a request that no endpoint takes."""
    return failed(unknown_endpoint(request.method, request.path))
