"""What goes on around the stages of a drill: its gate, a pulse beside it, and a look at what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backstop.cloudflare.api import CloudflareApi
from backstop.drill.gate import (
    refuse_another_worker,
    refuse_foreign,
    refuse_unless_it_answers,
    refuse_unsteady,
    see_that_no_window_has_begun,
)
from backstop.drill.operator import DrillOperator
from backstop.drill.pulse import Pulse
from backstop.drill.renew import refuse_faulty_upload
from backstop.drill.round_trip import Seen, refuse_differences, take
from backstop.journal.events import Event, Said
from backstop.model.run import Phase, Stage
from backstop.place import Place
from backstop.polling import SYSTEM, Clock


@dataclass(slots=True)
class Bracket:
    """One for each drill. ``red_before`` names the checks that failed before anything was changed."""

    place: Place
    api: CloudflareApi
    operator: DrillOperator
    record: Callable[[Event], object]
    red_before: Callable[[], Sequence[str]] = tuple
    clock: Clock = SYSTEM
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _start: Seen | None = field(default=None, init=False)
    _pulse: Pulse | None = field(default=None, init=False)

    def begin(self) -> None:
        """See that a drill may start, and note what it must leave as it is. Raises as the gate does."""
        self.operator.begin()
        refuse_unless_it_answers(self.place)
        refuse_another_worker(self.place, self.api)
        self._start = take(self.place, self.api)

    def enter(self, stage: Stage) -> None:
        """A stage after the first begins. Raises Refused before the first fault where the bot is unwell.

        CouldNotLook before any fault where the target may no longer be drilled.
        """
        if stage.phase is Phase.FAULT:
            see_that_no_window_has_begun(self.place.target, self.now())
        if self._pulse is None and stage.phase is Phase.FAULT:
            refuse_unsteady(self.red_before())
            self._pulse = Pulse(self.place, self.clock)
        if self._pulse is not None:
            self._pulse.begin(stage.name)

    def end(self, noting: Callable[[Callable[[], None]], bool]) -> None:
        """Restore, and see that all is as it was; after somebody else's deployment it can't be.

        ``noting`` does something, takes note of what fails, and says whether it went well.
        """
        restored = noting(self.operator.restore)
        self.operator.uploads.end()
        if self._pulse is None:
            return
        pulse = self._pulse
        noting(lambda: pulse.stop(self.record))
        if not (restored and noting(self._refuse_foreign)):
            noting(lambda: refuse_faulty_upload(self.api, self.place.target))
            return
        noting(self._renew)
        noting(self._compare)

    def _refuse_foreign(self) -> None:
        """Raises Unconfirmed where somebody has deployed since, be it beside the last checks."""
        head, good = self.api.deployments(self.place.target.worker)[0], self.operator.good
        if good is not None:
            refuse_foreign(head, good, changed=True)

    def _renew(self) -> None:
        if done := self.operator.renew():
            self.record(Said(done))

    def _compare(self) -> None:
        """Raises Unrestored where anything differs from the start of the drill."""
        if self._start is None:
            return
        end = take(self.place, self.api)
        refuse_differences(self.place.target.worker, self._start, end)
        self.record(Said(f"as at the start: {', '.join(end.found)}"))
        for topic, why in {**self._start.unread, **end.unread}.items():
            self.record(Said(f"not compared with the start: {topic}: {why}"))
