"""Where people are told of an incident: ``[targets.NAME.channels]``."""

from __future__ import annotations

import re
from dataclasses import replace

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
_WANTED = 'a table, such as { slack = "env:SLACK_WEBHOOK" }'
_NAMES = ("slack", "discord", "statuspage")
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
    named = table.table("channels", _WANTED)
    if named is None:
        return Channels()
    references = References(env)  # of its own, since nothing but a message waits for a channel
    found = _channels(named, references, mails=True)
    alerts, drills = _alerts(named, found), named.table("drills", _WANTED)
    if drills is not None:
        of_drills = _channels(drills, references, mails=False)
        drills.finish()
        found = replace(found, drills=of_drills)
    named.finish()
    return replace(found, alerts=alerts)


def _channels(table: Table, references: References, *, mails: bool) -> Channels:
    return Channels(
        slack=_webhook(table, references, "slack", Wanted.SLACK_WEBHOOK),
        discord=_webhook(table, references, "discord", Wanted.DISCORD_WEBHOOK),
        statuspage=_statuspage(table, references, mails=mails),
    )


def _alerts(table: Table, found: Channels) -> tuple[str, ...]:
    """Which channels hear of a monitor's alerts: those of the team, unless others are named."""
    if "alerts" not in table:
        return Channels().alerts
    names = table.texts("alerts")
    if not all(getattr(found, name) is not None for name in _NAMES if name in names):
        table.wanted("alerts", "channels that this target names")
    if not set(names) <= set(_NAMES):
        table.wanted("alerts", f"a list of some of {', '.join(_NAMES)}")
    return names


def _webhook(table: Table, references: References, name: str, wanted: Wanted) -> Webhook | None:
    if table.value(name) is None:
        return None
    source, given = _credential(table, references, name, wanted)
    if given is None:
        return Webhook(source, None)
    whole = _SHAPES[wanted].fullmatch(given.value.strip())
    if whole is None:
        wrong = _in_the_clear(given.value, wanted) or mistaken(given.value, wanted)
        if not wrong:
            wrong = f"has another form; wanted {wanted.what}, {_FORMS[wanted]}: {wanted.where}"
            references.blame(table, name, f"what {source} holds {wrong}")
        return Webhook(source, None, wrong)
    address = (references.address(_BASES[wanted]) or whole["base"]) + whole["path"]
    return Webhook(source, Secret(given.name, address))


def _in_the_clear(value: str, wanted: Wanted) -> str:
    """Why the right address over http is not taken; empty for everything else."""
    plain, _, rest = value.strip().partition("://")
    if plain.lower() != "http" or not _SHAPES[wanted].fullmatch(f"https://{rest}"):
        return ""
    why = "whoever is on the way would read what lets anybody post"
    return f"begins with http://; wanted {wanted.what} as it is, with https://: {why}"


def _statuspage(table: Table, references: References, *, mails: bool) -> Statuspage | None:
    """``mails``: whether subscribers get some where nothing is said of that."""
    named = table.table("statuspage", f"a table, such as {_EXAMPLE}")
    if named is None:
        return None
    for name in ("page", "component", "token"):
        if name not in named:
            named.fault(name, f"missing; wanted {_EXAMPLE}")
    page, component = _id(named, "page"), _id(named, "component")
    source, token = _credential(named, references, "token", Wanted.STATUSPAGE)
    wrong = mistaken(token.value, Wanted.STATUSPAGE) if token else ""
    delivered = named.flag("deliver_notifications", default=mails)
    named.finish()
    api = references.address("STATUSPAGE_API_BASE_URL") or _STATUSPAGE
    return Statuspage(page, component, source, None if wrong else token, api, wrong, delivered)


def _credential(table: Table, references: References, name: str, wanted: Wanted) -> tuple[str, Secret | None]:
    """Where it is to come from, and what it is; None where nobody has set it."""
    found = references.credential(table, name, "", wanted)
    return (found.name if found else next(reversed(references.unset), name)), found


def _id(table: Table, name: str) -> str:
    text = table.text(name)
    if text and not _ID.fullmatch(text):
        table.wanted(name, f"the {name}'s id, of letters and digits")
    return text
