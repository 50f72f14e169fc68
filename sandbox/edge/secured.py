"""A worker over https, and the plain address beside it."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self, TypeVar

from aiohttp import web

from sandbox.authority import Authority, Certificate
from sandbox.edge.listener import Listener


class TlsVersion(Enum):
    """A version of TLS, named as in Cloudflare's setting Minimum TLS Version."""

    TLS_1_0 = "1.0"
    TLS_1_1 = "1.1"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


_NUMBERS = {
    TlsVersion.TLS_1_0: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS_1_1: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS_1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS_1_3: ssl.TLSVersion.TLSv1_3,
}
_AT_HAND = {
    TlsVersion.TLS_1_0: ssl.HAS_TLSv1,
    TlsVersion.TLS_1_1: ssl.HAS_TLSv1_1,
    TlsVersion.TLS_1_2: ssl.HAS_TLSv1_2,
    TlsVersion.TLS_1_3: ssl.HAS_TLSv1_3,
}
_E = TypeVar("_E", bound=Enum)
_BROKEN = frozenset({TlsVersion.TLS_1_0, TlsVersion.TLS_1_1})


@dataclass(frozen=True, slots=True)
class TlsConditions:
    """What https is like: the certificate, the oldest TLS that is taken, whether plain http redirects."""

    certificate: Certificate = Certificate.VALID
    oldest: TlsVersion = TlsVersion.TLS_1_2
    redirects: bool = True

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> Self:
        """From JSON; what is not named is as usual. Raises ValueError for what can't be."""
        usual = cls()
        if unknown := sorted(members.keys() - usual.as_json().keys()):
            raise ValueError(f"wanted {', '.join(usual.as_json())}; found {', '.join(unknown)}")
        wanted = {**usual.as_json(), **members}
        oldest = _one_of(TlsVersion, "oldest", wanted)
        if not _AT_HAND[oldest]:
            raise ValueError(f"{ssl.OPENSSL_VERSION} has no TLS {oldest.value}")
        if not isinstance(wanted["redirects"], bool):
            raise ValueError("wanted redirects as true or false")  # noqa: TRY004 - a fault of the JSON
        return cls(_one_of(Certificate, "certificate", wanted), oldest, wanted["redirects"])

    def as_json(self) -> dict[str, Any]:
        """The members that ``parse`` reads."""
        return {
            "certificate": self.certificate.value,
            "oldest": self.oldest.value,
            "redirects": self.redirects,
        }


def _one_of(kind: type[_E], name: str, members: Mapping[str, Any]) -> _E:
    try:
        return kind(members[name])
    except ValueError as error:
        choices = ", ".join(each.value for each in kind)
        raise ValueError(f"wanted {name} as one of {choices}; found {members[name]!r}") from error


class Secured:
    """Two listeners beside a worker's own: one speaks TLS, one redirects to it or serves in the clear."""

    def __init__(self, authority: Authority, secure: web.Application, plain: web.Application) -> None:
        self.conditions = TlsConditions()
        self._authority = authority
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._secure = Listener(secure, self._tls)
        self._plain = Listener(plain)

    @property
    def url(self) -> str:
        """The https address."""
        return f"https://{self._place(self._secure)}"

    @property
    def plain_url(self) -> str:
        """Where the same worker is asked for in the clear."""
        return f"http://{self._place(self._plain)}"

    @property
    def authority(self) -> str:
        """PEM of what clients have to trust."""
        return self._authority.pem

    async def start(self) -> None:
        """Listen on both."""
        await self._secure.start()
        await self._plain.start()

    async def stop(self) -> None:
        """Stop listening on both."""
        await self._secure.stop()
        await self._plain.stop()

    def set_conditions(self, conditions: TlsConditions) -> None:
        """What handshakes and plain requests find from now on; open connections stay as they are."""
        self.conditions = conditions
        level = 0 if conditions.oldest in _BROKEN else 2  # OpenSSL takes broken TLS at level 0 only
        self._tls.set_ciphers(f"DEFAULT:@SECLEVEL={level}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that they are deprecated is the point
            self._tls.minimum_version = _NUMBERS[conditions.oldest]
        self._authority.install(conditions.certificate, self._tls)

    def _place(self, listener: Listener) -> str:
        host, port = listener.address
        return f"{host}:{port}"
