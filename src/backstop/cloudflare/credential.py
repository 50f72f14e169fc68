"""What Cloudflare is asked with: an API token, or a login of wrangler's, which is renewed now and then."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from backstop.model.target import Secret


@runtime_checkable
class Credential(Protocol):
    """A token whose value may change while a session goes on; several threads may ask for it at once."""

    def current(self) -> Secret:
        """The token, as far as is known."""

    def fresh(self) -> Secret:
        """The token, asked for anew where it may have ended meanwhile: before something is done with it."""

    def renewed(self, rejected: Secret) -> Secret | None:
        """Another token than the one that was rejected; None where there is none."""


class Fixed:
    """An API token: nothing about it ever changes."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def current(self) -> Secret:
        """The token."""
        return self._secret

    def fresh(self) -> Secret:
        """The same."""
        return self._secret

    def renewed(self, rejected: Secret) -> None:
        """There is no other."""
        del rejected


def credential_of(found: Secret | Credential) -> Credential:
    """A credential, also from a token."""
    return Fixed(found) if isinstance(found, Secret) else found
