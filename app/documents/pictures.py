"""A line drawing 图 as values: shapes and labels in a frame whose origin is the upper left corner, y downwards."""

from __future__ import annotations

from dataclasses import dataclass

Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[float, float, float]
#: m and l with a point, c with three points, h without: the path operators of PDF, in the order of drawing.
Step = tuple[str, tuple[float, ...]]


@dataclass(frozen=True)
class Shape:
    """A path with its paint; None is no paint. `matrix` leads from its own units to those of the frame."""

    steps: tuple[Step, ...]
    matrix: Matrix
    fill: Colour | None
    stroke: Colour | None
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True)
class Label:
    """A line of text at its base line; `align` is left, centre or right of the point."""

    text: str
    at: tuple[float, float]
    size: float
    align: str
    matrix: Matrix
    ink: Colour


@dataclass(frozen=True)
class Picture:
    """A drawing of a size in its own units."""

    width: float
    height: float
    parts: tuple[Shape | Label, ...]
