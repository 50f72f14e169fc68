"""JSON of unknown shape, read member by member; what is not as wanted says where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from backstop.cloudflare.otherwise import DASHBOARD
from backstop.model.errors import CouldNotLook
from backstop.model.version import VersionId, version_id

_SHOWN = 120
_LARGEST = 2**53  # what JSON numbers hold exactly


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the path to it. Each reader raises CouldNotLook that shows what was found."""

    value: Any
    where: str

    def reject(self, wanted: str) -> NoReturn:
        """Raise CouldNotLook for a value that is not as wanted."""
        message = f"what Cloudflare answered can't be read: {self.where} is {repr(self.value)[:_SHOWN]}"
        remedy = f"the API may have changed: look for a newer backstop; {DASHBOARD}"
        raise CouldNotLook(f"{message}; wanted {wanted}", remedy=remedy)

    def member(self, name: str) -> Found:
        """A member of an object; None stands for one that is missing."""
        if not isinstance(self.value, dict):
            self.reject("an object")
        return Found(self.value.get(name), f"{self.where}.{name}")

    def within(self, *names: str) -> Found:
        """A member of members, any of which may be missing."""
        here = self
        for name in names:
            if here.value is None:
                return Found(None, f"{here.where}.{name}")
            here = here.member(name)
        return here

    def listed(self) -> Iterator[Found]:
        """The entries of a list that must be there."""
        if self.value is None:
            self.reject("a list")
        return self.entries()

    def entries(self) -> Iterator[Found]:
        """The entries of a list; a missing list has none."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            self.reject("a list")
        for index, entry in enumerate(self.value):
            yield Found(entry, f"{self.where}[{index}]")

    def text(self) -> str:
        """A text that must be there."""
        if not isinstance(self.value, str):
            self.reject("text")
        return self.value

    def text_or(self, otherwise: str) -> str:
        """A text that may be missing."""
        return otherwise if self.value is None else self.text()

    def number(self) -> float:
        """A number that must be there, and be finite; also one that is written as a text."""
        value = _number_in(self.value) if isinstance(self.value, str) else self.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
            self.reject("a number")
        return value

    def time(self) -> datetime:
        """A moment in ISO 8601 that must be there, in UTC where it names no zone."""
        try:
            moment = datetime.fromisoformat(self.text())
        except ValueError:
            self.reject("a time such as 2026-01-31T12:00:00Z")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def version(self) -> VersionId:
        """A version id that must be there, whatever the case of its letters."""
        try:
            return version_id(self.text().lower())
        except ValueError:
            self.reject("a version id")


def _number_in(text: str) -> float | None:
    """The number that a text is, or nothing."""
    try:
        return float(text)
    except ValueError:
        return None
