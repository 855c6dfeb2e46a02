"""The border 花边 of a certificate: interlaced waves between fine rules, and corners of a key meander 回纹.

Drawn for this project from formulas, as Bézier curves through exact points and slopes, so that it prints sharply and
cannot be had by copying a picture from a screen. One tile of the band and one curve of the rosette are drawn once and
placed many times, which keeps the file small.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

AZURITE = "0.094 0.353 0.553"
PALE = "0.55 0.70 0.82"
FAINT = "0.885 0.925 0.957"
MARGIN, BAND = 22.0, 20.0
TILE = 46.0
SWING = 8.2
PETALS = 9

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Border:
    """The deflated drawing, and by name the deflated parts that it places."""

    drawing: bytes
    parts: dict[str, bytes]


@lru_cache(maxsize=4)
def border(width: float, height: float) -> Border:
    """The border for a page of this size in points."""
    parts = {"Tile": _tile(), "Petal": _petals(128.0)}
    return Border(_packed(_operators(width, height)), {name: _packed(part) for name, part in parts.items()})


def _packed(operators: str) -> bytes:
    return zlib.compress(operators.encode("ascii"), 9)


def _operators(width: float, height: float) -> str:
    outer = (MARGIN, MARGIN, width - MARGIN, height - MARGIN)
    inner = _grown(outer, -BAND)
    return "\n".join(
        [
            _rosette(width / 2, height / 2 + 10),
            *_bands(outer, inner),
            *(_meander(x, y) for x in (outer[0], inner[2]) for y in (outer[1], inner[3])),
            _frame(outer, 1.0, AZURITE),
            _frame(inner, 0.5, AZURITE),
            _frame(_grown(inner, -3.0), 0.25, PALE),
        ]
    )


def _bands(outer: Box, inner: Box) -> list[str]:
    """The tile in a row along each side, stretched by a hair so that a whole number fits."""
    placed = []
    across, up = inner[2] - inner[0], inner[3] - inner[1]
    count, stretch = _fit(across)
    for y in (outer[1] + BAND / 2, outer[3] - BAND / 2):
        for place in range(count):
            x = inner[0] + place * across / count
            placed.append(f"q {_n(stretch, 4)} 0 0 1 {_n(x)} {_n(y)} cm /Tile Do Q")
    count, stretch = _fit(up)
    for x in (outer[0] + BAND / 2, outer[2] - BAND / 2):
        for place in range(count):
            y = inner[1] + place * up / count
            placed.append(f"q 0 {_n(stretch, 4)} -1 0 {_n(x)} {_n(y)} cm /Tile Do Q")
    return placed


def _fit(length: float) -> tuple[int, float]:
    count = round(length / TILE)
    return count, length / count / TILE


def _tile() -> str:
    """One length of the band: ten waves of shifted phase whose swing breathes once, and its ends meet its beginning."""
    waves = 2
    strands = []
    for strand in range(10):
        phase = 2 * pi * strand / 10

        def at(x: float, phase: float = phase) -> Point:
            breath = 0.66 + 0.34 * cos(2 * pi * x / TILE)
            return x, SWING * breath * sin(2 * pi * waves * x / TILE + phase)

        strands.append(_curve(at, 0.0, TILE, 16))
    return f"{AZURITE} RG 0.24 w\n" + "\n".join(strands)


def _petals(radius: float) -> str:
    """One closed curve of nine petals around the origin."""

    def at(angle: float) -> Point:
        reach = radius * (0.74 + 0.26 * cos(PETALS * angle))
        return reach * cos(angle), reach * sin(angle)

    return f"{FAINT} RG 0.4 w\n" + _curve(at, 0.0, 2 * pi, PETALS * 8)


def _rosette(x: float, y: float) -> str:
    """The curve of petals, turned and made smaller again and again."""
    placed = []
    for turn in range(12):
        angle, size = 2 * pi / PETALS * turn / 12, 1 - 0.012 * (turn % 2)
        c, s = cos(angle) * size, sin(angle) * size
        placed.append(f"q {_n(c, 4)} {_n(s, 4)} {_n(-s, 4)} {_n(c, 4)} {_n(x)} {_n(y)} cm /Petal Do Q")
    return "\n".join(placed)


def _curve(at: Callable[[float], Point], start: float, end: float, pieces: int) -> str:
    """A smooth curve as cubic pieces with the exact points and slopes of `at` at their ends."""
    step = (end - start) / pieces
    x, y = at(start)
    path = [f"{_n(x)} {_n(y)} m"]
    for piece in range(pieces):
        here, there = start + piece * step, start + (piece + 1) * step
        (x0, y0), (x1, y1) = at(here), at(there)
        (dx0, dy0), (dx1, dy1) = _slope(at, here), _slope(at, there)
        ends = (x0 + dx0 * step / 3, y0 + dy0 * step / 3, x1 - dx1 * step / 3, y1 - dy1 * step / 3, x1, y1)
        path.append(" ".join(_n(value) for value in ends) + " c")
    return " ".join(path) + " S"


def _slope(at: Callable[[float], Point], place: float) -> Point:
    near = 1e-5
    (x0, y0), (x1, y1) = at(place - near), at(place + near)
    return (x1 - x0) / (2 * near), (y1 - y0) / (2 * near)


def _meander(x: float, y: float) -> str:
    """A square spiral on a grid of seven, framed."""
    unit = BAND / 7
    turns = [(1, 1), (6, 1), (6, 6), (1, 6), (1, 2.6), (4.4, 2.6), (4.4, 4.4), (2.7, 4.4)]
    path = " ".join(
        f"{_n(x + column * unit)} {_n(y + row * unit)} {'l' if place else 'm'}"
        for place, (column, row) in enumerate(turns)
    )
    return f"{AZURITE} RG 1.4 w {path} S {_frame((x, y, x + BAND, y + BAND), 0.5, AZURITE)}"


def _frame(box: Box, width: float, ink: str) -> str:
    sides = f"{_n(box[0])} {_n(box[1])} {_n(box[2] - box[0])} {_n(box[3] - box[1])} re"
    return f"{ink} RG {_n(width)} w {sides} S"


def _grown(box: Box, by: float) -> Box:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _n(value: float, places: int = 2) -> str:
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
