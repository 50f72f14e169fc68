"""Whatever stands in a journal, incident.md renders as the same document: checked by a real renderer."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from backstop.cloudflare.toolchain import node
from backstop.process import run
from backstop.report.incident import render_incident
from backstop.report.markdown import LONGEST, markdown
from tests.unit.evidenced import evidenced
from tests.unit.hostile import ACTING, HOSTILE

MARKED = Path(__file__).resolve().parents[2] / "node_modules" / "marked" / "lib" / "marked.esm.js"
RENDER = f"""
import {{ marked }} from {json.dumps(MARKED.as_uri())};
let text = '';
for await (const chunk of process.stdin) text += chunk;
console.log(JSON.stringify(JSON.parse(text).map(each => marked.parse(each, {{gfm: true}}))));
"""
PIECES = (
    *(
        "`",
        "``",
        "```",
        "*",
        "_",
        "**",
        "~~",
        "[",
        "](",
        ")",
        "!",
        "<",
        ">",
        "</b>",
        "&lt;",
        "&#64;",
        "\\",
        "\\`",
    ),
    *(
        "|",
        "-",
        "+",
        "=",
        "#",
        "1.",
        "1)",
        "- [ ] ",
        "\n",
        "\n\n",
        "\t",
        "    ",
        "    code",
        "word",
        " ",
        "@here",
    ),
    *(
        "@everyone",
        "a@b.c",
        "http://x.y",
        "www.x.y",
        ":smile:",
        ":100:",
        "<!--",
        "<a href=x>",
        "$x$",
        "\x1b[0m",
        "é",
    ),
)


class Elements(HTMLParser):
    """How many elements of each kind a page has, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count."""
        self.found[tag] += 1

    def handle_data(self, data: str) -> None:
        """Keep."""
        self.text.append(data)


def rendered(texts: list[str]) -> list[Elements]:
    """Each text as the renderer makes it."""
    ended = run(
        [str(node()), "--input-type=module", "-e", RENDER],
        env={},
        limit=60.0,
        stdin=json.dumps(texts).encode(),
    )
    assert 0 == ended.returncode, ended.stderr
    return [Elements(page) for page in json.loads(ended.stdout)]


def test_hostile_values_leave_the_document_as_it_is() -> None:
    """As many headings, items and boxes as without them, and nothing else but code."""
    plain, hostile = rendered([render_incident(evidenced()), render_incident(evidenced(HOSTILE))])
    del plain.found["code"], hostile.found["code"]

    assert plain.found == hostile.found
    assert not {"script", "img", "a", "table", "pre", "blockquote"} & hostile.found.keys()
    assert "<script>document.title='owned'</script><img src=x" in " ".join("".join(hostile.text).split())


def test_any_value_is_one_line_of_plain_text_or_code() -> None:
    """A thousand random ones: beside each other, whatever they begin or end with."""
    chance = random.Random(7)  # noqa: S311 - the same values each time
    values = ["".join(chance.choices(PIECES, k=chance.randint(1, 12))) for _ in range(1000)]

    pages = rendered([f"- **x**: {markdown(value)} (line 3)\n" for value in values])

    wrong = [v for v, page in zip(values, pages, strict=True) if page.found - Counter({"code": 99}) != _ITEM]
    assert [] == wrong
    shown = ["".join("".join(page.text).split()) for page in pages]
    wanted = ["".join(f"x: {_spelt(value)} (line 3)".split()) for value in values]
    assert wanted == shown


_ITEM = Counter({"ul": 1, "li": 1, "strong": 1})


def _spelt(value: str) -> str:
    return value.replace("\x1b", "⟨U+001B⟩")


@pytest.mark.parametrize(
    "value", ["@everyone look", "see http://x.y/z", "www.x.y", "a@b.example", "so :tada: it is"]
)
def test_what_renderers_act_upon_afterwards_is_code(value: str) -> None:
    """Mentions, addresses and small pictures: a backslash would not stop them."""
    assert re.search(r"`[^`]+`", markdown(value))


@pytest.mark.parametrize("value", ["at 03:12:41 UTC", "found 503, wanted 200", "v1.4.2 → v1.4.1", "a: b: c"])
def test_usual_words_stay_as_they_are(value: str) -> None:
    """Most values need nothing."""
    assert value == markdown(value)


def test_a_reason_of_ten_thousand_characters_is_cut() -> None:
    """It says how much more there is."""
    shown = markdown("x" * 10_000)

    assert len(shown) < LONGEST + 60
    assert "9400 more characters" in shown


def test_nothing_acts_on_a_terminal_either() -> None:
    """A file is read with cat."""
    assert not ACTING & set(render_incident(evidenced(HOSTILE)))
