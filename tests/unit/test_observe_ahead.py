"""Looks that do not depend on each other are had at the same time, and only those that are needed."""

from __future__ import annotations

import signal
from threading import Barrier, Event, main_thread
from typing import Any, cast

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.target import Command
from backstop.observe.ahead import look_ahead
from backstop.observe.looks import Looks

PATIENCE_S = 10.0
OF_DEPLOYMENT = ("traffic", "listed", "secret_names", "serving", "way_back")
OF_DISCORD = ("application", "discord_status", "one", "other", "registered", "registered 1", "usual")


class Scene:
    """Stands for Looks: notes what is looked at. A look named in ``together`` waits for all the others."""

    def __init__(self, *together: str, dark: str = "", broken: str = "") -> None:
        self.seen: list[str] = []
        self._together = together
        self._barrier = Barrier(max(1, len(together)))
        self._dark, self._broken = dark, broken
        self.deployed = self.bot = self.place = self.target = self
        self.commands = (Command("one"), Command("other", guild="1"))

    def __getattr__(self, name: str) -> Any:
        return self._look(name)

    def usual(self) -> Any:
        """The probes."""
        return self._look("usual")

    def command(self, command: Command) -> Any:
        """A command."""
        return self._look(command.name)

    def registered(self, guild: str) -> Any:
        """What is registered there."""
        return self._look(f"registered {guild}".strip())

    def _look(self, name: str) -> str:
        self.seen.append(name)
        if name in self._together:
            self._barrier.wait(PATIENCE_S)
        if name == self._dark:
            message = "it is dark"
            raise CouldNotLook(message)
        if name == self._broken:
            raise KeyError(name)
        return name


def _ahead(scene: Scene, *suites: str) -> list[str]:
    look_ahead(cast("Looks", scene), frozenset(suites))
    return sorted(scene.seen)


@pytest.mark.parametrize(
    ("suites", "wanted"),
    [
        ((), []),
        (("latency",), []),
        (("security",), ["usual"]),
        (("health",), ["serving", "usual", "way_back"]),
        (
            ("discord",),
            sorted(OF_DISCORD),
        ),
        (("deployment", "health", "security"), sorted(OF_DEPLOYMENT)),
    ],
)
def test_only_what_the_suites_read_is_looked_at(suites: tuple[str, ...], wanted: list[str]) -> None:
    """The probes are sent with the tail open where that is read too."""
    assert _ahead(Scene(), *suites) == wanted


def test_no_look_waits_for_another() -> None:
    """Each of these goes on only when all of them have begun."""
    scene = Scene("traffic", "listed", "secret_names", "serving", "registered", "discord_status", "one")

    assert "traffic" in _ahead(scene, "deployment", "discord")


def test_what_can_not_be_seen_is_left_to_the_checks() -> None:
    """It is kept, and told to whoever asks."""
    assert _ahead(Scene(dark="traffic"), "deployment") == sorted(OF_DEPLOYMENT)


def test_a_defect_of_ours_is_not_hidden() -> None:
    """What is no verdict on a look is raised."""
    with pytest.raises(KeyError):
        _ahead(Scene(broken="secret_names"), "deployment")


class Held(Scene):
    """A look that waits for its turn until nothing may wait any more, while somebody types Ctrl-C."""

    def __init__(self) -> None:
        super().__init__()
        self.prober = self.budget = self
        self.let_go = Event()

    def usual(self) -> Any:
        """Interrupt whoever waits for this, and wait."""
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
        self.let_go.wait(PATIENCE_S)
        message = "interrupted"
        raise CouldNotLook(message)

    def abandon(self) -> None:
        """Let nothing wait any more."""
        self.let_go.set()


def test_an_interrupt_lets_nothing_wait_for_its_turn() -> None:
    """A drill that was told to end would else wait for a minute before it puts anything back."""
    scene = Held()

    with pytest.raises(KeyboardInterrupt):
        _ahead(scene, "security")

    assert scene.let_go.is_set()
