"""Reading a Content-Security-Policy: does it say anything, and does it keep foreign scripts out?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from backstop.model.http import Answer

HEADER = "Content-Security-Policy"
BEST = "default-src 'none'; frame-ancestors 'none'"

Policy = Mapping[str, tuple[str, ...]]

_FETCH = ("child", "connect", "default", "font", "frame", "img", "manifest", "media", "object", "script")
_DIRECTIVES = frozenset(
    (
        *(f"{name}-src" for name in (*_FETCH, "style", "worker", "fenced-frame", "prefetch")),
        *("script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr"),
        *("base-uri", "form-action", "frame-ancestors", "sandbox", "report-uri", "report-to", "navigate-to"),
        *("require-trusted-types-for", "trusted-types", "upgrade-insecure-requests"),
        *("block-all-mixed-content", "plugin-types", "require-sri-for"),
    )
)
_UNQUOTED = frozenset({"none", "self", "unsafe-inline", "unsafe-eval", "strict-dynamic"})
# Where scripts may come from. Beside 'strict-dynamic' browsers ignore them, and only old ones read them:
# https://www.w3.org/TR/CSP3/#strict-dynamic-usage
_PLACES = frozenset({"*", "http:", "https:", "data:"})
_OPEN = _PLACES | {"'unsafe-eval'", "'unsafe-inline'"}
_PROOF = re.compile(r"'(?:nonce-|sha(?:256|384|512)-)[^']+'|'strict-dynamic'", re.IGNORECASE)


def parse(value: str) -> tuple[Policy, ...]:
    """The policies of a header's value, in the order of their commas; all of them are in force.

    A directive that is there twice counts the first time, as it does for browsers.
    """
    return tuple(policy for text in value.split(",") if (policy := _policy(text)))


def _policy(text: str) -> Policy:
    found: dict[str, tuple[str, ...]] = {}
    for directive in text.split(";"):
        name, *sources = directive.split() or [""]
        if name:
            found.setdefault(name.lower(), tuple(source.lower() for source in sources))
    return found


def policies(answer: Answer) -> tuple[Policy, ...]:
    """All policies of an answer."""
    return tuple(policy for value in answer.all(HEADER) for policy in parse(value))


def misread(found: Sequence[Policy]) -> str:
    """Why the policies are none, or not what was meant, in words; empty when they are well formed."""
    if not found:
        return f"no {HEADER}"
    for policy in found:
        for name, sources in policy.items():
            if name not in _DIRECTIVES:
                return f"a {HEADER} with the unknown directive {name!r}"
            if bare := _UNQUOTED.intersection(sources) - _own_words(name):
                return f"a {HEADER} with {name} {min(bare)}: without quotes that is a host name"
            if half := [each for each in sources if each.startswith("'") is not each.endswith("'")]:
                return f"a {HEADER} with {name} {half[0]}: a quote at one end only, so that it means nothing"
    return ""


def _own_words(directive: str) -> set[str]:
    return set(_UNQUOTED) if directive in {"sandbox", "trusted-types", "report-to"} else set()


def open_to_scripts(found: Sequence[Policy]) -> str:
    """What lets foreign scripts in although there is a policy, in words; empty when nothing does."""
    holes = [_hole(policy) for policy in found]
    return "" if not holes or "" in holes else holes[0]


def _hole(policy: Policy) -> str:
    if "sandbox" in policy and "allow-scripts" not in policy["sandbox"]:
        return ""
    name = "script-src" if "script-src" in policy else "default-src"
    if name not in policy:
        return "neither script-src nor default-src"
    sources = policy[name]
    proven = any(_PROOF.fullmatch(source) for source in sources)
    ignored = {"'unsafe-inline'"} if proven else set()
    if "'strict-dynamic'" in sources:
        ignored |= _PLACES
    wrong = [source for source in sources if source in _OPEN - ignored]
    return f"{name} {' '.join(wrong)}" if wrong else ""


def is_best(found: Sequence[Policy]) -> bool:
    """Whether nothing may be loaded and nobody may frame it: right for an API that serves no pages."""
    return any(
        policy.get("default-src") == ("'none'",) and policy.get("frame-ancestors") == ("'none'",)
        for policy in found
    )
