"""Sheets 单页文书: cards and lists that begin on a page of their own, with facts in two columns and perhaps a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.documents import qr
from app.documents.blocks import Block, Heading, Run
from app.documents.book import Bound, Leaf
from app.documents.column import AZURITE, LEFT, PAGE, PALE, RIGHT, SOFT, Column, Style
from app.documents.file import Facts
from app.documents.setting import Setter

QR_SIDE = 92.0
LABEL_SHARE = 0.24
_LABEL, _VALUE = Style(9.6, 15.0, SOFT), Style(10.8, 15.6)


@dataclass(frozen=True)
class Fact:
    """A label with what it stands for; `strong` sets it large, as a number that must be found at once."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True)
class Sheet:
    """One card or list: what stands above the title, the title, facts, further blocks, and what the QR code holds."""

    above: str
    title: str
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    code: str = ""
    code_says: str = ""


@dataclass(frozen=True)
class Sheets:
    """A file of sheets. `page_words` has the places {page} and {pages}; pages of a sheet are counted for themselves."""

    language: str
    title: str
    page_words: str
    sheets: tuple[Sheet, ...]


def print_sheets(sheets: Sheets, fonts: Path, facts: Facts) -> bytes:
    """The file; `fonts` is the folder where the typefaces are or will be unpacked."""
    bound = Bound(fonts, PAGE, facts)
    column = Column(bound)
    setter = Setter(column, sheets.language)
    for sheet in sheets.sheets:
        column.turn()
        first = len(bound.leaves) - 1
        with bound.element("Sect"):
            _head(sheet, column, setter)
            _facts(sheet, column)
            setter.all(sheet.blocks)
        _frame(sheets, bound.leaves[first:])
    return bound.finish()


def _head(sheet: Sheet, column: Column, setter: Setter) -> None:
    with column.bound.leaf.decoration():
        column.bound.leaf.box((0, PAGE[1] - 8, PAGE[0], PAGE[1]), ink=AZURITE)
    top = column.y
    with column.between(0.0, QR_SIDE + 20 if sheet.code else 0.0):
        column.paragraph((Run(sheet.above),), Style(10, 15, SOFT, after=4.0))
        setter.all((Heading(2, (Run(sheet.title),), sheet.title),))
    if sheet.code:
        _code(sheet, column, top)
        column.y = min(column.y, top - QR_SIDE - 14)


def _code(sheet: Sheet, column: Column, top: float) -> None:
    """The QR code in the upper right corner."""
    side, runs = qr.rectangles(sheet.code)
    step = QR_SIDE / side
    left, bottom = RIGHT - QR_SIDE, top - QR_SIDE
    box = " ".join(f"{one:.1f}" for one in (left, bottom, RIGHT, top)).encode()
    entries = b" /A << /O /Layout /Placement /Block /BBox [%b] >>" % box
    with column.bound.element("Figure", alternative=sheet.code_says, entries=entries), column.bound.marked() as leaf:
        boxes = [(left + x * step, top - (y + 1) * step, wide * step, step) for x, y, wide in runs]
        leaf.rectangles(boxes, (0.0, 0.0, 0.0))


def _facts(sheet: Sheet, column: Column) -> None:
    """The facts as a table of two columns whose first names the second."""
    if not sheet.facts:
        return
    with column.bound.element("Table"), column.bound.element("TBody"):
        for fact in sheet.facts:
            _fact(fact, column)
    column.y -= 12.0


def _fact(fact: Fact, column: Column) -> None:
    bound, wide = column.bound, column.width * LABEL_SHARE
    style = Style(15, 21, bold=True) if fact.strong else _VALUE
    label = [replace(one, last=True) for one in column.lines_of((Run(fact.label),), _LABEL, wide - 8)]
    value = [replace(one, last=True) for one in column.lines_of((Run(fact.value),), style, column.width - wide)]
    height = max(len(label) * _LABEL.leading, len(value) * style.leading) + 8.0
    column.need(height)
    top = column.y
    with bound.element("TR"):
        with bound.element("TH", entries=b" /A << /O /Table /Scope /Row >>"), bound.marked() as leaf:
            column.y = top - 4.0 - (style.leading - _LABEL.leading) / 2
            column.draw(leaf, label, _LABEL)
        with bound.element("TD"), bound.marked() as leaf, column.between(wide):
            column.y = top - 4.0
            column.draw(leaf, value, style)
    column.y = top - height
    with bound.leaf.decoration():
        bound.leaf.line((LEFT, column.y), (RIGHT, column.y), 0.4, PALE)


def _frame(sheets: Sheets, leaves: Sequence[Leaf]) -> None:
    """The title over each further page of a sheet, and the number under every page."""
    for place, leaf in enumerate(leaves, 1):
        with leaf.pagination():
            if place > 1:
                leaf.text((LEFT, 800), sheets.title, 8.5, ink=SOFT)
            words = sheets.page_words.format(page=place, pages=len(leaves))
            leaf.text((PAGE[0] / 2, 40), words, 8.5, ink=SOFT, align="centre")
