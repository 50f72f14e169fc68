"""The report's colours can be told apart and read, in both schemes."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import backstop.report

STYLE = (Path(backstop.report.__file__).parent / "templates" / "style.css").read_text()
AA = 4.5

_BLOCKS = re.findall(r":root \{([^}]*)\}", STYLE)
LIGHT, DARK = (dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block)) for block in _BLOCKS[:2])

ON_PLAIN = ["ink", "soft", "good", "bad", "warn", "unsure", "seen", "link"]
PLAIN = ["paper", "sheet", "faint"]
TONES = ["good", "bad", "warn", "unsure", "seen"]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_ground(scheme: dict[str, str]) -> None:
    """WCAG AA for text of normal size."""
    pairs = [*product(ON_PLAIN, PLAIN), *((tone, f"{tone}-bg") for tone in TONES)]

    weak = {pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 2) for pair in pairs}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < AA} == {}


def test_both_schemes_define_the_same_colours() -> None:
    """No colour is left from the other scheme."""
    assert LIGHT.keys() == DARK.keys()
