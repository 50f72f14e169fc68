"""The text of a targets file, from what was found: complete for the sandbox, a skeleton for production."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backstop.model.target import HealthExpectation
from backstop.onboard.commands import CommandFound
from backstop.onboard.entries import Entry, quoted, with_entries
from backstop.onboard.health import HealthFound
from backstop.onboard.interactions import InteractionsFound
from backstop.onboard.needs import Needs
from backstop.onboard.survey import Survey

TARGET = "local"
_HEAD = """\
# What backstop must know of this bot: where it runs, and what is expected of it there. Paths are relative
# to this file; "env:NAME" is read from the environment, or from .env beside it. No secret belongs in here.

[targets.local]                    # in the embedded cloud: no account, no network
sandbox = true
"""
_COMMANDS = """
# Slash commands that must work, and the type of what they answer (4: a message, 5: a message later):
# [[targets.local.commands]]
# name = "ping"
# expect = { type = 4 }
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far; None is what nobody has asked yet. ``stub`` names bindings to stand in for.

    ``mentioned`` are commands of the project's files, whether the bot answered them or not.
    """

    survey: Survey
    needs: Needs
    stub: tuple[str, ...] = ()
    health: HealthFound | None = None
    interactions: InteractionsFound | None = None
    commands: tuple[CommandFound, ...] = ()
    mentioned: tuple[str, ...] = ()
    accept: tuple[Entry, ...] = ()

    @property
    def takes_interactions(self) -> bool:
        """Whether it is known where; without that most checks say nothing of the bot."""
        return self.interactions is not None and bool(self.interactions.path)


def targets_text(draft: Draft, project: str) -> str:
    """The whole file; ``project`` is where the wrangler project is, as seen from the file."""
    text = "".join(_local(draft, project)) + "".join(_commands(draft.commands, draft.mentioned))
    if draft.accept:
        text = with_entries(text, TARGET, draft.accept)
    return text + _production(draft, project)


def env_example_text(draft: Draft) -> str:
    """What ``.env`` beside the targets file may hold."""
    discord = "DISCORD_TOKEN" if _has_token(draft) else "# DISCORD_TOKEN"
    return f"""\
# Copy this to .env, which belongs into .gitignore. The sandbox needs none of it; a deployed target does.

# to read deployments and to roll back: “Workers Scripts: Edit” and “Workers Tail: Read” of the account
CLOUDFLARE_API_TOKEN=
CLOUDFLARE_ACCOUNT_ID=
# the bot's token, to see that Discord accepts it and has the commands and the endpoint
{discord}=
# DISCORD_APPLICATION_ID=
"""


def _has_token(draft: Draft) -> bool:
    return any("TOKEN" in name for name in draft.needs.required)


def _local(draft: Draft, project: str) -> Iterator[str]:
    yield _HEAD
    yield f"project = {quoted(project)}\n"
    if draft.survey.project.env:
        yield f"wrangler_env = {quoted(draft.survey.project.env)}\n"
    yield from _environments(draft.survey)
    if draft.needs.required:
        yield f"required_secrets = {_value(list(draft.needs.required))}\n"
    yield from _secrets(draft.needs)
    if draft.stub:
        yield "# bindings that the sandbox does not serve: what stands in for them does nothing\n"
        yield f"stub = {_value(list(draft.stub))}\n"
    if draft.health:
        yield from (f"# {sentence}\n" for sentence in draft.health.sentences)
        yield f"health = {_health(draft.health.expectation)}\n"
    if draft.interactions:
        yield from (f"# {sentence}\n" for sentence in draft.interactions.sentences)
        yield f"interactions_path = {quoted(draft.interactions.path or '/')}\n"


def _environments(found: Survey) -> Iterator[str]:
    others = [name for name in found.environments if name != found.project.env]
    if others and not found.project.env:
        yield f"# wrangler_env = {quoted(others[0])}    # of its environments: {', '.join(others)}\n"


def _secrets(needs: Needs) -> Iterator[str]:
    """A table of its own would end the target's; an inline one can't have comments. So: lines above it."""
    if needs.unset:
        yield f"# {', '.join(needs.unset)}: the bot reads it; not set here, add it to secrets if need be\n"
    if not (needs.identities or needs.made_up):
        return
    pairs = [(name, f"sandbox:{identity.value}") for name, identity in needs.identities]
    if needs.identities:
        names = ", ".join(name for name, _ in needs.identities)
        yield f"# {names}: the bot's own names for what the sandbox makes for each run\n"
    if needs.made_up:
        names = ", ".join(name for name, _ in needs.made_up)
        yield f'# {names}: made up; where the bot needs a real one, put it into .env: NAME = "env:NAME"\n'
    members = ", ".join(f"{name} = {quoted(value)}" for name, value in (*pairs, *needs.made_up))
    yield f"secrets = {{ {members} }}\n"


def _health(found: HealthExpectation | None) -> str:
    if found is None:
        return "false"
    more = f", json = {_value(dict(found.json))}" if found.json else ""
    more += f", text = {quoted(found.text)}" if found.text else ""
    return f"{{ path = {quoted(found.path)}, status = {found.status}{more} }}"


def _commands(commands: Sequence[CommandFound], mentioned: Sequence[str]) -> Iterator[str]:
    silent = [name for name in mentioned if name not in {command.name for command in commands}]
    if silent:
        names = ", ".join(silent)
        yield f"\n# Mentioned in the project, but nothing that is answered as a command here: {names}\n"
    if not commands:
        yield _COMMANDS
        return
    yield "\n# Slash commands that the project mentions, with the type of what the bot answered, twice.\n"
    for command in commands:
        yield f"\n[[targets.{TARGET}.commands]]\nname = {quoted(command.name)}\n"
        if command.options:
            yield f"options = {_value(dict(command.options))}\n"
        yield f"expect = {{ type = {command.reply} }}\n"


def _production(draft: Draft, project: str) -> str:
    found, serving = draft.survey, draft.survey.deployed
    url = found.address or f"https://{serving.name}.YOUR-SUBDOMAIN.workers.dev"
    known = "as the config's routes say" if found.address else "wrangler deploy prints it"
    lines = [
        "[targets.prod]",
        f"url = {quoted(url)}    # {known}",
        f"project = {quoted(project)}",
        *([f"wrangler_env = {quoted(serving.env)}"] if serving.env else []),
        "protected = true                   # never drilled; a rollback asks for its name",
        *([f"required_secrets = {_value(list(draft.needs.required))}"] if draft.needs.required else []),
        *([f"health = {_health(draft.health.expectation)}"] if draft.health else []),
        *([f"interactions_path = {quoted(draft.interactions.path or '/')}"] if draft.interactions else []),
        "",
        "[targets.prod.accept]",
        '"discord.signed.*" = "Discord holds the key"',
    ]
    commented = "\n".join(f"# {line}".rstrip() for line in lines)
    return (
        f"\n# The deployed bot. Take the # away, and put what .env.example names into .env:\n#\n{commented}\n"
    )


def _value(value: Any) -> str:
    """A plain value in TOML."""
    match value:
        case dict():
            return f"{{ {', '.join(f'{_key(name)} = {_value(each)}' for name, each in value.items())} }}"
        case list():
            return f"[{', '.join(_value(each) for each in value)}]"
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case _:
            return repr(value)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else quoted(name)
