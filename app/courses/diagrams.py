"""Diagrams 图示 of a lesson: SVG of a few elements and classes, held to named rules and written anew before it is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat

FIGURE = re.compile(r"^!\[([^\]\n]+)\]\(([a-z0-9]+(?:[.-][a-z0-9]+)*)\)$")
SHAPES = {"rect", "circle", "ellipse", "line", "path", "polygon", "polyline"}
WORDS = {"text", "tspan", "title", "desc"}
ELEMENTS = {"svg", "g"} | SHAPES | WORDS
NUMBERS = {
    "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "dx", "dy", "font-size",
}  # fmt: skip
CLASSES = {"ink", "muted", "line", "box", "accent", "on-accent", "soft", "good", "warn", "bad", "dash"}
_NUMBER = r"-?\d{1,4}(?:\.\d{1,4})?"
PATTERNS: Mapping[str, re.Pattern[str]] = {
    **{name: re.compile(_NUMBER) for name in NUMBERS},
    "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZz\d\s,.+-]{1,4000}"),
    "points": re.compile(r"[\d\s,.+-]{1,4000}"),
    "viewBox": re.compile(r"0 0 640 [1-9]\d{1,3}"),
    "text-anchor": re.compile(r"start|middle|end"),
    "transform": re.compile(rf"(?:(?:translate|scale|rotate)\(\s*{_NUMBER}(?:[\s,]+{_NUMBER}){{0,2}}\s*\)\s*)+"),
}
WIDTH = 640
SMALLEST = 13
"""The smallest type, in units of the view box."""

SMALL = 16
"""A diagram with smaller type than this is not shrunk to the width of a phone: it would be set in less than 9 pixels."""

_ONE_TRANSFORM = re.compile(r"(translate|scale|rotate)\(([^)]*)\)")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f—…“”‘’]")
Matrix = tuple[float, float, float, float, float, float]
Fault = tuple[str, int, str, str]
"""Rule, line, what is wrong, what to do."""


class NoDiagram(ValueError):
    """The text is no SVG that is taken; `line` from 1."""

    def __init__(self, fault: str, line: int) -> None:
        super().__init__(fault)
        self.line = line


@dataclass
class Element:
    """An element with its line; `parts` are its texts and elements in order."""

    name: str
    attributes: dict[str, str]
    line: int
    parts: list[Element | str] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """What stands around a diagram on a page: where it opens large ({name}), and the words for that and for scrolling."""

    address: str
    opens: str
    scrolls: str


def alternatives(body: str) -> Mapping[str, str]:
    """The alternative text of each diagram that a body shows, by name."""
    return {found[2]: found[1] for line in body.splitlines() if (found := FIGURE.match(line))}


def names_in(body: str) -> tuple[str, ...]:
    """The names of the diagrams that a lesson's Markdown shows, each once, in order."""
    found = (FIGURE.match(line) for line in body.splitlines())
    return tuple(dict.fromkeys(one[2] for one in found if one))


def parse(svg: str) -> Element:
    """The root element. Raises NoDiagram for what is no well-formed XML, or defines a document type or instructions."""
    reader = expat.ParserCreate()
    top = Element("", {}, 0)
    open_ones = [top]

    def begin(name: str, attributes: dict[str, str]) -> None:
        made = Element(name, attributes, reader.CurrentLineNumber)
        open_ones[-1].parts.append(made)
        open_ones.append(made)

    def write(text: str) -> None:
        open_ones[-1].parts.append(text)

    def refuse(*_what: object) -> None:
        raise NoDiagram("A document type or an instruction stands here.", reader.CurrentLineNumber)

    reader.StartElementHandler = begin
    reader.EndElementHandler = lambda _name: open_ones.pop()
    reader.CharacterDataHandler = write
    reader.StartDoctypeDeclHandler = reader.ProcessingInstructionHandler = refuse
    try:
        reader.Parse(svg.encode(), True)
    except expat.ExpatError as error:
        raise NoDiagram(f"The SVG is broken: {expat.ErrorString(error.code)}.", error.lineno) from None
    (root,) = top.parts
    assert isinstance(root, Element)
    return root


def faults(svg: str) -> Iterator[Fault]:
    """Every broken rule of one diagram."""
    try:
        root = parse(svg)
    except NoDiagram as error:
        yield "diagram-is-plain", error.line, str(error), "Write SVG as courses/README.md says."
        return
    if root.name != "svg" or "viewBox" not in root.attributes:
        yield "diagram-is-plain", root.line, "The diagram is no svg with a viewBox.", 'Begin with viewBox="0 0 640 H".'
        return
    yield from _plain(root)
    height = re.fullmatch(r"0 0 640 (\d+)", root.attributes["viewBox"])
    if height:
        yield from _fit(root, float(height[1]))


def _plain(one: Element) -> Iterator[Fault]:
    rule, remedy = "diagram-is-plain", "Use only what courses/README.md lists."
    if one.name not in ELEMENTS or (one.name == "svg") != ("viewBox" in one.attributes):
        yield rule, one.line, f"The element “{one.name}” has no place here.", remedy
        return
    for name, value in one.attributes.items():
        if not _allowed(one, name, value):
            yield rule, one.line, f"The attribute {name}=“{value[:40]}” has no place here.", remedy
    for part in one.parts:
        if isinstance(part, Element):
            yield from _plain(part)
        elif part.strip() and one.name not in WORDS:
            yield rule, one.line, "Text stands outside of a text element.", "Put it into <text>."


def _allowed(one: Element, name: str, value: str) -> bool:
    if name == "xmlns":
        return one.name == "svg" and value == "http://www.w3.org/2000/svg"
    if name == "class":
        return bool(value.split()) and CLASSES.issuperset(value.split())
    pattern = PATTERNS.get(name)
    return pattern is not None and pattern.fullmatch(value.strip()) is not None


