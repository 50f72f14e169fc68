"""What a bot's bindings are in a sandbox: told before the first deploy, and what came of it after."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from backstop.model.errors import BackstopError, UsageError
from backstop.model.target import EmbeddedBindings, Target
from backstop.sandboxed import Bound, BoundTo, SandboxHandle
from backstop.settings.faults import listed
from backstop.settings.wrangler_project import WranglerProject


@dataclass(frozen=True, slots=True)
class Outfit:
    """The bindings of a target's bot and of the workers behind its service bindings, in a sandbox."""

    handle: SandboxHandle
    target: Target
    services: Sequence[WranglerProject] = ()

    @property
    def wanted(self) -> EmbeddedBindings:
        """What the target says of them."""
        return self.target.bindings

    @property
    def workers(self) -> tuple[str, ...]:
        """All workers, in the order in which they are deployed."""
        return (*(each.name for each in self.services), self.target.worker)

    def stage(self) -> None:
        """Tell the sandbox what to make of bindings that are yet to come. Raises CouldNotLook."""
        for worker in self.workers if self.wanted != EmbeddedBindings() else ():
            self.handle.stage(worker, self.wanted)

    @contextmanager
    def in_words(self, worker: str) -> Iterator[None]:
        """Turn a deploy's failure into the line that mends it, where the sandbox lacks a binding.

        Raises UsageError then, else what the deploy raised.
        """
        try:
            yield
        except BackstopError as error:
            refused = self.handle.bound_to(worker).refused
            if not refused:
                raise
            message = f"the sandbox can't serve {listed(map(str, refused))}"
            raise UsageError(message, remedy=self._line(refused)) from error

    def see_that_all_is_there(self) -> None:
        """Raise UsageError for what the target names and no worker is bound to. Raises CouldNotLook."""
        if not (self.wanted.stub or self.wanted.kv):
            return
        found = self._found()
        stubs = {each.name for one in found for each in one.stubs}
        known = sorted({each.name for one in found for each in one.bindings})
        _see("stub", self.wanted.stub, stubs, known)
        namespaces = {each.name for one in found for each in one.bindings if each.type == "kv_namespace"}
        _see("kv", [name for name, _ in self.wanted.kv], namespaces, sorted(namespaces))

    def stubs(self) -> Iterator[str]:
        """A sentence for each stub. Raises CouldNotLook."""
        for each in self._stubs():
            yield f"{each} is a stub: it throws when it is used"

    def uses(self) -> Iterator[str]:
        """A sentence for each stub that was used. Raises CouldNotLook."""
        for each in self._stubs():
            if each.used:
                times = "once" if each.used == 1 else f"{each.used} times"
                yield f"the bot used the stub {each} {times}, and it threw"

    def _stubs(self) -> list[Bound]:
        return [each for found in self._found() for each in found.stubs] if self.wanted.stub else []

    def _found(self) -> list[BoundTo]:
        return [self.handle.bound_to(worker) for worker in self.workers]

    def _line(self, refused: Sequence[Bound]) -> str:
        names = sorted({*self.wanted.stub, *(each.name for each in refused)})
        return f"stub = {json.dumps(names, ensure_ascii=False)}"


def _see(key: str, wanted: Sequence[str], found: set[str], known: Sequence[str]) -> None:
    for name in wanted:
        if name not in found:
            by_lower = {each.lower(): each for each in known}
            alike = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
            hint = f'; did you mean "{by_lower[alike[0]]}"?' if alike else ""
            message = f'{key} names "{name}", which is no such binding of the bot{hint}'
            raise UsageError(message, remedy=f"mend {key} of this target; it could name {listed(known)}")
