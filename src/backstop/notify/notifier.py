"""What a channel is: how a message becomes a request, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from backstop.model.http import Answer, Request
from backstop.model.severity import Severity
from backstop.model.target import Secret
from backstop.notify.occasion import Occasion
from backstop.notify.texts import Words
from backstop.probes.rest import asked_to_wait

JSON = (("Content-Type", "application/json"),)
DRILL = "DRILL, nothing is wrong"
_TOO_MANY = frozenset({420, 429})
_REDIRECTS = range(300, 400)
_BROKEN = 500
_NOT_WAITED_FOR = frozenset({504, 524})  # by what stands before the service, which may still be at work


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way. ``drill`` is shown by every channel, whatever the words are.

    ``mark`` is by what it is found again where nobody knows whether it arrived; no reader sees it.
    """

    occasion: Occasion
    words: Words
    severity: Severity = Severity.NONE
    drill: bool = False
    mark: str = ""

    @property
    def title(self) -> str:
        """The title, with the mark of a drill."""
        return f"{DRILL} · {self.words.title}" if self.drill else self.words.title


@dataclass(frozen=True, slots=True)
class Known:
    """What a channel was told of an incident that is still open; ``id`` is empty where it can't be changed.

    ``under_way``: a rollback has begun and not ended. ``alerts`` are the subjects that are still wrong.
    ``severity`` is the worst that was told of it. ``mark`` is that of its first message, by which it is
    looked for where nobody knows whether that arrived.
    """

    incident: str
    id: str = ""
    under_way: bool = False
    alerts: tuple[str, ...] = ()
    severity: str = Severity.NONE.value
    mark: str = ""

    @property
    def lost(self) -> bool:
        """Whether it has to be looked for before it can be changed."""
        return bool(self.mark) and not self.id

    @property
    def weight(self) -> Severity:
        """The severity as a value; none for a word that there is not."""
        return next((each for each in Severity if each.value == self.severity), Severity.NONE)

    @property
    def quiet(self) -> bool:
        """Whether nothing goes on any more: what begins now is news, though the incident is not closed."""
        return not self.under_way and not self.alerts


@dataclass(frozen=True, slots=True)
class Taken:
    """The channel took a message: ``how`` says whether it was posted or updated, ``id`` names it there."""

    how: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The channel took no message, and ``why``. ``again`` after ``wait`` seconds, None for a usual pause.

    ``gone``: what was to be updated is not there any more, so that it may be posted anew. ``perhaps``: it may
    have been taken all the same; ``under_way``: or still be.
    """

    why: str
    again: bool = False
    wait: float | None = None
    gone: bool = False
    perhaps: bool = False
    under_way: bool = False


class Notifier(Protocol):
    """One channel of a target."""

    @property
    def name(self) -> str:
        """The word for it in settings and in journals."""

    @property
    def problem(self) -> str:
        """Why nothing can be sent, as far as that is known without asking; empty otherwise."""

    @property
    def headers(self) -> Sequence[tuple[str, Secret | str]]:
        """What goes with each request, to its own host only."""

    @property
    def goes_on_unseen(self) -> bool:
        """Whether what follows makes sense where the first message may be there, and nobody knows its id."""

    def hears(self, occasion: Occasion, known: Known | None) -> bool:
        """Whether the channel is for such news, of an incident that it knows or not."""

    def request(self, letter: Letter, known: Known | None) -> Request:
        """The request that tells it."""

    def read(self, answer: Answer, known: Known | None) -> Taken | Refusal:
        """What an answer of the service means."""

    def seek(self, letter: Letter, known: Known | None) -> Request | None:
        """The request that looks whether a message has arrived; None for a service that can't be asked."""

    def sought(self, answer: Answer, letter: Letter, known: Known | None) -> Taken | Refusal:
        """What the answer to that means: a Refusal says that it is not there, or ``perhaps``."""


def unset(secret: Secret | None, source: str, wrong: str) -> str:
    """Why a channel can't be used: nobody has set its address or key, or it is something else; else empty."""
    if secret is not None:
        return ""
    return f"what {source} holds {wrong}" if wrong else f"{source} is not set"


def posted(method: str, webhook: Secret | None, path: str, body: Mapping[str, Any]) -> Request:
    """A request to a webhook, whose address is all that it takes to post there."""
    address = webhook.value if webhook else ""
    return Request(method, address + path, JSON, json.dumps(body, ensure_ascii=False).encode())


def refused(who: str, answer: Answer, words: str = "") -> Refusal:
    """What an answer means that no service of this kind gives to a message that it takes.

    ``words`` are the service's own, where it says more than the status does.
    """
    said = f"{answer.status} {words}".strip()
    if answer.status in _REDIRECTS:
        host = urlsplit(answer.header("location") or "").hostname or "nowhere"
        return Refusal(f"{who} redirects to {host} ({said}): nothing was sent there; set the right address")
    if answer.status in _TOO_MANY:
        return Refusal(
            f"{who} takes no more messages at this moment ({said})", again=True, wait=asked_to_wait(answer)
        )
    if answer.status >= _BROKEN:  # one that says when to come back has not taken it
        wait = asked_to_wait(answer)
        late = wait is None and answer.status in _NOT_WAITED_FOR
        why = f"{who} is out of order ({said})"
        return Refusal(why, again=True, wait=wait, perhaps=wait is None, under_way=late)
    return Refusal(f"{who} refused it ({said})")


def strange(who: str, answer: Answer) -> Refusal:
    """An answer that is not the service's."""
    much = f", more than {len(answer.body) // 1024} kB," if answer.truncated else ""
    kind = (answer.header("content-type") or "no type").partition(";")[0]
    what = f"{answer.status} with {kind}{much} where {who}'s own answer was wanted"
    return Refusal(f"something else answers in the place of {who}: {what}")
