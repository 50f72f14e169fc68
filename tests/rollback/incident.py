"""A bot in the middle of an incident: its good version, and the same bot under a fault, which serves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backstop.cloudflare.toolchain import find_toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.discord.owner import set_up_application
from backstop.environment import read_environment
from backstop.model.target import Secret, Target
from backstop.model.version import VersionId
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from backstop.settings.wrangler_project import read_project
from soak.deployed_target import patient_bot
from tests.contract.support import Sandbox, eventually, running_sandbox

ROOT = Path(__file__).resolve().parents[2]
BOT = ROOT / "sandbox" / "bot"
FAULT = ROOT / "sandbox" / "faults" / "health-503.js"
SWITCH_S = 10.0


@dataclass(frozen=True, slots=True)
class Incident:
    """A sandbox with both versions. What is told of it comes from the sandbox, not from the library."""

    sandbox: Sandbox
    target: Target
    wrangler: Wrangler
    good: VersionId
    bad: VersionId

    def begin(self) -> None:
        """Let the bad version serve, which the good one did before it, and the API behave."""
        self.misbehave()
        self.follow_after(0)
        self.deploy_by_hand(*(() if self._good_came_before() else (self.good,)), self.bad)
        eventually(lambda: self.served() == self.bad, seconds=SWITCH_S)

    def _good_came_before(self) -> bool:
        """Whether the newest deployment of anything else than the bad version is of the good one alone.

        A test before may have left a third version behind, or a split.
        """
        served = ({each["version_id"]: each["percentage"] for each in e["versions"]} for e in self.history())
        return {self.good: 100} == next((shares for shares in served if shares != {self.bad: 100}), {})

    def deploy_by_hand(self, *versions: VersionId) -> None:
        """Deploy one after the other, with no mark of ours."""
        for version in versions:
            assert 200 == self.sandbox.deploy(self.worker, {version: 100}).status_code

    def arrive(self, run: str) -> None:
        """Let what a run asked for be done now."""
        body = {
            "strategy": "percentage",
            "versions": [{"version_id": self.good, "percentage": 100}],
            "annotations": {"workers/message": f"late [backstop {run} from={self.bad} to={self.good}]"},
        }
        self.sandbox.result("POST", f"{self.sandbox.script(self.worker)}/deployments", json=body)

    def misbehave(self, *faults: Mapping[str, Any]) -> None:
        """Let the API misbehave in these ways and no others."""
        told = self.sandbox.control("PUT", "api-faults", json={"faults": list(faults)})
        assert {"faults": len(faults)} == told.json()

    def follow_after(self, seconds: float) -> None:
        """Let the edge follow each deployment so much later."""
        self.sandbox.control("PUT", "conditions", json={"propagation_s": seconds})

    def served(self) -> str:
        """The version that the edge has and that answers; empty while these differ."""
        shown = self.sandbox.http.get(self.address, headers={"Connection": "close"})
        answered = str(shown.json()["version"])
        return answered if self.sandbox.live(self.worker) == {answered: 100} else ""

    def history(self) -> list[dict[str, Any]]:
        """All deployments, newest first."""
        return self.sandbox.deployments(self.worker)

    @property
    def last(self) -> Mapping[str, Any]:
        """The newest deployment."""
        return self.history()[0]

    def made_by(self, run: str) -> list[dict[str, Any]]:
        """The deployments that carry the mark of a run."""
        return [each for each in self.history() if f"[backstop {run} " in message_of(each)]

    @property
    def address(self) -> str:
        """Where the bot is served; the target has the same place by a name."""
        return self.target.url.replace("localhost", "127.0.0.1")

    @property
    def worker(self) -> str:
        """The name of the bot's worker."""
        return self.target.worker


def message_of(deployment: Mapping[str, Any]) -> str:
    """What somebody wrote on a deployment."""
    return str(deployment.get("annotations", {}).get("workers/message", ""))


@contextmanager
def running_incident(folder: Path) -> Iterator[Incident]:
    """Deploy the reference bot with real wrangler into a sandbox of its own; nothing is left afterwards."""
    with running_sandbox() as sandbox:
        target = with_worker(load_targets(ROOT / "targets.toml", read_environment()).get("local"))
        wrangler = _wrangler(sandbox, target, patient_bot(folder / "bot"))
        secrets = folder / "secrets.json"
        secrets.write_text(json.dumps(_secrets(sandbox.ready)))
        good = wrangler.deploy(message="good", tag="good", secrets_file=secrets).version_id
        bad = wrangler.upload_wrapped(FAULT, message="under health-503", tag="bad")
        _register(target, sandbox)
        yield Incident(sandbox, _as_production_is(target, sandbox), wrangler, good, bad)
        assert [] == sandbox.unknown_requests()


def _wrangler(sandbox: Sandbox, target: Target, project: Path) -> Wrangler:
    ready = sandbox.ready
    account = Account(ready["account"], Secret("token", ready["token"]), ready["api"])
    return Wrangler(find_toolchain(), read_project(project), account, target.worker)


def _secrets(ready: Mapping[str, str]) -> dict[str, str]:
    names = ("DISCORD_TOKEN", "DISCORD_PUBLIC_KEY", "DISCORD_APPLICATION_ID")
    return dict(
        zip(names, (ready["discord_token"], ready["public_key"], ready["application_id"]), strict=True)
    )


def _register(target: Target, sandbox: Sandbox) -> None:
    """What the owner of a bot does at Discord."""
    ready = sandbox.ready
    token = Secret("bot", ready["discord_token"])
    address = f"{_url(target, sandbox)}/"
    refused = set_up_application(ready["discord"], token, ready["application_id"], address, target.commands)
    assert () == refused


def _url(target: Target, sandbox: Sandbox) -> str:
    return str(sandbox.control("GET", f"workers/{target.worker}").json()["url"])


def _as_production_is(target: Target, sandbox: Sandbox) -> Target:
    """A target with a URL; by that name the account is asked for a custom domain."""
    return replace(
        target,
        sandbox=False,
        url=_url(target, sandbox).replace("127.0.0.1", "localhost"),
        cloudflare_api=sandbox.ready["api"],
        cloudflare_account=sandbox.ready["account"],
        cloudflare_token=Secret("token", sandbox.ready["token"]),
    )
