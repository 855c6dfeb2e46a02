"""The minutes of a session as a file, made once for each text and language."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app import clock
from app.documents.file import Facts
from app.documents.printing import LAYOUT, print_book
from app.exams.minutes_book import Minutes, Signature, Speech, compose
from app.exams.services.minutes import View
from app.files.services import made_once
from app.store import settings


@dataclass(frozen=True)
class File:
    """The bytes, and what names their content."""

    data: bytes
    key: str


def minutes_file(view: View, speech: Speech) -> File:
    """The minutes as a tagged PDF in one language; before both have signed it says so on its first page."""
    signed = view.signed if view.signed is not None and not view.stale else None
    signatures = [Signature(signed.first_name, signed.first_at)] if signed else []
    if signed is not None and signed.second_at is not None:
        signatures.append(Signature(signed.second_name, signed.second_at))
    minutes = Minutes(
        view.facts, signed.remarks if signed else "", signed.root if signed else "",
        (signed.digest or "") if signed else "", signatures,
    )  # fmt: skip
    book = compose(minutes, speech)
    key = hashlib.sha256(f"{LAYOUT}\0{book!r}".encode()).hexdigest()
    at = signatures[-1].at if signatures else clock.now()
    facts = Facts(
        title_zh=f"考场记录 {view.session.title_zh}", title_en=f"Minutes of {view.session.title_en}",
        author="IP Auditorium 知审学堂", subject=book.above, at=at.astimezone(clock.BEIJING), identity=key,
        language=book.language,
    )  # fmt: skip

    def draw() -> bytes:
        return print_book(book, settings().instance_path / "fonts", facts)

    return File(made_once("minutes", f"{key}.pdf", draw) if view.sealed else draw(), key)
