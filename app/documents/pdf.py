"""One printed page as a file: tagged for reading aloud, fonts and colours inside, and a hole for a signature.

The PDF library supplies the document, its numbering and the font subsets. Everything is in one revision: the
signature field, its dictionary with room for the signature, and the evidence to check it (certificates and
revocation lists) are written before the page is signed, so that nothing is ever appended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfdoc

from app.documents.drawing import Drawing
from app.documents.file import Document, Facts, Page, describe, written
from app.documents.objects import Raw, pdf_date, reference, stream, text_string
from app.documents.typefaces import typefaces


@dataclass(frozen=True)
class Prepared:
    """A finished file whose signature is still zeros; `hole` is the byte range of `<000…>` in it."""

    data: bytes
    hole: tuple[int, int]


@dataclass(frozen=True)
class SignatureField:
    """Where the signature shows, who signs and why; `room` is the space for the signature in bytes."""

    box: tuple[float, float, float, float]
    signer: str
    reason: str
    location: str
    tooltip: str
    certificates: Sequence[bytes] = ()
    revocation_lists: Sequence[bytes] = ()
    room: int = 4096


@dataclass
class _Tag:
    role: str
    language: str
    alternative: str
    marks: list[int] = field(default_factory=list)


class Sheet(Drawing):
    """One page in the making. Use it in a `with sheet(…)` block, draw, then `finish()`."""

    def __init__(self, fonts: Path, size: tuple[float, float], facts: Facts) -> None:
        super().__init__(Document(facts), typefaces(fonts))
        self.size = size
        self.facts = facts
        self.tags: list[_Tag] = []
        self.forms: dict[str, bytes] = {}
        self.page: Any = Page()
        self.widget: Raw | None = None
        self.sealed: tuple[SignatureField, Raw] | None = None
        self.document.addPage(self.page)

    @contextmanager
    def tagged(self, role: str, language: str = "zh-CN", alternative: str = "") -> Iterator[None]:
        """What is drawn inside is one element of the reading order: H1, H2, P, Figure (with its alternative text)."""
        tag = _Tag(role, language, alternative, [sum(len(tag.marks) for tag in self.tags)])
        self.tags.append(tag)
        self.raw(f"/{role} << /MCID {tag.marks[0]} >> BDC")
        yield
        self.raw("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is drawn inside says nothing and is not read aloud."""
        self.raw("/Artifact BMC")
        yield
        self.raw("EMC")

    def stamp(self, name: str, packed: bytes, parts: Mapping[str, bytes]) -> None:
        """Place a ready drawing of the size of the page, and let it place its parts.

        All are deflated content streams without text; parts may reach a page's length around their origin.
        """
        whole = b"/Type /XObject /Subtype /Form /Filter /FlateDecode /BBox [0 0 %g %g] /Resources %b"
        part = b"/Type /XObject /Subtype /Form /Filter /FlateDecode /BBox [-%d -%d %d %d] /Resources << >>"
        reach = (round(max(self.size)),) * 4
        held = {key: Raw(stream(part % reach, data, packed=False)) for key, data in parts.items()}
        listed = b" ".join(b"/%b %b" % (key.encode(), reference(self.document, form)) for key, form in held.items())
        entries = whole % (*self.size, b"<< /XObject << %b >> >>" % listed)
        self.forms[name] = reference(self.document, Raw(stream(entries, packed, packed=False)))
        self.raw(f"/{name} Do")

    def attach(self, name: str, data: bytes, mime: str, description: str) -> None:
        """Put a file of data beside the page (PDF/A-3 associated file)."""
        kind = mime.replace("/", "#2F").encode()
        check = md5(data, usedforsecurity=False).hexdigest().encode()
        params = b"/Params << /Size %d /CheckSum <%b> /ModDate %b >>" % (len(data), check, pdf_date(self.facts.at))
        held = Raw(stream(b"/Type /EmbeddedFile /Subtype /%b %b" % (kind, params), data))
        held_at = reference(self.document, held)
        label = text_string(name)
        spec = Raw(
            b"<< /Type /Filespec /F %b /UF %b /Desc %b" % (label, label, text_string(description))
            + b" /AFRelationship /Data /EF << /F %b /UF %b >> >>" % (held_at, held_at)
        )
        at = reference(self.document, spec)
        self.document.Catalog.AF = b"[%b]" % at
        self.document.Catalog.Names = b"<< /EmbeddedFiles << /Names [%b %b] >> >>" % (label, at)

    def sign_here(self, place: SignatureField, appearance: Drawing) -> None:
        """Reserve the signature of this file: field, dictionary with zeros, no changes allowed, evidence."""
        document, page = self.document, reference(self.document, self.page)
        signature = Raw(_signature(place, self.facts.at))
        width, height = place.box[2] - place.box[0], place.box[3] - place.box[1]
        resources = b"/Resources << /Font %b >>" % pdfdoc.PDFObjectReference("BasicFonts").format(document)
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %g %g] %b" % (width, height, resources)
        look = reference(document, Raw(stream(entries, appearance.content())))
        corners = b" ".join(b"%g" % side for side in place.box)
        self.widget = Raw(
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /TU %b" % text_string(place.tooltip)
            + b" /F 132 /Rect [%b] /P %b /V %b" % (corners, page, reference(document, signature))
            + b" /AP << /N %b >> /StructParent 1 >>" % look
        )
        self.sealed = (place, signature)
        catalog = document.Catalog
        catalog.AcroForm = b"<< /SigFlags 3 /Fields [%b] >>" % reference(document, self.widget)
        catalog.Perms = b"<< /DocMDP %b >>" % reference(document, signature)
        catalog.Extensions = b"<< /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >>"
        catalog.DSS = _evidence(document, place)

    def finish(self) -> Prepared:
        """Write the file. Without `sign_here` the hole is empty."""
        document, page = self.document, self.page
        page.MediaBox = b"[0 0 %g %g]" % self.size
        page.Contents = reference(document, Raw(stream(b"", self.content())))
        forms = b" ".join(b"/%b %b" % (name.encode(), at) for name, at in self.forms.items())
        fonts = pdfdoc.PDFObjectReference("BasicFonts").format(document)
        page.Resources = b"<< /Font %b /XObject << %b >> >>" % (fonts, forms)
        page.StructParents, page.Tabs = 0, b"/S"
        if self.widget is not None:
            page.Annots = pdfdoc.PDFArray([reference(document, self.widget)])
        self._describe()
        return self._with_byte_range(written(document))

    def _describe(self) -> None:
        describe(self.document, self.facts)
        self.document.Catalog.StructTreeRoot = self._structure()

    def _structure(self) -> bytes:
        document, page = self.document, reference(self.document, self.page)
        root, whole = Raw(), Raw()
        root_at, whole_at = reference(document, root), reference(document, whole)
        elements = []
        for tag in self.tags:
            words = b" /Alt " + text_string(tag.alternative) if tag.alternative else b""
            entries = (tag.role.encode(), whole_at, page, tag.language.encode(), tag.marks[0], words)
            elements.append(reference(document, Raw(b"<< /S /%b /P %b /Pg %b /Lang (%b) /K %d%b >>" % entries)))
        parents = b"0 [%b]" % b" ".join(elements)
        if self.widget is not None and self.sealed is not None:
            named = (whole_at, page, text_string(self.sealed[0].tooltip), reference(document, self.widget))
            form = Raw(b"<< /S /Form /P %b /Pg %b /Alt %b /K << /Type /OBJR /Obj %b >> >>" % named)
            elements.append(reference(document, form))
            parents += b" 1 " + elements[-1]
        whole.body = b"<< /S /Document /P %b /K [%b] >>" % (root_at, b" ".join(elements))
        tree = b"<< /Nums [%b] >>" % parents
        root.body = b"<< /Type /StructTreeRoot /K [%b] /ParentTree %b /ParentTreeNextKey 2 >>" % (whole_at, tree)
        return root_at

    def _with_byte_range(self, data: bytes) -> Prepared:
        if self.sealed is None:
            return Prepared(data, (len(data), len(data)))
        place, signature = self.sealed
        offset = self.document.idToOffset[signature.__dict__["__InternalName__"]]
        start = data.index(b"/Contents <", offset) + len(b"/Contents ")
        end = start + 2 * place.room + 2
        spans = b"/ByteRange [%d %d %d %d]" % (0, start, end, len(data) - end)
        field_at = data.index(b"/ByteRange [", offset)
        reserved = len(_EMPTY_RANGE)
        data = data[:field_at] + spans.ljust(reserved) + data[field_at + reserved :]
        return Prepared(data, (start, end))


_EMPTY_RANGE = b"/ByteRange [0 0000000000 0000000000 0000000000]"


def _signature(place: SignatureField, at: datetime) -> bytes:
    """The signature dictionary with zeros for the signature; DocMDP level 1: no change is allowed."""
    texts = (text_string(place.signer), text_string(place.reason), text_string(place.location), pdf_date(at))
    reference_ = (
        b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP"
        b" /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]"
    )
    return (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n"
        + _EMPTY_RANGE
        + b"\n/Contents <%b>\n" % (b"00" * place.room)
        + b"/Name %b /Reason %b /Location %b /M %b\n" % texts
        + reference_
        + b" >>"
    )


def _evidence(document: Any, place: SignatureField) -> bytes:
    """The document security store: what a reader needs to check the signature later."""

    def held(items: Sequence[bytes]) -> bytes:
        return b" ".join(reference(document, Raw(stream(b"", item))) for item in items)

    entries = b"<< /Certs [%b] /CRLs [%b] >>" % (held(place.certificates), held(place.revocation_lists))
    return reference(document, Raw(entries))
