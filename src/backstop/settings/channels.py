"""Where people are told of an incident: ``[targets.NAME.channels]``."""

from __future__ import annotations

import re

from backstop.environment import Environment
from backstop.model.target import Channels, Secret, Statuspage, Webhook
from backstop.settings.kinds import Wanted, mistaken
from backstop.settings.references import References
from backstop.settings.table import Table

_SLACK = re.compile(
    r"(?P<base>https://hooks\.slack(?:-gov)?\.com)(?P<path>/services/[A-Z0-9]+/[A-Z0-9]+/\w+)", re.ASCII
)
_DISCORD = re.compile(
    r"(?P<base>https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/api(?:/v\d+)?)"
    r"(?P<path>/webhooks/\d{15,21}/[\w-]{16,})",
    re.ASCII,
)
_STATUSPAGE = "https://api.statuspage.io/v1"
_EXAMPLE = '{ page = "…", component = "…", token = "env:STATUSPAGE_TOKEN" }'
_ID = re.compile(r"[A-Za-z0-9]+")
_SHAPES = {Wanted.SLACK_WEBHOOK: _SLACK, Wanted.DISCORD_WEBHOOK: _DISCORD}
_BASES = {Wanted.SLACK_WEBHOOK: "SLACK_WEBHOOK_BASE_URL", Wanted.DISCORD_WEBHOOK: "DISCORD_API_BASE_URL"}
_FORMS = {
    Wanted.SLACK_WEBHOOK: "https://hooks.slack.com/services/T…/B…/…",
    Wanted.DISCORD_WEBHOOK: "https://discord.com/api/webhooks/ID/TOKEN",
}


def read_channels(table: Table, env: Environment) -> Channels:
    """The channels of a target; what the environment holds for them keeps nobody from using the target.

    Addresses of the services can be replaced by SLACK_WEBHOOK_BASE_URL, DISCORD_API_BASE_URL and
    STATUSPAGE_API_BASE_URL.
    """
    named = table.table("channels", 'a table, such as { slack = "env:SLACK_WEBHOOK" }')
    if named is None:
        return Channels()
    references = References(env)  # of its own, since nothing but a message waits for a channel
    found = Channels(
        slack=_webhook(named, references, "slack", Wanted.SLACK_WEBHOOK),
        discord=_webhook(named, references, "discord", Wanted.DISCORD_WEBHOOK),
        statuspage=_statuspage(named, references),
    )
    named.finish()
    return found


def _webhook(table: Table, references: References, name: str, wanted: Wanted) -> Webhook | None:
    if table.value(name) is None:
        return None
    source, given = _credential(table, references, name, wanted)
    if given is None:
        return Webhook(source, None)
    whole = _SHAPES[wanted].fullmatch(given.value.strip())
    if whole is None:
        wrong = mistaken(given.value, wanted)
        if not wrong:
            wrong = f"has another form; wanted {wanted.what}, {_FORMS[wanted]}: {wanted.where}"
            references.blame(table, name, f"what {source} holds {wrong}")
        return Webhook(source, None, wrong)
    address = (references.address(_BASES[wanted]) or whole["base"]) + whole["path"]
    return Webhook(source, Secret(given.name, address))


def _statuspage(table: Table, references: References) -> Statuspage | None:
    named = table.table("statuspage", f"a table, such as {_EXAMPLE}")
    if named is None:
        return None
    for name in ("page", "component", "token"):
        if name not in named:
            named.fault(name, f"missing; wanted {_EXAMPLE}")
    page, component = _id(named, "page"), _id(named, "component")
    source, token = _credential(named, references, "token", Wanted.STATUSPAGE)
    wrong = mistaken(token.value, Wanted.STATUSPAGE) if token else ""
    named.finish()
    api = references.address("STATUSPAGE_API_BASE_URL") or _STATUSPAGE
    return Statuspage(page, component, source, None if wrong else token, api, wrong)


def _credential(table: Table, references: References, name: str, wanted: Wanted) -> tuple[str, Secret | None]:
    """Where it is to come from, and what it is; None where nobody has set it."""
    found = references.credential(table, name, "", wanted)
    return (found.name if found else next(reversed(references.unset), name)), found


def _id(table: Table, name: str) -> str:
    text = table.text(name)
    if text and not _ID.fullmatch(text):
        table.wanted(name, f"the {name}'s id, of letters and digits")
    return text
