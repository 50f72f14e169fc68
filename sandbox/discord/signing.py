"""Discord's signature of a request: Ed25519 over timestamp and body."""

from __future__ import annotations

import time

from nacl.signing import SigningKey

SIGNATURE_HEADER = "X-Signature-Ed25519"
TIMESTAMP_HEADER = "X-Signature-Timestamp"


def signed_headers(seed_hex: str, body: bytes) -> dict[str, str]:
    """The two headers that Discord puts on a body sent now."""
    timestamp = str(int(time.time()))
    signature = SigningKey(bytes.fromhex(seed_hex)).sign(timestamp.encode() + body).signature
    return {SIGNATURE_HEADER: signature.hex(), TIMESTAMP_HEADER: timestamp}


def badly_signed_headers(body: bytes) -> dict[str, str]:
    """Well-formed headers from a key that is nobody's: what Discord sends to test an endpoint."""
    return signed_headers(SigningKey.generate().encode().hex(), body)
