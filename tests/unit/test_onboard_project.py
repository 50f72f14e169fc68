"""What ``backstop init`` reads of a project before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.errors import UsageError
from backstop.model.target import Identity
from backstop.onboard.locate import locate
from backstop.onboard.needs import identity_of, names_read, needs_of
from backstop.onboard.survey import survey

TOML = 'name = "bot"\nmain = "index.js"\n'


def project(folder: Path, config: str = TOML, name: str = "wrangler.toml") -> Path:
    """A wrangler project in that folder; its config."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.js").touch()
    (folder / name).write_text(config)
    return folder / name


def test_a_config_and_its_directory_are_the_same(tmp_path: Path) -> None:
    """Whichever is named."""
    config = project(tmp_path)

    assert config == locate(tmp_path)
    assert config == locate(config)


def test_a_monorepo_with_one_bot_is_that_bot(tmp_path: Path) -> None:
    """What others installed, built or keep hidden is no project of one's own."""
    config = project(tmp_path / "packages" / "bot")
    for elsewhere in ("node_modules/x", ".git/x", "packages/bot/dist", "packages/bot/.wrangler"):
        project(tmp_path / elsewhere)

    assert config == locate(tmp_path)


def test_a_monorepo_with_several_lists_what_to_type(tmp_path: Path) -> None:
    """One command for each."""
    for name in ("bot", "site"):
        project(tmp_path / "packages" / name)

    with pytest.raises(UsageError, match="holds 2 wrangler projects") as caught:
        locate(tmp_path)

    assert [f"backstop init {tmp_path}/packages/{name}" for name in ("bot", "site")] == [
        line.strip() for line in caught.value.remedy.splitlines()[1:]
    ]


@pytest.mark.parametrize(
    ("path", "said"), [("", "holds no wrangler config"), ("x", "there is no such directory")]
)
def test_no_project_is_said_so(tmp_path: Path, path: str, said: str) -> None:
    """With what to type instead."""
    with pytest.raises(UsageError, match=said) as caught:
        locate(tmp_path / path)

    assert "backstop init PATH" in caught.value.remedy


def test_variables_and_bindings_are_those_of_the_environment(tmp_path: Path) -> None:
    """An environment inherits neither, but the address of the top where it has none."""
    config = project(
        tmp_path,
        '{"name": "bot", "main": "index.js", "route": "bot.example.com/*", "vars": {"TOP": "1"},'
        '"kv_namespaces": [{"binding": "KV"}], "env": {"prod": {"vars": {"ENV": "1"},'
        '"secrets": {"required": ["KEY"]}, "durable_objects": {"bindings": [{"name": "DO"}]}}}}',
        "wrangler.json",
    )

    top, prod = survey(config), survey(config, "prod")

    assert (frozenset({"TOP"}), frozenset({"KV"}), ()) == (top.project.vars, top.bound, top.secrets)
    assert (frozenset({"ENV"}), frozenset({"DO"}), ("KEY",)) == (prod.project.vars, prod.bound, prod.secrets)
    assert {"TOP", "ENV"} == top.variables == prod.variables
    assert top.address == prod.address == "https://bot.example.com"


@pytest.mark.parametrize(
    ("more", "env", "expected"),
    [
        ("", "", ("bot", "")),
        ("[env.dev]\n[env.production]\n", "", ("bot-production", "production")),
        ("[env.dev]\n[env.prod]\nname = 'the-bot'\n", "", ("the-bot", "prod")),
        ("[env.dev]\n[env.production]\n", "dev", ("bot-dev", "dev")),
        ("[env.production]\nmain = 'gone.js'\n", "", ("bot", "")),
    ],
)
def test_what_serves_people_is_called_production(
    tmp_path: Path, more: str, env: str, expected: tuple[str, str]
) -> None:
    """Unless an environment is named: then that is meant."""
    found = survey(project(tmp_path, TOML + more), env).deployed

    assert expected == (found.name, found.env)