def _fit(root: Element, height: float) -> Iterator[Fault]:
    rule = "diagram-text-fits"
    for line, words, size, corners in _texts(root, (1, 0, 0, 1, 0, 0), 16, "start"):
        if size < SMALLEST:
            yield rule, line, f"“{words}” is set in {size:g}.", f"Set text in {SMALLEST} or more."
        if any(not -1 <= x <= WIDTH + 1 or not -1 <= y <= height + 1 for x, y in corners):
            yield rule, line, f"“{words}” leaves the view box.", "Move it, shorten it or set it on two lines."


def _texts(
    one: Element, matrix: Matrix, size: float, anchor: str
) -> Iterator[tuple[int, str, float, list[tuple[float, float]]]]:
    """Every run of text with its line, words, size and the corners of its box: a Han character is one em wide."""
    given = {name: value for name, value in one.attributes.items() if _allowed(one, name, value)}
    size, anchor = float(given.get("font-size", size)), given.get("text-anchor", anchor)
    matrix = moved(matrix, given.get("transform", ""))
    if one.name != "text":
        for part in one.parts:
            if isinstance(part, Element):
                yield from _texts(part, matrix, size, anchor)
        return
    x, y, words, line = float(given.get("x", 0)), float(given.get("y", 0)), "", one.line
    ending: list[Element | str | None] = [*one.parts, None]
    for bit in ending:
        inner = bit.attributes if isinstance(bit, Element) else {}
        if words.strip() and (bit is None or "x" in inner):
            yield line, words.strip(), size, _corners(matrix, words.strip(), x, y, size, anchor)
            words = ""
        if isinstance(bit, Element):
            x, line = _number(inner.get("x"), x), bit.line
            y = _number(inner.get("y"), y) + _number(inner.get("dy"), 0)
            size, anchor = _number(inner.get("font-size"), size), inner.get("text-anchor", anchor)
            words += "".join(text for text in bit.parts if isinstance(text, str))
        elif bit is not None:
            words += bit


def _corners(matrix: Matrix, words: str, x: float, y: float, size: float, anchor: str) -> list[tuple[float, float]]:
    width = size * sum(1 if _WIDE.match(one) else 0.55 for one in words)
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}.get(anchor, 0.0) * width
    a, b, c, d, e, f = matrix
    box = [(px, py) for px in (left, left + width) for py in (y - 0.85 * size, y + 0.2 * size)]
    return [(a * px + c * py + e, b * px + d * py + f) for px, py in box]


def _number(value: str | None, default: float) -> float:
    return float(value) if value is not None and PATTERNS["x"].fullmatch(value.strip()) else default


def moved(matrix: Matrix, transform: str) -> Matrix:
    """The matrix after the transformations of an element."""
    for kind, words in _ONE_TRANSFORM.findall(transform):
        given = [float(word) for word in re.split(r"[\s,]+", words.strip())]
        a, b, c, d, e, f = matrix
        for m in _steps(kind, given):
            a, b, c, d, e, f = (
                a * m[0] + c * m[1], b * m[0] + d * m[1], a * m[2] + c * m[3], b * m[2] + d * m[3],
                a * m[4] + c * m[5] + e, b * m[4] + d * m[5] + f,
            )  # fmt: skip
        matrix = (a, b, c, d, e, f)
    return matrix


def _steps(kind: str, given: list[float]) -> list[Matrix]:
    first, second = given[0], given[1] if len(given) > 1 else None
    if kind == "translate":
        return [(1, 0, 0, 1, first, second or 0)]
    if kind == "scale":
        return [(first, 0, 0, first if second is None else second, 0, 0)]
    turn = math.radians(first)
    x, y = (given[1], given[2]) if len(given) > 2 else (0.0, 0.0)
    around = (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0.0, 0.0)
    return [(1, 0, 0, 1, x, y), around, (1, 0, 0, 1, -x, -y)]


def figure(svg: str, alt: str, name: str = "", frame: Frame | None = None) -> str:
    """The diagram as HTML: written anew from what is allowed, with the alternative text as its name.

    Where it is wider than the page it scrolls sideways in a region of its own that the keyboard reaches. With a
    `frame`, a link opens it large, and words below say that it scrolls.
    """
    try:
        root = parse(svg)
    except NoDiagram:
        return f"<figure><p>{escape(alt)}</p></figure>"
    if root.name != "svg":
        return f"<figure><p>{escape(alt)}</p></figure>"
    title = f' role="img" aria-label="{escape(alt)}" focusable="false"'
    sizes = [size for _line, _words, size, _box in _texts(root, (1, 0, 0, 1, 0, 0), 16, "start")]
    kind = "diagram diagram--small" if min(sizes, default=SMALL) < SMALL else "diagram"
    view = f'<div class="diagram__view" tabindex="0">{_written(root, title)}</div>'
    return f'<figure class="{kind}">{view}{_caption(name, frame) if frame else ""}</figure>'


def _caption(name: str, frame: Frame) -> str:
    address = escape(frame.address.replace("{name}", name))
    link = f'<a href="{address}">{escape(frame.opens)}</a>'
    return f'<figcaption>{link}<span class="diagram__hint">{escape(frame.scrolls)}</span></figcaption>'


def _written(one: Element, more: str = "") -> str:
    given = "".join(
        f' {name}="{escape(value.strip())}"'
        for name, value in one.attributes.items()
        if name != "xmlns" and _allowed(one, name, value)
    )
    inside = "".join(
        escape(part) if isinstance(part, str) else _written(part) if part.name in ELEMENTS - {"svg"} else ""
        for part in one.parts
    )
    return f"<{one.name}{given}{more}>{inside}</{one.name}>"
