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
_ANY_CIPHER = "DEFAULT:@SECLEVEL=0"  # at any higher level OpenSSL 3 has no TLS 1.0 and 1.1
_ZONE = "look at Minimum TLS Version: SSL/TLS, Edge Certificates of the zone"
_TURNED_AWAY = "TLSV1_ALERT_PROTOCOL_VERSION"
_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionResetError, BrokenPipeError)


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
    """The broken version of TLS that the address still takes, or nothing when it turns that away.

    Raises CouldNotLook when it neither takes it nor turns it away, when there is no connection to speak
    TLS over, and when this machine has no such TLS to offer.
    """
    offer = _old_tls()
    try:
        with _connected(url, offer) as secured:
            return secured.version() or ""
    except (ssl.SSLError, *_HUNG_UP) as error:
        if _said(error) != _TURNED_AWAY:
            _see_that_old_alone_is_refused(url, error)
        return ""
    except OSError as error:
        raise _unreachable(url, error) from error


def _see_that_old_alone_is_refused(url: str, refusal: OSError) -> None:
    """Some servers hang up or complain instead of saying why. Raises CouldNotLook when it is not that."""
    said = _said(refusal)
    if not isinstance(refusal, _HUNG_UP) and "_ALERT_" not in said:  # it is ours, not the server's
        raise CouldNotLook(
            f"{url}: TLS 1.0 and 1.1 were neither taken nor turned away: {said}", remedy=_ZONE
        ) from refusal
    try:
        _connected(url, _unverified()).close()
    except OSError as error:
        message = f"{url}: no TLS is taken, neither old ({said}) nor new ({error})"
        raise CouldNotLook(message, remedy="see health.certificate") from error


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


def _unverified() -> ssl.SSLContext:
    """Asks for no certificate: only whether and how the answer speaks TLS counts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _old_tls() -> ssl.SSLContext:
    """Offers nothing newer than TLS 1.1. Raises CouldNotLook when this machine's OpenSSL can't."""
    context = _unverified()
    try:
        context.set_ciphers(_ANY_CIPHER)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that they are deprecated is the point
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()).do_handshake()
    except ssl.SSLWantReadError:
        return context  # it has said hello and waits for an answer: it can offer that
    except (ssl.SSLError, ValueError) as error:
        raise _nothing_to_offer(str(error)) from error
    raise _nothing_to_offer("its handshake said nothing")


def _nothing_to_offer(why: str) -> CouldNotLook:
    return CouldNotLook(
        f"this machine's {ssl.OPENSSL_VERSION} can't offer TLS 1.0 and 1.1: {why}",
        remedy=f"look from a machine whose OpenSSL can, or {_ZONE}",
    )


def _expires(secured: ssl.SSLSocket) -> datetime | None:
    certificate = secured.getpeercert() or {}
    stamp = str(certificate.get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(stamp), UTC) if stamp else None


def _said(error: OSError) -> str:
    return str(getattr(error, "verify_message", "") or getattr(error, "reason", "") or error)


def _unreachable(url: str, error: OSError) -> CouldNotLook:
    return CouldNotLook(f"{url}: no connection to speak TLS over: {error}", remedy="see health.reachable")
