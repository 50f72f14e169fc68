"""Which secrets a bot reads, and what each of them is to be in the sandbox."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backstop.model.target import Identity
from backstop.onboard.survey import Survey

MADE_ANYHOW = frozenset(f"DISCORD_{identity.name}" for identity in Identity)
_READ = re.compile(r"\benv\.([A-Za-z][A-Za-z0-9_]+)\b|\benv\[\s*[\"']([A-Za-z][A-Za-z0-9_]+)[\"']\s*\]")
_UNPACKED = re.compile(r"\{([^{}]{1,500})\}\s*=\s*[\w.]*\benv\b")
_MEMBER = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9_]+)\b")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
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
_ADDRESS = "https://made-up.example.com/"
_SHAPES = (
    (re.compile(r".*CHANNEL.*"), _CHANNEL),
    (re.compile(r".*(?:GUILD|SERVER|ROLE|USER|OWNER|ADMIN).*|.*_IDS?"), _SNOWFLAKE),
    (re.compile(r".*WEBHOOK.*|.*_UR[LI]|.*_DSN|.*ENDPOINT.*"), _ADDRESS),
)
_SECRET = re.compile(r".*(?:KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL).*")


@dataclass(frozen=True, slots=True)
class Needs:
    """``identities`` are the bot's own names for what the sandbox makes, ``made_up`` values for the rest.

    ``required`` are the secrets among the names that the bot reads; ``unset`` it reads, and gets from nobody.
    """

    identities: tuple[tuple[str, Identity], ...]
    made_up: tuple[tuple[str, str], ...]
    required: tuple[str, ...]
    unset: tuple[str, ...]


def names_read(code: str) -> tuple[str, ...]:
    """The names that a bundle reads from ``env``, in the order in which they are first read.

    Of names that are not written as those of variables are, ``discordPublicKey``, only those that tell what
    is meant: what else has an ``env`` is not the bot's.
    """
    found = {m.start(): m[1] or m[2] for m in _READ.finditer(code)}
    for unpacked in _UNPACKED.finditer(code):
        found |= {unpacked.start() + m.start(): m[1] for m in _MEMBER.finditer(unpacked[1])}
    return tuple(dict.fromkeys(found[at] for at in sorted(found) if _is_meant(found[at])))


def _is_meant(name: str) -> bool:
    return name.isupper() or ("_" in _in_capitals(name) and identity_of(name) is not None)


def _in_capitals(name: str) -> str:
    return _HUMP.sub("_", name).upper()


def needs_of(found: Survey, code: str) -> Needs:
    """What the bot with this bundle must be given."""
    hinted = (name for name in found.hinted if re.search(rf"\b{name}\b", code))
    every = dict.fromkeys((*names_read(code), *found.secrets, *hinted))
    names = [name for name in every if name not in found.bound and not _NOT_THE_BOTS.fullmatch(name)]
    identities = tuple((n, i) for n in names if n not in MADE_ANYHOW and (i := identity_of(n)))
    others = [n for n in names if n not in found.variables and identity_of(n) is None]
    made_up = tuple(
        (name, value) for name in others if (value := _made_up(name, declared=name in found.secrets))
    )
    given = {*MADE_ANYHOW, *dict(identities), *dict(made_up)} - found.project.vars
    return Needs(
        identities,
        made_up,
        required=tuple(name for name in names if name in given),
        unset=tuple(name for name in others if name not in given),
    )


def identity_of(name: str) -> Identity | None:
    """What of a Discord application a bot means by a name, if anything."""
    written = _in_capitals(name)
    return next((identity for identity, names in _IDENTITIES if names.fullmatch(written)), None)


def _made_up(name: str, *, declared: bool) -> str:
    """A value of the shape that the name wants; none for what may as well be left out."""
    for pattern, value in _SHAPES:
        if pattern.fullmatch(name):
            return value
    return f"made-up-{name.lower().replace('_', '-')}" if declared or _SECRET.fullmatch(name) else ""
