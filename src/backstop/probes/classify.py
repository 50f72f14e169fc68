"""Answers that are not the bot's own: Cloudflare's error pages, and hurdles in front of the bot."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from backstop.model.http import Answer

# What Cloudflare turns us away with before the bot is asked.
_TURNED_AWAY = {
    1006: "this address is banned",
    1007: "this address is banned",
    1008: "this address is banned",
    1009: "this country is banned",
    1010: "the client's signature is banned",
    1012: "access is forbidden",
    1020: "a firewall rule denied it",
}
_CODES = (
    re.compile(r"^\s*error code:\s*(1\d{3}|5[23]\d)\s*$", re.IGNORECASE),
    re.compile(r'cf-error-code"?>\s*(1\d{3}|5[23]\d)\b', re.IGNORECASE),
    re.compile(r"<title>[^<]{0,200}\b(?:error|error code:?)\s+(1\d{3}|5[23]\d)\b", re.IGNORECASE),
    re.compile(
        r"<h\d[^>]{0,200}>\s{0,80}(?:<[^>]{1,200}>\s{0,80}){0,4}"
        r"error(?:\s|<[^>]{1,200}>|code|:){0,80}(1\d{3}|5[23]\d)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\berror code:?\s*(1\d{3}|5[23]\d)\b", re.IGNORECASE),
)
_PAGE = 64 * 1024  # characters of a page that are looked at


def cloudflare_error(answer: Answer) -> int | None:
    """The code of Cloudflare's own error page (1101, 1102, 1015, 524 …), or None when it is none."""
    if answer.status < 400 or not _is_page(answer):  # noqa: PLR2004 - HTTP client error
        return None
    page = answer.text[:_PAGE]
    return next((int(found[1]) for pattern in _CODES if (found := pattern.search(page))), None)


def blocked(answer: Answer) -> str | None:
    """Why this answer says nothing of the bot, in words, or None when the bot itself answered."""
    if "challenge" in (answer.header("cf-mitigated") or "").lower():
        return "a Cloudflare challenge (cf-mitigated: challenge)"
    if login := _access_login(answer):
        return f"a Cloudflare Access login at {login}"
    code = cloudflare_error(answer)
    return f"Cloudflare error {code}: {_TURNED_AWAY[code]}" if code in _TURNED_AWAY else None


def _access_login(answer: Answer) -> str | None:
    """The host of the login that a redirect leads to."""
    if not 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP redirects
        return None
    try:
        host = urlsplit(answer.header("location") or "").hostname or ""
    except ValueError:
        return None
    return host if host == "cloudflareaccess.com" or host.endswith(".cloudflareaccess.com") else None


def _is_page(answer: Answer) -> bool:
    """Cloudflare answers HTML or plain text; a bot's own JSON may speak of errors as it likes."""
    kind = (answer.header("content-type") or "").lower()
    return not kind or kind.startswith(("text/html", "text/plain"))
