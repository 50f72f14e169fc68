"""What was seen at a stage, word for word and bounded, for the journal. Looks at nothing anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backstop.cloudflare.tail_event import TailEvent
from backstop.journal.events import Event, ExchangeSeen, HeadersSeen, TailExcerpt, TailWatched
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Headers, NoAnswer
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.interactions import UNSIGNED
from backstop.observe.looks import Looks
from backstop.observe.once import kept
from backstop.observe.traffic import Traffic, is_ours, provoked
from backstop.redaction import REDACTOR

_MOST_HEADERS = 40
_LONGEST_HEADER = 300
_LONGEST_SENT = 1000
_LONGEST_ANSWER = 2000
_LONGEST_LOG = 400
_MOST_LOGS = 6
_MOST_EXCERPTS = 8
_MOST_ORDINARY = 2
_REDACTED_AT_MOST = 64 * 1024  # characters that are searched for secrets before they are cut further
_SECRET_NAME = re.compile(r"cookie|authorization|token|secret|password|api-?key|cf-access|jwt", re.IGNORECASE)


def exchange_seen(name: str, stage: str, exchange: Exchange) -> ExchangeSeen:
    """One exchange under the ``name`` by which checks refer to it."""
    asked, result = exchange.request, exchange.result
    status, headers = (result.status, result.headers) if isinstance(result, Answer) else (0, ())
    return ExchangeSeen(
        exchange=name,
        stage=stage,
        method=asked.method,
        url=_cut(asked.url, _LONGEST_SENT),
        sent=shown_headers(asked.headers),
        body=_cut(asked.body.decode("utf-8", errors="replace"), _LONGEST_SENT),
        status=status,
        headers=shown_headers(headers),
        answer=_answer(result),
        seconds=round(exchange.timing.total, 4),
        attempt=exchange.attempt,
    )


def shown_headers(headers: Headers) -> dict[str, str]:
    """Headers by name; of one whose name says that it is secret only that it is there."""
    shown: dict[str, str] = {}
    for name, value in headers[:_MOST_HEADERS]:
        text = "[not shown]" if _SECRET_NAME.search(name) else _cut(value, _LONGEST_HEADER)
        shown[name] = f"{shown[name]}, {text}" if name in shown else text
    return shown


def stage_evidence(stage: str, looks: Looks) -> Iterator[Event]:
    """Headers and tail of a stage, as far as they have been looked at."""
    if kept(looks.bot, "_attempts") is not None:
        plain = looks.bot.attempts(HEALTH if looks.place.target.health else UNSIGNED)[-1]
        if isinstance(plain.result, Answer):
            what = f"{plain.request.method} {plain.request.url}"
            headers = shown_headers(plain.result.headers)
            yield HeadersSeen(stage, _served(looks), what, plain.result.status, headers)
    traffic = kept(looks, "traffic")
    if isinstance(traffic, Traffic):
        yield from tail_evidence(stage, traffic)


def tail_evidence(stage: str, traffic: Traffic) -> Iterator[Event]:
    """How much the tail showed, and what of it is worth reading: errors first, each kind of line once."""
    excerpts = tuple(_excerpts(stage, traffic))
    failed = len(traffic.errors)
    yield TailWatched(stage, len(traffic.events), failed, len(excerpts), _cut(traffic.unseen, _LONGEST_LOG))
    yield from excerpts


def _served(looks: Looks) -> str:
    if kept(looks, "traffic") is None or kept(looks.deployed, "listed") is None:
        return ""
    try:
        return looks.served or ""
    except (CouldNotLook, AssertionError):
        return ""


def _excerpts(stage: str, traffic: Traffic) -> Iterator[TailExcerpt]:
    bad = traffic.errors
    others = [event for event in traffic.events if event not in bad]
    thrown = [event for event in others if event.exceptions]
    logged = [event for event in others if event.logs and not event.exceptions]
    chosen = (*_different(bad), *_different(thrown), *tuple(_different(logged))[:_MOST_ORDINARY])
    for event in chosen[:_MOST_EXCERPTS]:
        yield TailExcerpt(
            stage=stage,
            when=event.at.isoformat(timespec="milliseconds") if event.at else "",
            version=event.version or "",
            what=_cut(f"{event.method} {event.url}".strip(), _LONGEST_LOG),
            outcome=_cut(event.outcome, _LONGEST_LOG),
            status=event.status or 0,
            whose="provoked" if provoked(event) else "probe" if is_ours(event) else "other",
            logs=tuple(_cut(line, _LONGEST_LOG) for line in event.logs[:_MOST_LOGS]),
            exceptions=tuple(_cut(line, _LONGEST_LOG) for line in event.exceptions[:_MOST_LOGS]),
        )


def _different(events: Iterable[TailEvent]) -> Iterator[TailEvent]:
    """The first of those that say the same."""
    seen: set[tuple[object, ...]] = set()
    for event in events:
        said = (event.outcome, event.method, event.exceptions, event.logs)
        if said not in seen:
            seen.add(said)
            yield event


def _answer(result: Answer | NoAnswer) -> str:
    if isinstance(result, NoAnswer):
        return _cut(f"no answer: {result.silence.value}: {result.detail}", _LONGEST_ANSWER)
    text = _cut(result.text, _LONGEST_ANSWER)
    return f"{text}\n[the body went on: it was not read further]" if result.truncated else text


def _cut(text: str, longest: int) -> str:
    """Without secrets first: half of one would not be known any more."""
    safe = REDACTOR.redact(text[:_REDACTED_AT_MOST])
    more = len(text) - len(text[:_REDACTED_AT_MOST]) + len(safe) - longest
    return safe if more <= 0 else f"{safe[:longest]} [… {more} more characters]"
