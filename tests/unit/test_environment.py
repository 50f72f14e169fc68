"""The environment and ``.env``."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from backstop.environment import Environment, read_environment
from backstop.model.errors import UsageError
from backstop.model.target import Secret
from backstop.redaction import REDACTOR


def dotenv(directory: Path, text: str) -> Path:
    """Write a ``.env``."""
    path = directory / ".env"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("  export NAME = spaced  ", "spaced"),
        ("NAME=value # why", "value"),
        ("NAME=with#hash", "with#hash"),
        ("NAME='single # quoted'", "single # quoted"),
        ('NAME="double \\"quoted\\"\\n" # why', 'double "quoted"'),
        ("NAME=a=b", "a=b"),
        ("NAME=", ""),
    ],
)
def test_lines_of_dotenv(tmp_path: Path, line: str, value: str) -> None:
    """The usual ways of writing a value are understood."""
    env = read_environment(dotenv(tmp_path, f"# secrets\n\n{line}\n"))

    assert env.plain("NAME") == value


@pytest.mark.parametrize("line", ["NAME", "= value", "NAME='open", 'NAME="a" b', "1NAME=x"])
def test_faulty_line_is_named_but_not_quoted(tmp_path: Path, line: str) -> None:
    """The error says which line is wrong, and nothing of what it holds."""
    path = dotenv(tmp_path, f"FINE=1\n{line}\n")

    with pytest.raises(UsageError) as caught:
        read_environment(path)

    assert f"{path}:2:" in str(caught.value)
    assert "open" not in str(caught.value).replace(str(path), "")  # xdist's own folders are called popen


def test_empty_lines_above_a_fault_are_counted(tmp_path: Path) -> None:
    """The number is that of the faulty line itself."""
    path = dotenv(tmp_path, "FINE=1\n\n# why\n\nNAME='open\n")

    with pytest.raises(UsageError, match=r":5: "):
        read_environment(path)


def test_nothing_is_put_into_a_value(tmp_path: Path) -> None:
    """A dollar in a secret is a dollar."""
    env = read_environment(dotenv(tmp_path, "FIRST=1\nNAME=a${FIRST}$b\n"))

    assert env.plain("NAME") == "a${FIRST}$b"


def test_a_file_that_is_no_utf8_is_a_usage_error(tmp_path: Path) -> None:
    """Said, not raised as it is."""
    (tmp_path / ".env").write_bytes(b"NAME=\xff\xfe\n")

    with pytest.raises(UsageError, match="can't be read"):
        read_environment(tmp_path / ".env")


def test_process_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is exported in the shell is stronger than the file."""
    monkeypatch.setenv("NAME", "exported")

    env = read_environment(dotenv(tmp_path, "NAME=filed\nOTHER=filed\n"))

    assert (env.plain("NAME"), env.plain("OTHER")) == ("exported", "filed")


def test_missing_dotenv_is_fine(tmp_path: Path) -> None:
    """Nobody has to have a ``.env``."""
    assert read_environment(tmp_path / ".env").get("NO_SUCH_VARIABLE_HERE") is None


def test_unreadable_dotenv_is_a_usage_error(tmp_path: Path) -> None:
    """A directory in the place of the file is said, not raised as it is."""
    (tmp_path / ".env").mkdir()

    with pytest.raises(UsageError, match="can't be read"):
        read_environment(tmp_path / ".env")


def test_credentials_are_known_to_the_redactor() -> None:
    """A secret that was read can't be written any more."""
    env = Environment({"API_TOKEN": "Zk9-pQ27-xR41-mmN8"})

    secret = env.get("API_TOKEN")

    assert secret == Secret("API_TOKEN", "Zk9-pQ27-xR41-mmN8")
    assert REDACTOR.redact("token Zk9-pQ27-xR41-mmN8") == "token [redacted API_TOKEN]"


@pytest.mark.parametrize("value", ["", "  "])
def test_empty_is_unset(value: str) -> None:
    """A variable without a value counts as missing."""
    assert Environment({"API_TOKEN": value}).get("API_TOKEN") is None


def test_children_get_no_credentials() -> None:
    """What is handed down holds the paths that programs need, and no token."""
    env = Environment({"PATH": "/bin", "HOME": "/home/a", "CLOUDFLARE_API_TOKEN": "x", "DISCORD_TOKEN": "y"})

    assert env.handed_down() == {"PATH": "/bin", "HOME": "/home/a"}


def test_values_do_not_show() -> None:
    """Neither the environment nor a secret tells its values when it is printed."""
    env = Environment({"API_TOKEN": "Zk9-pQ27-xR41-mmN8"})

    assert repr(env) == "Environment(1 variables)"
    assert repr(env.get("API_TOKEN")) == "Secret(API_TOKEN)"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"GITHUB_ACTOR": "ada", "USER": "runner"}, "ada"),
        ({"USER": "grace"}, "grace"),
        ({"USER": " ", "LOGNAME": "joan"}, "joan"),
    ],
)
def test_who_runs_this(variables: dict[str, str], expected: str) -> None:
    """Who started a CI job comes before its user."""
    assert expected == Environment(variables).who()


def test_somebody_always_runs_this() -> None:
    """The owner of the process, where the environment says nothing."""
    assert pwd.getpwuid(os.getuid()).pw_name == Environment({}).who()
