"""Signing a request as Discord does."""

from __future__ import annotations

import time
from dataclasses import dataclass

from backstop.model.errors import UsageError
from backstop.model.http import Headers

SIGNATURE = "X-Signature-Ed25519"
TIMESTAMP = "X-Signature-Timestamp"
AGENT = "Discord-Interactions/1.0 (+https://discord.com)"  # the User-Agent of what Discord posts
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Holds the private half of a bot's key: a 32-byte seed, in hex. Raises UsageError for another."""

    seed_hex: str

    def __post_init__(self) -> None:
        try:
            size = len(bytes.fromhex(self.seed_hex))
        except ValueError:
            size = -1
        if size != _SEED_BYTES:
            found = "what is no hex" if size < 0 else f"{size} bytes"
            message = f"the signing key is {found}; wanted a seed of 32 bytes in hex"
            raise UsageError(message, remedy="set signing_key to the private half of DISCORD_PUBLIC_KEY")

    def __repr__(self) -> str:
        return f"Signer(public key {self.public_key})"

    @classmethod
    def random(cls) -> Signer:
        """A signer with a new key, that of no bot."""
        from nacl.utils import random  # noqa: PLC0415 - only sessions that sign pay for the import

        return cls(random(_SEED_BYTES).hex())

    @property
    def public_key(self) -> str:
        """The public half in hex, as it stands in a worker's DISCORD_PUBLIC_KEY."""
        from nacl.signing import SigningKey  # noqa: PLC0415 - as above

        return bytes(SigningKey(bytes.fromhex(self.seed_hex)).verify_key).hex()

    def signature(self, message: bytes) -> bytes:
        """The 64 bytes that sign ``message``."""
        from nacl.signing import SigningKey  # noqa: PLC0415 - as above

        return SigningKey(bytes.fromhex(self.seed_hex)).sign(message).signature

    def sign(self, body: bytes, timestamp: str | None = None) -> Headers:
        """The signature header, then the timestamp header; ``timestamp`` is in Unix seconds, else now."""
        at = str(int(time.time())) if timestamp is None else timestamp
        return ((SIGNATURE, self.signature(at.encode() + body).hex()), (TIMESTAMP, at))
