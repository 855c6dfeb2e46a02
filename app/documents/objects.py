"""Objects of a PDF file 文件对象: bytes, streams, references, texts and dates as the file writes them."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from reportlab.pdfbase import pdfdoc


class Raw(pdfdoc.PDFObject):
    """An object of the file whose bytes are written as they are."""

    __RefOnly__ = 1

    def __init__(self, body: bytes = b"") -> None:
        self.body = body

    def format(self, document: Any) -> bytes:
        """The bytes of the object."""
        return self.body


def stream(entries: bytes, data: bytes, *, packed: bool = True) -> bytes:
    """A stream object with these dictionary entries; `packed` deflates the data."""
    if packed:
        data, entries = zlib.compress(data, 6), entries + b" /Filter /FlateDecode"
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data), data)


def reference(document: Any, target: Any) -> bytes:
    """`12 0 R` for an object, which enters the document by being referred to."""
    found: bytes = document.Reference(target).format(document)
    return found


def text_string(text: str) -> bytes:
    """A text as the file writes it: UTF-16 in hexadecimal, or plain where it is ASCII."""
    if text.isascii():
        return b"(" + text.translate({92: "\\\\", 40: "\\(", 41: "\\)"}).encode() + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def pdf_date(at: datetime) -> bytes:
    """`(D:20261123093000+08'00')`; `at` must be aware."""
    offset = at.strftime("%z")
    return f"(D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}')".encode()
