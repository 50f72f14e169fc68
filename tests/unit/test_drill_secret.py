"""A drill that is cut off while it changes a secret, which makes a deployment without its mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import pytest

from backstop.drill.arrange import Arranger
from backstop.journal.events import MutationUndone
from backstop.model.errors import CouldNotLook, Unconfirmed
from backstop.model.scenario import RollbackOutcome, Surroundings
from backstop.model.version import version_id
from tests.unit.drilling import BAD, FAULT_STAGE, FOREIGN, GOOD, SCENARIO, Cloud, Setup, drill_fixture

__all__ = ["drill_fixture"]  # pytest finds it here

CHANGED = replace(SCENARIO, surroundings=Surroundings.SECRET_CHANGED, rollback=RollbackOutcome.REFUSED)
WITH_SECRET = version_id("44444444-4444-4444-8444-444444444444")


@dataclass
class CutOff:
    """Stands for the arranger: puts a secret, or does not, and is cut off before anybody hears of it."""

    cloud: Cloud
    error: BaseException
    arrives: bool = True

    def arrange(self, _what: Surroundings) -> None:
        """As Cloudflare does: a new version, deployed at once."""
        if self.arrives:
            self.cloud.deploy(WITH_SECRET, "")
        raise self.error

    def put_right(self) -> None:
        """A secret is put right by going back."""


def _cut_off(drill: Callable[..., Setup], error: BaseException, *, arrives: bool = True) -> Setup:
    setup = drill()
    setup.operator.arranger = cast("Arranger", CutOff(setup.cloud, error, arrives))
    setup.operator.begin()
    with pytest.raises(type(error)):
        setup.operator.break_with(FAULT_STAGE, CHANGED)
    return setup


@pytest.mark.parametrize("error", [KeyboardInterrupt(), CouldNotLook("no answer")], ids=["Ctrl-C", "silence"])
def test_what_the_secret_deployed_is_the_drills_own(
    drill: Callable[..., Setup], error: BaseException
) -> None:
    """It is not taken for somebody else's: the good version serves again, and nothing is left."""
    setup = _cut_off(drill, error)
    assert WITH_SECRET == setup.cloud.history[0].only_version

    setup.operator.restore()

    assert GOOD == setup.cloud.history[0].only_version
    assert setup.notes.pending("staging") is None
    assert ["the good version was deployed again"] == [each.how for each in setup.all(MutationUndone)]


def test_a_secret_that_never_arrived(drill: Callable[..., Setup]) -> None:
    """The fault still serves, and is put back."""
    setup = _cut_off(drill, KeyboardInterrupt(), arrives=False)
    assert BAD == setup.cloud.history[0].only_version

    setup.operator.restore()

    assert GOOD == setup.cloud.history[0].only_version


def test_what_somebody_deployed_after_the_secret_is_theirs(drill: Callable[..., Setup]) -> None:
    """One deployment is the secret's, and no more than one."""
    setup = _cut_off(drill, KeyboardInterrupt())
    setup.cloud.deploy(FOREIGN, "hotfix")

    with pytest.raises(Unconfirmed, match="meanwhile"):
        setup.operator.restore()

    assert FOREIGN == setup.cloud.history[0].only_version
