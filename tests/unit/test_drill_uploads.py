"""A drill's uploads: the next one comes while checks look at the good version, and none is left under way."""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from backstop.drill.timeline import following
from backstop.drill.uploads import Uploads
from backstop.model.errors import BackstopError, BotRejected, BuildFailed, CouldNotLook
from backstop.model.version import VersionId
from backstop.rollback.marker import Part
from tests.unit.drilling import BAD, FAULT, SCENARIO, InstantClock

OTHER = replace(FAULT, name="before")


@dataclass
class Tool:
    """Wrangler, which uploads when it is let."""

    may: threading.Event = field(default_factory=threading.Event)
    said: list[str] = field(default_factory=list)
    fails: BackstopError | None = None

    def upload_wrapped(self, _shim: Path, *, message: str, tag: str) -> VersionId:
        """Wrangler's upload."""
        assert self.may.wait(10)
        self.said.append(f"{tag}: {message}")
        if self.fails:
            raise self.fails
        return BAD


def _uploads(tool: Tool) -> Uploads:
    wrangler: Any = tool
    return Uploads("run1", wrangler, InstantClock())


def test_what_is_ahead_is_taken_and_not_uploaded_again() -> None:
    """In the order in which it is deployed; what served before is not marked as a fault."""
    tool = Tool()
    uploads = _uploads(tool)

    uploads.ahead(replace(SCENARIO, previous=OTHER))
    tool.may.set()

    assert BAD == uploads.take(OTHER, Part.DRILL) == uploads.take(FAULT, Part.FAULT)
    assert [
        "before: drill: before [backstop drill run1]",
        "health-503: drill: health-503 [backstop fault run1]",
    ] == tool.said
    uploads.end()


def test_what_is_not_ahead_is_uploaded_when_it_is_wanted() -> None:
    """The first fault of a drill: before it nothing may be changed."""
    tool = Tool()
    tool.may.set()
    uploads = _uploads(tool)

    uploads.ahead(None)

    assert [] == tool.said
    assert BAD == uploads.take(FAULT, Part.FAULT)
    uploads.end()


def test_an_upload_ahead_that_fails_is_told_to_the_stage_that_wants_it() -> None:
    """Not to the good stage beside which it went."""
    tool = Tool(fails=CouldNotLook("Cloudflare answered 500"))
    tool.may.set()
    uploads = _uploads(tool)
    uploads.ahead(SCENARIO)

    with pytest.raises(CouldNotLook, match="answered 500"):
        uploads.take(FAULT, Part.FAULT)
    uploads.end()


def test_an_interrupt_does_not_cut_an_upload_short() -> None:
    """What it brings is known at the end, and not a moment after somebody looked whether it is there."""
    tool = Tool()
    uploads = _uploads(tool)
    main = threading.main_thread().ident or 0
    threading.Timer(0.05, signal.pthread_kill, [main, signal.SIGINT]).start()

    with pytest.raises(KeyboardInterrupt):
        uploads.take(FAULT, Part.FAULT)
    at_once = list(tool.said)
    threading.Timer(0.05, tool.may.set).start()
    uploads.end()

    assert [] == at_once
    assert ["health-503: drill: health-503 [backstop fault run1]"] == tool.said


def test_nothing_is_under_way_after_the_end() -> None:
    """What a drill that was cut short has begun to upload is there, or never comes."""
    before, tool = set(threading.enumerate()), Tool()
    uploads = _uploads(tool)
    uploads.ahead(replace(SCENARIO, previous=OTHER))
    threading.Timer(0.05, tool.may.set).start()

    uploads.end()
    came = list(tool.said)

    assert 1 >= len([said for said in came if said.startswith("health-503")])
    later = set(threading.enumerate()) - before
    assert not any(each.name.startswith("backstop-upload") for each in later)
    assert came == tool.said


def test_the_scenario_that_follows_is_the_next_of_the_drill() -> None:
    """And after the last there is none."""
    two = {"first": replace(SCENARIO, name="first"), "second": replace(SCENARIO, name="second")}

    assert two["second"] == following(two, "first")
    assert following(two, "second") is None


@pytest.mark.parametrize("kind", [BotRejected, BuildFailed])
def test_a_fault_that_is_not_taken_is_named(kind: type[BackstopError]) -> None:
    """It may be the shim that does not build or start, and the bot is well."""
    tool = Tool(fails=kind("Uncaught Error: no", remedy="try it with `wrangler dev`"))
    tool.may.set()

    with pytest.raises(kind) as caught:
        _uploads(tool).take(FAULT, Part.FAULT)

    assert "the bot under health-503: Uncaught Error: no" == caught.value.message
    assert "see whether it is health-503.js or the bot: try it with `wrangler dev`" == caught.value.remedy
