"""What is said about a targets file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.errors import UsageError
from backstop.settings.faults import SettingsError
from backstop.settings.targets import load_targets
from tests.unit.targetsfiles import complaints, written

SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'
SEVERITIES = "one of none, low, medium, high, critical"
NOT_IN_THE_SANDBOX = "not for a sandbox target, which gets it made for each run; remove it"
DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'


def test_all_faults_at_once(tmp_path: Path) -> None:
    """One run shows everything there is to mend, each with its line, across targets."""
    text = """\
[targets.one]
sandbox = true
project = 1
url = "https://bot.example"

[targets.two]
url = "https://two.example"
blocking = "hgh"
protectd = true

[[targets.two.commands]]
nam = "x"
"""

    assert complaints(tmp_path, text) == [
        "targets.toml:3: targets.one.project: found 1, wanted a text",
        f"targets.toml:4: targets.one.url: {NOT_IN_THE_SANDBOX}",
        f'targets.toml:8: targets.two.blocking: found "hgh", wanted {SEVERITIES}; did you mean "high"?',
        'targets.toml:9: targets.two.protectd: unknown key; did you mean "protected"?',
        "targets.toml:11: targets.two.commands[0].name: missing; wanted the name of a slash command",
        'targets.toml:12: targets.two.commands[0].nam: unknown key; did you mean "name"?',
    ]


def test_error_counts_and_lists_the_faults(tmp_path: Path) -> None:
    """The message is complete by itself."""
    path = written(tmp_path, DEPLOYED + "protected = 1\nblocking = 2\n")

    with pytest.raises(SettingsError) as caught:
        load_targets(path, Environment({}))

    assert caught.value.message.splitlines() == [
        "2 things are wrong:",
        f"{path}:3: targets.t.protected: found 1, wanted true or false",
        f"{path}:4: targets.t.blocking: found 2, wanted {SEVERITIES}",
    ]


def test_no_file(tmp_path: Path) -> None:
    """A missing file is one sentence with the next step."""
    with pytest.raises(UsageError, match="there is no such file") as caught:
        load_targets(tmp_path / "targets.toml", Environment({}))

    assert "--targets-file" in caught.value.remedy


def test_directory_in_its_place(tmp_path: Path) -> None:
    """So is a path that is no file."""
    with pytest.raises(UsageError, match="can't be read"):
        load_targets(tmp_path, Environment({}))


def test_not_utf_8(tmp_path: Path) -> None:
    """A file in another encoding is said with its line."""
    path = tmp_path / "targets.toml"
    path.write_bytes(b"[targets.t]\n# caf\xe9\n")

    with pytest.raises(UsageError, match=r"targets\.toml:2: not UTF-8 text"):
        load_targets(path, Environment({}))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[targets]\n"])
def test_no_targets(tmp_path: Path, text: str) -> None:
    """An empty file is told what belongs in it."""
    said = complaints(tmp_path, text)

    assert said == ["targets.toml: no targets; wanted at least one table headed [targets.NAME]"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[targets.t]\nurl = "x\n', 2),
        ("[targets.t\n", 1),
        ("[targets.t]\nsandbox = true\nsandbox = true\n", 3),
        ('[targets.t]\nheaders = { a = "b",\n', 2),
    ],
)
def test_not_toml(tmp_path: Path, text: str, line: int) -> None:
    """Text that doesn't parse is reported at its line."""
    (said,) = complaints(tmp_path, text)

    assert said.startswith(f"targets.toml:{line}: not valid TOML: ")
    assert "at line" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[target.t]\n", 'targets.toml:1: target: unknown key; did you mean "targets"?'),
        ("targets = 1\n", "targets.toml:1: targets: found 1, wanted tables, each headed [targets.NAME]"),
        ("[targets]\nt = 1\n", "targets.toml:2: targets.t: found 1, wanted a table"),
        (
            '[targets."a/b"]\n',
            'targets.toml:1: targets."a/b": no name for a target; wanted letters, digits, - and _',
        ),
        ("[targets.t]\n", "targets.toml:1: targets.t.url: missing; wanted the address of the bot"),
        ("[targets.t]\nsandbox = true\n", "targets.toml:1: targets.t.project: missing; a sandbox target"),
    ],
)
def test_faults_of_the_whole(tmp_path: Path, text: str, said: str) -> None:
    """What makes no target at all."""
    (fault,) = complaints(tmp_path, text)

    assert fault.startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("zzz = 1", "zzz: unknown key; known here: "),
        ("project = 3", "project: found 3, wanted a text"),
        ('wrangler_env = "x"', "wrangler_env: found without project"),
        ('worker = "w"\nproject = "."', "worker: found beside project"),
        ('secrets = { A = "b" }', "secrets: only for a sandbox target"),
        ('control = "x"', 'control: found "x", wanted an http or https address'),
        ('url_ = "x"', 'url_: unknown key; did you mean "url"?'),
        ('required_secrets = "A"', 'required_secrets: found "A", wanted a list of texts'),
        ("discord_token = 1", 'discord_token: wanted "env:NAME"; what was found is no text'),
        ("headers = 1", "headers: found 1, wanted a table, such as "),
        ("headers = { A = 1 }", "headers.A: found 1, wanted a text"),
        ('headers = { "A B" = "c" }', 'headers."A B": no name of a header'),
        ('headers = { A = "b\\nc" }', "headers.A: the value holds a line break"),
        ("health = true", "health: found true, wanted a table, or false"),
        ('health = { status = "200" }', 'health.status: found "200", wanted a whole number from 100'),
        ("health = { status = 99 }", "health.status: found 99, wanted a whole number from 100"),
        ('health = { path = "up" }', 'health.path: found "up", wanted a path that starts with /'),
        ("health = { jsn = {} }", 'health.jsn: unknown key; did you mean "json"?'),
        ('interactions = "/"', 'interactions: found "/", wanted a table with a path'),
        ("interactions = [1]", "interactions: found a list, wanted tables"),
        ("commands = 1", "commands: found 1, wanted tables, each headed [[targets.t.commands]]"),
        ('commands = [{ name = "a", effects = "x" }]', 'commands[0].effects: found "x", wanted one of none'),
        ('commands = [{ name = "a", expect = { type = 99 } }]', "commands[0].expect.type: found 99"),
        (
            'commands = [{ name = "a", guild = "x" }]',
            'commands[0].guild: found "x", wanted the id of a server',
        ),
        ('commands = [{ name = "a b c d" }]', 'commands[0].name: found "a b c d", wanted a command'),
        (
            'commands = [{ name = "a", dm = true, guild = "1" }]',
            "commands[0].dm: found beside guild; a direct message belongs to no server",
        ),
        ('commands = [{ name = "a", options = { b = [] } }]', "commands[0].options.b: found a list"),
        ('accept = { "Bad Id" = "x" }', 'accept."Bad Id": no check id; wanted one such as'),
        ('accept = { "*" = "x" }', 'accept."*": no check id; wanted one such as'),
        ('accept = { a = "" }', 'accept.a: found "", wanted the reason'),
        ('accept = { a = "until 2027-01-01" }', 'accept.a: found "until 2027-01-01", wanted the reason'),
        ('accept = { a = "x, until 2027-02-30" }', 'accept.a: found "until 2027-02-30", wanted'),
        ("policy = { hihg = {} }", "policy.hihg: unknown severity; wanted one of low, medium"),
        ("policy = { low = { mean_ms = -1 } }", "policy.low.mean_ms: found -1, wanted a number above 0"),
        ("policy = { low = { mean = 1 } }", 'policy.low.mean: unknown key; did you mean "mean_ms"?'),
        (
            'policy = { high = { off = ["leaks"] } }',
            'policy.high.off: the policy has no row "leaks" that can be switched off; did you mean "leak"?',
        ),
        ('policy = { low = { off = ["minor-findings"] } }', 'policy.low.off: the policy has no row "minor'),
        (
            "policy = { high = { error_rate_percent = 150 } }",
            "policy.high.error_rate_percent: found 150, wanted a number above 0 and at most 100",
        ),
        (
            "policy = { low = { alert_error_rate_percent = 101 } }",
            "policy.low.alert_error_rate_percent: found 101, wanted a number above 0 and at most 100",
        ),
        (
            "policy = { high = { alert_error_rate_percent = 7 } }",
            "policy.high: alert_error_rate_percent: medium would begin at 10, above the 7 of high",
        ),
        (
            "policy = { medium = { unauthorised_per_minute = 0 } }",
            "policy.medium.unauthorised_per_minute: found 0, wanted a number above 0",
        ),
        (
            "policy = { medium = { mean_ms = 6000 } }",
            "policy.medium: mean_ms: medium would begin at 6000, above the 5000 of high; wanted a heavier",
        ),
        (
            "policy = { critical = { mean_ms = 1500 } }",
            "policy.critical: mean_ms: high would begin at 5000, above the 1500 of critical",
        ),
        (
            "policy = { low = { act_within_s = 60 } }",
            "policy.low: act_within_s: low would want it within 60 s, medium within 900 s; wanted a heavier",
        ),
    ],
)
def test_faults_of_a_value(tmp_path: Path, line: str, said: str) -> None:
    """Each fault shows what was found beside what is wanted, and stands alone."""
    (fault,) = complaints(tmp_path, f"{DEPLOYED}{line}\n")

    assert fault.startswith(f"targets.toml:3: targets.t.{said}")


