"""The answer sheet 答题卡: boxes and lines for each question, what is saved on screen already, and places to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.banks.items import GRADES, LETTERS, Blank
from app.documents.blocks import Heading, Run
from app.documents.leaflets import Grid, Leaflet, Lines, Part, Row
from app.documents.opening import Fact
from app.exams.assembly import FormItem
from app.exams.booklet.paper import BLANK, Paper, foot, paragraphs, part_title, who
from app.exams.booklet.speech import Speech
from app.exams.keying import JUDGED
from app.refusals import N_

#: Rows of boxes that stand together at most.
MOST_ROWS = 80
GRADE_WORDS = {
    "minor": N_("Minor nonconformity"),
    "major": N_("Major nonconformity"),
    "observation": N_("Observation"),
    "conform": N_("Conforms"),
}
FIELDS = {
    "facts": (N_("Facts that do not conform"), 4),
    "clause": (N_("Clause"), 1),
    "requirement": (N_("What the clause requires, in your own words"), 3),
    "reason": (N_("Reason for the grade"), 3),
}
HOW = N_("Fill the box of the letter that you choose. Cross a filled box out to take it back.")
FILLED = N_("A box that is printed full, and words after “Saved”, are saved on screen already.")
KEPT = N_("They count unless you write something else. To take one back without another answer, write “-” on its line.")
TRUE_FALSE = N_("T = correct, F = incorrect")


def sheet(paper: Paper, speech: Speech) -> Leaflet:
    """The answer sheet of a sitting; its QR code holds the reference of the sitting."""
    facts = (*who(paper, speech), Fact(speech(N_("Form code")), paper.code, strong=True))
    hints = [HOW, *([FILLED, KEPT] if paper.saved else [])]
    return Leaflet(
        language=speech.tag, above=speech.of(paper.title), title=speech(N_("Paper answer sheet")), facts=facts,
        opening=paragraphs([text for one in hints for text in speech.each(one)], "small"),
        groups=(*_groups(paper, speech), _signatures(speech)), foot=foot(paper, speech), blank=speech(BLANK),
        code=f"IPA-SHEET {paper.ref} {paper.code}", code_says=speech(N_("QR code with the reference of this sitting")),
        scale=paper.scale,
    )  # fmt: skip


def _groups(paper: Paper, speech: Speech) -> Iterator[tuple[Part, ...]]:
    for part in paper.parts():
        _, kind, _, rows = part
        head: tuple[Part, ...] = (Heading(3, (Run(" ".join(part_title(part, speech))),)),)
        if kind == "judge":
            head = (*head, *paragraphs([speech(TRUE_FALSE)], "small"))
        if kind in {"single", "multiple", "judge"}:
            for start in range(0, len(rows), MOST_ROWS):
                yield (*head, Grid(tuple(_boxes(one, paper, speech) for one in rows[start : start + MOST_ROWS])))
                head = ()
            continue
        for row in rows:
            first, *more = _written(row, paper, speech)
            yield (*head, *first)
            yield from more
            head = ()


def _boxes(row: FormItem, paper: Paper, speech: Speech) -> Row:
    given = paper.saved.get(row.slot)
    if row.kind == "judge":
        filled = {JUDGED[given]} if given in JUDGED else set()
        letters = tuple(JUDGED.values())
    else:
        filled, letters = set(given or ()), tuple(LETTERS[: len(row.options)])
    boxes = tuple((letter, letter in filled) for letter in letters)
    return Row(str(row.slot), boxes, saved_words(" ".join(sorted(filled)), speech) if filled else "")


def _written(row: FormItem, paper: Paper, speech: Speech) -> list[tuple[Part, ...]]:
    """The lines of a question that is answered in words, each group on one page."""
    given = paper.saved.get(row.slot)
    if row.kind == "blank":
        return [_gaps(row, paper, given, speech)]
    if row.kind == "short":
        return [(Lines(f"{row.slot}.", 9, saved_words(given or "", speech)),)]
    fields: dict[str, Any] = given or {}
    found: list[tuple[Part, ...]] = []
    for name, (label, count) in FIELDS.items():
        said = f"{row.slot}. {speech(label)}"
        found.append((Lines(said, count, saved_words(fields.get(name, ""), speech)),))
    found.insert(3, _graded(row, fields.get("grade", ""), speech))
    return found


def _gaps(row: FormItem, paper: Paper, given: Any, speech: Speech) -> tuple[Part, ...]:
    item = paper.items[row.version]
    count = len(item.gaps) if isinstance(item, Blank) else 1
    texts = [*(given or []), *[""] * count][:count]
    return tuple(Lines(f"{row.slot}. ({n})", 1, saved_words(text, speech)) for n, text in enumerate(texts, 1))


def _graded(row: FormItem, given: str, speech: Speech) -> tuple[Part, ...]:
    return (*paragraphs([f"{row.slot}. {speech(N_('Grade'))}"], "reason"), _grade(given, speech))


def _grade(given: str, speech: Speech) -> Grid:
    """The grades as numbered boxes; nothing is read aloud beyond number and word unless one is saved."""
    rows = []
    for number, grade in enumerate(GRADES, 1):
        word, filled = speech(GRADE_WORDS[grade]), grade == given
        rows.append(Row("", ((str(number), filled),), saved_words(word, speech) if filled else "", word))
    return Grid(tuple(rows))


def saved_words(text: str, speech: Speech) -> str:
    """What is saved on screen, in words."""
    return speech(N_("Saved: %(text)s"), text=text) if text else ""


def _signatures(speech: Speech) -> tuple[Part, ...]:
    return (
        Heading(3, (Run(speech(N_("Signatures"))),)),
        Lines(speech(N_("Candidate")), 1),
        Lines(speech(N_("Invigilator, and when the sheet was collected")), 1),
    )
