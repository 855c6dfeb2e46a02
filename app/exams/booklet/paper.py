"""What booklet, answer sheet and key are made from: one sitting as values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from app.banks.items import Item, Text
from app.documents.blocks import Paragraph, Run
from app.documents.opening import Fact
from app.exams.assembly import FormItem
from app.exams.booklet.speech import Speech
from app.exams.journal import canonical
from app.refusals import N_

KINDS = {
    "single": N_("Single choice"),
    "multiple": N_("Multiple choice"),
    "judge": N_("True or false"),
    "blank": N_("Fill in the blanks"),
    "short": N_("Short answer"),
    "case": N_("Case"),
}
RULES = {
    "all-or-nothing": N_("Multiple choice counts only if all right options and no others are chosen."),
    "partial": N_("An incomplete multiple choice counts in part, if no wrong option is chosen."),
}
PART = N_("Part %(number)s: %(kind)s, %(questions)s questions of %(marks)s marks")


@dataclass(frozen=True)
class Paper:
    """A sitting for print. `saved` is what was answered on screen already; `ends_at` is None until it has begun.

    `font` is the size of letters in per cent, `multiple` the rule for multiple choice, `books` whether books may be
    used.
    """

    ref: str
    base: Text
    title: Text
    name: str
    number: str
    room: str
    seat: str
    minutes: int
    ends_at: datetime | None
    font: int
    form: tuple[FormItem, ...]
    items: Mapping[str, Item]
    saved: Mapping[int, Any]
    multiple: str
    code: str

    def parts(self) -> Iterator[tuple[int, str, int, list[FormItem]]]:
        """The parts of the paper as (number, kind, marks each, questions)."""
        for number, ((kind, marks), rows) in enumerate(groupby(self.form, lambda one: (one.kind, one.marks)), 1):
            yield number, kind, marks, list(rows)

    @property
    def scale(self) -> float:
        """The size of letters as a factor."""
        return self.font / 100

    @property
    def full(self) -> int:
        """The marks in all."""
        return sum(one.marks for one in self.form)


def code_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """The code of a stored form, such as 8F3A-77C1: the beginning of the SHA-256 that the ledger has of it."""
    digest = hashlib.sha256(canonical(list(rows)).encode()).hexdigest()[:8].upper()
    return f"{digest[:4]}-{digest[4:]}"


def who(paper: Paper, speech: Speech) -> list[Fact]:
    """Whose paper it is."""
    found = [
        Fact(speech(N_("Name")), paper.name, strong=True),
        Fact(speech(N_("Admission number")), paper.number, strong=True),
    ]
    place = " · ".join(part for part in (paper.room, paper.seat) if part)
    return [*found, Fact(speech(N_("Room and seat")), place, strong=True)] if place else found


def part_title(place: tuple[int, str, int, list[FormItem]], speech: Speech) -> tuple[str, ...]:
    """The heading of a part, once in each language."""
    number, kind, marks, rows = place
    return tuple(
        speech.say(PART, one) % {
            "number": number, "kind": speech.say(KINDS[kind], one), "questions": len(rows), "marks": marks,
        }
        for one in speech.languages
    )  # fmt: skip


def foot(paper: Paper, speech: Speech, *, named: bool = True) -> str:
    """What stands under every page, with places for the page's number."""
    pages = speech(N_("Page %(page)s of %(pages)s"), page="{page}", pages="{pages}")
    code = speech(N_("Form %(code)s"), code=paper.code)
    return " · ".join([paper.number, pages, code] if named else [pages, code])


def paragraphs(texts: Sequence[str], look: str = "body") -> tuple[Paragraph, ...]:
    """Each line of each text as a paragraph."""
    return tuple(Paragraph((Run(line),), look) for text in texts for line in text.splitlines() if line.strip())


def near(texts: Sequence[str]) -> tuple[Paragraph, ...]:
    """The same thing in one language after the other, close to each other."""
    found = paragraphs(texts)
    return (*(Paragraph(one.words, "tight") for one in found[:-1]), *found[-1:])


BLANK = N_("This page is left blank.")
