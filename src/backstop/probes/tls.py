"""The TLS contexts that clients share: building one costs tens of milliseconds."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def shared_tls(authority: str = "") -> ssl.SSLContext:
    """A verifying context; certificates are those of certifi, or of SSL_CERT_FILE where that is set.

    ``authority`` is PEM of what is trusted besides. Raises ssl.SSLError or ValueError when it is none.
    """
    context = httpx.create_ssl_context()
    if authority:
        context.load_verify_locations(cadata=authority)
    return context
