"""What stands in front of a bot and answers in its place: nothing is known of the bot then.

The forms are those that Cloudflare's documentation and its pages have: a challenge names itself in
``cf-mitigated``, Access redirects to its login or refuses by a page of its own, a block has a number or a
page. Pages are told by their titles: Cloudflare puts scripts of its own into a bot's pages too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from backstop.model.http import Answer
from backstop.probes.classify import PAGE, cloudflare_error, is_page

_ANOTHER_DOOR = "or probe another door to the same worker: probe_url"
_CHALLENGED = (
    "Bot Fight Mode (Security → Settings) can't be skipped by a rule, anything else can: Security → Security "
    f"rules → Custom rules → Skip, for this machine's address; {_ANOTHER_DOOR}"
)
_LET_IN = (
    "Zero Trust → Access → Service credentials → Create service token; let a policy of the application with "
    "the action Service Auth include it; put CF-Access-Client-Id and CF-Access-Client-Secret into `headers`"
)
_NOT_LET_IN = (
    "Zero Trust → Access: has the service token in `headers` expired? Is a Service Auth policy for it?"
)
_ADDRESS = f"Security → Security rules → IP access rules: let this machine's address through; {_ANOTHER_DOOR}"
_RULE = f"Security → Analytics → Events shows the rule; let it skip this machine's address; {_ANOTHER_DOOR}"
_BROWSER = (
    f"Browser Integrity Check (Security → Settings) refuses this client: skip it for the bot; {_ANOTHER_DOOR}"
)

# By the number of Cloudflare's error page.
_TURNED_AWAY = {
    1006: ("this address is banned", _ADDRESS),
    1007: ("this address is banned", _ADDRESS),
    1008: ("this address is banned", _ADDRESS),
    1009: ("this country is banned", _RULE),
    1010: ("the client's signature is banned", _BROWSER),
    1012: ("access is forbidden", _ADDRESS),
    1020: ("a firewall rule denied it", _RULE),
}
_REFUSALS = frozenset({401, 403})
_CHALLENGES = frozenset({403, 503})
_CHALLENGE_PAGE = re.compile(r"<title>\s*just a moment", re.IGNORECASE)
_BLOCK_PAGE = re.compile(
    r"<title>\s*attention required! \| cloudflare|<h1[^>]{0,200}>\s*sorry, you have been blocked",
    re.IGNORECASE,
)
_ACCESS_PAGE = re.compile(r"<title>[^<]{0,100}cloudflare access", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hurdle:
    """What turned a request away, and how somebody lets this machine through, in the dashboard's words."""

    what: str
    remedy: str


def blocked(answer: Answer) -> Hurdle | None:
    """What answered in the bot's place; None when the bot itself did, or its failure."""
    return next((hurdle for find in _FINDERS if (hurdle := find(answer))), None)


def _challenge(answer: Answer) -> Hurdle | None:
    if "challenge" in (answer.header("cf-mitigated") or "").lower():
        return Hurdle("a Cloudflare challenge (cf-mitigated: challenge)", _CHALLENGED)
    if answer.status in _CHALLENGES and _has_page(answer, _CHALLENGE_PAGE):
        return Hurdle("a Cloudflare challenge page", _CHALLENGED)
    return None


def _access(answer: Answer) -> Hurdle | None:
    if login := _login(answer):
        return Hurdle(f"a Cloudflare Access login at {login}", _LET_IN)
    asks = (answer.header("www-authenticate") or "").lower().startswith("cloudflare-access")
    if asks and answer.status in _REFUSALS:
        return Hurdle("Cloudflare Access, which wants a token", _LET_IN)
    if answer.status in _REFUSALS and _has_page(answer, _ACCESS_PAGE):
        return Hurdle("Cloudflare Access, which does not let us in", _NOT_LET_IN)
    return None


def _firewall(answer: Answer) -> Hurdle | None:
    code = cloudflare_error(answer)
    if code in _TURNED_AWAY:
        what, remedy = _TURNED_AWAY[code]
        return Hurdle(f"Cloudflare error {code}: {what}", remedy)
    if answer.status in _REFUSALS and _has_page(answer, _BLOCK_PAGE):
        return Hurdle("Cloudflare's firewall (the page says: you have been blocked)", _RULE)
    return None


_FINDERS: tuple[Callable[[Answer], Hurdle | None], ...] = (_challenge, _access, _firewall)


def _login(answer: Answer) -> str | None:
    """The host of the login that a redirect leads to."""
    if not 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP redirects
        return None
    try:
        host = urlsplit(answer.header("location") or "").hostname or ""
    except ValueError:
        return None
    return host if host == "cloudflareaccess.com" or host.endswith(".cloudflareaccess.com") else None


def _has_page(answer: Answer, form: re.Pattern[str]) -> bool:
    return is_page(answer) and form.search(answer.text[:PAGE]) is not None
