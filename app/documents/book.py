"""A file of many pages that can be read aloud: a tree of tags over the pages, bookmarks, and links that lead somewhere.

What is drawn on a page belongs to the element that is open (`element`, then `marked`), or is decoration. A list of
contents can be drawn last and still be read first: `element` at the place of the reading order, `within` to draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfdoc

from app.documents.drawing import Drawing, number
from app.documents.file import Document, Facts, Page, describe, written
from app.documents.objects import Raw, reference, stream, text_string
from app.documents.typefaces import typefaces

Box = tuple[float, float, float, float]


class Leaf(Drawing):
    """One page: drawing operators, what its marks belong to, and its links."""

    def __init__(self, document: Any, faces: Any, number: int) -> None:
        super().__init__(document, faces)
        self.number = number
        self.page: Any = Page()
        self.owners: list[Element] = []
        self.links: list[Raw] = []
        document.addPage(self.page)

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is drawn inside says nothing and is not read aloud."""
        self.raw("/Artifact BMC")
        yield
        self.raw("EMC")

    @contextmanager
    def pagination(self) -> Iterator[None]:
        """What is drawn inside belongs to the page and not to the text: a title over it, its number."""
        self.raw("/Artifact << /Type /Pagination >> BDC")
        yield
        self.raw("EMC")


@dataclass
class Element:
    """An element of the reading order: its children are elements, marks (page and number) and links."""

    role: str
    entries: bytes = b""
    children: list[Element | tuple[Leaf, int] | tuple[Leaf, Raw]] = field(default_factory=list)
    body: Raw = field(default_factory=Raw)


@dataclass(frozen=True)
class Bookmark:
    """A line of the reader's list of contents; `level` from 1."""

    level: int
    title: str
    leaf: Leaf
    top: float


class _Outline(Raw):
    """The bookmarks, made by ourselves: the library's own need a canvas."""

    ready = 1

    def prepare(self, _document: Any, _canvas: Any) -> None:
        """Nothing is left to do."""


