"""A bot of a project in git, one commit of which somebody deployed and went back from."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backstop.cloudflare.toolchain import find_toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.model.target import Secret
from backstop.settings.wrangler_project import read_project
from tests.contract.support import Sandbox, running_sandbox
from tests.drill.conftest import write_bot
from tests.rollback.conftest import no_ambient_credentials
from tests.rollback.sessions import Ended, session

__all__ = ["no_ambient_credentials"]

HEAD = 'name = "gated"\nmain = "src/index.js"\ncompatibility_date = "2026-01-01"\n'
CODE = 'export default {{ fetch: () => Response.json({{ status: "healthy", build: {build} }}) }};\n'
GATE = ("-m", "pre_deploy and gate")


@dataclass
class Bench:
    """The project and what is deployed of it; ``good`` and ``bad`` are commits, ``good`` serves."""

    sandbox: Sandbox
    project: Path
    good: str = ""
    bad: str = ""

    def commit(self, build: int) -> str:
        """Write that build and commit it; the commit."""
        (self.project / "src" / "index.js").write_text(CODE.format(build=build))
        self.git("add", "-A")
        self.git(
            "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-q", "-m", f"build {build}"
        )
        return self.git("rev-parse", "HEAD")

    def git(self, *words: str) -> str:
        """Run git in the project; what it wrote."""
        command = [shutil.which("git") or "git", *words]
        done = subprocess.run(command, cwd=self.project, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def deploy(self, tag: str) -> str:
        """Deploy what is written there; the version."""
        ready = self.sandbox.ready
        account = Account(ready["account"], Secret("token", ready["token"]), ready["api"])
        return (
            Wrangler(find_toolchain(), read_project(self.project), account, "gated")
            .deploy(tag=tag)
            .version_id
        )

    def begin(self) -> None:
        """The bad commit is checked out and clean, with the config that is deployed."""
        self.git("checkout", "-qf", self.bad)

    def look(self, folder: Path, more: str = "", *arguments: str) -> Ended:
        """Run the gate's own checks against it, with these lines in its table."""
        ready = self.sandbox.ready
        url = self.sandbox.control("GET", "workers/gated").json()["url"]
        secret = {
            "CLOUDFLARE_API_BASE_URL": ready["api"],
            "CLOUDFLARE_API_TOKEN": ready["token"],
            "CLOUDFLARE_ACCOUNT_ID": ready["account"],
        }
        (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in secret.items()))
        target = f'[targets.mine]\nurl = "{url}"\ncontrol = "{url}"\nproject = "{self.project}"\n{more}\n'
        return session(folder, *(arguments or GATE), targets=target)


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Two commits were deployed, each with its commit in the tag, and somebody went back to the first."""
    project = write_bot(tmp_path_factory.mktemp("gated") / "bot", "", HEAD)
    with running_sandbox() as sandbox:
        bench = Bench(sandbox, project)
        bench.git("init", "-q")
        bench.good = bench.commit(1)
        good = bench.deploy(bench.good[:12])
        bench.bad = bench.commit(2)
        bench.deploy(bench.bad[:12])
        assert 200 == sandbox.deploy("gated", {good: 100}).status_code
        yield bench


@pytest.fixture
def bench(deployed: Bench) -> Bench:
    """The commit that was given up is about to be deployed again."""
    deployed.begin()
    return deployed
