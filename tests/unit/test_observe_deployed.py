"""What Cloudflare says is deployed, and that there is such a worker at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret, Target
from backstop.observe.deployed import DeployedLook, WorkerIsGone
from backstop.place import Place
from backstop.probes.control import ControlProbe
from backstop.probes.prober import Prober
from tests.unit.loopback import api

SCRIPT = "/accounts/acc/workers/scripts/bot"
PATHS = ("deployments", "versions?deployable=true", "secrets")


@contextmanager
def _look(
    status: int, code: int, known: Mapping[str, tuple[int, object]] | None = None
) -> Iterator[DeployedLook]:
    """A look at an account that refuses everything with this error, but for what is known."""
    refusal = {"success": False, "errors": [{"code": code, "message": "no"}], "messages": [], "result": None}
    with (
        api({f"GET {SCRIPT}/{path}": (status, refusal) for path in PATHS} | dict(known or {})) as canned,
        CloudflareApi(canned.url, Secret("t", "tok"), "acc") as cloudflare,
        Prober(canned.url) as prober,
    ):
        yield DeployedLook(
            Place(Target("t", sandbox=False, worker="bot"), prober, ControlProbe(()), cloudflare)
        )


@pytest.mark.parametrize("code", [10007, 10090])
def test_a_worker_that_is_gone_is_a_fail(code: int) -> None:
    """The account answers, and has none: nothing can serve. Every read says so."""
    with _look(404, code) as look:
        assert not look.exists
        for read in (lambda: look.history, lambda: look.listed, lambda: look.secret_names):
            with pytest.raises(WorkerIsGone, match="the right name"):
                read()


def test_an_api_that_contradicts_itself_says_nothing_of_the_worker() -> None:
    """It lists the deployments, and knows no such worker when it is asked for more."""
    deployment = {
        "id": "d1",
        "created_on": "2026-01-31T12:00:00Z",
        "versions": [{"version_id": "71570803-d6b0-4a51-b97f-42fadb8da7e1", "percentage": 100}],
    }
    history = {"success": True, "result": {"deployments": [deployment]}}
    with _look(404, 10007, {f"GET {SCRIPT}/deployments": (200, history)}) as look:
        assert look.exists
        for read in (lambda: look.listed, lambda: look.secret_names):
            with pytest.raises(CouldNotLook, match="a moment before"):
                read()


@pytest.mark.parametrize(("status", "code"), [(403, 10000), (401, 10001), (400, 7003)])
def test_credentials_that_are_refused_tell_nothing_of_the_worker(status: int, code: int) -> None:
    """They may be ours that are wrong."""
    with _look(status, code) as look, pytest.raises(CouldNotLook):
        assert look.exists