class Bound:
    """A file in the making: `turn` begins a page, `finish` gives the bytes."""

    def __init__(self, fonts: Path, size: tuple[float, float], facts: Facts) -> None:
        self.document: Any = Document(facts)
        self.faces = typefaces(fonts)
        self.size, self.facts = size, facts
        self.leaves: list[Leaf] = []
        self.bookmarks: list[Bookmark] = []
        self.root = Element("Document", b" /Lang (%b)" % facts.language.encode())
        self._open = [self.root]

    @property
    def leaf(self) -> Leaf:
        """The page on which is drawn."""
        return self.leaves[-1]

    def turn(self) -> Leaf:
        """Begin a page."""
        self.leaves.append(Leaf(self.document, self.faces, len(self.leaves) + 1))
        return self.leaf

    @contextmanager
    def element(self, role: str, *, alternative: str = "", entries: bytes = b"") -> Iterator[Element]:
        """An element below the one that is open; `alternative` says a picture in words."""
        if alternative:
            entries += b" /Alt " + text_string(alternative)
        made = Element(role, entries)
        self._open[-1].children.append(made)
        with self.within(made):
            yield made

    @contextmanager
    def within(self, element: Element) -> Iterator[None]:
        """Go on with an element that was made before."""
        self._open.append(element)
        yield
        self._open.pop()

    @contextmanager
    def marked(self, leaf: Leaf | None = None) -> Iterator[Leaf]:
        """What is drawn inside, on one page, is content of the open element."""
        leaf, owner = leaf or self.leaf, self._open[-1]
        place = len(leaf.owners)
        leaf.owners.append(owner)
        owner.children.append((leaf, place))
        leaf.raw(f"/{owner.role} << /MCID {place} >> BDC")
        yield leaf
        leaf.raw("EMC")

    def link(self, leaf: Leaf, box: Box, target: str | Bookmark, says: str) -> None:
        """A link over a box of a page, to an address or a bookmark; it belongs to the open element, a Link."""
        corners = b" ".join(number(side).encode() for side in box)
        action = b"/A << /S /URI /URI %b >>" % text_string(target) if isinstance(target, str) else _to(self, target)
        held = Raw(
            b"<< /Type /Annot /Subtype /Link /Rect [%b] /Border [0 0 0] /F 4 /Contents %b %b"
            % (corners, text_string(says), action)
        )
        leaf.links.append(held)
        self._open[-1].children.append((leaf, held))

    def bookmark(self, level: int, title: str, top: float) -> Bookmark:
        """A line of the reader's list of contents that leads to a height of this page."""
        made = Bookmark(level, title, self.leaf, top)
        self.bookmarks.append(made)
        return made

    def finish(self) -> bytes:
        """Write the file."""
        fonts = pdfdoc.PDFObjectReference("BasicFonts").format(self.document)
        for place, leaf in enumerate(self.leaves):
            page = leaf.page
            page.MediaBox = b"[0 0 %g %g]" % self.size
            page.Contents = reference(self.document, Raw(stream(b"", leaf.content())))
            page.Resources = b"<< /Font %b >>" % fonts
            page.StructParents, page.Tabs = place, b"/S"
            if leaf.links:
                page.Annots = pdfdoc.PDFArray([reference(self.document, link) for link in leaf.links])
        describe(self.document, self.facts)
        self._outline()
        self.document.Catalog.StructTreeRoot = self._tree()
        return written(self.document)

    def _outline(self) -> None:
        top = _Outline()
        self.document.Outlines = top
        if not self.bookmarks:
            top.ready = -1
            return
        self.document.Catalog.Outlines = reference(self.document, top)
        held = [Raw() for _ in self.bookmarks]
        below: dict[int, list[int]] = {}
        parents: list[int] = []
        path: list[int] = []
        for place, mark in enumerate(self.bookmarks):
            path = [one for one in path if self.bookmarks[one].level < mark.level]
            parents.append(path[-1] if path else -1)
            below.setdefault(parents[-1], []).append(place)
            path.append(place)
        at = [reference(self.document, one) for one in held]
        for place, mark in enumerate(self.bookmarks):
            own = parents[place]
            beside = below[own]
            turn = beside.index(place)
            body = b"<< /Title %b /Parent %b" % (text_string(mark.title), at[own] if own >= 0 else self._at(top))
            body += b" /Prev " + at[beside[turn - 1]] if turn else b""
            body += b" /Next " + at[beside[turn + 1]] if turn + 1 < len(beside) else b""
            body += _ends(at, below.get(place, []), -1)
            held[place].body = body + b" %b >>" % _to(self, mark)
        top.body = b"<< /Type /Outlines" + _ends(at, below[-1], 1) + b" >>"

    def _at(self, target: Raw) -> bytes:
        return reference(self.document, target)

    def _tree(self) -> bytes:
        root = Raw()
        root_at = self._at(root)
        owners: dict[int, bytes] = {}
        first = len(self.leaves)
        self._grow(self.root, root_at, owners, [first])
        lists = [
            b"%d [%b]" % (place, b" ".join(self._at(owner.body) for owner in leaf.owners))
            for place, leaf in enumerate(self.leaves)
        ]
        lists += [b"%d %b" % (key, owner) for key, owner in sorted(owners.items())]
        nums = Raw(b"<< /Nums [%b] >>" % b"\n".join(lists))
        entries = (self._at(self.root.body), self._at(nums), first + len(owners))
        root.body = b"<< /Type /StructTreeRoot /K [%b] /ParentTree %b /ParentTreeNextKey %d >>" % entries
        return root_at

    def _grow(self, element: Element, parent: bytes, owners: dict[int, bytes], turn: list[int]) -> None:
        """Write an element with all below it; a link takes the next number of the parent tree."""
        own = self._at(element.body)
        kids: list[bytes] = []
        for child in element.children:
            if isinstance(child, Element):
                self._grow(child, own, owners, turn)
                kids.append(self._at(child.body))
                continue
            page = self._at(child[0].page)
            if isinstance(child[1], int):
                kids.append(b"<< /Type /MCR /Pg %b /MCID %d >>" % (page, child[1]))
            else:
                owners[turn[0]] = own
                child[1].body += b" /StructParent %d >>" % turn[0]
                turn[0] += 1
                kids.append(b"<< /Type /OBJR /Pg %b /Obj %b >>" % (page, self._at(child[1])))
        head = b"<< /Type /StructElem /S /%b /P %b%b" % (element.role.encode(), parent, element.entries)
        element.body.body = head + b" /K [%b] >>" % b" ".join(kids)


def _to(bound: Bound, target: Bookmark) -> bytes:
    """Where a link or a bookmark leads: a height of a page."""
    return b"/Dest [%b /XYZ 0 %b null]" % (reference(bound.document, target.leaf.page), number(target.top).encode())


def _ends(at: list[bytes], places: list[int], sign: int) -> bytes:
    """First, last and count of what stands below a bookmark; a negative count is closed at first."""
    if not places:
        return b""
    return b" /First %b /Last %b /Count %d" % (at[places[0]], at[places[-1]], sign * len(places))
