"""The one TLS context that all clients share: building one costs tens of milliseconds."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def shared_tls() -> ssl.SSLContext:
    """A verifying context; certificates are those of certifi, or of SSL_CERT_FILE where that is set."""
    return httpx.create_ssl_context()
