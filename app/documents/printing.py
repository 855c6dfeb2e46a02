"""Prints a whole book 讲义: title page, contents with page numbers, its parts, and what stands over and under each page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.documents.blocks import Book, Heading, Part, Run
from app.documents.book import Bookmark, Bound, Leaf
from app.documents.column import AZURITE, BOTTOM, LEFT, PAGE, PALE, RIGHT, SOFT, TINT, TOP, Column, Style
from app.documents.file import Facts
from app.documents.rows import Line
from app.documents.setting import HEADINGS, LOOKS, Setter

#: Part of the name under which a finished file is kept: raised when the same book is to be drawn differently.
LAYOUT = "2"
TITLE, FRONT = Style(28, 40, AZURITE, bold=True, after=14.0), Style(11, 19)
ENTRY = Style(11, 17)
MARK_WIDTH, PAGE_WIDTH, ENTRY_SPACE = 62.0, 40.0, 7.0


def print_book(book: Book, fonts: Path, facts: Facts) -> bytes:
    """The file of a book; `fonts` is the folder where the typefaces are or will be unpacked."""
    bound = Bound(fonts, PAGE, facts)
    column = Column(bound)
    setter = Setter(column, book.language)
    _cover(book, column)
    contents = _Contents(book, column)
    over: dict[int, Part] = {}
    for part in book.parts:
        column.turn()
        first = len(bound.leaves)
        with bound.element("Sect"):
            title = f"{part.mark}　{part.title}" if book.language == "zh-CN" else f"{part.mark}  {part.title}"
            title = title.strip()
            setter.all((Heading(2, (Run(title),), title), *part.blocks))
        contents.reached.append(next(mark for mark in reversed(bound.bookmarks) if mark.level == 1))
        over |= dict.fromkeys(range(first, len(bound.leaves) + 1), part)
    contents.draw()
    for leaf in bound.leaves[1:]:
        _frame(book, leaf, over.get(leaf.number), len(bound.leaves))
    return bound.finish()


def _cover(book: Book, column: Column) -> None:
    column.turn()
    bound = column.bound
    with bound.leaf.decoration():
        bound.leaf.box((0, PAGE[1] - 14, PAGE[0], PAGE[1]), ink=AZURITE)
    column.y = 610.0
    column.paragraph((Run(book.above),), Style(13, 20, SOFT, after=10.0))
    column.paragraph((Run(book.title),), TITLE, "H1")
    with bound.leaf.decoration():
        bound.leaf.line((LEFT, column.y), (LEFT + 64, column.y), 2.0, AZURITE)
    column.y -= 20.0
    for text in book.front:
        column.paragraph((Run(text),), FRONT)
    if book.notice:
        _notice(book.notice, column)


def _notice(text: str, column: Column) -> None:
    """What must be known before reading, in a frame."""
    column.y -= 24.0
    style = replace(LOOKS["small"], size=9.6, leading=15.0, after=0.0)
    with column.between(14.0, 14.0):
        lines = column.lines_of((Run(text),), style)
    leaf, height = column.bound.leaf, len(lines) * style.leading + 20.0
    with leaf.decoration():
        leaf.box((LEFT, column.y - height, RIGHT, column.y), ink=TINT)
        leaf.box((LEFT, column.y - height, LEFT + 3, column.y), ink=AZURITE)
    column.y -= 10.0
    with column.between(14.0, 14.0), column.bound.element("P"):
        column.lines(lines, style)


class _Contents:
    """The list of contents: its pages are laid out at once, its numbers drawn when every part has its page."""

    def __init__(self, book: Book, column: Column) -> None:
        self.book, self.column = book, column
        self.reached: list[Bookmark] = []
        self.places: list[tuple[Leaf, float, list[Line]]] = []
        column.turn()
        column.bound.bookmark(1, book.contents, TOP)
        column.paragraph((Run(book.contents),), HEADINGS[2], "H2")
        with column.bound.element("TOC") as self.element:
            for part in book.parts:
                self._lay_out(part)

    def _lay_out(self, part: Part) -> None:
        column = self.column
        with column.between(MARK_WIDTH if self._marked else 0.0, PAGE_WIDTH):
            lines = column.lines_of((Run(part.title),), ENTRY)
        height = len(lines) * ENTRY.leading + ENTRY_SPACE
        if column.y - height < BOTTOM:
            column.turn()
        self.places.append((column.bound.leaf, column.y, lines))
        column.y -= height

    @property
    def _marked(self) -> bool:
        return any(part.mark for part in self.book.parts)

    def draw(self) -> None:
        """Draw the entries, each a link to its part."""
        bound = self.column.bound
        with bound.within(self.element):
            for part, place, target in zip(self.book.parts, self.places, self.reached, strict=True):
                with bound.element("TOCI"), bound.element("Reference"), bound.element("Link"):
                    self._entry(part, place, target)

    def _entry(self, part: Part, place: tuple[Leaf, float, list[Line]], target: Bookmark) -> None:
        (leaf, top, lines), column = place, self.column
        column.y = top
        with column.bound.marked(leaf):
            base = column.base(ENTRY)
            if part.mark:
                leaf.text((LEFT, base), f"{part.mark} ", ENTRY.size, ink=AZURITE)
            with column.between(MARK_WIDTH if self._marked else 0.0, PAGE_WIDTH):
                column.draw(leaf, [replace(line, last=True) for line in lines], ENTRY)
            base = column.y + ENTRY.leading / 2 - ENTRY.size * 0.36
            leaf.text((RIGHT, base), f" {target.leaf.number}", ENTRY.size, align="right")
        start = (LEFT + MARK_WIDTH if self._marked else LEFT) + lines[-1].width * ENTRY.size + 8
        with leaf.decoration():
            leaf.raw("[0.6 3] 0 d")
            leaf.line((start, base + 1), (RIGHT - 24, base + 1), 0.6, PALE)
            leaf.raw("[] 0 d")
        says = f"{part.mark} {part.title}, {target.leaf.number}".strip()
        column.bound.link(leaf, (LEFT, column.y, RIGHT, top), target, says)


def _frame(book: Book, leaf: Leaf, part: Part | None, pages: int) -> None:
    """The title over the page and the number under it."""
    with leaf.pagination():
        leaf.text((LEFT, 800), _fitting(leaf, book.title, 260), 8.5, ink=SOFT)
        if part is not None:
            leaf.text(
                (RIGHT, 800), _fitting(leaf, f"{part.mark} {part.title}".strip(), 180), 8.5, ink=SOFT, align="right"
            )
        leaf.line((LEFT, 792), (RIGHT, 792), 0.5, PALE)
        words = book.page_words.format(page=leaf.number, pages=pages)
        leaf.text((PAGE[0] / 2, 40), words, 8.5, ink=SOFT, align="centre")


def _fitting(leaf: Leaf, text: str, width: float) -> str:
    """The text, cut where it would be wider than `width`."""
    if leaf.width(text, 8.5) <= width:
        return text
    while leaf.width(f"{text}…", 8.5) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
