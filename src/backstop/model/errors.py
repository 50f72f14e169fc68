"""The ways in which this tool can end other than well.

    BackstopError
    ├── UsageError            exit 4   what was typed or configured is wrong
    │   └── BuildFailed                the bot's own build failed
    ├── BotRejected           exit 1   the platform refused the bot: it throws at start-up
    ├── CouldNotLook          exit 20  nothing is known of the bot, and why
    │   ├── Blocked                    something in front of the bot turned us away
    │   └── OnlyDiscordSigns           it takes a signature that nobody but Discord can make
    ├── Refused               exit 21  a plan or a guard said no; nothing was changed
    ├── Unconfirmed           exit 22  acted, but the witnesses do not agree
    └── Unrestored            exit 23  something of ours is still in place

A message says what was found and what was wanted; ``remedy`` says what to do next.
"""

from __future__ import annotations

from typing import ClassVar

from backstop.model.verdict import Ending


class BackstopError(Exception):
    """Raised when a session cannot go on as asked; ``ending`` is its exit code."""

    ending: ClassVar[Ending] = Ending.INTERNAL_ERROR

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.remedy}" if self.remedy else self.message


class UsageError(BackstopError):
    """Raised when an option, the targets file or the environment is wrong."""

    ending = Ending.USAGE


class BuildFailed(UsageError):
    """Raised when the bot's own sources do not build; nothing was uploaded."""


class BotRejected(BackstopError):
    """Raised when the platform refuses an upload because the bot itself is broken."""

    ending = Ending.FAILED


class CouldNotLook(BackstopError):
    """Raised when a question about the bot could not be answered at all."""

    ending = Ending.INCONCLUSIVE


class Blocked(CouldNotLook):
    """Raised when a challenge, an access login or an edge ban answered in the bot's place."""


class OnlyDiscordSigns(CouldNotLook):
    """Raised when what was to be seen takes Discord's own signature: this session holds no signing key."""


class Refused(BackstopError):
    """Raised when a plan or a guard forbids a mutation before anything was changed."""

    ending = Ending.REFUSED


class Unconfirmed(BackstopError):
    """Raised when a mutation was made but its effect could not be proven in time."""

    ending = Ending.UNCONFIRMED


class Unrestored(BackstopError):
    """Raised when a mutation of ours could not be undone; the message names it."""

    ending = Ending.UNRESTORED
