"""Reading a bot's own wrangler project."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.errors import UsageError
from backstop.settings.wrangler_project import WranglerProject, read_project

TOML = """\
name = "bot"
main = "src/index.js"
[env.staging]
[env.production]
name = "the-bot"
main = "src/prod.js"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory with the sources of a bot, and no config yet."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "index.js").write_text("")
    (tmp_path / "src" / "prod.js").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("env", "name", "main"),
    [("", "bot", "index.js"), ("staging", "bot-staging", "index.js"), ("production", "the-bot", "prod.js")],
)
def test_name_and_main_follow_the_environment(project: Path, env: str, name: str, main: str) -> None:
    """An environment has its own name, or the common one with its own behind it."""
    config = project / "wrangler.toml"
    config.write_text(TOML)

    assert read_project(project, env) == WranglerProject(config, name, project / "src" / main, env)


def test_an_environment_has_variables_of_its_own(project: Path) -> None:
    """It inherits none of those at the top."""
    (project / "wrangler.toml").write_text(f'{TOML}[env.production.vars]\nB = "2"\n[vars]\nA = "1"\n')

    found = [read_project(project, env).vars for env in ("", "production", "staging")]

    assert [frozenset("A"), frozenset("B"), frozenset()] == found


@pytest.mark.parametrize("file", ["wrangler.json", "wrangler.jsonc"])
def test_json_with_comments(project: Path, file: str) -> None:
    """Comments and trailing commas are understood, in both kinds of file, as wrangler does."""
    (project / file).write_text('{ // mine\n "name": "bot", /* x */ "main": "src/index.js", }\n')

    assert read_project(project).name == "bot"


def test_wranglers_own_order(project: Path) -> None:
    """With several configs, the one that wrangler would take is taken."""
    for file in ("wrangler.toml", "wrangler.jsonc", "wrangler.json"):
        (project / file).write_text(
            TOML if file.endswith("toml") else f'{{"name": "{file}", "main": "src/index.js"}}'
        )

    assert read_project(project).config == project / "wrangler.json"
    (project / "wrangler.json").unlink()
    assert read_project(project).config == project / "wrangler.jsonc"


def test_config_itself_may_be_named(project: Path) -> None:
    """A path to a file is taken as the config."""
    config = project / "other.toml"
    config.write_text(TOML)

    assert read_project(config).config == config
    assert read_project(config).directory == project


def test_main_that_a_build_makes_need_not_exist(project: Path) -> None:
    """A project with a build of its own may name a file that isn't there yet."""
    (project / "wrangler.toml").write_text(
        'name = "bot"\nmain = "dist/index.js"\n[build]\ncommand = "npm run build"\n'
    )

    assert read_project(project).main == project / "dist" / "index.js"


@pytest.mark.parametrize(
    ("file", "text", "env", "said"),
    [
        (None, "", "", "holds no wrangler config; wanted one of wrangler.json, wrangler.jsonc,"),
        ("wrangler.toml", 'name = "bot"\nmain = \n', "", "wrangler.toml:2: not valid TOML: Invalid value"),
        ("wrangler.jsonc", '{\n "name": "bot"\n "main"', "", "wrangler.jsonc:3: not valid JSON: "),
        ("wrangler.json", "", "", "wrangler.json: not valid JSON: "),
        ("wrangler.json", "[]", "", "wrangler.json: found no JSON object"),
        ("wrangler.toml", 'main = "src/index.js"', "", "has no name; wanted the name of the worker"),
        ("wrangler.toml", "name = 3", "", "has no name; wanted the name of the worker"),
        ("wrangler.toml", 'name = "bot"', "", "has no main; wanted the file that the worker begins with"),
        ("wrangler.toml", 'name = "bot"\nmain = "src/no.js"', "", 'main is "src/no.js", but '),
        ("wrangler.toml", TOML, "prod", 'has no environment "prod"; did you mean "production"?'),
        ("wrangler.toml", 'name = "bot"\nmain = "src/index.js"', "x", 'has no environment "x"'),
    ],
)
def test_faulty_project(project: Path, file: str | None, text: str, env: str, said: str) -> None:
    """What is wrong is one sentence, and a usage error."""
    if file is not None:
        (project / file).write_text(text)

    with pytest.raises(UsageError) as caught:
        read_project(project, env)

    assert said in str(caught.value)


def test_missing_directory(tmp_path: Path) -> None:
    """A project that isn't there is said with where to mend it."""
    with pytest.raises(UsageError, match="no such directory") as caught:
        read_project(tmp_path / "nowhere")

    assert "project" in caught.value.remedy


def test_remedy_lists_the_environments(project: Path) -> None:
    """After a wrong environment the right ones are named."""
    (project / "wrangler.toml").write_text(TOML)

    with pytest.raises(UsageError) as caught:
        read_project(project, "zzz")

    assert caught.value.remedy == "it has: staging, production; mend `wrangler_env` of this target"