@pytest.mark.parametrize("name", ["url", "worker", "discord_token", "signing_key", "cloudflare_api_token"])
def test_sandbox_refuses_what_is_real(tmp_path: Path, name: str) -> None:
    """What the sandbox makes for each run can't be given."""
    (fault,) = complaints(tmp_path, f'{SANDBOX}{name} = "x"\n')

    assert fault == f"targets.toml:4: targets.t.{name}: {NOT_IN_THE_SANDBOX}"


@pytest.mark.parametrize(
    "url",
    ["bot.example", "http://", "https://u:p@b.example", "https://b.example/?a=1", "http://b:x", "http://[b"],
)
def test_addresses(tmp_path: Path, url: str) -> None:
    """Only an absolute web address without credentials and query will do."""
    (fault,) = complaints(tmp_path, f'[targets.t]\nurl = "{url}"\n')

    assert f'targets.t.url: found "{url}", wanted an address' in fault


@pytest.mark.parametrize(
    ("content", "said"), [("{", "is no JSON"), ("[]", "holds no JSON object"), (None, "can't be read")]
)
def test_payload_files(tmp_path: Path, content: str | None, said: str) -> None:
    """The file of an interaction must be there and hold an object."""
    if content is not None:
        (tmp_path / "p.json").write_text(content)

    (fault,) = complaints(tmp_path, DEPLOYED + '[[targets.t.interactions]]\npayload = "p.json"\n')

    assert fault.startswith("targets.toml:4: targets.t.interactions[0].payload: ")
    assert said in fault
