"""Turns the Markdown of a lesson into blocks of a printed book, with its diagrams as line drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markdown_it.tree import SyntaxTreeNode

from app.courses.content.markdown import engine
from app.courses.pictures import picture
from app.documents.blocks import Block, Figure, Heading, Items, Paragraph, Quotation, Run, Table, Words, plain


def blocks(markdown: str, pictures: Mapping[str, str], language: str) -> tuple[Block, ...]:
    """The blocks of a lesson; `pictures` are its diagrams in this language, name and SVG. Sections are of level 3."""
    root = SyntaxTreeNode(engine().parse(markdown))
    return _Printed(pictures, language).all(root.children)


class _Printed:
    def __init__(self, pictures: Mapping[str, str], language: str) -> None:
        self.pictures, self.language = pictures, language

    def all(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        return tuple(block for node in nodes for block in self._one(node))

    def _one(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        if node.type == "heading":
            words = self._inline(node.children[0])
            return (Heading(min(int(node.tag[1]) + 1, 4), words, plain(words) if node.tag == "h2" else ""),)
        if node.type == "paragraph":
            return self._paragraph(node.children[0])
        if node.type in {"bullet_list", "ordered_list"}:
            return (self._items(node),)
        if node.type == "blockquote":
            return (self._quotation(self.all(node.children)),)
        if node.type == "table":
            return (self._table(node),)
        return (Paragraph((Run(node.content.strip()),)),) if node.type in {"fence", "code_block"} else ()

    def _paragraph(self, inline: SyntaxTreeNode) -> tuple[Block, ...]:
        if len(inline.children) == 1 and inline.children[0].type == "image":
            image = inline.children[0]
            svg, says = self.pictures.get(str(image.attrGet("src"))), self.straight(image.content)
            return (Figure(picture(svg), says),) if svg else (Paragraph((Run(says),)),)
        return (Paragraph(self._inline(inline)),)

    def _items(self, node: SyntaxTreeNode) -> Items:
        first = int(node.attrGet("start") or 1)
        marks = [f"{first + place}." if node.type == "ordered_list" else "•" for place in range(len(node.children))]
        return Items(tuple(self.all(item.children) for item in node.children), tuple(marks))

    def _quotation(self, inside: tuple[Block, ...]) -> Quotation:
        """The last paragraph, when it begins with a dash, says whose words they are."""
        last = inside[-1] if inside else None
        if isinstance(last, Paragraph) and plain(last.words).startswith("—"):
            return Quotation(inside[:-1], (Run(plain(last.words).lstrip("— ")),))
        return Quotation(inside)

    def _table(self, node: SyntaxTreeNode) -> Table:
        rows = [
            tuple(self._inline(cell.children[0]) if cell.children else () for cell in row.children)
            for part in node.children
            for row in part.children
        ]
        return Table(rows[0], tuple(rows[1:]))

    def _inline(self, node: SyntaxTreeNode) -> Words:
        runs: list[Run] = []
        self._collect(node.children, Run(""), runs)
        return tuple(runs)

    def _collect(self, nodes: Sequence[SyntaxTreeNode], as_: Run, runs: list[Run]) -> None:
        for node in nodes:
            if node.type in {"strong", "em"}:
                self._collect(node.children, replace(as_, bold=as_.bold or node.type == "strong"), runs)
            elif node.type == "link":
                self._collect(node.children, replace(as_, address=str(node.attrGet("href") or "")), runs)
            elif node.type in {"softbreak", "hardbreak"}:
                runs.append(replace(as_, text="" if self.language == "zh_CN" else " "))
            elif node.content:
                runs.append(replace(as_, text=self.straight(self._after_bold(node.content, as_, runs))))

    def _after_bold(self, text: str, as_: Run, runs: Sequence[Run]) -> str:
        # The space that CommonMark needs between **甲。** and a Chinese character is not for readers.
        chinese = len(text) > 1 and text[0] == " " and "一" <= text[1] <= "鿿"
        return text[1:] if chinese and runs and runs[-1].bold and not as_.bold else text

    def straight(self, text: str) -> str:
        """English with straight quotation marks: the curly ones of a Chinese typeface are as wide as a character."""
        return latin(text) if self.language == "en" else text


def latin(text: str) -> str:
    """A text with straight quotation marks."""
    return text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
