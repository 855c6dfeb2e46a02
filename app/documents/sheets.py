"""Sheets 单页文书: cards and lists that begin on a page of their own, with facts in two columns and perhaps a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.documents.blocks import Block
from app.documents.book import Bound, Leaf
from app.documents.column import LEFT, PAGE, SOFT, Column
from app.documents.file import Facts
from app.documents.opening import Fact, draw_opening
from app.documents.setting import Setter


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
            draw_opening(
                column, setter, above=sheet.above, title=sheet.title, facts=sheet.facts, code=sheet.code,
                code_says=sheet.code_says,
            )  # fmt: skip
            setter.all(sheet.blocks)
        _frame(sheets, bound.leaves[first:])
    return bound.finish()


def _frame(sheets: Sheets, leaves: Sequence[Leaf]) -> None:
    """The title over each further page of a sheet, and the number under every page."""
    for place, leaf in enumerate(leaves, 1):
        with leaf.pagination():
            if place > 1:
                leaf.text((LEFT, 800), sheets.title, 8.5, ink=SOFT)
            words = sheets.page_words.format(page=place, pages=len(leaves))
            leaf.text((PAGE[0] / 2, 40), words, 8.5, ink=SOFT, align="centre")