def test_names_of_local_secrets_are_read_and_no_value(tmp_path: Path) -> None:
    """What stands behind the equals sign is nobody's business."""
    (tmp_path / ".dev.vars").write_text('# mine\nexport TOKEN = "s3cr3t-of-mine"\nKEY=abc\n')
    (tmp_path / ".env.example").write_text("GUILD_ID=\n")

    found = survey(project(tmp_path))

    assert ("TOKEN", "KEY") == found.secrets
    assert ("GUILD_ID",) == found.hinted
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize(
    ("config", "env", "said"),
    [
        ('name = "bot"\nmain = \n', "", "wrangler.toml:2: not valid TOML"),
        (TOML, "prod", "it has none: leave --env out"),
        (f"{TOML}[env.production]\n", "prod", 'did you mean "production"'),
        ('name = "bot"\nmain = "gone.js"\n', "", "does not exist"),
    ],
)
def test_a_config_that_can_not_be_used(tmp_path: Path, config: str, env: str, said: str) -> None:
    """One sentence with the line or the nearest right word."""
    with pytest.raises(UsageError) as caught:
        survey(project(tmp_path, config), env)

    assert said in str(caught.value)


def test_keys_of_a_future_wrangler_are_left_alone(tmp_path: Path) -> None:
    """Wrangler itself warns of them."""
    found = survey(
        project(tmp_path, f'{TOML}quantum = true\n[vars]\nA = "1"\n[[teleports]]\nbinding = "T"\n')
    )

    assert (frozenset({"A"}), frozenset({"T"})) == (found.project.vars, found.bound)


def test_every_way_of_reading_a_name_is_seen() -> None:
    """As a member, by index, unpacked; of the environment only, and in capital letters."""
    code = (
        "env.ONE; this.env.TWO; c.env['THREE']; const { FOUR, FIVE: five, six } = context.env;"
        "const { NOT } = request; environment.NEITHER; env.lower; process.env.SIX;"
    )

    assert ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX") == names_read(code)


def test_names_in_small_letters_are_seen_where_they_tell_what_is_meant() -> None:
    """Bundles hold much that has an ``env``, and most of it is nobody's secret."""
    code = "env.discordPublicKey; const { botToken, colour } = c.env; env.fetch; env.token; env.production"

    assert ("discordPublicKey", "botToken") == names_read(code)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("PUBLIC_KEY", Identity.PUBLIC_KEY),
        ("DISCORD_APP_PUBLIC_KEY", Identity.PUBLIC_KEY),
        ("BOT_TOKEN", Identity.TOKEN),
        ("DISCORD_BOT_TOKEN", Identity.TOKEN),
        ("CLIENT_ID", Identity.APPLICATION_ID),
        ("discordPublicKey", Identity.PUBLIC_KEY),
        ("bot_token", Identity.TOKEN),
        ("applicationId", Identity.APPLICATION_ID),
        ("userId", None),
        ("DISCORD_APP_ID", Identity.APPLICATION_ID),
        ("VAPID_PUBLIC_KEY", None),
        ("GITHUB_TOKEN", None),
        ("GUILD_ID", None),
    ],
)
def test_what_a_bot_means_by_a_name(name: str, identity: Identity | None) -> None:
    """Its own names for its application at Discord, and nobody else's."""
    assert identity is identity_of(name)


def test_every_need_is_met_once(tmp_path: Path) -> None:
    """By the sandbox, by a variable of the config, by what is made up; or it is said that nobody meets it."""
    config = project(
        tmp_path, f'{TOML}[vars]\nPUBLIC_KEY = "abc"\nCOLOUR = "red"\n[env.x.vars]\nSTAGE = "x"\n'
    )
    (tmp_path / ".dev.vars").write_text("FAVOURITE=\n")
    read = "PUBLIC_KEY BOT_TOKEN DISCORD_TOKEN COLOUR STAGE WEATHER_KEY FLAVOUR CI"
    code = " ".join(f"env.{name}" for name in read.split())

    found = needs_of(survey(config), code)

    assert (("PUBLIC_KEY", Identity.PUBLIC_KEY), ("BOT_TOKEN", Identity.TOKEN)) == found.identities
    assert (("WEATHER_KEY", "made-up-weather-key"), ("FAVOURITE", "made-up-favourite")) == found.made_up
    assert ("BOT_TOKEN", "DISCORD_TOKEN", "WEATHER_KEY", "FAVOURITE") == found.required
    assert ("FLAVOUR",) == found.unset
