"""A bot's own wrangler project: which worker it is and where its code begins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import json5

from backstop.model.errors import UsageError
from backstop.settings.faults import Fault, SettingsError, listed, nearest
from backstop.settings.textfile import parse_toml, read_text

# In the order in which wrangler looks for them.
CONFIGS = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
_MOST_LINES = 500  # of a config that does not parse
_JSON_PLACE = re.compile(r"^<string>:(?P<line>\d+) (?P<problem>.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WranglerProject:
    """``config`` and ``main`` are absolute paths; ``env`` is empty for the top level.

    ``vars`` are the names of the variables that the config gives the worker.
    """

    config: Path
    name: str
    main: Path
    env: str = ""
    vars: frozenset[str] = frozenset()

    @property
    def directory(self) -> Path:
        """Where wrangler is to be run."""
        return self.config.parent


def read_project(path: Path, env_name: str = "") -> WranglerProject:
    """Read the config in a directory, or a config itself, for one of its environments.

    Raises UsageError when there is none, when it doesn't parse, lacks the environment, a name or a
    ``main``, or names a ``main`` that isn't there.
    """
    config = _find(path.resolve())
    values = parse_config(config)
    env = _environment(config, values, env_name)
    name = _worker(config, values, env, env_name)
    return WranglerProject(
        config, name, _main(config, values, env), env_name, _vars(env if env_name else values)
    )


def worker_name(path: Path, env_name: str = "") -> str:
    """The worker of a project by its config alone, for what builds nothing: no ``main`` need be there.

    Of a TOML file that doesn't parse, what stands above the fault is taken. Raises UsageError.
    """
    config = _find(path.resolve())
    try:
        values = parse_config(config)
    except SettingsError:
        if found := _name_above_the_fault(config, env_name):
            return found
        raise
    return _worker(config, values, _environment(config, values, env_name), env_name)


def _name_above_the_fault(config: Path, env_name: str) -> str:
    """The name that is written there, for an environment its own; what may follow below is not guessed."""
    lines = read_text(config, remedy="").splitlines()[:_MOST_LINES]
    for count in range(len(lines) if config.suffix == ".toml" else 0, 0, -1):
        try:
            values = tomllib.loads("\n".join(lines[:count]))
        except (ValueError, RecursionError):
            continue
        at = environments_of(values).get(env_name) if env_name else values
        name = at.get("name") if isinstance(at, dict) else None
        return name if isinstance(name, str) else ""
    return ""


def _find(path: Path) -> Path:
    if path.is_file():
        return path
    if not path.is_dir():
        message = f"{path}: there is no such directory; wanted a wrangler project"
        raise UsageError(message, remedy="mend `project` of this target; it is relative to the targets file")
    for name in CONFIGS:
        if (path / name).is_file():
            return path / name
    message = f"{path} holds no wrangler config; wanted one of {listed(CONFIGS)}"
    raise UsageError(message, remedy="point `project` of this target to the directory that holds it")


def parse_config(config: Path) -> Mapping[str, Any]:
    """All that a config says. Raises UsageError, with the line where that is known, when it is no config."""
    text = read_text(config, remedy="see that this user can read it")
    values = parse_toml(config, text) if config.suffix == ".toml" else _parse_json(config, text)
    if not isinstance(values, dict):
        raise SettingsError([Fault(config, "", "found no JSON object, wanted one with name and main")])
    return values


def _parse_json(config: Path, text: str) -> Any:
    try:
        return json5.loads(text)
    except RecursionError as error:
        raise SettingsError([Fault(config, "", "not valid JSON: nested too deeply")]) from error
    except ValueError as error:
        raise SettingsError([_json_fault(config, error)]) from error


def migration_tags(project: WranglerProject) -> tuple[str, ...]:
    """The migrations of Durable Objects that a deploy of the project makes, in their order.

    An environment inherits those at the top, unless it has its own. Raises UsageError for what is no config.
    """
    values = parse_config(project.config)
    env = environments_of(values).get(project.env) if project.env else None
    own = env.get("migrations") if isinstance(env, dict) else None
    found = values.get("migrations") if own is None else own
    steps = found if isinstance(found, list) else []
    return tuple(str(step["tag"]) for step in steps if isinstance(step, dict) and step.get("tag"))


def environments_of(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The environments of a parsed config, by name; none where it has none."""
    environments = values.get("env")
    return environments if isinstance(environments, dict) else {}


def _json_fault(config: Path, error: ValueError) -> Fault:
    place = _JSON_PLACE.match(str(error))
    problem = place["problem"] if place else str(error)
    return Fault(config, "", f"not valid JSON: {problem}", int(place["line"]) if place else None)


def _environment(config: Path, values: Mapping[str, Any], env_name: str) -> Mapping[str, Any]:
    if not env_name:
        return {}
    named = environments_of(values)
    env = named.get(env_name)
    if isinstance(env, dict):
        return env
    message = f'{config} has no environment "{env_name}"{nearest(env_name, named)}'
    raise UsageError(message, remedy=f"it has: {listed(named)}; mend `wrangler_env` of this target")


def _worker(config: Path, values: Mapping[str, Any], env: Mapping[str, Any], env_name: str) -> str:
    """The rule of wrangler: an environment's own name, or else the name with the environment behind it."""
    own, common = env.get("name"), values.get("name")
    if isinstance(own, str) and own:
        return own
    if isinstance(common, str) and common:
        return f"{common}-{env_name}" if env_name else common
    message = f"{config} has no name; wanted the name of the worker"
    raise UsageError(message, remedy='add name = "my-bot" at its top')


def _vars(at: Mapping[str, Any]) -> frozenset[str]:
    """An environment inherits none of those at the top."""
    found = at.get("vars")
    return frozenset(found if isinstance(found, dict) else ())


def _main(config: Path, values: Mapping[str, Any], env: Mapping[str, Any]) -> Path:
    main = env.get("main", values.get("main"))
    if not isinstance(main, str) or not main:
        message = f"{config} has no main; wanted the file that the worker begins with"
        raise UsageError(message, remedy='add main = "src/index.js", or what your bot begins with')
    path = (config.parent / main).resolve()
    if not path.is_file() and not _is_built(values, env):
        message = f'{config}: main is "{main}", but {path} does not exist'
        raise UsageError(message, remedy="mend main, or build the bot first")
    return path


def _is_built(values: Mapping[str, Any], env: Mapping[str, Any]) -> bool:
    """Whether wrangler runs a build of the bot's own first, which may well make the main file."""
    build = env.get("build", values.get("build"))
    return isinstance(build, dict) and bool(build.get("command"))
