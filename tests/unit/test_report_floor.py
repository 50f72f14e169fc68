"""What a drill took, beside its bare commands."""

from __future__ import annotations

from backstop.journal.events import MutationArmed, MutationDone, RollbackFinished, RollbackStarted
from backstop.report.floor import bare_commands, beside_the_floor
from tests.unit.conclusions import concluded

ARMED = MutationArmed("m1", "deploy the bot under x", "deploy it")
DONE = MutationDone("m1", ok=True, took=1.25)
STARTED = RollbackStarted("0-live", "a", "b", "why", "because")


def test_the_floor_is_what_deploy_and_rollback_commands_took() -> None:
    """Waiting, looking and checking are on top of it."""
    finished = RollbackFinished("0-live", "done", {"command": 0.5, "serving": 9.0})

    drill = concluded(ARMED, DONE, STARTED, finished, kind="drill")

    assert 1.75 == bare_commands(drill)
    assert "1.00 s; the bare deploy and rollback commands alone took 1.75 s" == beside_the_floor(drill)


def test_a_rollback_that_was_refused_gave_no_command() -> None:
    """And a journal of before commands were timed says nothing."""
    refused = RollbackFinished("0-live", "refused", {})

    assert "" == beside_the_floor(
        concluded(ARMED, MutationDone("m1", ok=True), STARTED, refused, kind="drill")
    )
