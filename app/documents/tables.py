"""Tables 表格 that break between rows, and inside a row that is higher than a page; the head stands on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.documents.blocks import Table, Words, plain
from app.documents.breaking import pieces
from app.documents.column import AZURITE, BOTTOM, PALE, TINT, TOP, Column, Style
from app.documents.rows import Line

PAD = 5.0
#: No column is narrower than this share of the table.
NARROWEST = 0.14
_SLACK = 1.06
Cells = list[list[Line]]


def table(column: Column, block: Table, style: Style) -> None:
    """Set a table in the column."""
    _Setting(column, block, style).set()


class _Setting:
    def __init__(self, column: Column, block: Table, style: Style) -> None:
        self.column, self.block = column, block
        self.style = style
        self.head_style = Style(style.size, style.leading, AZURITE, bold=True)
        self.widths = widths(column, block, style)
        self.head = self._cells(block.head, self.head_style)

    def set(self) -> None:
        column, bound = self.column, self.column.bound
        first = self._cells(self.block.rows[0], self.style) if self.block.rows else []
        column.need(self._height(self.head) + min(self._height(first), 6 * self.style.leading))
        with bound.element("Table"):
            with bound.element("THead"):
                self._row(self.head, "TH", self.head_style)
            with bound.element("TBody"):
                for row in self.block.rows:
                    self._body_row(self._cells(row, self.style))
        column.y -= self.style.after

    def _cells(self, row: Sequence[Words], style: Style) -> Cells:
        pairs = zip(row, self.widths, strict=False)
        broken = [self.column.lines_of(words, style, width - 2 * PAD) for words, width in pairs]
        # Narrow lines would be pulled apart: none of them is stretched.
        return [[replace(line, last=True) for line in lines] for lines in broken]

    def _height(self, cells: Cells) -> float:
        return max((len(lines) for lines in cells), default=0) * self.style.leading + 2 * PAD

    def _body_row(self, cells: Cells) -> None:
        """A row, on the next page if it does not fit; one that no page can hold goes on as a further row."""
        page = TOP - BOTTOM - self._height(self.head)
        if self.column.y - self._height(cells) < BOTTOM:
            self._continue()
        room = max(1, int((page - 2 * PAD) / self.style.leading))
        for start in range(0, max(map(len, cells), default=0), room):
            if start:
                self._continue()
            self._row([lines[start : start + room] for lines in cells], "TD", self.style)

    def _continue(self) -> None:
        """Go on at the top of a page, under the head, which is not read aloud again."""
        self.column.turn()
        leaf, top = self.column.bound.leaf, self.column.y
        with leaf.decoration():
            self._ground(self.head)
            for place in range(len(self.head)):
                self._cell(self.head, place, self.head_style, top)
        self._close(self.head, top)

    def _row(self, cells: Cells, role: str, style: Style) -> None:
        bound, top = self.column.bound, self.column.y
        if role == "TH":
            with bound.leaf.decoration():
                self._ground(cells)
        with bound.element("TR"):
            for place in range(len(cells)):
                entries = b" /A << /O /Table /Scope /Column >>" if role == "TH" else b""
                with bound.element(role, entries=entries), bound.marked():
                    self._cell(cells, place, style, top)
        self._close(cells, top, head=role == "TH")

    def _cell(self, cells: Cells, place: int, style: Style, top: float) -> None:
        column = self.column
        before = sum(self.widths[:place])
        column.y = top - PAD
        with column.between(before + PAD, column.width - before - self.widths[place] + PAD):
            column.draw(column.bound.leaf, cells[place], style)

    def _ground(self, cells: Cells) -> None:
        column = self.column
        box = (column.left, column.y - self._height(cells), column.right, column.y)
        column.bound.leaf.box(box, ink=TINT)

    def _close(self, cells: Cells, top: float, *, head: bool = True) -> None:
        """Stand below the row, and rule it off."""
        column = self.column
        column.y = top - self._height(cells)
        with column.bound.leaf.decoration():
            ends = (column.left, column.y), (column.right, column.y)
            column.bound.leaf.line(*ends, 0.8 if head else 0.4, AZURITE if head else PALE)


def widths(column: Column, block: Table, style: Style) -> list[float]:
    """The widths of the columns in points.

    What each has to say on one line, and the rest for columns left empty to write in, or for all alike. Where that is
    too much, what each needs at least, and the rest by how much each has to say.
    """
    rows = [block.head, *block.rows]
    low: list[float] = []
    wish: list[float] = []
    for place in range(len(block.head)):
        texts = [plain(row[place]) for row in rows if place < len(row)]
        longest = max((column.measured(piece.rstrip()) for text in texts for piece in pieces(text)), default=0.0)
        low.append(max(longest * style.size * _SLACK + 2 * PAD, NARROWEST * column.width))
        wish.append(max((column.measured(text) for text in texts), default=0.0) * style.size + 2 * PAD)
    if sum(wish) * _SLACK <= column.width:
        return _on_one_line(column, block, [one * _SLACK for one in wish])
    rest = column.width - sum(low)
    if rest <= 0:
        return [column.width * one / sum(low) for one in low]
    more = [max(w - one, 1.0) ** 0.7 for w, one in zip(wish, low, strict=True)]
    return [one + rest * share / sum(more) for one, share in zip(low, more, strict=True)]


def _on_one_line(column: Column, block: Table, whole: list[float]) -> list[float]:
    empty = [not any(plain(row[place]) for row in block.rows if place < len(row)) for place in range(len(whole))]
    takes = empty if any(empty) else [True] * len(whole)
    spare = (column.width - sum(whole)) / sum(takes)
    return [one + spare * take for one, take in zip(whole, takes, strict=True)]
