"""Typefaces inside a PDF: subsets of the loaded fonts, with text that can be copied, searched and read aloud.

The PDF library's own embedding gives rare characters (outside the basic plane) a wrong text and copies the whole
font for each document; both are done afresh here.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import ttfonts

from app.documents import fonts
from app.documents.objects import Raw, reference, stream


class _Face(ttfonts.TTFontFace):
    """A font file that hands out single glyphs without copying the table of all glyphs."""

    def get_table(self, tag: str) -> Any:
        if tag != "glyf":
            return super().get_table(tag)  # type: ignore[no-untyped-call]
        start, _ = self.get_table_pos(tag)
        return _Window(self.__dict__["_ttf_data"], start)


class _Window:
    """A part of the font file, cut only where it is looked at."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data = data
        self.start = start

    def __getitem__(self, part: slice) -> bytes:
        return self.data[self.start + part.start : self.start + part.stop]


class Typeface(ttfonts.TTFont):
    """One weight, ready to be used in documents, one document at a time."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path), asciiReadable=0, shapable=False)
        self.face = _Face(str(path))

    def has(self, text: str) -> bool:
        """Whether every character of `text` has a glyph."""
        known: dict[int, int] = self.face.charToGlyph
        return known.keys() >= set(map(ord, text))

    def addObjects(self, document: Any) -> None:  # noqa: N802 - the library calls it by this name
        """Write each subset that the document used: font, descriptor, glyphs, and the text of each code."""
        state = self.state[document]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            internal = self.getSubsetInternalName(number, document)[1:]
            font = Raw(self._font(document, number, subset))
            document.idToObject["BasicFonts"].dict[internal] = document.Reference(font)
        del self.state[document]

    def _font(self, document: Any, number: int, subset: list[int]) -> bytes:
        name: bytes = ttfonts.SUBSETN(number) + b"+" + bytes(self.face.name)
        glyphs: bytes = self.face.makeSubset(subset)
        packed = zlib.compress(glyphs, 6)
        entries = b"<< /Length %d /Length1 %d /Filter /FlateDecode >>" % (len(packed), len(glyphs))
        file = Raw(entries + b"\nstream\n" + packed + b"\nendstream")
        descriptor = Raw(_descriptor(self.face, name, reference(document, file)))
        face: Any = self.face
        widths = " ".join(str(round(face.getCharWidth(code))) for code in subset).encode()
        parts = (
            b"<< /Type /Font /Subtype /TrueType /BaseFont /%b /FirstChar 0 /LastChar %d" % (name, len(subset) - 1),
            b"/Widths [%b]" % widths,
            b"/FontDescriptor " + reference(document, descriptor),
            b"/ToUnicode " + reference(document, Raw(stream(b"", to_unicode(subset)))),
            b">>",
        )
        return b"\n".join(parts)


def _descriptor(face: Any, name: bytes, file: bytes) -> bytes:
    flags = (face.flags & ~ttfonts.FF_NONSYMBOLIC) | ttfonts.FF_SYMBOLIC
    box = " ".join(str(round(side)) for side in face.bbox).encode()
    numbers = (flags, round(face.ascent), round(face.descent), round(face.capHeight), round(face.stemV))
    return (
        b"<< /Type /FontDescriptor /FontName /%b /FontBBox [%b] /ItalicAngle 0 /FontFile2 %b" % (name, box, file)
        + b" /Flags %d /Ascent %d /Descent %d /CapHeight %d /StemV %d >>" % numbers
    )


def to_unicode(subset: list[int]) -> bytes:
    """The table code → text of a subset: UTF-16, so that characters outside the basic plane keep their identity.

    At most one hundred codes a block, as the format demands; the filler codes at the start have no text.
    """
    pairs = [
        b"<%02X> <%b>" % (code, chr(character).encode("utf-16-be").hex().upper().encode())
        for code, character in enumerate(subset)
        if character and (character != 32 or code == 32)
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    head = (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
    )
    body = b"".join(b"%d beginbfchar\n%b\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks)
    return head + body + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


@lru_cache(maxsize=4)
def typefaces(folder: Path) -> dict[str, Typeface]:
    """Both weights, loaded once a process from the fonts unpacked in `folder`."""
    return {name: Typeface(name, fonts.plain_font(folder, name)) for name in fonts.FACES}
