"""Reading a bot's own wrangler project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backstop.model.errors import UsageError
from backstop.model.target import Target
from backstop.settings.worker import with_worker
from backstop.settings.wrangler_project import WranglerProject, read_project, worker_name

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


FAULTY = 'name = "bot"\nmain = "src/no.js"\n[env.staging]\n[env.production]\nname = "the-bot"\n'


@pytest.mark.parametrize(
    ("text", "env", "name"),
    [
        pytest.param(FAULTY, "", "bot", id="main is not there"),
        pytest.param(FAULTY, "staging", "bot-staging", id="an environment"),
        pytest.param(f"{FAULTY}[broken\n", "", "bot", id="a fault below"),
        pytest.param(f"{FAULTY}[broken\n", "production", "the-bot", id="a fault below the environment"),
        pytest.param(f"{FAULTY}[broken\n", "staging", None, id="its own name may stand below the fault"),
        pytest.param(f"{FAULTY}list = [\n1,\n", "", "bot", id="a list that never ends"),
        pytest.param('name = "bot\nmain = "x"\n', "", None, id="the fault is in the name"),
        pytest.param("[broken\n" + FAULTY, "", None, id="a fault above"),
        pytest.param('main = "x"\n[broken\n', "", None, id="no name"),
    ],
)
def test_a_worker_is_named_by_a_config_that_is_not_in_order(
    project: Path, text: str, env: str, name: str | None
) -> None:
    """A rollback needs the name and nothing else; one that is not certain is not guessed."""
    (project / "wrangler.toml").write_text(text)

    if name is None:
        with pytest.raises(UsageError, match="not valid TOML"):
            worker_name(project, env)
    else:
        assert name == worker_name(project, env)
    with pytest.raises(UsageError):
        read_project(project, env)


def test_what_builds_wants_a_project_that_is_in_order(project: Path) -> None:
    """And what does not, says how to go on where even the name is not certain."""
    (project / "wrangler.toml").write_text(FAULTY)
    target = Target("prod", sandbox=False, url="https://bot.example", project=project)

    assert "bot" == with_worker(target).worker
    for made in (replace(target, sandbox=True), target):
        with pytest.raises(UsageError, match=r"src/no\.js"):
            with_worker(made, builds=not made.sandbox)
    (project / "wrangler.toml").unlink()
    with pytest.raises(UsageError) as caught:
        with_worker(target)
    assert 'worker = "NAME"' in caught.value.remedy


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
