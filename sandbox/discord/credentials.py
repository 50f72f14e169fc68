"""What Discord gives to the owner of an application. Made anew for each run, shaped like the real thing."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field

from nacl.signing import SigningKey

from sandbox.discord.snowflake import new_snowflake

CHANNEL = "100000000000000001"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application and its bot. Keys are hex; ``signing_key`` is the seed that only Discord holds."""

    application_id: str
    token: str = field(repr=False)
    public_key: str
    signing_key: str = field(repr=False)
    channel: str = CHANNEL


def new_credentials() -> Credentials:
    """A fresh application."""
    application_id = new_snowflake()
    key = SigningKey.generate()
    return Credentials(
        application_id=application_id,
        token=_token(application_id),
        public_key=key.verify_key.encode().hex(),
        signing_key=key.encode().hex(),
    )


def _token(application_id: str) -> str:
    """Three parts: the id in base64, six characters of a time, 38 of a signature."""
    owner = base64.urlsafe_b64encode(application_id.encode()).decode().rstrip("=")
    return f"{owner}.{_characters(6)}.{_characters(38)}"


def _characters(count: int) -> str:
    return secrets.token_urlsafe(count)[:count]
