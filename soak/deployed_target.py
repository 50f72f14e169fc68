"""A sandbox's bot as a target with an address, as production is, for sessions in processes of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

from backstop.environment import read_environment
from backstop.model.target import Secret, Target

BOT = Path(__file__).resolve().parent.parent / "sandbox" / "bot"
_KEY = "SANDBOX_SIGNING_KEY"
_COUNTS, _COUNTS_NOT = ('RATE_LIMIT_PER_MINUTE = "600"', 'RATE_LIMIT_PER_MINUTE = "1000000"')


def patient_bot(project: Path) -> Path:
    """Write the reference bot there, as one that counts no requests: sessions follow each other fast."""
    shutil.copytree(BOT, project, ignore=shutil.ignore_patterns("node_modules", ".wrangler"))
    config = project / "wrangler.toml"
    told = config.read_text(encoding="utf-8")
    if _COUNTS not in told:
        message = f"{config} does not say {_COUNTS}"
        raise ValueError(message)
    config.write_text(told.replace(_COUNTS, _COUNTS_NOT), encoding="utf-8")
    return project


def targets_file(name: str, target: Target, project: Path = BOT) -> str:
    """The text of a targets file with ``target`` under ``name``; its secrets are in ``environment_for``."""
    return f"""\
[targets.{name}]
url = "{target.url}"
control = "{target.url}"
project = "{project}"
environment = "local"
required_secrets = ["DISCORD_TOKEN", "DISCORD_PUBLIC_KEY", "DISCORD_APPLICATION_ID"]
health = {{ json = {{ status = "healthy" }} }}
discord_application_id = "{target.discord_application_id}"
signing_key = "env:{_KEY}"
"""


def environment_for(target: Target) -> dict[str, str]:
    """All variables that such a session may have: what every process is handed down, and its credentials."""
    return {
        **read_environment().handed_down(),
        "CLOUDFLARE_API_BASE_URL": target.cloudflare_api,
        "CLOUDFLARE_API_TOKEN": _value(target.cloudflare_token),
        "CLOUDFLARE_ACCOUNT_ID": target.cloudflare_account,
        "DISCORD_API_BASE_URL": target.discord_api,
        "DISCORD_STATUS_BASE_URL": target.discord_status,
        "DISCORD_TOKEN": _value(target.discord_token),
        _KEY: _value(target.signing_key),
    }


def _value(secret: Secret | None) -> str:
    return secret.value if secret else ""
