"""Everything that reads what others have written: any answer at all is read, or refused in words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstop.cloudflare import parse
from backstop.cloudflare.refusals import check
from backstop.cloudflare.tail_event import read_event
from backstop.discord import api as discord
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request
from backstop.model.plain_text import plain_text
from backstop.model.target import Command, Expected, Secret
from backstop.model.version import version_id
from backstop.observe import cors, csp, interaction, leaks, preflight
from backstop.observe.edge_errors import edge_errors
from backstop.observe.errors import error_rate
from backstop.observe.freshness import age_header, stuck
from backstop.observe.grade import grade
from backstop.observe.latency import latency
from backstop.observe.moment import read_moment
from backstop.observe.registration import deviations, registered, same_address
from backstop.observe.reply import Reply, as_json
from backstop.observe.responding import refusal
from backstop.observe.schedule import Sent
from backstop.observe.shown_version import versions_shown
from backstop.observe.status_page import status_page
from backstop.observe.subchecks import read_parts, read_subchecks
from backstop.probes import headers, rest
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked
from backstop.probes.serving import version_shown
from tests.hostile.arbitrary import answers, exchanges, json_objects, json_values, numbers

ANY = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
REQUEST = Request("GET", "https://bot.example.com/")
KNOWN = version_id("71570803-d6b0-4a51-b97f-42fadb8da7e1")
TOKEN = "a-token-that-is-made-up"
REDACTOR = leaks.redactor_of([Secret("TOKEN", TOKEN)])
COMMAND = Command("register", (("name", "text"), ("id", 5), ("ok", True)))

_DEPLOYED = {"id": "", "created_on": "2026-01-31T12:00:00Z"}
_SHARE = {"version_id": KNOWN}
_VERSION = {"id": KNOWN, "number": 1, "metadata": {"created_on": "2026-01-31T12:00:00Z"}}

OF_ANSWERS: Sequence[Callable[[Answer], object]] = (
    blocked,
    cloudflare_error,
    age_header,
    leaks.stack_trace,
    leaks.source_path,
    leaks.software_version,
    lambda answer: leaks.leaked_secret(answer, REDACTOR),
    headers.missing_protection,
    headers.better_values,
    headers.xss_filter,
    headers.contradictions,
    rest.retry_after,
    rest.asked_to_wait,
    rest.excerpt,
    lambda answer: csp.misread(csp.policies(answer)),
    lambda answer: csp.open_to_scripts(csp.policies(answer)),
    lambda answer: csp.is_best(csp.policies(answer)),
    lambda answer: preflight.preflight_fault(answer, answer),
    lambda answer: preflight.openness_fault(answer, answer),
    lambda answer: version_shown(answer, (KNOWN,)),
)
OF_REPLIES: Sequence[Callable[[Reply], object]] = (
    grade,
    cors.open_to_all,
    cors.open_with_credentials,
    interaction.kind_of,
    interaction.content_of,
    interaction.is_ephemeral,
    interaction.refused_by_discord,
    lambda reply: interaction.answers_as_declared(reply, Expected(content="text")),
    lambda reply: as_json(reply.shows((("status", "healthy"), ("id", 1)))),
    lambda reply: reply.explain(reply.json(), "an answer", "mend it").encode("utf-8", "backslashreplace"),
)
OF_OBJECTS: Sequence[Callable[[dict[str, Any]], object]] = (
    read_subchecks,
    read_parts,
    versions_shown,
)
OF_VALUES: Sequence[Callable[[Any], object]] = (
    read_moment,
    lambda value: stuck(value, value, lambda: value),
    lambda value: interaction.content_of(_interaction(value)),
    lambda value: interaction.is_ephemeral(_interaction(value)),
    lambda value: interaction.kind_of(_interaction(value)),
    lambda value: refusal({"type": 4, "data": value}),
    lambda value: refusal({"type": 7, "data": {"flags": value, "content": value, "embeds": [value]}}),
    lambda value: refusal(
        {"type": 4, "data": {"content": "x", "embeds": [{"fields": value, "title": value}]}}
    ),
    lambda value: refusal({"type": 8, "data": {"choices": value}}),
    lambda value: refusal({"type": 9, "data": {"custom_id": "a", "title": value, "components": value}}),
    lambda value: status_page("a page", value),
    lambda value: status_page("a page", {"status": value}),
    lambda value: discord._mapping(value, "/"),
    lambda value: discord._mappings(value, "/"),
    lambda value: check(_rest_reply(value), "GET /", "Read"),
    lambda value: check(_rest_reply({"success": False, "errors": value}), "GET /", "Read"),
    parse.deployments,
    lambda value: parse.deployments({"deployments": [value]}),
    lambda value: parse.deployments({"deployments": [{"id": "", "created_on": value, "versions": value}]}),
    lambda value: parse.deployments(
        {"deployments": [{**_DEPLOYED, "versions": [{**_SHARE, "percentage": value}]}]}
    ),
    parse.versions,
    lambda value: parse.versions({"items": [value]}),
    lambda value: parse.version({**_VERSION, "number": value}),
    lambda value: parse.version({**_VERSION, "metadata": value}),
    lambda value: parse.version({**_VERSION, "resources": {"bindings": value, "script": value}}),
    parse.secret_names,
    lambda value: parse.secret_names([value]),
    parse.tail,
    parse.deployment_id,
    lambda value: read_event(json.dumps(value)),
    lambda value: read_event(
        json.dumps({"outcome": "ok", "event": value, "logs": value, "exceptions": value})
    ),
    lambda value: read_event(
        json.dumps({"outcome": "ok", "logs": [{"message": value}], "eventTimestamp": value})
    ),
)


def _interaction(value: Any) -> Reply:
    """The answer to one, with this value wherever its text and its flags are looked for."""
    data = {"content": value, "embeds": value, "flags": value}
    told = json.dumps({"type": value, "data": data if value else value})
    return Reply(REQUEST, Answer(200, (), told.encode()))


def _rest_reply(value: Any) -> rest.Reply:
    return rest.Reply(400, value, Answer(400, (), b""))


@ANY
@given(answers)
def test_any_answer_is_read(answer: Answer) -> None:
    """By all that looks at one."""
    for read in OF_ANSWERS:
        read(answer)
    for read_reply in OF_REPLIES:
        read_reply(Reply(REQUEST, answer))


@ANY
@given(json_objects)
def test_any_object_is_read(found: dict[str, Any]) -> None:
    """A health answer; a registered command may be refused."""
    for read in OF_OBJECTS:
        read(found)
    with suppress(CouldNotLook):
        deviations((COMMAND,), (*registered(found), *registered({**found, "name": "register"})))


@ANY
@given(json_values)
def test_any_value_is_read_or_refused(value: Any) -> None:
    """What is no answer of that service could not be looked at; nothing else is raised."""
    for read in OF_VALUES:
        with suppress(CouldNotLook):
            read(value)


@ANY
@given(numbers)
def test_any_number_is_read_or_refused(value: float) -> None:
    """However large."""
    for read in OF_VALUES:
        with suppress(CouldNotLook):
            read(value)


@ANY
@given(st.lists(exchanges, min_size=1, max_size=12))
def test_any_exchanges_are_counted(made: list[Exchange]) -> None:
    """Errors, error pages and times."""
    edge_errors(made)
    with suppress(CouldNotLook):
        rate = error_rate(made)
        assert 0 <= rate.lower <= rate.upper <= 1
        assert rate.bound
        assert rate.where
    with suppress(CouldNotLook):
        times = latency([Sent(each) for each in made])
        assert times.mean <= max(times.warm) + 1e-9
        assert times.quantile(0.95) <= max(times.due)
        assert all(due >= warm for due, warm in zip(times.due, times.warm, strict=True))


@ANY
@given(st.text(), st.text())
def test_any_two_addresses_are_compared(one: str, other: str) -> None:
    """What is no URL is the same as itself only."""
    assert same_address(one, one)
    assert same_address(one, other) is same_address(other, one)


@ANY
@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    """It moves no cursor, and can be written as UTF-8."""
    shown = plain_text(text)

    assert shown.encode().decode() == shown
    assert not set(shown) & {chr(code) for code in (0, 8, 13, 27, 0x9B, 0x202E)}
    assert plain_text(shown) == shown


MEGABYTE = 1024 * 1024
PATIENCE = 10.0  # seconds of the processor; what is quadratic takes minutes for a megabyte


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "a-", "a@", "a/", "/", "../", "a.", "src/", "/home/a ", "node_modules/", "C:\\a", "a:1:1 "),
        *(
            "\n",
            "\n ",
            " ",
            "\t",
            "\n at ",
            "at a(",
            "\\n at ",
            '\n File "a',
            "a b:1:",
            "\n at a b c d e f g h ",
        ),
        *("<h1>", "<h1><b>", "<h1> ", "<title>", "<title>error ", "<h1>error<b>", "error ", "error code "),
        *("-----BEGIN PRIVATE KEY-----", "-----BEGIN A", "Bearer ", "authorization: bearer ", "M" * 17 + "."),
        *("[", '{"a":', "1", "\\ud800", "\x00", "é", TOKEN[:7], TOKEN),
    ],
)
def test_no_text_takes_long_to_read(unit: str) -> None:
    """A megabyte of what a pattern begins with, and never ends."""
    text = (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]
    answer = Answer(500, (("Content-Type", "text/html"), ("Server", text[:1000])), text.encode())
    began = time.process_time()

    for read in OF_ANSWERS:
        read(answer)
    for read_reply in OF_REPLIES:
        read_reply(Reply(REQUEST, answer))

    assert time.process_time() - began < PATIENCE
