"""The uploads of a drill's faults, the next one ahead: while checks look at the good version.

An upload changes nothing that is served; ahead, the time that wrangler takes is not waited for.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from backstop.cloudflare.wrangler import Wrangler
from backstop.model.errors import BotRejected, BuildFailed
from backstop.model.scenario import Fault, Scenario
from backstop.model.version import VersionId
from backstop.polling import Clock
from backstop.rollback.marker import Mark, Part, marked


@dataclass(slots=True)
class Uploads:
    """``took`` is how many seconds wrangler was at work for what was taken so far."""

    run: str
    wrangler: Wrangler
    clock: Clock
    took: float = field(default=0.0, init=False)
    _ahead: dict[tuple[str, Part], Future[tuple[VersionId, float]]] = field(default_factory=dict, init=False)
    _pool: ThreadPoolExecutor | None = field(default=None, init=False)

    def ahead(self, scenario: Scenario | None) -> None:
        """Begin to upload what a scenario deploys, one after the other; without one there is nothing to."""
        if scenario is None:
            return
        for fault, part in parts_of(scenario):
            self._ahead[fault.name, part] = self._begin(fault, part)

    def take(self, fault: Fault, part: Part) -> VersionId:
        """The version that was uploaded ahead, once it is there, else one that is uploaded now.

        An interrupt does not cut an upload short: ``end`` waits for it, so that what came of it is known.
        Raises as ``Wrangler.upload_wrapped`` does.
        """
        begun = self._ahead.pop((fault.name, part), None) or self._begin(fault, part)
        version, seconds = begun.result()
        self.took += seconds
        return version

    def end(self) -> None:
        """Wait for what is under way, at most as long as wrangler may take, and begin no more."""
        for each in self._ahead.values():
            each.cancel()
        wait(self._ahead.values())
        self._ahead.clear()
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def _begin(self, fault: Fault, part: Part) -> Future[tuple[VersionId, float]]:
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="backstop-upload")
        return self._pool.submit(self._upload, fault, part)

    def _upload(self, fault: Fault, part: Part) -> tuple[VersionId, float]:
        began = self.clock.now()
        message = marked(f"drill: {fault.name}", Mark(self.run, part))
        try:
            uploaded = self.wrangler.upload_wrapped(fault.shim, message=message, tag=fault.name)
        except (BotRejected, BuildFailed) as error:
            raise _of_the_fault(error, fault) from error
        return uploaded, self.clock.now() - began


def _of_the_fault(error: BotRejected | BuildFailed, fault: Fault) -> BotRejected | BuildFailed:
    """The same, of the bot as the fault wraps it: what is wrong may be in either."""
    remedy = f"see whether it is {fault.shim.name} or the bot: {error.remedy}"
    return type(error)(f"the bot under {fault.name}: {error.message}", remedy=remedy)


def parts_of(scenario: Scenario) -> tuple[tuple[Fault, Part], ...]:
    """What a scenario deploys, in order; what served before is not marked as a fault: nobody marks theirs."""
    fault = (scenario.fault, Part.FAULT)
    return ((scenario.previous, Part.DRILL), fault) if scenario.previous else (fault,)
