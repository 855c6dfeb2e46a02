"""Draws a picture 图 on a page as vectors, its labels as text in our typeface."""

from __future__ import annotations

from app.documents.drawing import Drawing, colour, number
from app.documents.pictures import Label, Matrix, Picture, Shape


def draw(page: Drawing, picture: Picture, left: float, top: float, scale: float) -> None:
    """Place the picture with its upper left corner at (left, top), in points; one of its units is `scale` points."""
    page.raw(f"q {_matrix((scale, 0, 0, -scale, left, top))} cm 1 j 1 J")
    for part in picture.parts:
        page.raw(f"q {_matrix(part.matrix)} cm")
        if isinstance(part, Shape):
            page.raw(_shape(part))
        else:
            _label(page, part)
        page.raw("Q")
    page.raw("Q")


def _label(page: Drawing, label: Label) -> None:
    # The frame has its y downwards, text would stand on its head: turn it about its base line.
    page.raw(f"{_matrix((1, 0, 0, -1, label.at[0], label.at[1]))} cm")
    page.text((0, 0), label.text, label.size, ink=label.ink, align=label.align)


def _shape(shape: Shape) -> str:
    steps = " ".join(" ".join([*map(number, points), operator]) for operator, points in shape.steps)
    paint = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}
    done = [colour(shape.fill)] if shape.fill else []
    if shape.stroke:
        dash = "[5 4] 0 d" if shape.dashed else "[] 0 d"
        done += [colour(shape.stroke, stroke=True), number(shape.width), "w", dash]
    return " ".join([*done, steps, paint[shape.fill is not None, shape.stroke is not None]])


def _matrix(matrix: Matrix) -> str:
    return " ".join(f"{value:.5f}".rstrip("0").rstrip(".") for value in matrix)
