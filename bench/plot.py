"""Lines in a picture: one SVG file in ``bench/plots``, which is made anew each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import log10
from pathlib import Path

from backstop.storage import write_atomic

PLOTS = Path(__file__).resolve().parent / "plots"
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 640, 360, 70, 20, 210, 50
_COLOURS = ("#8a3ffc", "#d02670", "#1192e8", "#007d79", "#ba4e00")
_TICKS = 5
_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
    'font-family="sans-serif" font-size="12">'
)

Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn in one colour."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


def write_plot(name: str, lines: Sequence[Line], axes: tuple[str, str], *, logarithmic: bool = False) -> Path:
    """Draw lines over the same two axes, which are named as horizontal, vertical; the path of the file."""
    xs = sorted({value for line in lines for value in line.x})
    ys = [value for line in lines for value in line.y]
    low = min(ys) if logarithmic else 0.0
    shape: Scale = log10 if logarithmic else float
    across = _scale(shape, (xs[0], xs[-1]), (_LEFT, _WIDTH - _RIGHT))
    up = _scale(shape, (low, max(ys)), (_HEIGHT - _BOTTOM, _TOP))
    middle, below = (_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10
    parts = [
        _HEAD,
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_grid(_ticks(low, max(ys), logarithmic=logarithmic), up),
        *(_text(f"{x:g}", across(x), _HEIGHT - _BOTTOM + 16, "middle") for x in xs),
        _text(axes[0], middle, below, "middle"),
        f'<g transform="translate(16 {_HEIGHT / 2}) rotate(-90)">{_text(axes[1], 0, 0, "middle")}</g>',
        *(part for place, line in enumerate(lines) for part in _line(line, place, across, up)),
        "</svg>",
    ]
    path = PLOTS / f"{name}.svg"
    write_atomic(path, "\n".join(parts) + "\n")
    return path


def _scale(shape: Scale, values: tuple[float, float], places: tuple[float, float]) -> Scale:
    """From a value to its place; ``shape`` is applied to values first."""
    least, start = shape(values[0]), places[0]
    span = (shape(values[1]) - least) or 1.0
    return lambda value: start + (shape(value) - least) / span * (places[1] - start)


def _ticks(low: float, high: float, *, logarithmic: bool) -> list[float]:
    if logarithmic:
        return [low * (high / low) ** (n / _TICKS) for n in range(_TICKS + 1)]
    return [low + (high - low) * n / _TICKS for n in range(_TICKS + 1)]


def _grid(ticks: Sequence[float], up: Scale) -> list[str]:
    right = _WIDTH - _RIGHT
    lines = [f'<path d="M{_LEFT} {up(y):.1f}H{right}" stroke="#ddd"/>' for y in ticks]
    return [*lines, *(_text(f"{y:.3g}", _LEFT - 6, up(y) + 4, "end") for y in ticks)]


def _text(words: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _line(line: Line, place: int, across: Scale, up: Scale) -> list[str]:
    colour = _COLOURS[place % len(_COLOURS)]
    points = [(across(x), up(y)) for x, y in zip(line.x, line.y, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    left, top = _WIDTH - _RIGHT + 12, _TOP + 18 * place + 10
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points),
        f'<text x="{left}" y="{top}" fill="{colour}">{escape(line.name)}</text>',
    ]
