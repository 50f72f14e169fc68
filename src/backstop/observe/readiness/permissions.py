"""What a token must be allowed to do, in the dashboard's words, and how it gets that."""

from __future__ import annotations

from enum import Enum

from backstop.cloudflare.identity import TokenKind


class Permission(Enum):
    """A row of the dashboard's token editor, by the names that the API has for it."""

    SCRIPTS_READ = "Workers Scripts Read"
    SCRIPTS_EDIT = "Workers Scripts Write"
    TAIL_READ = "Workers Tail Read"

    @property
    def row(self) -> str:
        """The three menus of the dashboard's token editor."""
        name, _, level = self.value.rpartition(" ")
        return f"Account · {name} · {'Edit' if level == 'Write' else level}"

    def remedy(self, kind: TokenKind | None) -> str:
        """What to click."""
        if kind is TokenKind.LOGIN:
            return f"log in again with the usual scopes (wrangler login), as a member who has {self.row}"
        return f"{pages_of(kind)} → the token's ⋯ → Edit → add {self.row}"


def pages_of(kind: TokenKind | None) -> str:
    """Where the dashboard has the tokens of this kind."""
    if kind is TokenKind.ACCOUNT:
        return "dash.cloudflare.com → Manage Account → Account API Tokens"
    return "dash.cloudflare.com → My Profile → API Tokens"
