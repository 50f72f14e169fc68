"""Discord: an announcement through a webhook, changed in place as the incident goes on.

Limits and fields: discord.com/developers/docs/resources/webhook ("Execute Webhook", "Edit Webhook Message").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import backstop
from backstop.model.http import Answer, Request
from backstop.model.target import Secret, Webhook
from backstop.notify.escape import clipped, joined
from backstop.notify.notifier import (
    Known,
    Letter,
    Refusal,
    Taken,
    posted,
    refused,
    strange,
    unset,
)
from backstop.notify.occasion import Occasion
from backstop.probes.rest import TOO_MANY

_OK = 200
_CONTENT = 2_000
_NO_PREVIEWS = 1 << 2  # SUPPRESS_EMBEDS
_UNKNOWN_MESSAGE = 10008  # codes of Discord's JSON errors
_WHY = {
    10015: "the webhook is gone",
    50027: "the end of the webhook's URL is not right",
    50035: "Discord refused the message's form",
    50006: "Discord refused an empty message",
}
_OPENS = frozenset({Occasion.INITIATED, Occasion.DRILL_BEGUN, Occasion.ALERT_RAISED})
_SILENT = frozenset({Occasion.ROLLED_BACK, Occasion.ALERT_REMINDED, Occasion.ALERT_FLAPPING})


@dataclass(frozen=True, slots=True)
class Discord:
    """One webhook, with one message for each incident."""

    webhook: Webhook
    name: str = "discord"
    headers: Sequence[tuple[str, Secret | str]] = (
        ("User-Agent", f"DiscordBot (backstop, {backstop.__version__})"),
    )
    goes_on_unseen: bool = True

    @property
    def problem(self) -> str:
        """Why there is no webhook."""
        return unset(self.webhook.url, self.webhook.source, self.webhook.wrong)

    def hears(self, occasion: Occasion, known: Known | None) -> bool:
        """How it begins and ends, and how it ends only where its beginning was told."""
        return occasion not in _SILENT and (known is not None or occasion in _OPENS)

    def request(self, letter: Letter, known: Known | None) -> Request:
        """A new message, or the other words of the one that is there. Nobody is mentioned by either.

        What begins anew is a new message: nobody sees an old one change.
        """
        body = {
            "content": clipped(joined((letter.title, letter.words.text)), _CONTENT),
            "allowed_mentions": {"parse": []},
            "flags": _NO_PREVIEWS,
        }
        again = letter.occasion in _OPENS and (known is None or known.quiet)
        if known is not None and known.id and not again:
            return posted("PATCH", self.webhook.url, f"/messages/{known.id}", body)
        return posted("POST", self.webhook.url, "?wait=true", body)

    def seek(self, letter: Letter, known: Known | None) -> None:
        """A webhook can't list its messages."""
        del letter, known

    def sought(self, answer: Answer, letter: Letter, known: Known | None) -> Refusal:
        """Nobody can tell."""
        del answer, letter, known
        return Refusal("Discord can't be asked", perhaps=True)

    def read(self, answer: Answer, known: Known | None) -> Taken | Refusal:
        """The message itself is the proof that it was kept; its id is for the next time."""
        found = answer.members()
        if found is None:
            return refused("Discord", answer) if answer.status != _OK else strange("Discord", answer)
        id_, code = found.get("id"), found.get("code")
        if answer.status == _OK and isinstance(id_, str) and id_.isdecimal():
            return Taken("updated" if known and known.id == id_ else "posted", id_)
        if answer.status == _OK:
            return strange("Discord", answer)
        if code == _UNKNOWN_MESSAGE:
            return Refusal(f"the message was deleted ({answer.status} {code})", gone=True)
        if code in _WHY and answer.status != TOO_MANY:
            return Refusal(f"{_WHY[code]} ({answer.status}, code {code})")
        return refused("Discord", answer, f"code {code}" if isinstance(code, int) and code else "")
