"""A rollback over a migration of Durable Objects: refused by the plan, before the API has to."""

from __future__ import annotations

from pathlib import Path

from backstop.cloudflare.toolchain import find_toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.model.target import Secret
from backstop.settings.wrangler_project import read_project
from tests.contract.support import Sandbox, running_sandbox
from tests.drill.conftest import write_bot
from tests.rollback.sessions import Ended, session

HEAD = 'name = "mover"\nmain = "src/index.js"\ncompatibility_date = "2026-01-01"\n'
OBJECTS = (
    '[[durable_objects.bindings]]\nname = "ROOM"\nclass_name = "Room"\n'
    '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["Room"]\n'
)
CODE = 'export default {{ fetch: () => Response.json({{ status: "healthy", build: {build} }}) }};\n{more}'
ROOM = 'import { DurableObject } from "cloudflare:workers";\nexport class Room extends DurableObject {}\n'


def _targets(sandbox: Sandbox, folder: Path, project: Path) -> str:
    ready = sandbox.ready
    url = sandbox.control("GET", "workers/mover").json()["url"]
    secret = {
        "CLOUDFLARE_API_BASE_URL": ready["api"],
        "CLOUDFLARE_API_TOKEN": ready["token"],
        "CLOUDFLARE_ACCOUNT_ID": ready["account"],
    }
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in secret.items()))
    return f'[targets.mine]\nurl = "{url}"\ncontrol = "{url}"\nproject = "{project}"\n'


def _deploy(sandbox: Sandbox, project: Path, config: str, code: str) -> None:
    (project / "wrangler.toml").write_text(config)
    (project / "src" / "index.js").write_text(code)
    account = Account(sandbox.ready["account"], Secret("token", sandbox.ready["token"]), sandbox.ready["api"])
    Wrangler(find_toolchain(), read_project(project), account, "mover").deploy()


def _roll_back(sandbox: Sandbox, folder: Path, project: Path) -> Ended:
    expected = f"--expect-live={sandbox.serving('mover')}"
    asked = ("-m", "post_rollback", "--rollback", "--reason=x", "--via=api", expected)
    return session(folder, *asked, targets=_targets(sandbox, folder, project))


def test_the_plan_refuses_to_go_back_over_a_migration(tmp_path: Path) -> None:
    """Nothing is changed; within the same migration a rollback is made as ever."""
    project = write_bot(tmp_path / "bot", "", HEAD)
    with running_sandbox() as sandbox:
        _deploy(sandbox, project, HEAD, CODE.format(build=1, more=""))
        _deploy(sandbox, project, HEAD + OBJECTS, CODE.format(build=2, more=ROOM))
        serving = sandbox.serving("mover")
        refused = _roll_back(sandbox, tmp_path, project)
        stays = sandbox.serving("mover")
        _deploy(sandbox, project, HEAD + OBJECTS, CODE.format(build=3, more=ROOM))
        made = _roll_back(sandbox, tmp_path, project)
        within = sandbox.serving("mover")

    assert 21 == refused.code, refused.output
    assert "a Durable Object migration lies between: none then, v1 now" in refused.output
    assert serving == stays
    assert serving == within, made.output
