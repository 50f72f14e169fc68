"""Reads the commands out of a workflow and out of Markdown, and says what is wrong with them.

No YAML parser is among the dependencies: the workflow is written so that lines and indentation tell enough.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self, cast

import pytest

from backstop.cli import main as cli
from fixtures.options import BUILT, SUITES, pytest_addoption

ROOT = Path(__file__).resolve().parent.parent.parent

# Options of pytest itself that our instructions use.
PYTESTS_OWN = {"--help", "--markers"}
MARKERS = {kind.value for kind in BUILT} | set(SUITES)

_RUN = re.compile(r"^(?P<indent> *)(?:- )?run: (?P<text>.*)$")
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_CALL = re.compile(r"(?:^|[\s/(\"'])(pytest|backstop)(?= |$)")
_ENDS_A_CALL = {"|", "||", "&&", ";", "&", "#"}
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)


def run_blocks(workflow: str) -> list[str]:
    """The shell of every ``run``, without its indentation."""
    lines = workflow.splitlines()
    return [_block(lines, n, found) for n, line in enumerate(lines) if (found := _RUN.match(line))]


def _block(lines: list[str], n: int, found: re.Match[str]) -> str:
    if found["text"] != "|":
        return found["text"]
    first = next((line for line in lines[n + 1 :] if line.strip()), "")
    depth = len(first) - len(first.lstrip())
    taken: list[str] = []
    for line in lines[n + 1 :]:
        if line.strip() and not line.startswith(" " * depth):
            break
        taken.append(line[depth:])
    return "\n".join(taken).rstrip() + "\n"


def block_of(workflow: str, step: str) -> str:
    """The shell of the step of that id."""
    return next(iter(run_blocks(workflow.partition(f"id: {step}\n")[2])))


def shell_blocks(markdown: str) -> list[str]:
    """What is fenced as shell: to be typed."""
    return [found["text"] for found in _FENCE.finditer(markdown) if found["kind"] in {"sh", "bash", "shell"}]


def typed(markdown: str) -> list[str]:
    """Every line that somebody may type: fenced as shell, or in a span of code."""
    fenced = [line for block in shell_blocks(markdown) for line in block.splitlines()]
    return [*fenced, *_SPAN.findall(_FENCE.sub("", markdown))]


def expressions(shell: str) -> list[str]:
    """What GitHub would write into a script before a shell reads it: nothing may be."""
    return _EXPRESSION.findall(shell)


def wrong_in(lines: list[str]) -> list[str]:
    """Options, markers and sub-commands that do not exist, each with the line that has it."""
    return [f"{wrong} in: {line}" for line in lines for wrong in _wrong(line)]


def _wrong(line: str) -> Iterator[str]:
    for program, words in _calls(line):
        known = _known(program, words)
        given = (word.partition("=")[0] for word in words if word.startswith("--"))
        yield from (f"{program} has no {option}" for option in given if option not in known)
        yield from _wrong_names(program, words)


def _calls(line: str) -> Iterator[tuple[str, list[str]]]:
    """Each call of ours, with its words up to where the shell ends it."""
    for found in _CALL.finditer(line):
        words: list[str] = []
        for word in _words(line[found.end() :]):
            if word in _ENDS_A_CALL:
                break
            words.append(word)
        yield found[1], words


def _words(text: str) -> list[str]:
    reader = shlex.shlex(text, posix=True, punctuation_chars="|&;")
    reader.whitespace_split = True
    try:
        return list(reader)
    except ValueError:  # a quotation that ends on another line
        return text.split()


def _known(program: str, words: list[str]) -> set[str]:
    if _is_session(program, words):
        return pytest_options() | PYTESTS_OWN
    commands = backstop_options()
    return commands.get(words[0], set()) if words else {"--help", "--version"}


def _is_session(program: str, words: list[str]) -> bool:
    """Whether the words are pytest's."""
    return program == "pytest" or words[:1] == ["run"]


def _wrong_names(program: str, words: list[str]) -> Iterator[str]:
    if program == "backstop" and words and words[0] not in {*backstop_options(), "--help", "--version"}:
        yield f"backstop has no command {words[0]}"
    if _is_session(program, words) and "-m" in words:
        expression = words[words.index("-m") + 1]
        named = set(re.findall(r"[a-z_]\w*", expression)) - {"and", "or", "not"}
        yield from (f"there is no marker {name}" for name in sorted(named - MARKERS))


def pytest_options() -> set[str]:
    """Every option that our plugins add to pytest."""
    options = _Options()
    pytest_addoption(cast(pytest.Parser, options))
    return options.names


class _Options:
    """Takes the place of pytest's parser and of a group of it, and keeps the names."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def getgroup(self, *_names: str) -> Self:
        return self

    def addoption(self, *names: str, **_how: object) -> None:
        self.names.update(names)

    def addini(self, *_names: str, **_how: object) -> None:
        pass


def backstop_options() -> Mapping[str, set[str]]:
    """The options of each sub-command, by its name."""
    subparsers = next(
        action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return {
        name: {option for action in each._actions for option in action.option_strings}
        for name, each in subparsers.choices.items()
    }
