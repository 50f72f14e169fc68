"""The TLS of an https address: its certificate, and whether it still speaks what is broken."""

from __future__ import annotations

import socket
import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from backstop.model.errors import CouldNotLook
from backstop.probes.tls import shared_tls

_LIMIT_S = 5.0
_HTTPS = 443


@dataclass(frozen=True, slots=True)
class Handshake:
    """``version`` is such as ``TLSv1.3``; ``expires`` is None, and ``problem`` set, when it was refused."""

    version: str
    expires: datetime | None
    problem: str = ""

    def days_left(self, now: datetime) -> float:
        """Days until the certificate expires; 0 when there is none that can be trusted."""
        return (self.expires - now).total_seconds() / 86400 if self.expires else 0.0


def shake_hands(url: str, tls: ssl.SSLContext | None = None) -> Handshake:
    """Connect as every client does. Raises CouldNotLook when there is no connection to speak TLS over."""
    try:
        with _connected(url, tls or shared_tls()) as secured:
            return Handshake(secured.version() or "", _expires(secured))
    except ssl.SSLError as error:
        return Handshake("", None, _said(error))
    except OSError as error:
        raise _unreachable(url, error) from error


def speaks_old_tls(url: str) -> str:
    """The broken version of TLS that the address still takes, or nothing. Raises CouldNotLook as above."""
    try:
        with _connected(url, _old_tls()) as secured:
            return secured.version() or ""
    except ssl.SSLError:
        return ""
    except ConnectionResetError:
        return ""  # some servers hang up instead of saying no
    except OSError as error:
        raise _unreachable(url, error) from error


def plain_address(url: str) -> str | None:
    """Where the same host would answer without TLS; None where its port is not the usual one."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.port not in {None, _HTTPS}:
        return None
    return parts._replace(scheme="http", netloc=parts.hostname or "").geturl()


def _connected(url: str, tls: ssl.SSLContext) -> ssl.SSLSocket:
    parts = urlsplit(url)
    host = parts.hostname or ""
    plain = socket.create_connection((host, parts.port or _HTTPS), _LIMIT_S)
    try:
        return tls.wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _old_tls() -> ssl.SSLContext:
    """Takes nothing newer than TLS 1.1 and asks for no certificate: only the answer's version counts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that they are deprecated is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def _expires(secured: ssl.SSLSocket) -> datetime | None:
    certificate = secured.getpeercert() or {}
    stamp = str(certificate.get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(stamp), UTC) if stamp else None


def _said(error: ssl.SSLError) -> str:
    return str(getattr(error, "verify_message", "") or error.reason or error)


def _unreachable(url: str, error: OSError) -> CouldNotLook:
    return CouldNotLook(f"{url}: no connection to speak TLS over: {error}", remedy="see health.reachable")
