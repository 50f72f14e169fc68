"""What a targets file says, as values."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.errors import UsageError
from backstop.model.severity import Severity
from backstop.model.target import (
    Acceptance,
    Command,
    EmbeddedBindings,
    Expected,
    HealthExpectation,
    Identity,
    Interaction,
    PolicyChange,
    RateLimit,
    Secret,
    Target,
)
from backstop.settings.faults import SettingsError
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from tests.unit.targetsfiles import bot_in, complaints, loaded, written

SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'
DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\nworker = "bot"\n'

SEED = "5e" * 31 + "0f"


def test_smallest_sandbox_target(tmp_path: Path) -> None:
    """A project is all that the embedded cloud needs; the rest has defaults."""
    assert loaded(tmp_path, SANDBOX) == Target(name="t", sandbox=True, project=tmp_path / "bot")


def test_smallest_deployed_target(tmp_path: Path) -> None:
    """An address alone can be looked at."""
    target = loaded(tmp_path, '[targets.t]\nurl = "https://bot.example.workers.dev"\n')

    assert target == Target(
        name="t", sandbox=False, url="https://bot.example.workers.dev", requests_per_minute=300
    )


def test_every_key_of_a_deployed_target(tmp_path: Path) -> None:
    """Each key ends up where the checks look for it."""
    text = f"""
        [targets.t]
        url = "https://bot.example.workers.dev"
        probe_url = "http://127.0.0.1:8787"
        control = "https://one.example/trace"
        project = "bot"
        wrangler_env = "staging"
        protected = true
        blocking = "high"
        headers = {{ X-Plain = "yes" }}
        required_secrets = ["DISCORD_TOKEN"]
        environment = "staging"
        discord_application_id = "100000000000000001"
        signing_key = "{SEED}"
        cloudflare_account_id = "0123456789abcdef0123456789abcdef"
        interactions_path = "/interactions"
        requests_per_minute = 60
        rate_limit = {{ requests = 100, per_s = 10, path = "/x", method = "GET" }}
    """

    assert loaded(tmp_path, text) == Target(
        name="t",
        sandbox=False,
        url="https://bot.example.workers.dev",
        probe_url="http://127.0.0.1:8787",
        control="https://one.example/trace",
        project=tmp_path / "bot",
        wrangler_env="staging",
        protected=True,
        blocking=Severity.HIGH,
        headers=(("X-Plain", "yes"),),
        required_secrets=("DISCORD_TOKEN",),
        environment="staging",
        discord_application_id="100000000000000001",
        signing_key=Secret("targets.t.signing_key", SEED),
        cloudflare_account="0123456789abcdef0123456789abcdef",
        interactions_path="/interactions",
        requests_per_minute=60,
        rate_limit=RateLimit(100, 10, "/x", "GET"),
        own=("cloudflare_account_id",),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("health = false", None),
        ('health = { path = "/up" }', HealthExpectation(path="/up")),
        ("health = { asks_discord = false }", HealthExpectation(asks_discord=False)),
        ('health = { status = 204, text = "fine" }', HealthExpectation(status=204, text="fine")),
        ('health = { json = { status = "ok" } }', HealthExpectation(json=(("status", "ok"),))),
    ],
)
def test_health(tmp_path: Path, text: str, expected: HealthExpectation | None) -> None:
    """A target says what its health answer holds, or that it has none."""
    assert loaded(tmp_path, SANDBOX + text).health == expected


def test_commands(tmp_path: Path) -> None:
    """A command with its options and its expected answer."""
    text = """
        [[targets.t.commands]]
        name = "register"
        channel = "100000000000000001"
        options = { tracker1 = "https://example.com", count = 2 }
        effects = "posts"
        expect = { type = 4, content = "received", ephemeral = true, posted = "example.com" }
        [[targets.t.commands]]
        name = "help"
        guild = "100000000000000002"
        expect.type = [4, 5]
        [[targets.t.commands]]
        name = "/config  role add"
        dm = true
    """

    assert loaded(tmp_path, SANDBOX + text).commands == (
        Command(
            name="register",
            options=(("tracker1", "https://example.com"), ("count", 2)),
            channel="100000000000000001",
            effects="posts",
            expect=Expected(types=(4,), content="received", ephemeral=True, posted="example.com"),
        ),
        Command(name="help", expect=Expected(types=(4, 5)), guild="100000000000000002"),
        Command(name="config role add", dm=True),
    )


@pytest.mark.parametrize(
    "text",
    [
        '[[targets.t.commands]]\nname = "help"\nexpect = { posted = "x" }\n',
        '[[targets.t.interactions]]\npayload = "button.json"\neffects = "posts"\nexpect = { posted = "x" }\n',
    ],
)
def test_what_posts_nothing_has_no_text_that_is_posted(tmp_path: Path, text: str) -> None:
    """It would never be looked at."""
    (tmp_path / "button.json").write_text('{"type": 3}')

    with pytest.raises(UsageError, match="posted: found for what posts nothing"):
        loaded(tmp_path, SANDBOX + text)


def test_interactions_are_read_from_their_files(tmp_path: Path) -> None:
    """The payload lies beside the targets file."""
    (tmp_path / "button.json").write_text('{"type": 3}')
    text = '[[targets.t.interactions]]\npayload = "button.json"\nexpect = { type = 6 }\n'

    target = loaded(tmp_path, SANDBOX + text)

    button = Interaction(tmp_path / "button.json", '{"type": 3}', expect=Expected(types=(6,)))
    assert target.interactions == (button,)
    assert target.interactions_path == "/"


def test_interactions_table_gives_the_path(tmp_path: Path) -> None:
    """The same key as a table says where interactions are posted."""
    target = loaded(tmp_path, SANDBOX + 'interactions = { path = "/discord" }')

    assert target.interactions_path == "/discord"
    assert target.interactions == ()


def test_accept(tmp_path: Path) -> None:
    """A reason, with a date of expiry in its words, for a check or a family of them."""
    text = """
        [targets.t.accept]
        "security.csp" = "the bot serves no pages, until 2027-06-30"
        "discord.signed.*" = "Discord holds the key"
        discord.in-time = "it waits for nobody"
        latency.mean = "slow until it is rewritten"
    """

    assert loaded(tmp_path, SANDBOX + text).accept == (
        Acceptance("security.csp", "the bot serves no pages", date(2027, 6, 30)),
        Acceptance("discord.signed.*", "Discord holds the key"),
        Acceptance("discord.in-time", "it waits for nobody"),
        Acceptance("latency.mean", "slow until it is rewritten"),
    )


def test_policy(tmp_path: Path) -> None:
    """Only what differs from the defaults is kept."""
    text = "[targets.t.policy]\nmedium = { mean_ms = 1500, act_within_s = 600 }\n"

    changes = loaded(tmp_path, SANDBOX + text).policy

    assert changes == (PolicyChange(Severity.MEDIUM, mean_ms=1500, act_within_s=600),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[targets.t.policy.medium]\nmean_ms = 1500\n", {Severity.MEDIUM: 30}),
        ("[targets.t.policy.medium]\nunauthorised_per_minute = 9\n", {Severity.MEDIUM: 9}),
        (
            "[targets.t.policy.high]\nunauthorised_per_minute = 90\n",
            {Severity.HIGH: 90, Severity.MEDIUM: 30},
        ),
    ],
)
def test_what_a_monitor_calls_usual_is_a_threshold_of_the_policy(
    tmp_path: Path, text: str, expected: dict[Severity, float]
) -> None:
    """Medium begins there, where the policy itself says nothing of it."""
    text = f"{SANDBOX}{text}[targets.t.monitor]\nunauthorised_per_minute = 30\n"

    changes = loaded(tmp_path, text).policy

    assert expected == {
        change.severity: change.unauthorised_per_minute
        for change in changes
        if change.unauthorised_per_minute is not None
    }


def test_sandbox_secrets(tmp_path: Path) -> None:
    """What the bot in the sandbox gets beside the secrets that are made for the run."""
    text = 'secrets = { REGISTER_CHANNEL_ID = "100000000000000001", API_KEY = "env:MY_KEY" }'

    target = loaded(tmp_path, SANDBOX + text, {"MY_KEY": "k3y-of-mine-0001"})

    assert target.secrets == (
        ("REGISTER_CHANNEL_ID", Secret("REGISTER_CHANNEL_ID", "100000000000000001")),
        ("API_KEY", Secret("MY_KEY", "k3y-of-mine-0001")),
    )


def test_a_bots_own_names_for_what_the_sandbox_makes(tmp_path: Path) -> None:
    """They are no secrets of the target; a word that stands for nothing is said with those that do."""
    text = 'secrets = { PUBLIC_KEY = "sandbox:public_key", BOT = "sandbox:token", X = "1" }'

    target = loaded(tmp_path, SANDBOX + text)

    assert target.identities == (("PUBLIC_KEY", Identity.PUBLIC_KEY), ("BOT", Identity.TOKEN))
    assert target.secrets == (("X", Secret("X", "1")),)
    wanted = "wanted one of sandbox:public_key, sandbox:token, sandbox:application_id"
    assert complaints(tmp_path, SANDBOX + 'secrets = { A = "sandbox:key" }') == [
        f'targets.toml:4: targets.t.secrets.A: found "sandbox:key", {wanted}'
    ]


def test_paths_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A targets file means the same wherever pytest is started."""
    (tmp_path / "elsewhere").mkdir()
    written(tmp_path, SANDBOX)
    monkeypatch.chdir(tmp_path / "elsewhere")

    target = load_targets(Path("../targets.toml"), Environment({})).get("t")

    assert target.project == tmp_path / "bot"


