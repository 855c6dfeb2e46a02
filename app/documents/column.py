"""A column of text that flows over pages: lines, and the rule of how many of a paragraph may stand on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from app.documents.blocks import Run, Words
from app.documents.book import Bound, Leaf
from app.documents.drawing import Colour
from app.documents.rows import Line, in_lines

INK: Colour = (0.09, 0.13, 0.17)
SOFT: Colour = (0.32, 0.38, 0.43)
AZURITE: Colour = (0.094, 0.353, 0.553)
PALE: Colour = (0.80, 0.84, 0.87)
TINT: Colour = (0.933, 0.961, 0.980)

PAGE = (595.28, 841.89)
LEFT, RIGHT, TOP, BOTTOM = 71.0, 524.28, 772.0, 74.0


@dataclass(frozen=True)
class Style:
    """How lines are set: type size, distance of base lines, ink, weight, space below, all in points."""

    size: float
    leading: float
    ink: Colour = INK
    bold: bool = False
    after: float = 0.0


def least(count: int) -> int:
    """How many lines of a paragraph must fit before it may begin: no line stays alone on either page."""
    return count if count < 4 else 2


def fitting(count: int, room: int) -> int:
    """How many of `count` lines go on a page with room for `room`."""
    if count <= room:
        return count
    here = room - 1 if count - room == 1 else room
    return here if here >= 2 else 0


class Column:
    """The place where the next line goes: the page, the height, the left and the right edge."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.y = TOP
        self.left, self.right = LEFT, RIGHT
        self.chinese = bound.facts.language != "en"
        self.regular, self.bold = bound.faces["regular"], bound.faces["bold"]
        self._wide = lru_cache(maxsize=None)(self._measured)

    @property
    def width(self) -> float:
        """How wide the column is here, in points."""
        return self.right - self.left

    def _measured(self, character: str, bold: bool) -> float:
        face = self.bold if bold and self.truly_bold(character) else self.regular
        return float(face.stringWidth(character, 1))

    def truly_bold(self, text: str) -> bool:
        """Whether emphasis has a face of its own here: the bold one has only the Chinese characters of certificates."""
        return not self.chinese and self.bold.has(text)

    def put(self, leaf: Leaf, run: Run, x: float, style: Style, *, ink: Colour, spacing: float = 0.0) -> float:
        """Put a run on the line that begins at the present height; returns how wide it is."""
        face = "bold" if run.bold and self.truly_bold(run.text) else "regular"
        heavy = run.bold and face == "regular"
        leaf.text((x, self.base(style)), run.text, style.size, face=face, ink=ink, spacing=spacing, heavy=heavy)
        return leaf.width(run.text, style.size, face) + spacing * len(run.text)

    def measured(self, text: str) -> float:
        """The width of a text in ems, as if it were all regular."""
        return sum(self._wide(character, False) for character in text)

    def lines_of(self, words: Words, style: Style, width: float | None = None) -> list[Line]:
        """The words in lines of this column, or of a width in points."""
        given = tuple(replace(run, bold=True) for run in words) if style.bold else words
        return in_lines(given, (width or self.width) / style.size, self._wide)

    def turn(self) -> None:
        """Go on at the top of a new page."""
        self.bound.turn()
        self.y = TOP

    def need(self, height: float) -> None:
        """Turn the page unless so much room is left; what is higher than a page begins where it is."""
        if self.y - height < BOTTOM and height <= TOP - BOTTOM:
            self.turn()

    @contextmanager
    def between(self, left: float, right: float = 0.0) -> Iterator[None]:
        """A narrower column, by so much on each side."""
        self.left, self.right = self.left + left, self.right - right
        yield
        self.left, self.right = self.left - left, self.right + right

    def paragraph(self, words: Words, style: Style, role: str = "P") -> None:
        """A paragraph as one element, over as many pages as it takes."""
        with self.bound.element(role):
            self.lines(self.lines_of(words, style), style)
        self.y -= style.after

    def lines(self, lines: Sequence[Line], style: Style) -> None:
        """Lines of the open element, from the present height downwards."""
        linked = any(run.address for line in lines for run in line.words)
        while lines:
            count = fitting(len(lines), int((self.y - BOTTOM) / style.leading + 1e-6))
            if count and linked:
                self._linked(lines[:count], style)
            elif count:
                with self.bound.marked() as leaf:
                    self.draw(leaf, lines[:count], style)
            lines = lines[count:]
            if lines:
                self.turn()

    def draw(self, leaf: Leaf, lines: Sequence[Line], style: Style) -> None:
        """Put lines on a page, whatever they belong to."""
        for line in lines:
            x = self.left
            spacing = line.stretch(self.width / style.size) * style.size if self.chinese else 0.0
            for run in line.words:
                x += self.put(leaf, run, x, style, ink=style.ink, spacing=spacing)
            self.y -= style.leading

    def base(self, style: Style) -> float:
        """The height of the base line of a line that begins here."""
        return self.y - style.leading / 2 - style.size * 0.36

    def _linked(self, lines: Sequence[Line], style: Style) -> None:
        for line in lines:
            x, base = self.left, self.base(style)
            for run in line.words:
                if run.address:
                    with self.bound.element("Link"):
                        with self.bound.marked() as leaf:
                            wide = self.put(leaf, run, x, style, ink=AZURITE)
                        box = (x, base - style.size * 0.2, x + wide, base + style.size)
                        self.bound.link(leaf, box, run.address, run.text)
                else:
                    with self.bound.marked() as leaf:
                        wide = self.put(leaf, run, x, style, ink=style.ink)
                x += wide
            self.y -= style.leading
