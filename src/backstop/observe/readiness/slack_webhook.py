"""Whether Slack knows an incoming webhook, found out with a request that can't be a message.

An empty object has no text, blocks or attachments: there is nothing that Slack could post of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from backstop.model.http import Request
from backstop.model.target import Webhook
from backstop.observe.readiness.asking import ask, not_there, odd
from backstop.observe.readiness.finding import Lacking, Proof

_PAGE = "api.slack.com/apps → the app → Incoming Webhooks"
_NEW = f"{_PAGE} → Add New Webhook to Workspace, and set its URL as"
_NOTHING_TO_POST = frozenset({"no_text", "missing_text_or_fallback_or_attachments"})
_GONE = "it was removed, or the app was"
_REFUSALS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no_service": (_GONE, _NEW),
        "no_service_id": (_GONE, _NEW),
        "no_active_hooks": (_GONE, _NEW),
        "no_team": ("there is no such workspace", _NEW),
        "team_disabled": ("the workspace is disabled", _NEW),
        "invalid_token": ("the end of its URL is not right", f"{_PAGE} → Webhook URL → Copy, and set it as"),
        "channel_not_found": ("its channel was deleted", _NEW),
        "user_not_found": ("whom it writes to is not there", _NEW),
        "channel_is_archived": (
            "its channel is archived",
            "Slack → the channel → Unarchive; or make a webhook for another channel, and set its URL as",
        ),
        "action_prohibited": (
            "an administrator forbids it to post there",
            "ask an administrator, or make a webhook for another channel, and set its URL as",
        ),
        "posting_to_general_channel_denied": (
            "it may not post to the general channel",
            "make a webhook for another channel, and set its URL as",
        ),
    }
)


def look(webhook: Webhook) -> Proof:
    """That Slack knows the webhook. Raises Lacking, CouldNotLook."""
    if webhook.url is None:
        raise not_there("the webhook", webhook.source, webhook.wrong)
    headers = (("Content-Type", "application/json"),)
    answer = ask("Slack", Request("POST", webhook.url.value, headers, b"{}"))
    word = answer.text.strip()
    if refusal := _REFUSALS.get(word):
        why, remedy = refusal
        message = f"the webhook would not take a message: {why} ({answer.status} {word})"
        raise Lacking(message, f"{remedy} {webhook.source}")
    if word not in _NOTHING_TO_POST:
        raise odd("Slack", answer, "400 no_text to a request without a text")
    return Proof(f"the webhook is known ({answer.status} {word}: nothing was posted)")
