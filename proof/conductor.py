"""Leads a proof from stage to stage: each of them is a version that was built beforehand."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from backstop.conductor import Conductor
from backstop.journal.events import Problem, StageReady, StageStarted
from backstop.model.errors import BackstopError, CouldNotLook, Refused
from backstop.model.run import Stage
from backstop.model.version import VersionId
from backstop.observe.genuine import Vigil
from backstop.observe.looks import Looks
from backstop.place import Place
from backstop.provision import open_place
from backstop.settings.wrangler_project import read_project
from proof.around import Surroundings
from proof.bundle import bundle
from proof.manifest import UNCHANGED, Variant
from proof.stages import GOOD, GOOD_AGAIN
from proof.upload import Uploader
from proof.worker import Worker

GENUINE_WITHIN = 1.0  # seconds; where somebody uses the bot, an interaction comes every twentieth


@dataclass(slots=True)
class ProofConductor(Conductor):
    """Unlike its parent it goes on when a stage can't be set up: the other faults are judged all the same.

    ``limit`` is in seconds; no stage is begun after it.
    """

    variants: tuple[Variant, ...] = ()
    limit: float = 600.0
    _started: float | None = field(default=None, init=False)
    resources: ExitStack = field(default_factory=ExitStack)
    _worker: Worker | None = field(default=None, init=False)

    def enter(self, stage: Stage) -> Looks:
        """Have the stage's version serve and return its looks. Raises BackstopError for this stage only."""
        began = self.clock.now()
        self.record(StageStarted(stage.name, stage.phase.value, stage.scenario))
        try:
            self._refuse_to_go_on(began)
            place, version = self._enter(stage.scenario)
        except BackstopError as error:
            self.record(Problem(int(error.ending), error.message, error.remedy, stage.name))
            raise
        self.record(StageReady(stage.name, version, round(self.clock.now() - began, 3)))
        return Looks(place, vigil=Vigil(GENUINE_WITHIN))

    def _refuse_to_go_on(self, now: float) -> None:
        self._started = now if self._started is None else self._started
        if self.stopped is None and now - self._started > self.limit:
            self.stopped = CouldNotLook(f"the proof took longer than {self.limit:.0f} s and was cut short")
        if self.stopped is not None:
            raise CouldNotLook(f"not reached: {self.stopped.message.splitlines()[0]}")

    def close(self) -> None:
        """End the sandbox, and with it everything that was deployed."""
        self._noting(self.resources.close)

    def _enter(self, name: str) -> tuple[Place, VersionId]:
        """What serves here: what wrangler deployed, a variant, or the bot as it is, deployed anew."""
        worker = self._worker or self._begin()
        if name == GOOD:
            return worker.place, worker.good
        variant = next((each for each in self.variants if each.name == name), None)
        return worker.serve(name, variant.around) if variant else worker.serve(GOOD_AGAIN, Surroundings())

    def _begin(self) -> Worker:
        """Build everything, start the sandbox, deploy the bot. What fails here stops the proof."""
        try:
            self._worker = self._made()
        except BackstopError as error:
            self.stopped = error
            raise
        return self._worker

    def _made(self) -> Worker:
        if not self.target.sandbox or self.target.project is None:
            raise Refused(
                f"{self.target.name} is no sandbox target with a project: a proof only breaks those"
            )
        shims = {variant.name: variant.shim for variant in self.variants} | {GOOD_AGAIN: UNCHANGED}
        modules = bundle(shims, read_project(self.target.project, self.target.wrangler_env).main)
        place = self.resources.enter_context(open_place(self.target, self.run, self._say))
        if place.api is None:
            raise CouldNotLook(f"{self.target.name}: the sandbox gave no credentials")
        good = place.api.deployments(place.target.worker)[0].shares[0].version
        uploader = self.resources.enter_context(Uploader(place.target, good))
        return self.resources.enter_context(closing(Worker(place, place.api, modules, uploader, good)))
