"""What somebody on call has on their desk: a targets file, a .env, and perhaps a login of wrangler's."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.drill.conftest import LIMIT, ROOT, by_itself, temporary_of
from tests.rollback.incident import BOT, Incident
from tests.rollback.sessions import PYTEST, SANDBOXED, Ended, ended

EVERYTHING = (
    "User Details Read",
    "Account Settings Read",
    "Workers Scripts Read",
    "Workers Scripts Write",
    "Workers Tail Read",
)
READS = tuple(name for name in EVERYTHING if not name.endswith("Write"))
_KEEPS_LOGIN = Path(".wrangler") / "config"


@dataclass
class Desk:
    """``env`` is what .env holds; ``target`` more lines of the target; ``shell`` more variables.

    ``url`` and ``control`` are the bot's own unless they are set. Without ``project`` nothing is built.
    """

    incident: Incident
    folder: Path
    target: str = ""
    url: str = ""
    control: str = ""
    project: Path | None = BOT
    env: dict[str, str] = field(default_factory=dict)
    shell: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ready = self.incident.sandbox.ready
        self.env = {
            "CLOUDFLARE_API_BASE_URL": ready["api"],
            "CLOUDFLARE_API_TOKEN": ready["token"],
            "DISCORD_API_BASE_URL": ready["discord"],
            "DISCORD_STATUS_BASE_URL": ready["discord_status"],
            "CLOUDFLARE_STATUS_BASE_URL": ready["cloudflare_status"],
            "DISCORD_TOKEN": ready["discord_token"],
            "DISCORD_APPLICATION_ID": ready["application_id"],
            "SIGNING_KEY": ready["signing_key"],
        }
        self.shell = {"HOME": str(self.folder)}  # where nobody has logged in

    def give_token(self, *permissions: str, **more: Any) -> str:
        """Hold a token that may do these things; its id."""
        body = {"permissions": list(permissions), **more}
        made = self.incident.sandbox.control("POST", "tokens", json=body).json()
        self.env["CLOUDFLARE_API_TOKEN"] = made["token"]
        return str(made["id"])

    def log_in(self, lives_s: float = 3600.0, **more: Any) -> Mapping[str, Any]:
        """Hold a login of wrangler's in place of a token; what it consists of."""
        login: Mapping[str, Any] = self.incident.sandbox.control(
            "POST", "logins", json={"lives_s": lives_s, **more}
        ).json()
        self.env.pop("CLOUDFLARE_API_TOKEN", None)
        kept = self.folder / _KEEPS_LOGIN
        kept.mkdir(parents=True, exist_ok=True)
        ends = datetime.fromtimestamp(datetime.now(UTC).timestamp() + lives_s, UTC)
        lines = {
            "oauth_token": login["access_token"],
            "expiration_time": ends.isoformat().replace("+00:00", "Z"),
            "refresh_token": login["refresh_token"],
        }
        text = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
        (kept / "default.toml").write_text(f"{text}scopes = []\n")
        self.shell |= {
            "XDG_CONFIG_HOME": str(self.folder),
            "WRANGLER_TOKEN_URL": login["token_url"],
            "WRANGLER_AUTH_DOMAIN": "127.0.0.1:9",  # nobody outside is asked
        }
        return login

    def give_channels(self, **more: Any) -> Mapping[str, Any]:
        """Name a channel of each kind in the target; what they are, as their owner has it."""
        made: Mapping[str, Any] = self.incident.sandbox.control("POST", "channels", json=more).json()
        page = made["statuspage"]
        self.env |= made["environment"] | {
            "SLACK_WEBHOOK": made["slack"],
            "DISCORD_WEBHOOK": made["discord"],
            "STATUSPAGE_TOKEN": page["token"],
        }
        self.target = f"""
[targets.mine.channels]
slack = "env:SLACK_WEBHOOK"
discord = "env:DISCORD_WEBHOOK"
statuspage = {{ page = "{page["page"]}", component = "{page["component"]}", token = "env:STATUSPAGE_TOKEN" }}
"""
        return made

    def session(self, *arguments: str) -> Ended:
        """Run pytest on the suites as somebody types it here."""
        self.write()
        return self._ended([*PYTEST, *arguments, "--target=mine", f"--targets-file={self._targets}"])

    def session_in_sandbox(self, *arguments: str, more: str = "") -> Ended:
        """The same for the bot in a sandbox of the session's own; ``more`` are more lines of the target."""
        self.write()
        self._targets.write_text(f"{SANDBOXED}{self.target}{more}")
        return self._ended([*PYTEST, *arguments, "--target=mine", f"--targets-file={self._targets}"])

    def write(self) -> None:
        """Write the targets file, and .env beside it."""
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in self.env.items()))
        url = self.url or self.incident.address
        self._targets.write_text(
            f"""
[targets.mine]
url = "{url}"
control = "{self.control or url}"
{f'project = "{self.project}"' if self.project else f'worker = "{self.incident.worker}"'}
environment = "local"
health = {{ json = {{ status = "healthy" }} }}
{'signing_key = "env:SIGNING_KEY"' if "SIGNING_KEY" in self.env else ""}
{self.target}
"""
        )

    @property
    def _targets(self) -> Path:
        return self.folder / "targets.toml"

    def _ended(self, argv: list[str]) -> Ended:
        completed = subprocess.run(
            [*argv, f"--reports={self.folder / 'reports'}"],
            cwd=ROOT,
            env=by_itself() | {"TMPDIR": str(temporary_of(self.folder))} | self.shell,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return ended(self.folder, completed.returncode, completed.stdout + completed.stderr)


def outcomes(found: Ended) -> dict[str, str]:
    """How each check of readiness ended."""
    return {line["check"]: line["outcome"] for line in found.lines("check-finished")}


def said(found: Ended, check: str) -> str:
    """What a check said."""
    return str(next(line["message"] for line in found.lines("check-finished") if line["check"] == check))