def test_project_names_the_worker(tmp_path: Path) -> None:
    """A target without a worker of its own is the one that its project deploys."""
    bot_in(tmp_path)

    assert with_worker(loaded(tmp_path, SANDBOX)).worker == "bot"
    assert with_worker(loaded(tmp_path, SANDBOX + 'wrangler_env = "staging"')).worker == "bot-staging"
    assert with_worker(loaded(tmp_path, DEPLOYED)).worker == "bot"


def test_project_that_is_not_there(tmp_path: Path) -> None:
    """A missing project is said when its target is used, and not when another one is."""
    with pytest.raises(UsageError, match="bot: there is no such directory"):
        with_worker(loaded(tmp_path, SANDBOX))


def test_names_in_the_order_of_the_file(tmp_path: Path) -> None:
    """So that lists read as they were written."""
    text = "\n".join(f'[targets.{name}]\nsandbox = true\nproject = "."' for name in ("z", "a"))

    assert load_targets(written(tmp_path, text), Environment({})).names == ("z", "a")


def test_unknown_target_names_the_nearest(tmp_path: Path) -> None:
    """A typing error on the command line is answered with what was meant."""
    text = "\n".join(f'[targets.{name}]\nsandbox = true\nproject = "."' for name in ("local", "staging"))

    with pytest.raises(UsageError, match=r'no target "stagin" .* did you mean "staging"') as caught:
        loaded(tmp_path, text, name="stagin")

    assert caught.value.remedy == "it has: local, staging"


