"""When people are told of what monitors see: ``[targets.NAME.monitor]``."""

from __future__ import annotations

from backstop.environment import Environment
from backstop.model.monitor_rules import MonitorRules
from backstop.model.target import Secret
from backstop.settings.references import References
from backstop.settings.table import Table, is_web_address

_USUAL = MonitorRules()
_LOOKS = (1, 100)
_OFTEN = (2, 1000)
_MINUTES = (1, 1440)
_CODE = "{code}"


def read_monitor(table: Table, env: Environment) -> tuple[MonitorRules, Secret | None]:
    """The rules that a target states, and where the end of each monitor is reported, None for nowhere.

    What it does not say is as usual.
    """
    stated = table.table("monitor", "a table, such as { raise_after = 3, resolve_after = 2 }")
    if stated is None:
        return _USUAL, None
    often, often_s = _so_often(stated, "raise_on", "failures", (_USUAL.often, _USUAL.often_s))
    changes, flapping_s = _so_often(stated, "flapping", "changes", (_USUAL.changes, _USUAL.flapping_s))
    rules = MonitorRules(
        raise_after=stated.integer("raise_after", _USUAL.raise_after, *_LOOKS),
        often=often,
        often_s=often_s,
        resolve_after=stated.integer("resolve_after", _USUAL.resolve_after, *_LOOKS),
        remind_s=60.0 * stated.integer("remind_minutes", round(_USUAL.remind_s / 60), *_MINUTES),
        changes=changes,
        flapping_s=flapping_s,
        unauthorised=stated.number("unauthorised_per_minute"),
    )
    heartbeat = _heartbeat(stated, env)
    stated.finish()
    return rules, heartbeat


def _heartbeat(table: Table, env: Environment) -> Secret | None:
    """One that the environment lacks keeps nobody from looking: it is empty, and the session says so."""
    text = table.text("heartbeat")
    if not text:
        return None
    found = References(env).open_value(table, "heartbeat", text)
    if isinstance(found, Secret):
        return found
    if found and not is_web_address(found.replace(_CODE, "0")):
        table.wanted("heartbeat", "an https address, or env:NAME with the variable that holds it")
    return Secret(text.removeprefix("env:"), found)


def _so_often(table: Table, name: str, what: str, usual: tuple[int, float]) -> tuple[int, float]:
    """So many within so many minutes; the minutes come out as seconds."""
    stated = table.table(
        name, f"a table, such as {{ {what} = {usual[0]}, minutes = {round(usual[1] / 60)} }}"
    )
    if stated is None:
        return usual
    number = stated.integer(what, usual[0], *_OFTEN)
    minutes = stated.integer("minutes", round(usual[1] / 60), *_MINUTES)
    stated.finish()
    return number, 60.0 * minutes
