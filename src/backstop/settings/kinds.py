"""What a credential looks like, where it does not look like the one that is wanted.

Told by its shape alone, and never quoted. What merely is unusual passes: the services decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_CLOUDFLARE = "dash.cloudflare.com → My Profile → API Tokens → Create Token; it is shown once"
_PORTAL = "discord.com/developers/applications → the application"
_SLACK = "api.slack.com/apps → the app → Incoming Webhooks → Webhook URL → Copy"
_SERVER = "Discord → Server Settings → Integrations → Webhooks → the webhook → Copy Webhook URL"
_MANAGE = "manage.statuspage.io → the avatar → API info"
_MAKE = "make a 32-byte seed as 64 hexadecimal digits, for a worker that only drills use"


class Wanted(Enum):
    """A credential that is wanted, with where the right one is."""

    CLOUDFLARE = ("a Cloudflare API token", _CLOUDFLARE)
    DISCORD = ("a Discord bot token", f"{_PORTAL} → Bot → Reset Token; it is shown once")
    SIGNING = ("a signing key", _MAKE)
    SLACK_WEBHOOK = ("the URL of a Slack incoming webhook", _SLACK)
    DISCORD_WEBHOOK = ("the URL of a Discord webhook", _SERVER)
    STATUSPAGE = ("a Statuspage API key", _MANAGE)

    @property
    def what(self) -> str:
        """What it is called."""
        return self.value[0]

    @property
    def where(self) -> str:
        """Where the right one is found."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a shape is of, unless that very thing is wanted, or another that may look so."""

    what: str
    shape: re.Pattern[str]
    unless: frozenset[Wanted] = frozenset()


_KINDS = (
    _Kind(
        "a placeholder from an example",
        re.compile(
            r"<.*>|\{\{.*\}\}|\$\{?\w+\}?|\.{3}|…|[*•]{3,}|x{4,}|todo|change[-_ ]?me|replace[-_ ]?me"
            r"|(?:your|my|insert|paste|put)[-_ ].*|.*[-_ ]here|.*placeholder.*",
            re.IGNORECASE,
        ),
    ),
    _Kind(
        "a Slack incoming webhook's address",
        re.compile(r"https?://hooks\.slack(?:-gov)?\.com/services/.*"),
        frozenset({Wanted.SLACK_WEBHOOK}),
    ),
    _Kind(
        "the trigger of a Slack workflow, which each request starts",
        re.compile(r"https?://hooks\.slack(?:-gov)?\.com/(?:workflows|triggers)/.*"),
    ),
    _Kind(
        "a Discord webhook's address in the form for messages of Slack's or GitHub's",
        re.compile(
            r"https?://[a-z.]*discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[^/?#]+/(?:slack|github)"
        ),
    ),
    _Kind(
        "a Discord webhook's address",
        re.compile(r"https?://[a-z.]*discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(?!.*/(?:slack|github)$).*"),
        frozenset({Wanted.DISCORD_WEBHOOK}),
    ),
    _Kind("an incoming webhook's address", re.compile(r"https?://.*(?:/webhooks/|hooks\.slack).*")),
    _Kind("an address", re.compile(r"[a-z]+://.*")),
    _Kind("a private key or certificate as PEM", re.compile(r"-----BEGIN .*", re.DOTALL)),
    _Kind(
        "a Discord bot token",
        re.compile(r"[A-Za-z0-9_-]{17,30}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}"),
        frozenset({Wanted.DISCORD}),
    ),
    _Kind("a token of a Slack app", re.compile(r"xox[a-z](?:\.xox[a-z])?-.+|xapp-.+")),
    _Kind(
        "a public key or another key of 64 hexadecimal digits",
        re.compile(r"[0-9a-fA-F]{64}"),
        frozenset({Wanted.SIGNING, Wanted.STATUSPAGE}),
    ),
    _Kind("a Discord id (of an application, a server or a channel)", re.compile(r"\d{15,21}")),
    _Kind("Cloudflare's Global API Key", re.compile(r"[0-9a-f]{37}|cfk_[A-Za-z0-9_-]{30,}")),
    _Kind("Cloudflare's Origin CA Key", re.compile(r"v1\.0-[0-9a-f-]{30,}")),
    _Kind(
        "the id of a Cloudflare account or zone",
        re.compile(r"[0-9a-f]{32}"),
        frozenset({Wanted.STATUSPAGE}),
    ),
    _Kind(
        "a version's id",
        re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        frozenset({Wanted.STATUSPAGE}),
    ),
    _Kind(
        "a Cloudflare API token",
        re.compile(r"cf(?:ut|at)_[A-Za-z0-9_-]{30,}"),
        frozenset({Wanted.CLOUDFLARE}),
    ),
    _Kind(
        "a Cloudflare API token",
        re.compile(r"[A-Za-z0-9_-]{40}"),
        frozenset({Wanted.CLOUDFLARE, Wanted.STATUSPAGE}),
    ),
)
_CLIENT_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")
_QUOTES = "[\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb]"
_PASTED_ALONG = (
    ("quotation marks", re.compile(f"{_QUOTES}.*|.*{_QUOTES}", re.DOTALL)),
    (
        "the word before it (Bot, Bearer), which is added when it is sent",
        re.compile(r"(?i)(?:bot|bearer)\s.*", re.DOTALL),
    ),
    ("its name (NAME=)", re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]*=.*", re.DOTALL)),
    ("a line break, or what stood after one", re.compile(r".*[\r\n].*", re.DOTALL)),
    ("a space or another character that can't be seen", re.compile(r".*[^!-~].*", re.DOTALL)),
)


def mistaken(value: str, wanted: Wanted) -> str:
    """What is wrong with a credential by its looks, with where the right one is; empty where nothing is."""
    text = value.strip()
    if any(wanted in kind.unless and kind.shape.fullmatch(text) for kind in _KINDS):
        return ""
    if seen := _placeholder(text) or _other(text.strip("\"'"), wanted):
        return f"looks like {seen}, wanted {wanted.what}: {wanted.where}"
    along = next((what for what, shape in _PASTED_ALONG if shape.fullmatch(text)), "")
    if along:
        return f"has something pasted along with it: {along}; wanted {wanted.what} alone"
    return ""


def _placeholder(text: str) -> str:
    return _KINDS[0].what if _KINDS[0].shape.fullmatch(text.strip("\"'")) else ""


def _other(text: str, wanted: Wanted) -> str:
    found = next((kind for kind in _KINDS[1:] if kind.shape.fullmatch(text)), None)
    if found is not None and wanted not in found.unless:
        return found.what
    if wanted is Wanted.DISCORD and _CLIENT_SECRET.fullmatch(text):
        return "the application's Client Secret (OAuth2)"
    return ""
