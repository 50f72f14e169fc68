"""Values in words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.report.text import (
    bounded,
    duration,
    moment,
    number_of_stage,
    per_cent,
    plural,
    short_ids,
    visible,
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("é ☂ 漢 \u05d0", "é ☂ 漢 \u05d0"),
        ("a\nb\tc", "a\nb\tc"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        ("nul \x00", "nul ⟨U+0000⟩"),
        ("cr\r\x7f", "cr⟨U+000D⟩⟨U+007F⟩"),
        ("\u202eevil\u202c", "⟨U+202E⟩evil⟨U+202C⟩"),
        ("zero\u200bwidth \u2028", "zero⟨U+200B⟩width ⟨U+2028⟩"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_what_would_act_is_spelt_out(raw: str, shown: str) -> None:
    """Evidence is shown and never obeyed."""
    assert visible(raw) == shown


@given(text=st.text(st.characters(codec=None)))
def test_nothing_hidden_is_left(text: str) -> None:
    """Whatever a bot answers with."""
    categories = {unicodedata.category(char) for char in visible(text) if char not in "\n\t"}

    assert not categories & {"Cc", "Cf", "Cs"}
    assert visible(text).encode().decode() == visible(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.814, "0.81"),
        (9.81, "9.8"),
        (34.4, "34"),
        (98.6, "99"),
        (99.5, "99.5"),
        (99.97, "99.97"),
        (100, "100"),
        (312.4, "312"),
    ],
)
def test_shares_are_as_precise_as_it_matters(value: float, words: str) -> None:
    """Nearly all is not all, and nothing is told in powers of ten."""
    assert words == per_cent(value)


@pytest.mark.parametrize(
    ("name", "number"),
    [("7-fault-cpu-limit", "7"), ("0-live", "0"), ("live", "live"), ("a-b", "a-b"), ("7", "7")],
)
def test_a_stage_is_known_by_its_number(name: str, number: str) -> None:
    """One that has none is named."""
    assert number == number_of_stage(name)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 ms"),
        (0.0364, "36 ms"),
        (0.1, "0.10 s"),
        (3.204, "3.20 s"),
        (12.34, "12.3 s"),
        (60, "1 min 00 s"),
        (245.4, "4 min 05 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations_are_short(seconds: float, words: str) -> None:
    """As precise as it matters."""
    assert duration(seconds) == words


def test_long_texts_are_bounded_and_say_so() -> None:
    """The journal has the rest."""
    text = bounded("x" * 5000, 17)

    assert text.endswith("1000 more characters in journal line 17")
    assert bounded("short") == "short"


def test_version_ids_are_cut_to_what_people_compare() -> None:
    """Eight characters; other text stays."""
    assert short_ids("deploy 6f1c2b0e-5a77-4f0c-9e0b-8f6a1d0c4b21 at 100 %") == "deploy 6f1c2b0e at 100 %"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("2026-11-23T03:12:33.123456+00:00", "2026-11-23 03:12:33 UTC"),
        ("2026-11-23T04:12:33+01:00", "2026-11-23 03:12:33 UTC"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_foreign_times_are_shown_in_ours(raw: str, shown: str) -> None:
    """What can't be read stays as it is."""
    assert moment(raw) == shown


def test_a_noun_follows_its_number() -> None:
    """One check, two checks."""
    assert (plural(1, "check"), plural(2, "check")) == ("1 check", "2 checks")
