"""Which responses Discord refuses although it knows their type, and where a response stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backstop.model.http import Answer, Request
from backstop.observe.interaction import content_of, kind_of, refused_by_discord, refused_follow_up, taken_for
from backstop.observe.reply import Reply
from backstop.observe.responding import refusal

TEXT = {"type": 10, "content": "inside"}
BUTTON = {"type": 2, "style": 1, "label": "a", "custom_id": "ok"}
LINK = {"type": 2, "style": 5, "label": "a", "url": "https://a.test"}
MENU = {"type": 3, "custom_id": "m", "options": [{"label": "a", "value": "v"}]}
INPUT = {"type": 4, "custom_id": "words", "label": "What?", "style": 2}
ROW = {"type": 1, "components": [INPUT]}
UNDER_A_LABEL = {"type": 4, "custom_id": "why", "style": 1, "value": "", "placeholder": "because"}
BOUNDARY = "----backstop"
FORM = (("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),)


def _message(**data: Any) -> dict[str, Any]:
    return {"type": 4, "data": data}


def _in_a_row(component: dict[str, Any]) -> dict[str, Any]:
    return _message(content="a", components=[{"type": 1, "components": [component]}])


def _asking(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 9, "data": {"custom_id": "a", "title": "b", "components": list(components)}}


def _without(member: str) -> dict[str, Any]:
    return {name: value for name, value in INPUT.items() if name != member}


def _form(payload: object) -> Reply:
    parts = (
        ('name="files[0]"; filename="a.csv"', "1,2"),
        ('name="payload_json"', json.dumps(payload, ensure_ascii=False)),
    )
    text = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {a}\r\n\r\n{b}\r\n" for a, b in parts)
    return Reply(Request("POST", "http://bot.test/"), Answer(200, FORM, f"{text}--{BOUNDARY}--\r\n".encode()))


@pytest.mark.parametrize(
    "response",
    [
        _message(content="x" * 2000),
        _message(content=7),
        _message(embeds=[{"title": "t", "fields": [{"name": "n", "value": "v"}] * 25}] * 10),
        _message(embeds=[{"image": {"url": "https://a.test/a.png"}}], content=None),
        _message(flags=1 << 15, components=[TEXT]),
        _message(flags=None, content="a", components=[], embeds=[]),
        _message(content="a", components=[{"type": 1, "components": [BUTTON, LINK]}]),
        _message(content="a", components=[{"type": 1, "components": [MENU]}]),
        _message(flags=1 << 15, components=[{"type": 9, "components": [TEXT], "accessory": BUTTON}]),
        _message(content="a", allowed_mentions={"parse": ["roles"], "users": ["1"]}),
        _message(embeds=[{"fields": [{"name": "failures", "value": 0}]}]),
        _message(embeds=[{"timestamp": "2026-11-24T12:00:00Z"}]),
        _message(poll={"question": {"text": "?"}}),
        {"type": 5},
        {"type": 5, "data": {"flags": 64}},
        {"type": 6},
        {"type": 7},
        {"type": 7, "data": {}},
        {"type": 8, "data": {"choices": []}},
        {"type": 8, "data": {"choices": [{"name": "a", "value": 0}] * 25}},
        _asking(
            {"type": 1, "components": [INPUT]}, {"type": 18, "label": "Why?", "component": UNDER_A_LABEL}
        ),
        _asking({"type": 10, "content": "Read this."}, {"type": 18, "label": "b", "component": MENU}),
        _message(embeds=[{"title": "t", "color": colour} for colour in (0, 0xFFFFFF, "255", 255.0, None)]),
        _message(embeds=[{"title": "t", "url": "HTTPS://a.test", "image": {"url": "attachment://a.png"}}]),
        {"type": 12},
        {"type": [4]},
        {},
    ],
    ids=lambda response: json.dumps(response)[:40],
)
def test_what_discord_takes(response: dict[str, Any]) -> None:
    """Up to its limits, and whatever it has no rules for."""
    assert refusal(response) == ""


@pytest.mark.parametrize(
    ("response", "why"),
    [
        ({"type": 4}, "no data"),
        ({"type": 4, "data": "hello"}, "no data"),
        (_message(), "empty message"),
        (_message(content="", embeds=[]), "empty message"),
        (_message(content="x" * 2001), "2001 characters"),
        (_message(content={"text": "a"}), "no text"),
        (_message(embeds={"title": "t"}), "embeds that are no list"),
        (_message(embeds=[{"title": "t"}] * 11), "11 embeds"),
        (_message(embeds=[{"title": "x" * 257}]), "title of 257"),
        (_message(embeds=[{"description": "x" * 4097}]), "description of 4097"),
        (_message(embeds=[{"fields": [{"name": "n", "value": "v"}] * 26}]), "26 fields"),
        (_message(embeds=[{"description": "x" * 4000}] * 2), "embeds of 8000"),
        (_message(content="a", flags="ephemeral"), "flags"),
        (_message(content="a", flags=1 << 15, components=[TEXT]), "beside components"),
        (_message(content="a", components={"type": 1}), "components that are no list"),
        (_message(content=" \n"), "empty message"),
        (_message(embeds=[{"color": 5}]), "empty embed"),
        (_message(embeds=[{"title": "t", "fields": [{"name": "n", "value": "x" * 1025}]}]), "value of 1025"),
        (_message(embeds=[{"title": "t", "fields": [{"name": " ", "value": "v"}]}]), "without name"),
        (_message(embeds=[{"footer": {"text": "x" * 2049}}]), "footer of 2049"),
        (_message(embeds=[{"author": {"name": "x" * 257}}]), "author of 257"),
        (_message(content="a", components=[{"type": 1, "components": [BUTTON]}] * 6), "6 rows"),
        (_message(content="a", components=[BUTTON]), "outside of a row"),
        (_message(content="a", components=[{"type": 1, "components": []}]), "an empty row"),
        (_message(content="a", components=[{"type": 1, "components": [LINK] * 6}]), "a row of 6"),
        (_message(content="a", components=[{"type": 1, "components": [MENU, LINK]}]), "not alone"),
        (_message(content="a", components=[{"type": 1, "components": [BUTTON] * 2}]), "'ok' twice"),
        (_in_a_row(BUTTON | {"custom_id": "x" * 101}), "custom_id of 101"),
        (_in_a_row({"type": 2, "style": 1, "label": "a"}), "custom_id of 0"),
        (_in_a_row(BUTTON | {"label": "x" * 81}), "label of 81"),
        (_in_a_row({"type": 2, "style": 5, "label": "a"}), "without url"),
        (_in_a_row(MENU | {"options": []}), "0 options"),
        (_in_a_row(MENU | {"options": [{"label": "a", "value": "x" * 101}]}), "value of 101"),
        (_in_a_row(MENU | {"options": [{"label": "a", "value": "v"}] * 2}), "'v' twice"),
        (_message(flags=1 << 15, components=[TEXT] * 41), "41 components"),
        (_message(content="a", allowed_mentions={"parse": ["users"], "users": ["1"]}), "name users"),
        ({"type": 7, "data": {"content": "x" * 2001}}, "2001 characters"),
        ({"type": 8, "data": {"choices": [{"name": "x" * 101, "value": 0}]}}, "name of 101"),
        ({"type": 8, "data": {}}, "choices"),
        ({"type": 8, "data": {"choices": [{"name": "a", "value": 0}] * 26}}, "26 choices"),
        ({"type": 8, "data": {"choices": [{"value": 0}]}}, "without name"),
        ({"type": 9, "data": {"title": "b", "components": [ROW]}}, "custom_id"),
        ({"type": 9, "data": {"custom_id": "a", "title": "x" * 46, "components": [ROW]}}, "46 characters"),
        ({"type": 9, "data": {"custom_id": "a", "title": "b", "components": []}}, "inputs"),
        (
            {"type": 9, "data": {"custom_id": "x" * 101, "title": "b", "components": [ROW]}},
            "custom_id of 101",
        ),
        (_asking({"components": [INPUT]}), "a part of a form without its type"),
        (_asking({"type": 1, "components": [_without("type")]}), "an input of a form without its type"),
        (_message(content="a", components=[{"components": [BUTTON]}]), "a component without its type"),
        (_asking({"type": 1}), "a row of a form with 0 inputs"),
        (_asking({"type": 1, "components": [INPUT, INPUT]}), "a row of a form with 2 inputs"),
        (_asking({"type": 1, "components": [_without("custom_id")]}), "custom_id of 0"),
        (_asking({"type": 1, "components": [_without("label")]}), "label of 0"),
        (_asking({"type": 1, "components": [INPUT | {"label": "x" * 46}]}), "label of 46"),
        (_asking({"type": 1, "components": [_without("style")]}), "style None"),
        (_asking({"type": 1, "components": [INPUT | {"placeholder": "x" * 101}]}), "placeholder of 101"),
        (_asking({"type": 1, "components": [INPUT | {"value": "x" * 4001}]}), "value of 4001"),
        (_asking(INPUT), "outside of a label and a row"),
        (_asking({"type": 18, "label": "a"}), "a label of a form without its input"),
        (_asking({"type": 18, "component": UNDER_A_LABEL}), "a label of a form with a label of 0"),
        (_asking(*[{"type": 1, "components": [INPUT]}] * 2), "'words' twice"),
        (_message(embeds=[{"title": "t", "color": "#ff0000"}]), "color of '#ff0000'"),
        (_message(embeds=[{"title": "t", "color": 0x1000000}]), "color of '16777216'"),
        (_message(embeds=[{"title": "t", "url": "example.com"}]), "title has the address 'example.com'"),
        (_message(embeds=[{"image": {"url": "cat.png"}}]), "image has the address 'cat.png'"),
        (_message(embeds=[{"author": {"name": "a", "url": "attachment://a.png"}}]), "author has the"),
        (_in_a_row(LINK | {"url": "example.com"}), "no address"),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_what_discord_refuses(response: dict[str, Any], why: str) -> None:
    """It says what is wrong with it."""
    assert why in refusal(response)


def test_a_follow_up_is_a_message_like_others() -> None:
    """The sandbox's Discord takes more than the real one."""
    assert refused_follow_up({"id": "1", "content": "Done", "embeds": [], "flags": 64}) == ""
    assert "field without value" in refused_follow_up({"embeds": [{"fields": [{"name": "n"}]}]})


