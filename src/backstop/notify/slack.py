"""Slack: Block Kit through an incoming webhook. Such a webhook can't change what it has posted.

Limits: api.slack.com/reference/block-kit/blocks (50 blocks, header 150, section 3,000, 10 fields of 2,000)
and api.slack.com/methods/chat.postMessage (text 40,000, of which 4,000 are advised).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backstop.model.http import Answer, Request
from backstop.model.target import Secret, Webhook
from backstop.notify.escape import clipped, joined
from backstop.notify.notifier import Known, Letter, Refusal, Taken, posted, refused, strange, unset
from backstop.notify.occasion import Occasion

_OK = 200
_BLOCKS, _HEADER, _SECTION, _FIELDS, _FIELD, _TEXT = 50, 150, 3_000, 10, 2_000, 4_000
_NAMED = re.compile(r"\*[^*\n]{1,40}\*:? .+")  # a line such as *Reason*: …
_WORD = re.compile(r"[a-z_]{3,60}")
_WHY = {
    "no_service": "the webhook is gone",
    "no_active_hooks": "the webhook is gone",
    "no_team": "there is no such workspace",
    "invalid_token": "the end of the webhook's URL is not right",
    "channel_not_found": "the webhook's channel was deleted",
    "channel_is_archived": "the webhook's channel is archived",
    "action_prohibited": "an administrator forbids the webhook to post",
    "posting_to_general_channel_denied": "the webhook may not post to the general channel",
    "invalid_payload": "Slack could not read the message",
    "invalid_blocks": "Slack could not read the message",
}
_SILENT = frozenset({Occasion.ROLLED_BACK})
_FOLLOWS = frozenset({Occasion.RESOLVED})


@dataclass(frozen=True, slots=True)
class Slack:
    """One webhook: a message for each occasion but the steps in between."""

    webhook: Webhook
    name: str = "slack"
    headers: Sequence[tuple[str, Secret | str]] = ()
    goes_on_unseen: bool = True

    @property
    def problem(self) -> str:
        """Why there is no webhook."""
        return unset(self.webhook.url, self.webhook.source, self.webhook.wrong)

    def hears(self, occasion: Occasion, known: Known | None) -> bool:
        """Everything; that an incident is over only where its beginning was told."""
        return occasion not in _SILENT and (known is not None or occasion not in _FOLLOWS)

    def request(self, letter: Letter, known: Known | None) -> Request:
        """A new message, with its words as the fallback of its blocks."""
        del known
        whole = {
            "text": clipped(joined((letter.title, letter.words.text)), _TEXT),
            "blocks": list(_blocks(letter)),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        return posted("POST", self.webhook.url, "", whole)

    def seek(self, letter: Letter, known: Known | None) -> None:
        """A webhook only takes messages."""
        del letter, known

    def sought(self, answer: Answer, letter: Letter, known: Known | None) -> Refusal:
        """Nobody can tell."""
        del answer, letter, known
        return Refusal("Slack can't be asked", perhaps=True)

    def read(self, answer: Answer, known: Known | None) -> Taken | Refusal:
        """``ok`` and nothing else is a message that was posted."""
        del known
        said = answer.text.strip() if len(answer.body) <= _HEADER else ""
        if answer.status == _OK:
            return Taken("posted") if said == "ok" else strange("Slack", answer)
        word = said if _WORD.fullmatch(said) else ""
        if word in _WHY:
            return Refusal(f"{_WHY[word]} ({answer.status} {word})")
        return refused("Slack", answer, word)


def _blocks(letter: Letter) -> Iterator[dict[str, Any]]:
    """A header, then a section for each paragraph; one of named lines shows them side by side."""
    title = clipped(letter.title, _HEADER)
    yield {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}
    sections = [each for part in letter.words.text.split("\n\n") if part.strip() for each in _sections(part)]
    yield from sections[: _BLOCKS - 1]


def _sections(paragraph: str) -> Iterator[dict[str, Any]]:
    lines = [line for line in paragraph.splitlines() if line.strip()]
    if len(lines) > 1 and all(_NAMED.fullmatch(line) for line in lines):
        for start in range(0, len(lines), _FIELDS):
            fields = [_marked(line, _FIELD) for line in lines[start : start + _FIELDS]]
            yield {"type": "section", "fields": fields}
        return
    yield {"type": "section", "text": _marked("\n".join(lines), _SECTION)}


def _marked(text: str, most: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": clipped(text, most), "verbatim": True}
