"""The words of a message, from templates that a team can change.

A template is ``CHANNEL-OCCASION.j2``, or ``CHANNEL.j2`` for all occasions: the team's own first, then ours.
Its first line is the title. Every value that it shows is escaped for the channel, whatever filters it goes
through; only what is written in the template itself acts there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateError,
    TemplatesNotFound,
)

from backstop.notify.escape import Escape, for_discord, for_slack, for_statuspage
from backstop.notify.occasion import Occasion
from backstop.notify.rendering import BoundedEnvironment, render
from backstop.notify.story import Story
from backstop.redaction import REDACTOR

_ESCAPES: dict[str, Escape] = {
    "slack": for_slack,
    "discord": for_discord,
    "statuspage": for_statuspage,
}
_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A message in the channel's own notation. ``title`` is its first line."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes words. ``own`` is the folder of a team's templates; ``say`` is told what is wrong with one."""

    own: Path | None = None
    say: Callable[[str], None] = lambda _: None
    _told: set[str] = field(default_factory=set, init=False, repr=False)

    def words(self, channel: str, occasion: Occasion, story: Story) -> Words | None:
        """What a channel is told; None where a template leaves nothing to say on this occasion."""
        if self.own is not None:
            try:
                return _words(FileSystemLoader(self.own), channel, occasion, story)
            except TemplatesNotFound:
                if not self.own.is_dir():
                    self._complain(f"there is no folder {self.own} of templates; the usual texts are sent")
            except _FAULTS as error:
                self._complain(_fault(self.own, channel, occasion, error))
        return _words(PackageLoader("backstop.notify"), channel, occasion, story)

    def _complain(self, fault: str) -> None:
        if fault not in self._told:
            self._told.add(fault)
            self.say(fault)


def _words(loader: BaseLoader, channel: str, occasion: Occasion, story: Story) -> Words | None:
    environment = _environment(loader, _ESCAPES[channel])
    rendered = render(environment.select_template(names(channel, occasion)), story.members())
    title, _, text = REDACTOR.redact(rendered).strip().partition("\n")
    return Words(title.strip(), text.strip()) if title.strip() else None


def names(channel: str, occasion: Occasion) -> list[str]:
    """The files that may hold a template, the first that is there being taken."""
    return [f"{channel}-{occasion.slug}.j2", f"{channel}.j2"]


def _environment(loader: BaseLoader, escape: Escape) -> BoundedEnvironment:
    def shown(value: Any) -> str:
        if isinstance(value, list | tuple):
            return ", ".join(map(shown, value))
        return escape(str(value)) if value is not None else ""

    return BoundedEnvironment(
        loader=loader,
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )


def _fault(folder: Path, channel: str, occasion: Occasion, error: Exception) -> str:
    """One line for whoever wrote the template."""
    there = [name for name in names(channel, occasion) if (folder / name).is_file()]
    named = getattr(error, "name", None) or next(iter(there), f"{channel}.j2")
    line = getattr(error, "lineno", None) or _line_in(folder, error)
    where = f"{folder.name}/{named}" + (f", line {line}" if line else "")
    said = " ".join(str(error).split()) or type(error).__name__
    return f"{where}: this template can't be used ({said[:200]}); the usual text is sent in its place"


def _line_in(folder: Path, error: Exception) -> int | None:
    """The line of the template at which an error was raised: Jinja's tracebacks name it."""
    frames = extract_tb(error.__traceback__)
    return next((at.lineno for at in reversed(frames) if Path(at.filename).parent == folder), None)
