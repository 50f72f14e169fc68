"""Files that people name as configuration, and what is no such file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.errors import UsageError
from backstop.settings.targets import load_targets
from backstop.settings.textfile import parse_toml, read_text
from backstop.settings.wrangler_project import parse_config
from tests.unit.targetsfiles import complaints

POLICY = '[targets.t]\nurl = "https://bot.example.workers.dev"\n[targets.t.policy.high]\nact_within_s = '


def test_a_text_is_read_whatever_its_line_breaks_are(tmp_path: Path) -> None:
    """Also with the mark that some editors begin a file with."""
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\rc = 3\n")

    text = read_text(path, remedy="")

    assert "a = 1\nb = 2\nc = 3\n" == text
    assert {"a": 1, "b": 2, "c": 3} == parse_toml(path, text)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """Nobody may ever write to it."""
    path = tmp_path / "targets.toml"
    os.mkfifo(path)

    with pytest.raises(UsageError, match=r"targets\.toml is no file"):
        load_targets(path, Environment({}))


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_a_file_of_more_than_a_mebibyte_is_not_read(tmp_path: Path, more: int, *, refused: bool) -> None:
    """Somebody has named another file than they meant."""
    path = tmp_path / "a.toml"
    path.write_text("#" * (1024 * 1024 + more))

    if refused:
        with pytest.raises(UsageError, match="more than 1048576 bytes"):
            read_text(path, remedy="")
    else:
        assert 1024 * 1024 == len(read_text(path, remedy=""))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("a = " + "[" * 5000 + "]" * 5000, "nested too deeply", id="arrays in arrays"),
        pytest.param("a = " + "9" * 5000, "a number has too many digits", id="digits"),
        pytest.param("a: 1", "Expected '=' after a key", id="YAML"),
    ],
)
def test_what_the_parser_gives_up_on_is_explained(tmp_path: Path, text: str, says: str) -> None:
    """In a sentence that names the file, as with any other fault; in a bot's own config too."""
    for read in (
        lambda: load_targets(_written(tmp_path / "targets.toml", text), Environment({})),
        lambda: parse_config(_written(tmp_path / "wrangler.toml", text)),
    ):
        with pytest.raises(UsageError, match=rf"\.toml(:1)?: not valid TOML: {says}"):
            read()


def test_json_without_end_is_explained(tmp_path: Path) -> None:
    """The same for the other format of a bot's config."""
    path = _written(tmp_path / "wrangler.jsonc", "[" * 5000 + "]" * 5000)

    with pytest.raises(UsageError, match="not valid JSON: nested too deeply"):
        parse_config(path)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("inf", "inf"),
        ("nan", "nan"),
        ("9" * 400, "a number of hundreds of digits"),
        (f"0x{'f' * 5000}", "a number of hundreds of digits"),
    ],
)
def test_a_number_that_nothing_can_be_counted_with_is_explained(
    tmp_path: Path, number: str, found: str
) -> None:
    """TOML has numbers without end, and some that no clock can count to."""
    wanted = f"targets.toml:4: targets.t.policy.high.act_within_s: found {found}, wanted a number above 0"

    assert [wanted] == [
        line for line in complaints(tmp_path, POLICY + number + "\n") if "act_within_s" in line
    ]
    assert not [line for line in complaints(tmp_path, POLICY + "60\n") if "wanted a number" in line]


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
