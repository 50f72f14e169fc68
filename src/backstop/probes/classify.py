"""Cloudflare's own error pages, told from what a bot answers."""

from __future__ import annotations

import re

from backstop.model.http import Answer

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
PAGE = 64 * 1024  # characters of a page that are looked at


def cloudflare_error(answer: Answer) -> int | None:
    """The code of Cloudflare's own error page (1101, 1102, 1015, 524 …), or None when it is none."""
    if answer.status < 400 or not is_page(answer):  # noqa: PLR2004 - HTTP client error
        return None
    page = answer.text[:PAGE]
    return next((int(found[1]) for pattern in _CODES if (found := pattern.search(page))), None)


def is_page(answer: Answer) -> bool:
    """Whether it may be a page of Cloudflare's, which answers HTML or plain text.

    A bot's own JSON may speak of errors as it likes.
    """
    kind = (answer.header("content-type") or "").lower()
    return not kind or kind.startswith(("text/html", "text/plain"))
