"""Alterations of a signed certificate, each made from the genuine file; the names are those of the tests."""

from __future__ import annotations

import re
import subprocess
import tempfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.certificates.samples import claims, signed

Alter = Callable[[bytes], bytes]


def spans(data: bytes) -> tuple[int, int]:
    """Where the hole of the signature begins and ends."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", data)
    assert found
    return int(found[1]), int(found[2])


def flip_in_page(data: bytes) -> bytes:
    """One bit of the page's content stream, so that it still inflates nowhere near the truth."""
    place = data.index(b"stream\n", data.index(b"/Parent")) + 60
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def flip_in_signature_value(data: bytes) -> bytes:
    """One bit at the end of the signature message: the ECDSA value."""
    start, end = spans(data)
    message = data[start + 1 : end - 1].rstrip(b"0")
    place = start + len(message) - 4
    return data[:place] + (b"1" if data[place : place + 1] != b"1" else b"2") + data[place + 1 :]


def flip_in_certificate(data: bytes) -> bytes:
    """One bit of the signing certificate inside the signature message."""
    start, _ = spans(data)
    name = "云山知识产权培训基地".encode().hex().encode()
    place = data.index(name, start) + 5
    return data[:place] + (b"1" if data[place : place + 1] != b"1" else b"2") + data[place + 1 :]


def append_comment(data: bytes) -> bytes:
    """Bytes after the end."""
    return data + b"% seen by somebody\n%%EOF\n"


def append_nothing_but_space(data: bytes) -> bytes:
    """A line feed after the end."""
    return data + b"\n"


def _incremental(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def replace_content(data: bytes) -> bytes:
    """A second revision with another page content."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        stream = generic.StreamObject(stream_data=b"BT ET")
        page["/Contents"] = writer.add_object(stream)
        writer.update_container(page)

    return _incremental(data, change)


def change_title(data: bytes) -> bytes:
    """A second revision with another title."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.set_info(
            writer.add_object(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("x")}))
        )

    return _incremental(data, change)


def attach_file(data: bytes) -> bytes:
    """A second revision with other claims attached."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/Lang"] = generic.pdf_string("en")
        writer.update_root()

    return _incremental(data, change)


def body_without_xref(data: bytes) -> bytes:
    """An object after the end that readers may pick up when they repair the file."""
    return data + b"4 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 4 0 R >>\n%%EOF\n"


def no_byte_range(data: bytes) -> bytes:
    """The signature says nothing about what it covers."""
    return data.replace(b"/ByteRange", b"/BiteRange", 1)


def zero_byte_range(data: bytes) -> bytes:
    """The signature covers nothing."""
    return re.sub(rb"/ByteRange \[[^\]]*\]", lambda found: b"/ByteRange [0 0 0 0]".ljust(len(found[0])), data, count=1)


def negative_byte_range(data: bytes) -> bytes:
    """Negative numbers in the byte range."""
    return re.sub(
        rb"/ByteRange \[[^\]]*\]", lambda found: b"/ByteRange [0 -1 -1 9]".ljust(len(found[0])), data, count=1
    )


def shorter_byte_range(data: bytes) -> bytes:
    """The signature leaves out the last hundred bytes."""
    first, second = spans(data)
    text = b"/ByteRange [0 %d %d %d]" % (first, second, len(data) - second - 100)
    return re.sub(rb"/ByteRange \[[^\]]*\]", lambda found: text.ljust(len(found[0])), data, count=1)


def null_contents(data: bytes) -> bytes:
    """No signature message at all."""
    first, second = spans(data)
    return data[:first] + b"null".ljust(second - first) + data[second:]


def zeroed_contents(data: bytes) -> bytes:
    """A signature message of zeros."""
    first, second = spans(data)
    return data[: first + 1] + b"0" * (second - first - 2) + data[second - 1 :]


def gap(data: bytes) -> bytes:
    """The hole is made wider and holds more than the signature."""
    first, second = spans(data)
    extra = b"00" * 20
    moved = data[: second - 1] + extra + data[second - 1 :]
    text = b"/ByteRange [0 %d %d %d]" % (first, second + len(extra), len(data) - second)
    return re.sub(rb"/ByteRange \[[^\]]*\]", lambda found: text.ljust(len(found[0])), moved, count=1)


def saved_again(data: bytes) -> bytes:
    """The file as a common tool writes it anew."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        before.write_bytes(data)
        subprocess.run(["qpdf", str(before), str(after)], check=False, capture_output=True)
        return after.read_bytes()


def stripped(data: bytes) -> bytes:
    """The form with the signature field is taken away."""
    return data.replace(b"/AcroForm", b"/AcroFarm", 1)


def other_claims_inside(data: bytes) -> bytes:
    """The attached claims are exchanged for others of the same length."""
    place = data.index(b"/Type /EmbeddedFile")
    start = data.index(b"stream\n", place) + 7
    end = data.index(b"\nendstream", start)
    changed = zlib.compress(zlib.decompress(data[start:end]).replace(b'"hours": 24', b'"hours": 42'), 6)
    return data[:start] + changed.ljust(end - start, b"\0")[: end - start] + data[end:]


ALTERATIONS: dict[str, Alter] = {
    alter.__name__: alter
    for alter in (
        flip_in_page, flip_in_signature_value, flip_in_certificate, append_comment, append_nothing_but_space,
        replace_content, change_title, attach_file, body_without_xref, no_byte_range, zero_byte_range,
        negative_byte_range, shorter_byte_range, null_contents, zeroed_contents, gap, saved_again, stripped,
        other_claims_inside,
    )
}  # fmt: skip


def forged(folder: Path, **changes: Any) -> bytes:
    """A whole certificate of the same look, signed under a root that somebody made at home."""
    return signed(folder / "forger", claims(**changes))
