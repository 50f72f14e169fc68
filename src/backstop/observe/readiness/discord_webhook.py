"""Whether Discord has a webhook: it shows it to whoever knows its address."""

from __future__ import annotations

from backstop.model.http import Request
from backstop.model.target import Webhook
from backstop.observe.readiness.asking import ask, not_there, odd
from backstop.observe.readiness.finding import Lacking, Proof

_OK = 200
_UNKNOWN_WEBHOOK = 10015  # codes of Discord's JSON errors
_INVALID_TOKEN = 50027
_INCOMING = 1
_PAGE = "Discord → Server Settings → Integrations → Webhooks"


def look(webhook: Webhook) -> Proof:
    """That the webhook is there, and in which channel it posts. Raises Lacking, CouldNotLook."""
    if webhook.url is None:
        raise not_there("the webhook", webhook.source, webhook.wrong)
    answer = ask("Discord", Request("GET", webhook.url.value))
    found = answer.members() or {}
    if found.get("code") == _UNKNOWN_WEBHOOK:
        message = f"the webhook is gone ({answer.status} Unknown Webhook)"
        raise Lacking(message, f"{_PAGE} → New Webhook → Copy Webhook URL, and set it as {webhook.source}")
    if found.get("code") == _INVALID_TOKEN:
        message = f"the end of the webhook's URL is not right ({answer.status} Invalid Webhook Token)"
        raise Lacking(message, f"{_PAGE} → the webhook → Copy Webhook URL, and set it as {webhook.source}")
    if answer.status != _OK or found.get("type") != _INCOMING:
        raise odd("Discord", answer, "the webhook's own record")
    return Proof(f"the webhook {found.get('name')} posts to channel {found.get('channel_id')}")