def test_own_targets_file_is_sound() -> None:
    """The file of this repository loads without any environment, and its local target is the sandbox."""
    path = Path(__file__).parents[2] / "targets.toml"

    local = load_targets(path, Environment({})).get("local")

    assert local.sandbox
    assert [command.name for command in local.commands] == ["register"]


def test_faults_of_the_environment_stop_only_their_target(tmp_path: Path) -> None:
    """A machine without production's headers can still drill the sandbox."""
    text = SANDBOX + '[targets.prod]\nurl = "https://x.example"\nheaders = { A = "env:NO_SUCH_ACCESS_ID" }\n'

    assert loaded(tmp_path, text).sandbox
    with pytest.raises(SettingsError, match=r"targets\.prod\.headers\.A: the variable NO_SUCH_ACCESS_ID"):
        loaded(tmp_path, text, name="prod")


def test_sandbox_bindings(tmp_path: Path) -> None:
    """Stubs by name, values that KV begins with, and the projects of other workers."""
    text = 'stub = ["AI"]\nkv = { SETTINGS = { "greeting" = "hello" } }\nservices = ["../other"]\n'

    bindings = loaded(tmp_path, SANDBOX + text).bindings

    expected = EmbeddedBindings(
        stub=("AI",),
        kv=(("SETTINGS", (("greeting", "hello"),)),),
        services=((tmp_path / "../other").resolve(),),
    )
    assert expected == bindings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SANDBOX + 'stub = "AI"\n', 'found "AI", wanted a list of texts'),
        (SANDBOX + 'kv = ["a"]\n', "found a list, wanted tables of keys and texts by binding"),
        (SANDBOX + 'kv = { S = "a" }\n', 'targets.t.kv.S: found "a", wanted keys and texts'),
        (SANDBOX + "kv = { S = { n = 1 } }\n", "targets.t.kv.S.n: found 1, wanted a text"),
        ('[targets.t]\nurl = "https://x.example"\nstub = ["AI"]\n', "only for a sandbox target"),
        ('[targets.t]\nurl = "https://x.example"\nkv = {}\nservices = []\n', "2 things are wrong"),
    ],
)
def test_wrong_bindings_are_faults(tmp_path: Path, text: str, words: str) -> None:
    """Each with its place and what was wanted."""
    with pytest.raises(SettingsError, match=re.escape(words)):
        loaded(tmp_path, text)
