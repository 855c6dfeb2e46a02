"""Leaflets 散页文书: what a person holds in the hand, such as a booklet or an answer sheet, each with pages of its own count.

A leaflet opens with facts and perhaps a QR code; groups follow that stay on one page if they can. Beside the blocks of
a book there are boxes to tick and lines to write on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.documents.blocks import Block, Run
from app.documents.book import Bound, Leaf
from app.documents.column import BOTTOM, INK, LEFT, PAGE, PALE, RIGHT, SOFT, Column
from app.documents.drawing import Colour
from app.documents.file import Facts
from app.documents.opening import Fact, draw_opening
from app.documents.setting import Setter

BOX, STEP, ROW = 13.0, 18.0, 21.0
NUMBER_WIDTH, GUTTER, LINE = 26.0, 16.0, 25.0
_WHITE: Colour = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Row:
    """A number, its boxes as (letter, filled), words after them; `says` reads it aloud where some box is filled."""

    label: str
    boxes: tuple[tuple[str, bool], ...]
    says: str = ""
    after: str = ""


@dataclass(frozen=True)
class Grid:
    """Rows of boxes in as many columns as there is room for, read down the columns."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Lines:
    """Ruled lines to write on; `saved` is what is there already, printed above them."""

    label: str
    count: int
    saved: str = ""


Part = Block | Grid | Lines


@dataclass(frozen=True)
class Leaflet:
    """One leaflet. `foot` has the places {page} and {pages}; `scale` is that of the letters.

    With `cover` the groups begin on the second page. `blank` is said on the page that is added so that the next leaflet
    begins on a sheet of its own when both sides are printed.
    """

    language: str
    above: str
    title: str
    facts: tuple[Fact, ...]
    opening: tuple[Block, ...]
    groups: tuple[tuple[Part, ...], ...]
    foot: str
    blank: str
    code: str = ""
    code_says: str = ""
    scale: float = 1.0
    cover: bool = False


def print_leaflets(leaflets: Sequence[Leaflet], fonts: Path, facts: Facts) -> bytes:
    """The file; `fonts` is the folder where the typefaces are or will be unpacked."""
    bound = Bound(fonts, PAGE, facts)
    for leaflet in leaflets:
        _Printing(bound, leaflet).all()
        if len(bound.leaves) % 2 and leaflet is not leaflets[-1]:
            leaf = bound.turn()
            with leaf.pagination():
                leaf.text((PAGE[0] / 2, PAGE[1] / 2), leaflet.blank, 10, ink=SOFT, align="centre")
    return bound.finish()


