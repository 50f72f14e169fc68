"""Whoever is asked types the target's name, at the terminal itself."""

from __future__ import annotations

import os
import pty
import select
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backstop.model.target import Target
from backstop.rollback.request import RollbackRequest
from fixtures import consent

PROD = Target("prod", sandbox=False, protected=True)
REQUEST = RollbackRequest("why")


class _Plan:
    class wanted:  # noqa: N801 - stands for a version
        label = "71570803 (v1)"


@contextmanager
def _terminal(typed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal at which this is typed; what it shows can be read from the other end."""
    ours, theirs = pty.openpty()
    opened = os.dup(theirs)
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest: opened if path == "/dev/tty" else real(path, *rest))
    os.write(ours, typed.encode())
    try:
        yield ours
    finally:
        os.close(ours)
        os.close(theirs)


def _shown(screen: int) -> bytes:
    """What the terminal shows, as far as it is there: what was typed and the question."""
    shown = b""
    while select.select([screen], [], [], 0.2)[0]:
        shown += os.read(screen, 1000)
    return shown


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [
        ("prod\n", True),
        ("  prod \n", True),
        ("yes\n", False),
        ("\n", False),
        ("Prod\n", False),
        ("produce\n", False),
    ],
)
def test_only_the_targets_name_is_consent(
    monkeypatch: pytest.MonkeyPatch, typed: str, *, agreed: bool
) -> None:
    """And the question says what it leads to."""
    with _terminal(typed, monkeypatch) as screen:
        assert agreed == consent.consent_of(PROD, REQUEST)(_Plan())  # type: ignore[arg-type]
        assert b"Type prod to roll back to 71570803 (v1): " in _shown(screen)


def test_nobody_who_types_is_no_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time limit, not a wait for ever."""
    monkeypatch.setattr(consent, "_PATIENCE_S", 0.05)

    with _terminal("", monkeypatch):
        assert not consent.consent_of(PROD, REQUEST)(_Plan())  # type: ignore[arg-type]


def test_without_a_terminal_nobody_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a pipeline."""

    def none(path: str, *_rest: object) -> int:
        raise OSError(6, "No such device or address", path)

    monkeypatch.setattr(os, "open", none)

    assert not consent.somebody_is_here()
    assert not consent.consent_of(PROD, REQUEST)(_Plan())  # type: ignore[arg-type]


def test_who_has_said_yes_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """--yes, or a target that is not protected."""
    monkeypatch.setattr(consent, "_terminal", None)

    assert consent.consent_of(PROD, RollbackRequest("why", consented=True))(_Plan())  # type: ignore[arg-type]
