"""A draft, deployed into the sandbox as the targets file would have it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from backstop.environment import Environment
from backstop.model.errors import BackstopError
from backstop.onboard.draft import TARGET, Draft, targets_text
from backstop.place import Place
from backstop.provision import open_place
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from backstop.storage import write_new

_STUB = re.compile(r"^\s*stub = \[(?P<names>[^\]]*)\]\s*$", re.MULTILINE)
_NAME = re.compile(r'"([^"]+)"')
_RUN = "init"


@contextmanager
def trial_file(draft: Draft) -> Iterator[Path]:
    """The draft as a targets file of its own, gone afterwards. Its project is an absolute path."""
    with tempfile.TemporaryDirectory(prefix="backstop-") as made:
        path = Path(made) / "targets.toml"
        write_new(path, targets_text(draft, str(draft.survey.project.config)))
        yield path


@contextmanager
def deployed(draft: Draft) -> Iterator[Place]:
    """The bot, served by the sandbox. Raises as ``open_place`` and ``load_targets`` do.

    What Discord has against its endpoint is not told: nobody knows yet where that is.
    """
    with trial_file(draft) as path:
        target = with_worker(load_targets(path, Environment({})).get(TARGET))
        with open_place(target, _RUN, lambda _: None) as place:
            yield place


def with_stubs(draft: Draft, error: BackstopError) -> Draft | None:
    """The draft with what the sandbox says is to be stubbed; None where the error says nothing of it."""
    line = _STUB.search(error.remedy)
    names = tuple(sorted({*draft.stub, *_NAME.findall(line["names"])})) if line else ()
    return replace(draft, stub=names) if names and names != draft.stub else None
