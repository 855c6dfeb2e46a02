"""Sets the blocks of a text 排版 into a column: headings stay with what follows, lists keep their marks, pictures fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.documents import vectors
from app.documents.blocks import Block, Figure, Heading, Items, Paragraph, Quotation, Run, Table
from app.documents.column import AZURITE, BOTTOM, PALE, SOFT, TOP, Column, Style, least
from app.documents.tables import table

BODY = {"zh-CN": Style(10.5, 18.0, after=7.0), "en": Style(10.5, 15.5, after=7.0)}
LOOKS = {
    "small": Style(8.8, 13.5, SOFT, after=4.0),
    "facts": Style(8.8, 13.5, SOFT, after=9.0),
    "strong": Style(10.5, 16.5, bold=True, after=4.0),
    "tight": Style(10.5, 16.5, after=1.0),
    "reason": Style(9.6, 14.8, after=5.0),
}
HEADINGS = {
    2: Style(19, 26, AZURITE, bold=True, after=10.0),
    3: Style(13, 20, AZURITE, bold=True, after=5.0),
    4: Style(11, 17, bold=True, after=4.0),
}
SPACE_ABOVE = {2: 0.0, 3: 9.0, 4: 5.0}
CELL = {"zh-CN": Style(9.2, 14.2, after=11.0), "en": Style(9.2, 13.0, after=11.0)}
QUOTE_INDENT, MARK_WIDTH = 16.0, 20.0


def _leads(block: Block) -> bool:
    """Whether a block stays on the page of what follows it."""
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and block.look == "strong")


def scaled(style: Style, scale: float) -> Style:
    """The style with larger letters and the room that they need."""
    return replace(style, size=style.size * scale, leading=style.leading * scale, after=style.after * scale)


class Setter:
    """Sets blocks in a language, one after the other; `scale` makes letters larger for those who need it."""

    def __init__(self, column: Column, language: str, scale: float = 1.0) -> None:
        self.column, self.bound = column, column.bound
        self.language = language
        self.body, self.cell = scaled(BODY[language], scale), scaled(CELL[language], scale)
        self.looks = {name: scaled(style, scale) for name, style in LOOKS.items()}
        self.headings = {level: scaled(style, scale) for level, style in HEADINGS.items()}
        self.mark_width = MARK_WIDTH * scale

    def all(self, blocks: Sequence[Block]) -> None:
        """Set blocks in order."""
        for place, block in enumerate(blocks):
            if _leads(block):
                self.column.need(self._needed(blocks, place))
            self._one(block)

    def keep(self, blocks: Sequence[Block]) -> None:
        """Set blocks that stay on one page if a page can hold them."""
        self.column.need(self.height(blocks))
        self.all(blocks)

    def height(self, blocks: Sequence[Block]) -> float:
        """The height of blocks one below the other; a table, a picture or a quotation counts as it begins."""
        return sum(map(self._whole, blocks))

    def _whole(self, block: Block) -> float:
        if isinstance(block, Items):
            with self.column.between(self.mark_width):
                return sum(self.height(one) for one in block.items)
        above = SPACE_ABOVE[block.level] if isinstance(block, Heading) else 0.0
        return above + self._height(block)

    def _one(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            self.column.paragraph(block.words, self._style(block))
        elif isinstance(block, Items):
            self._items(block)
        elif isinstance(block, Table):
            table(self.column, block, self.cell)
        elif isinstance(block, Quotation):
            self._quotation(block)
        else:
            self._figure(block)

    def _heading(self, block: Heading) -> None:
        style, column = self.headings[block.level], self.column
        column.y -= SPACE_ABOVE[block.level] if column.y < TOP else 0.0
        if block.bookmark:
            self.bound.bookmark(block.level - 1, block.bookmark, column.y + 8)
        column.paragraph(block.words, style, f"H{block.level}")

    def _items(self, block: Items) -> None:
        column = self.column
        numbered = any(mark[0].isalnum() for mark in block.marks)
        kind = b" /A << /O /List /ListNumbering /%b >>" % (b"Decimal" if numbered else b"Disc")
        with self.bound.element("L", entries=kind):
            for mark, blocks in zip(block.marks, block.items, strict=True):
                with column.between(self.mark_width):
                    column.need(sum(self._start(one) for one in blocks[:1]))
                with self.bound.element("LI"):
                    with self.bound.element("Lbl"), self.bound.marked() as leaf:
                        style = self._style(blocks[0]) if isinstance(blocks[0], Paragraph) else self.body
                        big = 1.7 if mark == "•" else 1.0  # the dot of the typeface is hardly seen
                        at = (column.left + 2, column.base(style) - (big - 1) * style.size * 0.3)
                        leaf.text(at, f"{mark} ", style.size * big, ink=AZURITE)
                    with self.bound.element("LBody"), column.between(self.mark_width):
                        self.all(blocks)
                column.y += 3.0
        column.y -= 3.0

    def _quotation(self, block: Quotation) -> None:
        column = self.column
        column.need(min(sum(map(self._height, block.blocks)) + 2 * self.body.leading, (TOP - BOTTOM) / 3))
        first, top = len(self.bound.leaves), column.y
        with self.bound.element("BlockQuote"), column.between(QUOTE_INDENT, QUOTE_INDENT):
            self.all(block.blocks)
            if block.source:
                column.y += 3.0
                column.paragraph((Run("—— " if self.language == "zh-CN" else "— "), *block.source), self.looks["small"])
        last = len(self.bound.leaves)
        for leaf in self.bound.leaves[first - 1 : last]:
            start = top if leaf.number == first else TOP
            end = column.y + self.body.after if leaf.number == last else BOTTOM
            with leaf.decoration():
                leaf.box((column.left, end, column.left + 3, start), ink=AZURITE)
        column.y -= 4.0

    def _figure(self, block: Figure) -> None:
        column = self.column
        height, scale = self._size(block)
        column.need(height)
        top = column.y - 6.0
        box = (column.left, top - height + 16, column.right, top)
        corners = " ".join(f"{side:.1f}" for side in box).encode()
        entries = b" /A << /O /Layout /Placement /Block /BBox [%b] >>" % corners
        with self.bound.leaf.decoration():
            self.bound.leaf.box(box, ink=PALE, width=0.5)
        left = column.left + (column.width - block.picture.width * scale) / 2
        with self.bound.element("Figure", alternative=block.alternative, entries=entries), self.bound.marked() as leaf:
            vectors.draw(leaf, block.picture, left, top - 8, scale)
        column.y -= height + 6.0

    def _size(self, block: Figure) -> tuple[float, float]:
        """The height that a picture takes with its frame, and its scale: as wide as the column, no higher than a page."""
        picture = block.picture
        most = TOP - BOTTOM - 40.0
        scale = min((self.column.width - 16) / picture.width, most / picture.height)
        return picture.height * scale + 32.0, scale

    def _needed(self, blocks: Sequence[Block], place: int) -> float:
        """The room for a block with all that must not be parted from it: what a heading heads, a question's options."""
        block = blocks[place]
        if not _leads(block) or place + 1 == len(blocks):
            return self._start(block)
        above = SPACE_ABOVE[block.level] if isinstance(block, Heading) else 0.0
        following = blocks[place + 1]
        if isinstance(block, Paragraph) and isinstance(following, Items):
            with self.column.between(self.mark_width):
                return self._height(block) + sum(self._height(one) for item in following.items for one in item)
        return above + self._height(block) + self._needed(blocks, place + 1)

    def _start(self, block: Block) -> float:
        """The room that a block needs at least where it begins."""
        if isinstance(block, (Heading, Paragraph)):
            style = self._style(block)
            return least(len(self.column.lines_of(block.words, style))) * style.leading
        if isinstance(block, Figure):
            return self._size(block)[0]
        if isinstance(block, Items):
            return sum(self._start(one) for one in block.items[0][:1]) if block.items else 0.0
        return 5 * self.body.leading

    def _height(self, block: Block) -> float:
        """The height of a heading or a paragraph; what else there is counts as it begins."""
        if isinstance(block, (Heading, Paragraph)):
            style = self._style(block)
            return len(self.column.lines_of(block.words, style)) * style.leading + style.after
        return self._start(block)

    def _style(self, block: Heading | Paragraph) -> Style:
        if isinstance(block, Heading):
            return self.headings[block.level]
        return self.looks.get(block.look, self.body)
