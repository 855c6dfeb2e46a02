"""A PDF file 文件 as the library writes it: what it says about itself, its catalogue, its pages, the colours it means."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import md5
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfdoc

from app.documents import xmp
from app.documents.objects import Raw, pdf_date, reference, stream, text_string

PRODUCER = "IP Auditorium 知审学堂"
#: The library's fonts keep a reading position of their own: one document at a time in a process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Facts:
    """What the file says about itself: titles by language, author, moment (aware), and the language it is read in."""

    title_zh: str
    title_en: str
    author: str
    subject: str
    at: datetime
    identity: str
    language: str = "zh-CN"

    @property
    def title(self) -> str:
        """The title in the language of the file."""
        return self.title_en if self.language == "en" else self.title_zh


class _Catalog(pdfdoc.PDFCatalog):
    def __init__(self) -> None:
        self.__NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents", "AF", "Perms", "DSS", "Extensions"]
        self.__Refs__ = self.__NoDefault__


class Page(pdfdoc.PDFPage):
    """A page that may be tagged."""

    ExtGState = None

    def __init__(self) -> None:
        self.__NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]
        super().__init__()


class _Info(pdfdoc.PDFInfo):
    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def digest(self, digest: Any) -> None:
        digest.update(self.facts.identity.encode())

    def format(self, document: Any) -> bytes:
        moment = pdf_date(self.facts.at)
        entries = {"Title": self.facts.title, "Author": self.facts.author, "Subject": self.facts.subject}
        entries |= {"Creator": PRODUCER, "Producer": PRODUCER}
        texts = b" ".join(b"/%b %b" % (name.encode(), text_string(text)) for name, text in entries.items())
        return b"<< %b /CreationDate %b /ModDate %b >>" % (texts, moment, moment)


class Document(pdfdoc.PDFDocument):
    """A file whose identity depends on its facts alone, so that the same content gives the same bytes."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(compression=1, pdfVersion=(1, 7))
        catalog: Any = _Catalog()
        pages: Any = self.__dict__["Pages"]
        catalog.Pages, catalog.Lang, catalog.Outlines = pages, f"({facts.language})", self.Outlines
        self.Catalog = self._catalog = catalog
        self.info = _Info(facts)
        self.identity = facts.identity

    def ID(self) -> bytes:  # noqa: N802 - the library calls it by this name
        mark = md5(self.identity.encode(), usedforsecurity=False).hexdigest().encode()
        return b"[<%b> <%b>]" % (mark, mark)


@lru_cache(maxsize=1)
def _colour_profile() -> bytes:
    return Path(__file__).with_name("srgb.icc").read_bytes()


def describe(document: Any, facts: Facts) -> None:
    """Put into the catalogue what the file says about itself, and that its colours are those of a screen (sRGB)."""
    catalog = document.Catalog
    profile = reference(document, Raw(stream(b"/N 3", _colour_profile())))
    catalog.OutputIntents = (
        b"[<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1)"
        b" /Info (sRGB IEC61966-2.1) /DestOutputProfile %b >>]" % profile
    )
    packet = xmp.packet(facts.title_zh, facts.title_en, facts.author, facts.at, PRODUCER)
    catalog.Metadata = reference(document, Raw(stream(b"/Type /Metadata /Subtype /XML", packet, packed=False)))
    catalog.MarkInfo = b"<< /Marked true >>"
    catalog.ViewerPreferences = b"<< /DisplayDocTitle true >>"


def written(document: Any) -> bytes:
    """The bytes of the finished file."""
    with _ONE_AT_A_TIME:
        data: bytes = document.GetPDFData(None)
    return data