@pytest.mark.parametrize(
    ("sent", "taken", "refused"),
    [(1, 1, 4), (2, 4, 7), (2, 9, 8), (3, 7, 8), (3, 9, 1), (4, 8, 4), (5, 7, 9), (99, 8, 1)],
)
def test_discord_takes_other_types_for_other_interactions(sent: int, taken: int, refused: int) -> None:
    """Suggestions take suggestions only, and a form is not answered with a form."""
    found = taken_for(json.dumps({"type": sent}))

    assert taken in found
    assert refused not in found


def test_a_reply_with_a_file_is_a_form() -> None:
    """Its response stands in a field, and a file alone is a message."""
    reply = _form(_message(content="zürich"))

    assert (4, "zürich", "") == (kind_of(reply), content_of(reply), refused_by_discord(reply))
    assert refused_by_discord(_form(_message())) == ""
    assert "no text" in refused_by_discord(_form(_message(content=[])))


@pytest.mark.parametrize("body", [b"", b"junk", b"--a\r\n", f"--{BOUNDARY}--".encode()])
def test_a_form_without_the_field_is_no_response(body: bytes) -> None:
    """Whatever else it is."""
    assert kind_of(Reply(Request("POST", "http://bot.test/"), Answer(200, FORM, body))) is None


@pytest.mark.parametrize(
    "part",
    [
        "Content-Disposition: form-data; name*1*=x; name*=\r\n\r\n{}\r\n",
        "".join(f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n" for at in range(2000)),
    ],
)
def test_a_form_that_no_parser_can_follow_is_no_response(part: str) -> None:
    """It is a bot's fault, and no error of ours."""
    answer = Answer(200, FORM, f"--{BOUNDARY}\r\n{part}--{BOUNDARY}--\r\n".encode())

    assert kind_of(Reply(Request("POST", "http://bot.test/"), answer)) is None


@pytest.mark.parametrize("flags", ["²", "9" * 5000, "-1", "1 ", [], True, 1.5])
def test_flags_that_are_no_number_are_refused(flags: object) -> None:
    """Whatever stands there in place of one, it is named, and not at length."""
    found = refusal(_message(content="x", flags=flags))

    assert bool(flags) is found.startswith("flags that are no number")
    assert len(found) < 100


def test_text_is_read_wherever_discord_shows_it() -> None:
    """Fields of embeds, and text displays within sections and containers, however odd the rest is."""
    section = {"type": 9, "components": [TEXT, {"type": 2, "content": "not shown"}]}
    data = {
        "components": [{"type": 17, "components": [section, 7]}, None],
        "embeds": [{"fields": [{"value": "f"}]}],
    }
    body = json.dumps({"type": 4, "data": data}).encode()

    assert "f\ninside" == content_of(Reply(Request("POST", "http://bot.test/"), Answer(200, (), body)))
