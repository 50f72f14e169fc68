"""Who a credential is: the token itself, the accounts that it reaches, and what its owner lets it do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from backstop.cloudflare.asker import LIMITS, Asker
from backstop.cloudflare.credential import Credential
from backstop.cloudflare.found import Found
from backstop.cloudflare.login import Login
from backstop.cloudflare.refusals import ApiRefused, check
from backstop.probes.limits import Limits

_ACCOUNTS = "Account Settings: Read"
_USER = "User Details: Read"
_TOKENS = "API Tokens: Read"
_PER_PAGE = 50
_EVERY_ACCOUNT = "com.cloudflare.api.account.*"
_ACCOUNT = "com.cloudflare.api.account."


class TokenKind(Enum):
    """Whose a credential is."""

    USER = "an API token of a user's"
    ACCOUNT = "an API token of the account's own"
    LOGIN = "a login of wrangler's"


@dataclass(frozen=True, slots=True)
class TokenState:
    """What Cloudflare says of a credential; ``id`` may be shown. ``expires`` is None where it never does."""

    id: str
    kind: TokenKind
    status: str
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account as people and the API know it."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Identity:
    """Asks with one credential; close it, or use it with ``with``. Calls raise as CloudflareApi's do."""

    def __init__(self, base: str, credential: Credential, limits: Limits = LIMITS) -> None:
        self._credential = credential
        self._asker = Asker(base, credential, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asker.close()

    def accounts(self) -> tuple[NamedAccount, ...]:
        """The accounts that the credential reaches, the first fifty of them."""
        found = self._get(f"/accounts?page=1&per_page={_PER_PAGE}", _ACCOUNTS)
        return tuple(
            NamedAccount(each.member("id").text(), each.member("name").text_or("unnamed"))
            for each in Found(found, "result").entries()
        )

    def state(self, account: str = "") -> TokenState:
        """Whether Cloudflare takes the credential, with the account whose own token it may be.

        Raises ApiRefused for one that it does not know.
        """
        if isinstance(self._credential, Login):
            who = Found(self._get("/user", _USER), "result").member("id").text()
            return TokenState(who, TokenKind.LOGIN, "active")
        try:
            return _state(self._get("/user/tokens/verify", _TOKENS), TokenKind.USER)
        except ApiRefused:
            with suppress(ApiRefused):
                if account:
                    path = f"/accounts/{quote(account, safe='')}/tokens/verify"
                    return _state(self._get(path, _TOKENS), TokenKind.ACCOUNT)
            raise

    def grants(self, token: str, account: str) -> frozenset[str]:
        """The names of what a token may do in an account. Raises NotPermitted where it may not know that."""
        found = Found(self._get(f"/user/tokens/{quote(token, safe='')}", _TOKENS), "result")
        policies = list(found.member("policies").entries())
        allowed, denied = (set(_groups(policies, effect, account)) for effect in ("allow", "deny"))
        return frozenset(allowed - denied)

    def _get(self, path: str, permission: str) -> Any:
        return check(self._asker.call("GET", path), f"GET {path}", permission)


def _state(result: Any, kind: TokenKind) -> TokenState:
    found = Found(result, "result")
    ends = found.member("expires_on")
    return TokenState(
        found.member("id").text(),
        kind,
        found.member("status").text(),
        None if ends.value is None else ends.time(),
    )


def _groups(policies: list[Found], effect: str, account: str) -> Iterator[str]:
    for policy in policies:
        resources = policy.member("resources").value
        reached = isinstance(resources, dict) and {_EVERY_ACCOUNT, _ACCOUNT + account} & resources.keys()
        if policy.member("effect").text_or("") == effect and reached:
            yield from (
                group.member("name").text_or("") for group in policy.member("permission_groups").entries()
            )
