"""``[reports]`` of a targets file: how long reports are kept."""

from __future__ import annotations

from backstop.model.keeping import Keeping
from backstop.settings.table import Table

_MOST_SESSIONS = 2000
_MOST_DAYS = 3660


def read_keeping(root: Table) -> Keeping:
    """The rule, or the usual one; what is wrong with it is left with the table."""
    usual = Keeping()
    table = root.table("reports", "a table, such as [reports], keep = 200, keep_days = 400")
    if table is None:
        return usual
    found = Keeping(
        table.integer("keep", usual.sessions, 1, _MOST_SESSIONS),
        table.integer("keep_days", usual.days, 1, _MOST_DAYS),
    )
    table.finish()
    return found
