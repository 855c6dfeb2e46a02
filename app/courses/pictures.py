"""A diagram 图示 for the printer: its SVG as shapes and labels with colours for white paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.courses.diagrams import WIDTH, Element, Matrix, moved, parse
from app.courses.paths import ellipse, polygon, rectangle, steps_of
from app.documents.pictures import Colour, Label, Picture, Shape, Step

_INK, _MUTED, _CONTROL, _PAPER = 0x17212B, 0x53616E, 0x82909C, 0xFFFFFF
#: Classes as the stylesheet paints them in the light: fill of a shape, stroke, width of the stroke, colour of text.
PAINT: dict[str, tuple[int | None, int | None, float, int]] = {
    "ink": (None, _INK, 1.5, _INK),
    "muted": (None, _MUTED, 1.0, _MUTED),
    "line": (None, _CONTROL, 1.25, _INK),
    "box": (_PAPER, _CONTROL, 1.25, _INK),
    "accent": (0x185A8D, 0x185A8D, 1.0, 0x185A8D),
    "on-accent": (_PAPER, _PAPER, 1.0, _PAPER),
    "soft": (0xDBE9F4, None, 1.0, _INK),
    "good": (0xDCF0E7, 0x12664A, 1.5, 0x12664A),
    "warn": (0xFDF0CD, 0x855300, 1.5, 0x855300),
    "bad": (0xFAE3E0, 0xB12A20, 1.5, 0xB12A20),
}
_ALIGN = {"start": "left", "middle": "centre", "end": "right"}


@dataclass(frozen=True)
class _Around:
    """What an element takes from those around it."""

    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    size: float = 16.0
    anchor: str = "start"
    classes: tuple[str, ...] = ()


def picture(svg: str) -> Picture:
    """The drawing of a diagram that keeps the rules of `diagrams`. Raises diagrams.NoDiagram."""
    root = parse(svg)
    height = float(root.attributes.get("viewBox", "0 0 640 360").split()[-1])
    return Picture(float(WIDTH), height, tuple(_parts(root, _Around())))


def _parts(one: Element, around: _Around) -> Iterator[Shape | Label]:
    given = one.attributes
    here = replace(
        around,
        matrix=moved(around.matrix, given.get("transform", "")),
        size=_number(given.get("font-size"), around.size),
        anchor=given.get("text-anchor", around.anchor),
        classes=tuple(given["class"].split()) if "class" in given else around.classes,
    )
    if one.name == "text":
        yield from _labels(one, here)
    elif one.name in {"svg", "g"}:
        for part in one.parts:
            if isinstance(part, Element):
                yield from _parts(part, here)
    elif (steps := _steps(one)) is not None:
        fill, stroke, width, dashed = _paint(here.classes)
        if one.name == "polygon" and "ink" in here.classes:
            fill = _colour(_INK)  # an arrowhead
        yield Shape(steps, here.matrix, fill, stroke, width, dashed)


def _paint(classes: tuple[str, ...]) -> tuple[Colour | None, Colour | None, float, bool]:
    stroke: int | None = None
    fill: int | None = None if set(classes) & PAINT.keys() else 0x000000
    width = 1.0
    for name, (its_fill, its_stroke, its_width, _text) in PAINT.items():
        if name in classes:
            fill, stroke, width = its_fill, its_stroke, its_width
    return _colour(fill), _colour(stroke), width, "dash" in classes


def _colour(value: int | None) -> Colour | None:
    return None if value is None else ((value >> 16 & 255) / 255, (value >> 8 & 255) / 255, (value & 255) / 255)


def _ink(classes: tuple[str, ...]) -> Colour:
    found = [PAINT[name][3] for name in PAINT if name in classes]
    return _colour(found[-1] if found else _INK) or (0.0, 0.0, 0.0)


def _steps(one: Element) -> tuple[Step, ...] | None:
    """The path of a shape; None for what is none."""

    def of(name: str) -> float:
        return _number(one.attributes.get(name), 0.0)

    if one.name == "rect":
        rx = _number(one.attributes.get("rx"), of("ry"))
        return rectangle((of("x"), of("y"), of("width"), of("height")), rx, _number(one.attributes.get("ry"), rx))
    if one.name == "circle":
        return ellipse(of("cx"), of("cy"), of("r"), of("r"))
    if one.name == "ellipse":
        return ellipse(of("cx"), of("cy"), of("rx"), of("ry"))
    if one.name == "line":
        return ("m", (of("x1"), of("y1"))), ("l", (of("x2"), of("y2")))
    if one.name in {"polygon", "polyline"}:
        return polygon(one.attributes.get("points", ""), closed=one.name == "polygon")
    return steps_of(one.attributes.get("d", "")) if one.name == "path" else None


def _labels(one: Element, here: _Around) -> Iterator[Label]:
    """The lines of a text: a tspan with a place of its own begins a new one."""
    x, y = _number(one.attributes.get("x"), 0.0), _number(one.attributes.get("y"), 0.0)
    x, y = x + _number(one.attributes.get("dx"), 0.0), y + _number(one.attributes.get("dy"), 0.0)
    held, words = here, ""
    for part in one.parts:
        if isinstance(part, str):
            words += part
            continue
        inner = part.attributes
        if {"x", "y", "dy"} & inner.keys():
            yield from _label(words, (x, y), held)
            words = ""
            x = _number(inner.get("x"), x)
            y = _number(inner.get("y"), y) + _number(inner.get("dy"), 0.0)
        held = replace(
            held,
            size=_number(inner.get("font-size"), here.size),
            anchor=inner.get("text-anchor", here.anchor),
            classes=tuple(inner["class"].split()) if "class" in inner else here.classes,
        )
        words += "".join(text for text in part.parts if isinstance(text, str))
    yield from _label(words, (x, y), held)


def _label(words: str, at: tuple[float, float], here: _Around) -> Iterator[Label]:
    text = re.sub(r"\s+", " ", words).strip()
    if text:
        yield Label(text, at, here.size, _ALIGN[here.anchor], here.matrix, _ink(here.classes))


def _number(value: str | None, default: float) -> float:
    try:
        return default if value is None else float(value)
    except ValueError:
        return default
