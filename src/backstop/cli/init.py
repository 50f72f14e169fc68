"""``backstop init``: from a bot's repository to a targets file that says what is expected of it."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from backstop.cli.spelled import REPORTS, options, session
from backstop.drill.scenarios import load_scenarios
from backstop.model.errors import UsageError
from backstop.model.verdict import Ending
from backstop.onboard.draft import TARGET, env_example_text, targets_text
from backstop.onboard.findings import Finding
from backstop.onboard.locate import locate
from backstop.onboard.onboarding import Onboarded, onboard
from backstop.onboard.reading import beginning
from backstop.root import project_root
from backstop.settings.wrangler_project import CONFIGS
from backstop.storage import write_new

_TARGETS, _ENV = "targets.toml", ".env.example"
_UNSHARED = (".env", ".backstop/", ".wrangler/")
_SHOWN = 200
_FIRST = ("discord-integration", "health-check-failure", "security-regression")  # half a minute


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "init",
        help="write targets.toml for a bot: from what its project says, and what it answers",
        description="Reads the bot's wrangler config, deploys the bot into the sandbox on this machine, asks "
        "it where it is well and where it takes interactions, runs every check once, and writes targets.toml "
        "and .env.example beside the config. Overwrites nothing; needs no account and no network.",
    )
    parser.add_argument("project", nargs="?", type=Path, default=Path(), help="the bot's directory or config")
    parser.add_argument("--env", metavar="NAME", default="", help="an environment of the wrangler config")
    parser.add_argument(
        "--into", metavar="DIR", type=Path, help="where to write (default: beside the config)"
    )
    parser.add_argument("--print", action="store_true", dest="shown", help="print the files, write nothing")
    parser.add_argument("--reports", metavar="DIR", type=Path, help="default: reports")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    config = locate(arguments.project)
    into: Path = arguments.into or config.parent
    targets = into / _TARGETS
    if targets.exists() and not arguments.shown:
        message = f"{targets} is there already, and is left as it is"
        again = shlex.join(["backstop", "init", str(arguments.project), "--print"])
        raise UsageError(
            message, remedy=f"see what would be written with {again}, or write elsewhere: --into DIR"
        )
    reports = arguments.reports or REPORTS
    done = onboard(config, arguments.env, reports, datetime.now(UTC).date(), _say)
    text, env = targets_text(done.draft, _seen_from(into, config)), env_example_text(done.draft)
    if arguments.shown:
        print(f"# --- {_TARGETS}\n{text}\n# --- {_ENV}\n{env}")
        return Ending.VERIFIED
    _write(into, text, env)
    print("\n".join(_conclusion(done, targets, options(targets, arguments.reports))))
    return Ending.VERIFIED


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S}  {text}", file=sys.stderr, flush=True)


def _seen_from(into: Path, config: Path) -> str:
    """The project as the targets file names it: its directory, where wrangler takes that config anyhow."""
    usual = next((name for name in CONFIGS if (config.parent / name).is_file()), "")
    meant = config.parent if config.name == usual else config
    return os.path.relpath(meant.resolve(), into.resolve())


def _write(into: Path, text: str, env: str) -> None:
    write_new(into / _TARGETS, text)
    print(f"wrote {into / _TARGETS}")
    if (into / _ENV).exists():
        print(f"{into / _ENV} is there already, and is left as it is; for a deployed target it lacks:")
        print("".join(f"    {line}\n" for line in env.splitlines() if line), end="")
        return
    write_new(into / _ENV, env)
    print(f"wrote {into / _ENV}")


def _conclusion(done: Onboarded, targets: Path, where: list[str]) -> Iterator[str]:
    yield from _found(done)
    yield from _unignored(targets.parent)
    if not done.draft.takes_interactions:
        yield f"\nset interactions_path (or the public key's name, under secrets) in {targets}:"
        yield "until then the checks of discord and security say nothing of this bot. Then look again:"
        yield f"    {session('--target', TARGET, *where)}"
        return
    if done.draft.accept:
        number = len(done.draft.accept)
        yield f"findings that do not block: {number}; they stand under accept: fill in why each is fine"
    mend = [finding for finding in done.open if finding.guarded]
    rest = [finding for finding in done.open if not finding.guarded]
    if mend:
        yield "\nmend these; nothing accepts them but their own names, typed one by one:"
        yield from map(_line, mend)
    if rest:
        yield "\nthese block a drill until they are mended, or accepted (below):"
        yield from map(_line, rest)
    yield "\nnext, once what blocks is mended:" if any(not each.light for each in mend) else "\nnext:"
    yield from (f"    {line}" for line in _next(done, where, rest))


def _found(done: Onboarded) -> Iterator[str]:
    draft = done.draft
    for found in (draft.health, draft.interactions):
        yield from (f"  {sentence}" for sentence in (found.sentences if found else ()))
    names = ", ".join(f"/{command.name}" for command in draft.commands)
    yield (
        f"  commands that it answers: {names}" if names else "  no command was found; targets.toml shows how"
    )
    yield f"  first look: {done.first.headline}"


def _line(finding: Finding) -> str:
    first = finding.message.partition("\n")[0][:_SHOWN]
    return f"  {finding.check} ({finding.severity}): {first}"


def _unignored(folder: Path) -> Iterator[str]:
    """What git would take along and should not, as far as the .gitignore files up to the root tell."""
    ignored: set[str] = set()
    for above in (folder.resolve(), *folder.resolve().parents):
        ignored |= {line.strip().strip("/") for line in beginning(above / ".gitignore").splitlines()}
        if (above / ".git").exists():
            break
    missing = [name for name in _UNSHARED if name.strip("/") not in ignored]
    if missing:
        yield f"add to {folder / '.gitignore'}: {'  '.join(missing)}"


def _next(done: Onboarded, where: list[str], rest: list[Finding]) -> Iterator[str]:
    """The commands, as they are to be typed from here."""
    if rest:
        yield shlex.join(["backstop", "accept", TARGET, *(finding.check for finding in rest), *where])
    shown = [word for name in _shown(done) for word in ("--scenario", name)]
    drill = ["-m", "drill"] if shown else []
    yield session(*drill, "--target", TARGET, *where, *shown)


def _shown(done: Onboarded) -> list[str]:
    """The scenarios of a first drill that this bot can be seen to break in."""
    root = project_root()
    folders = (root / "suites" / "drills" / "scenarios",), (root / "sandbox" / "faults",)
    return [scenario.name for scenario in load_scenarios(*folders, _FIRST) if done.can_show(scenario)]
