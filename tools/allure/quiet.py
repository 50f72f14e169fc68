"""Makes a page of Allure's keep to itself: no tag manager, and a policy by which a browser refuses any other.

The generator writes a script of a tag manager into every report, which tells it of each opening.
"""

from __future__ import annotations

import re

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data: blob:; style-src 'unsafe-inline' data:; "
    "img-src data: blob:; font-src data:; media-src data: blob:; connect-src data: blob:; "
    "frame-src data: blob:; base-uri 'none'; form-action 'none'"
)
_META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'

_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script\s*>", re.IGNORECASE | re.DOTALL)
_FROM_ELSEWHERE = re.compile(
    r"<(?:script|link|iframe|img|object|embed|video|audio|source)\b[^>]{0,400}?\b(?:src|href|data)\s*=\s*"
    r"[\"']?\s*(?:https?:)?//[^\s\"'>]{0,200}",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\bgtag\s*\(|\bdataLayer\b")
_OPENING = re.compile(r"<script\b[^>]{0,400}>", re.IGNORECASE)


class NotQuiet(Exception):
    """Raised for a page that can't be made quiet; the message says what stands in the way."""


def quiet(page: str) -> str:
    """The page without scripts from elsewhere or about them, and with a policy. Raises NotQuiet."""
    if not _HEAD.search(page):
        message = "Allure's generator wrote a page without a head: there is no place for a policy"
        raise NotQuiet(message)
    kept = _SCRIPT.sub(lambda script: "" if _is_telling(script[0]) else script[0], page)
    if left := _FROM_ELSEWHERE.search(kept):
        message = f"Allure's generator has the page load something from elsewhere: {left[0]}"
        raise NotQuiet(message)
    return _HEAD.sub(lambda head: head[0] + _META, kept, count=1)


def _is_telling(script: str) -> bool:
    """Whether a script comes from elsewhere, or is one of a tag manager. What it carries is not looked at."""
    opening = _OPENING.match(script)
    if opening is None:  # it begins with a long address, which is the program itself as data
        return False
    return bool(_FROM_ELSEWHERE.match(script) or _TELLS.search(script))
