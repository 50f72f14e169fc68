"""What a target says of its bindings, and what the sandbox, for which a double stands in, makes of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import pytest

from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.target import EmbeddedBindings, Target
from backstop.outfit import Outfit
from backstop.sandboxed import SandboxHandle
from backstop.settings.wrangler_project import WranglerProject
from tests.unit.loopback import Canned, api

READY = {field.name: f"the {field.name}" for field in fields(SandboxHandle)}
Entry = dict[str, object]
AI: Entry = {"name": "AI", "type": "ai"}
DB: Entry = {"name": "DB", "type": "d1"}
MAIL: Entry = {"name": "MAIL", "type": "send_email"}
SETTINGS: Entry = {"name": "SETTINGS", "type": "kv_namespace"}
OTHER = WranglerProject(Path("/other/wrangler.toml"), "other", Path("/other/index.js"))
NOTHING: Entry = {"bindings": [], "stubs": [], "refused": []}


@contextmanager
def outfit(
    wanted: EmbeddedBindings, *services: WranglerProject, **found: list[Entry]
) -> Iterator[tuple[Outfit, Canned]]:
    """An outfit over a sandbox whose bot is bound to this, and whose other worker to nothing."""
    answers: dict[str, tuple[int, object]] = {
        "GET /sandbox/workers/bot/bindings": (200, NOTHING | found),
        "GET /sandbox/workers/other/bindings": (200, NOTHING),
        "PUT /sandbox/workers/bot/staging": (200, {}),
        "PUT /sandbox/workers/other/staging": (200, {}),
    }
    with api(answers) as canned:
        handle = SandboxHandle(**{**READY, "control": f"{canned.url}/sandbox"})
        target = Target("t", sandbox=True, worker="bot", bindings=wanted)
        yield Outfit(handle, target, services), canned


def test_every_worker_is_staged_before_it_is_deployed() -> None:
    """Stubs and values are for the bot and for what it calls."""
    wanted = EmbeddedBindings(stub=("AI",), kv=(("SETTINGS", (("greeting", "hello"),)),))
    with outfit(wanted, OTHER) as (made, canned):
        made.stage()

    body = {"stub": ["AI"], "kv": {"SETTINGS": {"greeting": "hello"}}}
    assert ["PUT /sandbox/workers/other/staging", "PUT /sandbox/workers/bot/staging"] == canned.asked
    assert [body, body] == [json.loads(sent) for _, sent in canned.seen]


def test_a_bot_without_bindings_costs_no_request() -> None:
    """Neither before its deploy nor after."""
    with outfit(EmbeddedBindings()) as (made, canned):
        made.stage()
        made.see_that_all_is_there()
        told = [*made.stubs(), *made.uses()]

    assert [] == told
    assert [] == canned.seen


def test_a_refusal_is_wrong_usage_with_the_line_that_mends_it() -> None:
    """All that was refused, and what is a stub already."""
    wanted = EmbeddedBindings(stub=("MAIL",))
    with (
        outfit(wanted, refused=[DB, AI]) as (made, _),
        pytest.raises(UsageError) as caught,
        made.in_words("bot"),
    ):
        raise CouldNotLook("the deploy failed")

    assert "the sandbox can't serve DB (d1), AI (ai)" == caught.value.message
    assert 'stub = ["AI", "DB", "MAIL"]' == caught.value.remedy


def test_another_failure_of_a_deploy_stays_what_it_is() -> None:
    """Where the sandbox has refused no binding."""
    with (
        outfit(EmbeddedBindings()) as (made, _),
        pytest.raises(CouldNotLook, match="the deploy failed"),
        made.in_words("bot"),
    ):
        raise CouldNotLook("the deploy failed")


def test_what_is_there_is_no_fault() -> None:
    """Stubs that are stubs, and namespaces that are bound."""
    wanted = EmbeddedBindings(stub=("AI",), kv=(("SETTINGS", ()),))
    with outfit(wanted, bindings=[AI, SETTINGS], stubs=[{**AI, "used": 0}]) as (made, _):
        made.see_that_all_is_there()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (EmbeddedBindings(stub=("ai",)), 'stub names "ai", which is no .*; did you mean "AI"'),
        (EmbeddedBindings(stub=("QUEUE",)), 'stub names "QUEUE".*it could name AI, SETTINGS'),
        (EmbeddedBindings(kv=(("SETTING", ()),)), 'kv names "SETTING", .*did you mean "SETTINGS"'),
        (EmbeddedBindings(kv=(("AI", ()),)), 'kv names "AI", which is no such binding of the bot'),
    ],
)
def test_what_no_worker_is_bound_to_is_wrong_usage(wanted: EmbeddedBindings, words: str) -> None:
    """With the name that was probably meant."""
    with (
        outfit(wanted, bindings=[AI, SETTINGS], stubs=[]) as (made, _),
        pytest.raises(UsageError) as caught,
    ):
        made.see_that_all_is_there()

    assert re.search(words, str(caught.value).replace("\n", " "))


def test_stubs_and_their_uses_are_told() -> None:
    """Each stub once, and the number of times that it was used where it was."""
    used = [{**AI, "used": 2}, {**DB, "used": 0}, {**MAIL, "used": 1}]
    with outfit(EmbeddedBindings(stub=("AI", "DB", "MAIL")), stubs=used) as (made, _):
        stubs, uses = list(made.stubs()), list(made.uses())

    assert [
        "AI (ai) is a stub: it throws when it is used",
        "DB (d1) is a stub: it throws when it is used",
        "MAIL (send_email) is a stub: it throws when it is used",
    ] == stubs
    assert [
        "the bot used the stub AI (ai) 2 times, and it threw",
        "the bot used the stub MAIL (send_email) once, and it threw",
    ] == uses
