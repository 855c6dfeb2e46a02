"""Paths of SVG as lines and cubic curves: the data of a path element, and rounded boxes, ellipses and polygons.

Arcs are turned into curves as the implementation notes of SVG 1.1 (F.6) say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from app.documents.pictures import Step

_TOKEN = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
#: How far the handles of a curve reach to make a quarter of a circle.
ROUND = 0.5522847498
Point = tuple[float, float]


def polygon(points: str, *, closed: bool) -> tuple[Step, ...]:
    """Straight lines through points, back to the first if closed; an odd number at the end is left out."""
    numbers = [float(one) for one in re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)", points)]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    steps: list[Step] = [("l" if place else "m", pair) for place, pair in enumerate(pairs)]
    return (*steps, ("h", ())) if closed and steps else tuple(steps)


def ellipse(x: float, y: float, rx: float, ry: float) -> tuple[Step, ...]:
    """An ellipse about (x, y) in four curves."""
    a, b = rx * ROUND, ry * ROUND
    return (
        ("m", (x + rx, y)),
        ("c", (x + rx, y + b, x + a, y + ry, x, y + ry)),
        ("c", (x - a, y + ry, x - rx, y + b, x - rx, y)),
        ("c", (x - rx, y - b, x - a, y - ry, x, y - ry)),
        ("c", (x + a, y - ry, x + rx, y - b, x + rx, y)),
        ("h", ()),
    )


def rectangle(box: tuple[float, float, float, float], rx: float, ry: float) -> tuple[Step, ...]:
    """A box (x, y, width, height) with rounded corners."""
    x, y, wide, high = box
    rx, ry = min(rx, wide / 2), min(ry, high / 2)
    if rx <= 0 or ry <= 0:
        return (("m", (x, y)), ("l", (x + wide, y)), ("l", (x + wide, y + high)), ("l", (x, y + high)), ("h", ()))
    a, b, right, low = rx * (1 - ROUND), ry * (1 - ROUND), x + wide, y + high
    return (
        ("m", (x + rx, y)),
        ("l", (right - rx, y)), ("c", (right - a, y, right, y + b, right, y + ry)),
        ("l", (right, low - ry)), ("c", (right, low - b, right - a, low, right - rx, low)),
        ("l", (x + rx, low)), ("c", (x + a, low, x, low - b, x, low - ry)),
        ("l", (x, y + ry)), ("c", (x, y + b, x + a, y, x + rx, y)),
        ("h", ()),
    )  # fmt: skip


def steps_of(data: str) -> tuple[Step, ...]:
    """The data of a path; reading ends where it is broken, as a browser does."""
    return tuple(_Reader().read(data))


class _Reader:
    """Follows the commands of a path: where it stands, where it began, and the last handle of a curve."""

    def __init__(self) -> None:
        self.at: Point = (0.0, 0.0)
        self.start: Point = (0.0, 0.0)
        self.handle: Point | None = None
        self.last = ""

    def read(self, data: str) -> Iterator[Step]:
        for command, numbers in _commands(data):
            kind = command.upper()
            given = self._absolute(kind, numbers) if command.islower() else numbers
            yield from self._draw(kind, given)
            self.last = kind

    def _absolute(self, kind: str, numbers: list[float]) -> list[float]:
        x, y = self.at
        if kind == "H":
            return [numbers[0] + x]
        if kind == "V":
            return [numbers[0] + y]
        if kind == "A":
            return [*numbers[:5], numbers[5] + x, numbers[6] + y]
        return [number + (y if place % 2 else x) for place, number in enumerate(numbers)]

    def _draw(self, kind: str, n: list[float]) -> Iterator[Step]:
        if kind == "Z":
            self.at = self.start
            yield "h", ()
        elif kind in "MLHV":
            self.at = {"H": lambda: (n[0], self.at[1]), "V": lambda: (self.at[0], n[0])}.get(
                kind, lambda: (n[0], n[1])
            )()
            self.start = self.at if kind == "M" else self.start
            yield "m" if kind == "M" else "l", self.at
        elif kind in "CS":
            first = (n[0], n[1]) if kind == "C" else self._mirrored("CS")
            yield from self._curve(first, (n[-4], n[-3]), (n[-2], n[-1]))
        elif kind in "QT":
            handle = (n[0], n[1]) if kind == "Q" else self._mirrored("QT")
            end = (n[-2], n[-1])
            yield from self._curve(_between(self.at, handle), _between(end, handle), end)
            self.handle = handle
        else:
            for curve in _arc(self.at, n):
                yield from self._curve(*curve)
        if kind not in "CSQT":
            self.handle = None

    def _mirrored(self, kinds: str) -> Point:
        if self.handle is None or self.last not in kinds:
            return self.at
        return 2 * self.at[0] - self.handle[0], 2 * self.at[1] - self.handle[1]

    def _curve(self, first: Point, second: Point, end: Point) -> Iterator[Step]:
        self.handle, self.at = second, end
        yield "c", (*first, *second, *end)


def _between(end: Point, handle: Point) -> Point:
    """The handle of a cubic curve for that of a quadratic one."""
    return end[0] + (handle[0] - end[0]) * 2 / 3, end[1] + (handle[1] - end[1]) * 2 / 3


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; a command that is given more numbers is repeated, a move goes on as lines."""
    command, numbers = "", list[float]()
    for token in _TOKEN.findall(data):
        if token.isalpha():
            command, numbers = token, []
        elif command:
            numbers.append(float(token))
        if command and len(numbers) == _COUNT[command.upper()]:
            yield command, numbers
            numbers = []
            command = {"M": "L", "m": "l", "Z": "", "z": ""}.get(command, command)


def _arc(at: Point, n: list[float]) -> Iterator[tuple[Point, Point, Point]]:
    """An elliptical arc as curves of a quarter turn at most."""
    rx, ry, turn, end = abs(n[0]), abs(n[1]), math.radians(n[2]), (n[5], n[6])
    if rx == 0 or ry == 0 or at == end:
        yield at, end, end
        return
    cos, sin = math.cos(turn), math.sin(turn)
    half = (at[0] - end[0]) / 2, (at[1] - end[1]) / 2
    x, y = cos * half[0] + sin * half[1], cos * half[1] - sin * half[0]
    grow = max(1.0, math.sqrt((x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    rest = max(0.0, (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2) / ((rx * y) ** 2 + (ry * x) ** 2)
    side = math.sqrt(rest) * (-1 if bool(n[3]) == bool(n[4]) else 1)
    cx, cy = side * rx * y / ry, -side * ry * x / rx
    first, last = math.atan2((y - cy) / ry, (x - cx) / rx), math.atan2((-y - cy) / ry, (-x - cx) / rx)
    sweep = (last - first) % (2 * math.pi) if n[4] else -((first - last) % (2 * math.pi))
    middle = (at[0] + end[0]) / 2, (at[1] + end[1]) / 2

    def place(a: float, b: float) -> Point:
        a, b = cx + rx * a, cy + ry * b
        return cos * a - sin * b + middle[0], sin * a + cos * b + middle[1]

    count = math.ceil(abs(sweep) / (math.pi / 2) - 1e-9)
    step = sweep / count
    reach = 4 / 3 * math.tan(step / 4)
    for part in range(count):
        one, two = first + part * step, first + (part + 1) * step
        yield (
            place(math.cos(one) - reach * math.sin(one), math.sin(one) + reach * math.cos(one)),
            place(math.cos(two) + reach * math.sin(two), math.sin(two) - reach * math.cos(two)),
            end if part + 1 == count else place(math.cos(two), math.sin(two)),
        )
