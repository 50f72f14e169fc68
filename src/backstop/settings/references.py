"""Values that may stand elsewhere: ``env:NAME`` is read from the environment or ``.env``."""

from __future__ import annotations

import re

from backstop.environment import Environment
from backstop.model.target import Secret
from backstop.redaction import REDACTOR
from backstop.settings.faults import Fault, dotted
from backstop.settings.kinds import Wanted, mistaken
from backstop.settings.table import Table, shown

_PREFIX = "env:"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SECRET_NAME = re.compile(r"secret|token|password|authorization|cookie|(?<!public[-_])key", re.IGNORECASE)


class References:
    """Reads the references of one target.

    ``unset`` names the variables that are missing and that only some checks need. ``missing`` holds a
    fault for each without which, or with whose value, this target can't be used; other targets can.
    """

    def __init__(self, env: Environment) -> None:
        self.unset: list[str] = []
        self.missing: list[Fault] = []
        self._env = env

    def credential(self, table: Table, name: str, fallback: str, wanted: Wanted) -> Secret | None:
        """A secret, from this key or else from the variable ``fallback``; None when nobody has set it.

        One that looks like another kind of credential is a fault, which does not quote it.
        """
        found = self._read(table, name, fallback)
        if found is not None and (wrong := mistaken(found.value, wanted)):
            self.blame(table, name, f"what {found.name} holds {wrong}")
        return found

    def _read(self, table: Table, name: str, fallback: str) -> Secret | None:
        if name not in table:
            return self._env.get(fallback) if fallback else None
        value = table.value(name)
        if not isinstance(value, str) or not value.strip():
            table.fault(name, 'wanted "env:NAME"; what was found is no text')
            return None
        return self._secret(table, name, value)

    def identifier(self, table: Table, name: str, fallback: str) -> str:
        """An id that is no secret, from this key or else from the variable ``fallback``; else empty."""
        text = table.text(name)
        if name not in table:
            return self._env.plain(fallback)
        if not text.startswith(_PREFIX):
            return text
        variable = self._variable(table, name, text)
        return self._env.plain(variable) or self._note_unset(variable)

    def needed(self, table: Table, name: str) -> str:
        """A text without which the target can't be used; empty when it is missing."""
        text = table.text(name)
        if not text.startswith(_PREFIX):
            return text
        variable = self._variable(table, name, text)
        return self._env.plain(variable) or self._note_missing(table, name, variable)

    def open_value(self, table: Table, name: str, value: object) -> Secret | str:
        """The value of a header or a secret under the user's own key; empty when it is missing."""
        if not isinstance(value, str) or not value:
            table.fault(name, f"found {shown(value)}, wanted a text")
            return ""
        if value.startswith(_PREFIX):
            variable = self._variable(table, name, value)
            return self._env.get(variable) or self._note_missing(table, name, variable)
        return literal(table, name, value) if _SECRET_NAME.search(name) else value

    def address(self, variable: str) -> str:
        """The address that a variable gives, without its last slash; empty when unset."""
        return self._env.plain(variable).rstrip("/")

    def blame(self, table: Table, name: str, problem: str) -> None:
        """Note a faulty value: a fault of the file, or, when the environment gave it, of this target only."""
        if name not in table or str(table.value(name)).startswith(_PREFIX):
            self.missing.append(table.faults.fault((*table.key, name), problem))
        else:
            table.fault(name, problem)

    def _secret(self, table: Table, name: str, value: str) -> Secret | None:
        if not value.startswith(_PREFIX):
            return literal(table, name, value)
        variable = self._variable(table, name, value)
        found = self._env.get(variable)
        if found is None:
            self._note_unset(variable)
        return found

    def _variable(self, table: Table, name: str, value: str) -> str:
        variable = value.removeprefix(_PREFIX).strip()
        if not _VARIABLE.fullmatch(variable):
            table.fault(name, f'found {shown(value)}, wanted "env:NAME" with the name of a variable')
            return ""
        return variable

    def _note_unset(self, variable: str) -> str:
        if variable:
            self.unset.append(variable)
        return ""

    def _note_missing(self, table: Table, name: str, variable: str) -> str:
        if variable:
            problem = f"the variable {variable} is not set; wanted it in the environment or in .env"
            self.missing.append(table.faults.fault((*table.key, name), problem))
        return ""


def literal(table: Table, name: str, value: str) -> Secret:
    """A secret that stands in the file itself."""
    where = dotted((*table.key, name))
    REDACTOR.register(where, value)
    return Secret(where, value)
