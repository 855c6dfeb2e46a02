"""Drawing on a page: text in our typefaces, lines and shapes, as the operators of a PDF content stream.

Lengths are points (1/72 inch) from the lower left corner; colours are red, green and blue from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.documents.typefaces import Typeface

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)
#: How thick the outline of heavy text is, as a share of its size.
HEAVY = 0.032


def number(value: float) -> str:
    """A length as the file writes it: at most three places, no exponent."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def colour(value: Colour, *, stroke: bool = False) -> str:
    """The operator that sets the fill or stroke colour."""
    return f"{number(value[0])} {number(value[1])} {number(value[2])} {'RG' if stroke else 'rg'}"


class Drawing:
    """A list of drawing operators that belong to one document."""

    def __init__(self, document: Any, faces: Mapping[str, Typeface]) -> None:
        self.document = document
        self.faces = faces
        self.operators: list[str] = []

    def face(self, name: str, text: str) -> Typeface:
        """The face of this name, or the regular one where it lacks a character of the text."""
        wanted = self.faces[name]
        return wanted if name == "regular" or wanted.has(text) else self.faces["regular"]

    def width(self, text: str, size: float, face: str = "regular") -> float:
        """How wide the text will be."""
        return float(self.face(face, text).stringWidth(text, size))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: float,
        *,
        face: str = "regular",
        ink: Colour = BLACK,
        align: str = "left",
        spacing: float = 0.0,
        heavy: bool = False,
    ) -> None:
        """One line of text; `align` is left, centre or right of the point; `spacing` widens the gap of characters.

        `heavy` draws the outline of each character, too: emphasis in a face that has no bold form of it.

        Spaces at the end have no width but stay in the text, so that copied lines do not run into one word.
        """
        font = self.face(face, text)
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        shown = text.rstrip()
        wide = self.width(shown, size, face) + spacing * (len(shown) - 1) if shift else 0.0
        x, y = at[0] - shift * wide, at[1]
        runs = " ".join(
            f"{font.getSubsetInternalName(subset, self.document)} {number(size)} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(text, self.document)
        )
        spaced = f"{number(spacing)} Tc " if spacing else "0 Tc "
        if heavy:
            self.operators.append(f"2 Tr {number(size * HEAVY)} w {colour(ink, stroke=True)} [] 0 d")
        self.operators.append(f"BT {colour(ink)} {spaced}{number(x)} {number(y)} Td {runs} ET")
        if heavy:
            self.operators.append("0 Tr")

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float, ink: Colour) -> None:
        """A straight rule."""
        points = f"{number(start[0])} {number(start[1])} m {number(end[0])} {number(end[1])} l S"
        self.operators.append(f"{colour(ink, stroke=True)} {number(width)} w {points}")

    def box(self, box: tuple[float, float, float, float], *, ink: Colour, width: float = 0.0) -> None:
        """A rectangle (left, bottom, right, top): filled, or outlined when `width` is given."""
        sides = (box[0], box[1], box[2] - box[0], box[3] - box[1])
        shape = " ".join(map(number, sides)) + " re"
        paint = f"{colour(ink, stroke=True)} {number(width)} w {shape} S" if width else f"{colour(ink)} {shape} f"
        self.operators.append(paint)

    def rectangles(self, boxes: list[tuple[float, float, float, float]], ink: Colour) -> None:
        """Many filled rectangles (left, bottom, width, height) as one shape."""
        shapes = " ".join(" ".join(map(number, box)) + " re" for box in boxes)
        self.operators.append(f"{colour(ink)} {shapes} f")

    def raw(self, operators: str) -> None:
        """Operators that were made elsewhere."""
        self.operators.append(operators)

    def content(self) -> bytes:
        """The content stream."""
        return "\n".join(self.operators).encode("ascii")
