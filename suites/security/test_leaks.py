"""No answer tells what is nobody's business, in its body or in a header."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.observe.leaks import leaked_secret, software_version, source_path, stack_trace
from backstop.observe.looks import Looks
from backstop.observe.said import everything, written_later

_STEP = "4. Security incidents, step 1"


@pytest.mark.check("security.leaks.secrets", severity="high", step=_STEP)
def test_secrets(looks: Looks) -> None:
    """No answer holds a secret, or a piece of one"""
    _assert_none(
        looks,
        lambda answer: leaked_secret(answer, looks.leaks),
        "no part of a secret",
        "rotate that secret first: a rollback does not take it back",
    )


@pytest.mark.check("security.leaks.traces", severity="high", step=_STEP)
def test_stack_traces(looks: Looks) -> None:
    """No answer holds a stack trace"""
    _assert_none(looks, stack_trace, "no stack trace", "catch errors, log them, and answer a fixed text")


@pytest.mark.check("security.leaks.paths", severity="medium", step=_STEP)
def test_source_paths(looks: Looks) -> None:
    """No answer names a file of the source"""
    _assert_none(looks, source_path, "no path of the source", "answer a fixed text for errors")


@pytest.mark.check("security.leaks.versions", severity="low", step=_STEP)
def test_versions(looks: Looks) -> None:
    """No answer tells which software it comes from"""
    _assert_none(looks, software_version, "no version of the software", "remove that header")


def _assert_none(looks: Looks, find: Callable[[Answer], str], wanted: str, fix: str) -> None:
    cut: list[str] = []
    read: set[Answer] = set()  # most answers to forged requests are one and the same, and may be long
    for asked, reply in everything(looks):
        if reply.answer in read:
            continue
        read.add(reply.answer)
        found = find(reply.answer)
        where = f"{reply.request.method} {reply.request.url} ({asked}) answered {reply.status}"
        assert not found, f"{where}: found {found}, wanted {wanted}\n→ {fix}"
        if reply.answer.truncated:
            cut.append(f"{where} with more than {len(reply.answer.body)} bytes, of which no more were read")
    for what, text in written_later(looks):
        found = find(Answer(200, (), text.encode("utf-8", "replace")))
        assert not found, f"{what}: found {found}, wanted {wanted}\n→ {fix}"
    if cut:
        raise CouldNotLook(cut[0], remedy="see why a bot answers so much")
