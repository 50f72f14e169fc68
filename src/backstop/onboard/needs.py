"""Which secrets a bot reads, and what each of them is to be in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from backstop.model.target import Identity
from backstop.onboard.survey import Survey

MADE_ANYHOW = frozenset(f"DISCORD_{identity.name}" for identity in Identity)
_READ = re.compile(r"\benv\.([A-Z][A-Z0-9_]+)\b|\benv\[\s*[\"']([A-Z][A-Z0-9_]+)[\"']\s*\]")
_UNPACKED = re.compile(r"\{([^{}]{1,500})\}\s*=\s*[\w.]*\benv\b")
_MEMBER = re.compile(r"(?:^|,)\s*([A-Z][A-Z0-9_]+)\b")
_OURS = r"(?:DISCORD_|BOT_|APP_|APPLICATION_|CLIENT_)*"
_IDENTITIES = (
    (Identity.PUBLIC_KEY, re.compile(rf"{_OURS}(?:PUBLIC_?KEY|PUBKEY|VERIFY_?KEY|VERIFICATION_KEY)")),
    (Identity.TOKEN, re.compile(r"(?:DISCORD_)?(?:BOT_|API_|APP_|CLIENT_)?TOKEN")),
    (Identity.APPLICATION_ID, re.compile(r"(?:DISCORD_)?(?:BOT_)?(?:APPLICATION|APP|CLIENT|BOT)_?ID")),
)
_NOT_THE_BOTS = re.compile(
    r"(?:CLOUDFLARE|CF|WRANGLER|NODE|NPM)_\w+|ENVIRONMENT|DEBUG|CI|HOME|PATH|TERM|NO_COLOR|FORCE_COLOR|LOG_LEVEL|VERSION"
)
_CHANNEL = "100000000000000001"  # one that the sandbox's Discord has
_SNOWFLAKE = "100000000000000009"
_SHAPES = (
    (re.compile(r".*CHANNEL.*"), _CHANNEL),
    (re.compile(r".*(?:GUILD|SERVER|ROLE|USER|OWNER|ADMIN).*ID.*|.*_IDS?"), _SNOWFLAKE),
    (re.compile(r".*WEBHOOK.*|.*_UR[LI]|.*_DSN|.*_HOST|.*ENDPOINT.*"), "https://made-up.example.com/"),
)


@dataclass(frozen=True, slots=True)
class Needs:
    """``identities`` are the bot's own names for what the sandbox makes, ``made_up`` values for the rest.

    ``required`` are the names that the bot reads and that no variable of its config gives it.
    """

    identities: tuple[tuple[str, Identity], ...]
    made_up: tuple[tuple[str, str], ...]
    required: tuple[str, ...]


def names_read(code: str) -> tuple[str, ...]:
    """The names that a bundle reads from ``env``, in the order in which they are first read."""
    found = {m.start(): m[1] or m[2] for m in _READ.finditer(code)}
    for unpacked in _UNPACKED.finditer(code):
        found |= {unpacked.start() + m.start(): m[1] for m in _MEMBER.finditer(unpacked[1])}
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def needs_of(found: Survey, code: str) -> Needs:
    """What the bot with this bundle must be given."""
    hinted = (name for name in found.hinted if re.search(rf"\b{name}\b", code))
    every = dict.fromkeys((*names_read(code), *found.secrets, *hinted))
    names = [name for name in every if name not in found.bound and not _NOT_THE_BOTS.fullmatch(name)]
    identities = tuple((n, i) for n in names if n not in MADE_ANYHOW and (i := identity_of(n)))
    secret = [name for name in names if name not in found.project.vars]
    return Needs(identities, tuple(_made_up(secret)), tuple(secret))


def identity_of(name: str) -> Identity | None:
    """What of a Discord application a bot means by a name, if anything."""
    return next((identity for identity, names in _IDENTITIES if names.fullmatch(name)), None)


def _made_up(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        if identity_of(name) is None:
            shape = next((value for pattern, value in _SHAPES if pattern.fullmatch(name)), "")
            yield name, shape or f"made-up-{name.lower().replace('_', '-')}"