class _Printing:
    def __init__(self, bound: Bound, leaflet: Leaflet) -> None:
        self.bound, self.leaflet = bound, leaflet
        self.column = Column(bound)
        self.column.chinese = leaflet.language != "en"
        self.setter = Setter(self.column, leaflet.language, leaflet.scale)
        self.scale = leaflet.scale

    def all(self) -> None:
        column, leaflet = self.column, self.leaflet
        column.turn()
        first = len(self.bound.leaves) - 1
        with self.bound.element("Sect", entries=b" /Lang (%b)" % leaflet.language.encode()):
            self._head()
            self.setter.all(leaflet.opening)
            if leaflet.cover and leaflet.groups:
                column.turn()
            for group in leaflet.groups:
                column.need(sum(map(self._height, group)))
                for part in group:
                    self._part(part)
        leaves = self.bound.leaves[first:]
        for place, leaf in enumerate(leaves, 1):
            self._frame(leaf, place, len(leaves))

    def _frame(self, leaf: Leaf, page: int, pages: int) -> None:
        with leaf.pagination():
            if page > 1:
                leaf.text((LEFT, 800), self.leaflet.above, 8.5, ink=SOFT)
                leaf.text((RIGHT, 800), self.leaflet.title, 8.5, ink=SOFT, align="right")
            leaf.text(
                (PAGE[0] / 2, 40), self.leaflet.foot.format(page=page, pages=pages), 8.5, ink=SOFT, align="centre"
            )

    def _head(self) -> None:
        leaflet = self.leaflet
        draw_opening(
            self.column, self.setter, above=leaflet.above, title=leaflet.title, facts=leaflet.facts, code=leaflet.code,
            code_says=leaflet.code_says, scale=self.scale,
        )  # fmt: skip

    def _rule(self, left: float, right: float, ink: Colour = PALE) -> None:
        with self.bound.leaf.decoration():
            self.bound.leaf.line((left, self.column.y), (right, self.column.y), 0.5, ink)

    def _part(self, part: Part) -> None:
        if isinstance(part, Grid):
            self._grid(part)
        elif isinstance(part, Lines):
            self._lines(part)
        else:
            self.setter.all((part,))

    def _height(self, part: Part) -> float:
        if isinstance(part, Grid):
            return -(-len(part.rows) // self._columns(part)) * ROW * self.scale + 8.0
        if isinstance(part, Lines):
            return self._said_height(part) + min(part.count, 3) * LINE * self.scale
        return self.setter.height((part,))

    def _columns(self, grid: Grid) -> int:
        need = max(map(self._row_width, grid.rows), default=1.0)
        return max(1, int((self.column.width + GUTTER) / (need + GUTTER)))

    def _row_width(self, row: Row) -> float:
        words = self.column.measured(row.after) * 10 * self.scale
        return (NUMBER_WIDTH + len(row.boxes) * STEP) * self.scale + words

    def _grid(self, grid: Grid) -> None:
        """The rows down one column after the other."""
        column, columns = self.column, self._columns(grid)
        deep = -(-len(grid.rows) // columns)
        top, wide = column.y, (column.width + GUTTER) / columns
        with self.bound.element("L"):
            for place, row in enumerate(grid.rows):
                x, y = column.left + place // deep * wide, top - place % deep * ROW * self.scale
                with self.bound.element("LI"):
                    self._row(row, x, y - ROW * self.scale * 0.72)
        column.y = top - deep * ROW * self.scale - 8.0

    def _row(self, row: Row, x: float, base: float) -> None:
        size, step, side = 10 * self.scale, STEP * self.scale, BOX * self.scale
        if row.label:
            with self.bound.element("Lbl"), self.bound.marked() as leaf:
                leaf.text((x + (NUMBER_WIDTH - 8) * self.scale, base), f"{row.label} ", size, align="right")
        with self.bound.element("LBody", alternative=row.says), self.bound.marked() as leaf:
            for place, (letter, filled) in enumerate(row.boxes):
                left, bottom = x + NUMBER_WIDTH * self.scale + place * step, base - side * 0.24
                box = (left, bottom, left + side, bottom + side)
                leaf.box(box, ink=INK) if filled else leaf.box(box, ink=INK, width=0.8)
                ink = _WHITE if filled else INK
                leaf.text((left + side / 2, base), f"{letter} ", 8.6 * self.scale, ink=ink, align="centre")
            after = x + NUMBER_WIDTH * self.scale + len(row.boxes) * step
            if row.after:
                leaf.text((after, base), f"{row.after} ", size, ink=INK)

    def _said_height(self, lines: Lines) -> float:
        column, said = self.column, self.setter.looks["reason"]
        height = len(column.lines_of((Run(lines.label),), said)) * said.leading if lines.label else 0.0
        for text in lines.saved.splitlines():
            height += len(column.lines_of((Run(text),), said)) * said.leading
        return height + 6.0

    def _lines(self, lines: Lines) -> None:
        """The label, what is saved already, and lines with room for handwriting."""
        column, said = self.column, self.setter.looks["reason"]
        if lines.label:
            column.paragraph((Run(lines.label),), replace(said, after=1.0))
        for text in lines.saved.splitlines():
            column.paragraph((Run(text, bold=True),), replace(said, after=1.0))
        for _ in range(lines.count):
            if column.y - LINE * self.scale < BOTTOM:
                column.turn()
            column.y -= LINE * self.scale
            self._rule(column.left, column.right, SOFT)
        column.y -= 8.0
