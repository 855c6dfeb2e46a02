"""What a printed book 讲义 says: parts of headings, paragraphs, lists, tables, quotations and pictures, before any page."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents.pictures import Picture


@dataclass(frozen=True)
class Run:
    """Words set in one way; `address` is where a link leads."""

    text: str
    bold: bool = False
    address: str = ""


Words = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; the title of a part is of level 2, what stands below it of 3 and 4. `bookmark` is its short form."""

    level: int
    words: Words
    bookmark: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Words in lines; `look` is body, facts (under a title), small (sources), reason, strong (a question) or
    tight (words that the next paragraph says in another language)."""

    words: Words
    look: str = "body"


@dataclass(frozen=True)
class Items:
    """A list: each item is a sequence of blocks, `marks` is what stands before each, such as “1.” or “•”."""

    items: tuple[tuple[Block, ...], ...]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with a head that stands again on each page that it reaches."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True)
class Quotation:
    """Words of somebody, and who said them."""

    blocks: tuple[Block, ...]
    source: Words = ()


@dataclass(frozen=True)
class Figure:
    """A picture and what it shows, said in words."""

    picture: Picture
    alternative: str


Block = Heading | Paragraph | Items | Table | Quotation | Figure


@dataclass(frozen=True)
class Part:
    """A part that begins on a page of its own: `mark` stands before the title and in the list of contents."""

    mark: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Book:
    """A whole book. `front` is said on the first page under the title, `notice` in a frame below.

    `page_words` has the places {page} and {pages}; `language` is zh-CN or en.
    """

    language: str
    above: str
    title: str
    front: tuple[str, ...]
    notice: str
    contents: str
    page_words: str
    parts: tuple[Part, ...]


def plain(words: Words) -> str:
    """The text alone."""
    return "".join(run.text for run in words)
