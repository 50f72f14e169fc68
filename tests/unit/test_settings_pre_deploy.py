"""``pre_deploy`` of a target: what it says, and what it may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.pre_deploy import PreDeploy
from tests.unit.targetsfiles import bot_in, complaints, loaded

HEAD = '[targets.t]\nurl = "https://bot.example.com"\n'
PROD = '[targets.prod]\nurl = "https://prod.example.com"\nworker = "bot"\n'
LOCAL = '[targets.local]\nsandbox = true\nproject = "bot"\n'


def test_commands_and_destination(tmp_path: Path) -> None:
    """In words, since no shell reads them."""
    bot_in(tmp_path)
    text = 'project = "bot"\npre_deploy = { commands = [["npm", "run", "x"]], limit_s = 60, to = "prod" }\n'

    found = loaded(tmp_path, HEAD + text + PROD)

    assert PreDeploy((("npm", "run", "x"),), 60.0, "prod") == found.pre_deploy


def test_nothing_is_the_default(tmp_path: Path) -> None:
    """No commands, and the deploy goes where it is looked at."""
    assert PreDeploy() == loaded(tmp_path, HEAD).pre_deploy


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('pre_deploy = { commands = "npm run x" }', 'commands: found "npm run x", wanted a list of commands'),
        (
            'pre_deploy = { commands = ["npm run x"] }',
            "commands: found a list, wanted a list of commands in words",
        ),
        ("pre_deploy = { commands = [[]] }", "commands: found a list, wanted a list of commands in words"),
        ("pre_deploy = { comands = [] }", 'comands: unknown key; did you mean "commands"?'),
        ("pre_deploy = { limit_s = 86400 }", "limit_s: found 86400, wanted seconds, at most 3600"),
        ('pre_deploy = { to = "prd" }', 'to: there is no target "prd"; did you mean "prod"?'),
        ('pre_deploy = { to = "local" }', 'to: "local" is a sandbox, which is made for each run'),
    ],
)
def test_faults(tmp_path: Path, line: str, said: str) -> None:
    """Each with what is wanted."""
    bot_in(tmp_path)
    (fault,) = complaints(tmp_path, f'{HEAD}project = "bot"\n{line}\n{PROD}{LOCAL}')

    assert fault.startswith(f"targets.toml:4: targets.t.pre_deploy.{said}")


def test_commands_need_a_project(tmp_path: Path) -> None:
    """They are run in it."""
    (fault,) = complaints(tmp_path, f'{HEAD}pre_deploy = {{ commands = [["x"]] }}\n')

    assert "commands: found without project" in fault
