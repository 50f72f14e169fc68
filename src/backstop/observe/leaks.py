"""What an answer tells that is nobody's business: secrets, stack traces, paths, versions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backstop.model.http import Answer
from backstop.model.target import Secret, Target
from backstop.redaction import Redactor

_LEAST_HEX = 12  # of a key; the chance that an id of 16 digits holds eight of some key is not small
_AROUND = 40  # characters that are shown beside a finding

# Every repetition that may fail late is bounded: a bot must not be able to make us search for minutes.

_TRACE = re.compile(
    r"(?:^|\n|\\n)[ \t]{0,64}at (?:[^\n\\]{1,200}?[(\s])?"
    r"(?![\dTZ:.+-]{1,40}(?:[^\w:.+-]|$))"  # a time of day
    r"[^()\s\\]{1,200}:\d{1,6}:\d{1,6}\)?"
    r"|Traceback \(most recent call last\)"
    r"|(?:^|\n|\\n)[ \t]{0,64}File \\?\"[^\"\n]{1,200}\\?\", line \d+"
)
_PATH = re.compile(
    r"file:///[\w.~%/-]+"
    r"|webpack(?:-internal)?://[\w./@-]+"
    r"|(?<![\w.])/(?:home|Users|root|var/task|workspace|builds?|opt)/[\w.@ -]+/[\w./@-]+"
    r"|\b[A-Za-z]:\\{1,2}(?:[\w.@-]+\\{1,2})+[\w.@-]+"
    r"|node_modules/[\w.@/-]+"
    r"|(?<![\w:/.-])(?:\.{0,2}/)?(?:[\w@-]{1,64}/){0,8}(?:src|dist|lib)/"
    r"(?:[\w@-]{1,64}/){0,8}[\w.@-]{1,128}\.[cm]?[jt]sx?\b"
    r"|(?<![\w-])[\w-]{1,128}\.[cm]?[jt]s:\d{1,6}:\d{1,6}\b"
)
# What a page leads its reader to is public: the address of an asset, in an attribute or in a Link header.
_ADDRESS = re.compile(
    r"\b(?:src|href|action|poster)\s{0,8}=\s{0,8}(?:\"(?!file:)[^\"<>]{0,500}\"|'(?!file:)[^'<>]{0,500}')"
    r"|<[^<>\s]{1,500}>\s{0,8};\s{0,8}rel=",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\[redacted ([^\]]{1,200})\]")
_OF_ONE_MESSAGE = frozenset({"webhook token", "interaction token"})
_VERSION = re.compile(r"/\s*v?\d|\b\d+\.\d+")
_BOASTS = ("X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Generator", "X-Runtime")


def secrets_of(target: Target) -> tuple[Secret, ...]:
    """Every secret of a target that this session knows."""
    kept = (target.discord_token, target.signing_key, target.cloudflare_token, *target.channels.secrets)
    sent = (value for _, value in target.headers if isinstance(value, Secret))
    return (*(secret for secret in kept if secret), *sent, *(secret for _, secret in target.secrets))


def redactor_of(secrets: Iterable[Secret]) -> Redactor:
    """A redactor that knows these secrets, and the shapes of those that nobody named."""
    redactor = Redactor(_LEAST_HEX)
    for secret in secrets:
        redactor.register(secret.name, secret.value)
    return redactor


def leaked_secret(answer: Answer, redactor: Redactor) -> str:
    """Where a secret is told, without showing it; empty when nowhere.

    Eight characters of it are enough, or twelve hexadecimal digits.
    """
    for place, text in _places(answer):
        clean = redactor.redact(text)
        if clean != text:
            return f"{place}: {_excerpt(clean, clean.index('[redacted'))}"
    return ""


def logged_secret(lines: Iterable[str], redactor: Redactor) -> str:
    """The first line of a log that holds a secret, without showing it; empty when none does.

    Tokens of single interactions and webhooks' addresses may stand there: they name what failed.
    """
    for line in lines:
        clean = redactor.redact(line)
        told = next((t for t in _TOLD.finditer(clean) if t[1] not in _OF_ONE_MESSAGE), None)
        if told and clean != line:
            return _excerpt(clean, told.start())
    return ""


def stack_trace(answer: Answer) -> str:
    """Where a stack trace begins, with its beginning; empty when there is none."""
    return _first(answer, _TRACE)


def source_path(answer: Answer) -> str:
    """Where a path of the source stands, with the path; empty when there is none."""
    return _first(answer, _PATH, but=_ADDRESS)


def software_version(answer: Answer) -> str:
    """The header that tells which software in which version answers; empty when there is none."""
    for name in _BOASTS:
        if value := answer.header(name):
            return f"{name}: {value}"
    server = answer.header("Server") or ""
    return f"Server: {server}" if _VERSION.search(server) else ""


def _places(answer: Answer) -> Iterable[tuple[str, str]]:
    yield "headers", "\n".join(f"{name}: {value}" for name, value in answer.headers)
    yield "body", answer.text


def _first(answer: Answer, pattern: re.Pattern[str], but: re.Pattern[str] | None = None) -> str:
    for place, whole in _places(answer):
        text = but.sub(" ", whole) if but else whole
        if found := pattern.search(text):
            return f"{place}: {_excerpt(text, found.start())}"
    return ""


def _excerpt(text: str, at: int) -> str:
    shown = text[max(0, at - _AROUND // 2) : at + 2 * _AROUND]
    return " ".join(shown.replace("\\n", " ").split())
