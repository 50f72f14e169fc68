"""The certificate authority of the run: whoever trusts it can reach workers over https."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme

_HOSTS = ("127.0.0.1", "localhost")
_DAYS = timedelta(days=1)
_LIFE = 90 * _DAYS  # as long as those that Cloudflare orders


class Certificate(Enum):
    """What a worker shows to those who shake hands with it."""

    VALID = "valid"
    EXPIRED = "expired"  # since yesterday
    EXPIRING = "expiring"  # in three days
    OTHER_HOST = "other-host"
    UNKNOWN_AUTHORITY = "unknown-authority"


class Authority:
    """Issues certificates. Its own key is made when it is first needed: most runs have no https."""

    @cached_property
    def pem(self) -> str:
        """What clients have to trust, as PEM."""
        return self._root.cert_pem.bytes().decode()

    def install(self, certificate: Certificate, context: ssl.SSLContext) -> None:
        """Have a server show a new certificate of this kind in handshakes that begin from now on."""
        issuer = _new_root() if certificate is Certificate.UNKNOWN_AUTHORITY else self._root
        hosts = ("other.example",) if certificate is Certificate.OTHER_HOST else _HOSTS
        left = {Certificate.EXPIRED: -_DAYS, Certificate.EXPIRING: 3 * _DAYS}.get(certificate, _LIFE)
        expires = datetime.now(UTC) + left
        issuer.issue_cert(*hosts, not_before=expires - _LIFE - _DAYS, not_after=expires).configure_cert(
            context
        )

    @cached_property
    def trusting(self) -> ssl.SSLContext:
        """For clients: trusts this authority and no other."""
        return ssl.create_default_context(cadata=self.pem)

    @cached_property
    def _root(self) -> trustme.CA:
        return _new_root()


def _new_root() -> trustme.CA:
    import trustme  # noqa: PLC0415 - takes 0.15 s, which every start of the sandbox would pay

    return trustme.CA()
