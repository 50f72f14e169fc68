"""Which web pages of strangers a bot lets read its answers."""

from __future__ import annotations

from backstop.model.http import Answer

STRANGER = "https://backstop.invalid"  # an origin that nobody can have
_ALLOW_ORIGIN = "access-control-allow-origin"
_ANYBODY = "*"
_OPEN = frozenset({_ANYBODY, STRANGER})
_SUCCESS = range(200, 300)


def preflight_fault(asked: Answer, preflight: Answer) -> str:
    """Why the preflight does not fit the answer ``asked`` to an ordinary request, or nothing."""
    declared, granted = asked.header(_ALLOW_ORIGIN), preflight.header(_ALLOW_ORIGIN)
    if declared is None:
        return f"a preflight that lets {granted} in, though no answer does" if granted else ""
    if declared == _ANYBODY and granted is None:
        return ""  # a page may ask with GET without a preflight: what is open to read is open
    if preflight.status not in _SUCCESS:
        return f"a preflight answered {preflight.status}, though answers allow {declared}"
    if granted is None:
        return f"a preflight that lets nobody in, though answers allow {declared}"
    return ""


def openness_fault(interaction: Answer, *others: Answer) -> str:
    """Why pages of strangers can do what they should not, or nothing."""
    if interaction.header(_ALLOW_ORIGIN) in _OPEN:
        return f"interactions open to every page ({_ALLOW_ORIGIN}: {interaction.header(_ALLOW_ORIGIN)})"
    for answer in others:
        credentials = (answer.header("access-control-allow-credentials") or "").lower() == "true"
        if credentials and answer.header(_ALLOW_ORIGIN) in _OPEN:
            return "answers that every page can read with its visitor's credentials"
    return ""
