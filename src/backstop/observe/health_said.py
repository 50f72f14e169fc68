"""Whether health answers say what is declared, the one as well as the others."""

from __future__ import annotations

from collections.abc import Iterable

from backstop.model.http import Answer, Exchange
from backstop.model.target import HealthExpectation
from backstop.observe.errors import is_error
from backstop.observe.reply import Reply
from backstop.observe.wording import says


def as_declared(reply: Reply, health: HealthExpectation) -> bool:
    """Whether an answer has the declared status, members and words."""
    same = reply.status == health.status and reply.shows(health.json) == dict(health.json)
    return same and says(reply.answer.text, health.text)


def unlike_the_others(exchanges: Iterable[Exchange], health: HealthExpectation) -> int:
    """How many answers that are no errors are not as declared, where some are; 0 where none is.

    So one part of the edge, or one dependency that comes and goes, is told from a bot that is not well.
    """
    replies = (
        Reply(e.request, e.result) for e in exchanges if isinstance(e.result, Answer) and not is_error(e)
    )
    said = [as_declared(reply, health) for reply in replies]
    return said.count(False) if True in said else 0
