"""Which requests are samples of how fast a bot answers, and why the others are none.

A failure is quick or slow for reasons of its own: among the times of answers it would make a bot that turns
everything away at once look fast. So it is in no time, and is counted. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import mode

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer
from backstop.observe.errors import is_error
from backstop.observe.freshness import age_header
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked

ANEW = "sent over a new connection"
UNPROVEN = "of a version that can't be seen"
_REFUSALS = 400  # statuses from here on


class AnswersOtherwise(CouldNotLook):
    """Raised when the bot answered, and not so that its times say anything: other checks tell of that."""


def why_lost(exchange: Exchange) -> str:
    """Why a request is no sample, to follow the words "so many were"; empty where it is one."""
    result = exchange.result
    if isinstance(result, NoAnswer):
        return f"not answered ({result.silence.value})"
    if hurdle := blocked(result):
        return f"turned away by {hurdle.what}"
    if code := cloudflare_error(result):
        return f"answered with Cloudflare's error {code}"
    if is_error(exchange):
        return f"answered {result.status}"
    return "" if exchange.timing.first_byte else "not timed"


def failed(exchange: Exchange) -> bool:
    """Whether it was answered, by the bot or for it, and with a failure."""
    answered = isinstance(exchange.result, Answer) and not blocked(exchange.result)
    return answered and is_error(exchange)


def status_of(exchange: Exchange) -> int:
    """The status of an answer; 0 where there is none."""
    return exchange.result.status if isinstance(exchange.result, Answer) else 0


def counted(reasons: Iterable[str]) -> dict[str, int]:
    """How often each reason was given, the most frequent first; empty ones are none."""
    return dict(Counter(filter(None, reasons)).most_common())


def usual_status(statuses: Sequence[int]) -> int:
    """The status that most answers had; 0 of none."""
    return mode(statuses) if statuses else 0


def lost_in_words(lost: Mapping[str, int]) -> str:
    """What is in no time, and how often; empty where everything is."""
    return ", ".join(f"{count} {why}" for why, count in lost.items())


def statuses_in_words(statuses: Iterable[int]) -> str:
    """Which statuses answers had; empty where they all had the same."""
    found = Counter(statuses).most_common()
    return "answered " + ", ".join(f"{status} ({count})" for status, count in found) if len(found) > 1 else ""


def cached(exchanges: Iterable[Exchange]) -> int:
    """How many answers say that a cache had them: one on the way, or one that the bot asked."""
    return sum(isinstance(each.result, Answer) and bool(age_header(each.result)) for each in exchanges)


def refuse_other_kinds(old: int, new: int) -> None:
    """See that two versions usually answer alike; 0 is a status that nobody kept.

    Raises AnswersOtherwise where one of them turns the request away and the other does not.
    """
    if old and new and (old < _REFUSALS) != (new < _REFUSALS):
        message = f"old answered {old} and new {new}: how long a refusal takes tells nothing of an answer"
        raise AnswersOtherwise(message, remedy="see health.status, and compare what both answer")
