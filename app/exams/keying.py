"""Keying 录入 of an answer sheet: what is typed from it field by field, where two people differ, and what it means.

A field is named by its slot and, where a question has several, a part: "7", "12.1", "40.facts". What is typed is text;
an empty field means that the sheet has nothing there, "-" that the candidate took back what was saved on screen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.banks.items import GRADES, LETTERS
from app.banks.responses import CASE_FIELDS, LONGEST_BLANK, LONGEST_TEXT, is_answered
from app.exams.assembly import FormItem
from app.refusals import N_

JUDGED = {"correct": "T", "incorrect": "F"}
TAKEN_BACK = "-"
GRADE_NUMBERS = {str(number): grade for number, grade in enumerate(GRADES, 1)}
_TRUE, _FALSE = frozenset({"T", "√", "✓", "对", "1"}), frozenset({"F", "X", "×", "错", "0"})
_LETTERS = re.compile(r"[\s,，、;；./]+")
_SPACES = re.compile(r"\s+")
_LONGEST_CLAUSE = 20


@dataclass(frozen=True)
class Field:
    """One field of a sheet. `kind` is that of the question, `part` the blank's number or the case's field or empty."""

    slot: int
    kind: str
    part: str = ""
    options: int = 0

    @property
    def key(self) -> str:
        """The name of the field."""
        return f"{self.slot}.{self.part}" if self.part else str(self.slot)

    @property
    def short(self) -> bool:
        """Whether it takes a few characters; otherwise words over several lines."""
        return self.kind in {"single", "multiple", "judge", "blank"} or self.part in {"clause", "grade"}


class Untypable(ValueError):
    """What was typed cannot stand in this field; `message` says why."""

    def __init__(self, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.message, self.parameters = message, parameters


def fields(form: Sequence[FormItem], gaps: Mapping[int, int]) -> list[Field]:
    """The fields of a form in the order of its sheet; `gaps` is the number of blanks by slot."""
    return [field for row in form for field in _fields(row, gaps.get(row.slot, 1))]


def _fields(row: FormItem, gaps: int) -> Iterator[Field]:
    if row.kind == "blank":
        yield from (Field(row.slot, "blank", str(number)) for number in range(1, gaps + 1))
    elif row.kind == "case":
        yield from (Field(row.slot, "case", name) for name in CASE_FIELDS)
    else:
        yield Field(row.slot, row.kind, "", len(row.options))


def tidy(field: Field, typed: str) -> str:
    """What was typed in its one form: letters in order, "T" or "F", a grade's number, words trimmed. Raises Untypable."""
    text = unicodedata.normalize("NFKC", typed).strip() if field.short and field.kind != "blank" else typed.strip()
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if not text or text == TAKEN_BACK:
        return text
    if field.kind in {"single", "multiple"}:
        return _letters(field, text)
    if field.kind == "judge":
        return _judged(text)
    if field.part == "grade":
        return _grade(text)
    longest = {"blank": LONGEST_BLANK}.get(field.kind, _LONGEST_CLAUSE if field.part == "clause" else LONGEST_TEXT)
    if len(text) > longest:
        raise Untypable(N_("At most %(count)s characters."), count=longest)
    return text


def _letters(field: Field, text: str) -> str:
    letters = sorted(set(_LETTERS.sub("", text).upper()))
    last = LETTERS[field.options - 1]
    if not set(letters) <= set(LETTERS[: field.options]):
        raise Untypable(N_("This question has the letters A to %(last)s."), last=last)
    if field.kind == "single" and len(letters) > 1:
        raise Untypable(N_("This question takes one letter. If two boxes are filled, leave the field empty."))
    return "".join(letters)


def _judged(text: str) -> str:
    if text.upper() in _TRUE:
        return "T"
    if text.upper() in _FALSE:
        return "F"
    raise Untypable(N_("Type T for correct or F for incorrect."))


def _grade(text: str) -> str:
    if text in GRADE_NUMBERS:
        return text
    raise Untypable(N_("Type the number of the grade, 1 to 4."))


def differing(sheet: Sequence[Field], first: Mapping[str, str], second: Mapping[str, str]) -> list[Field]:
    """The fields in which two people read the sheet differently; width and spaces of words do not matter."""
    return [field for field in sheet if not _same(first.get(field.key, ""), second.get(field.key, ""))]


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def responses(sheet: Sequence[Field], agreed: Mapping[str, str], saved: Mapping[int, Any]) -> dict[int, Any]:
    """The answers that the sheet changes, by slot, in the shape of `banks.responses`; None where one was taken back.

    A field that is empty on the sheet leaves what was saved on screen as it is.
    """
    found: dict[int, Any] = {}
    for slot in dict.fromkeys(field.slot for field in sheet):
        own = [field for field in sheet if field.slot == slot]
        if any(agreed.get(field.key) for field in own):
            answer = _response(own, agreed, saved.get(slot))
            if answer != saved.get(slot):
                found[slot] = answer
    return found


def _response(own: Sequence[Field], agreed: Mapping[str, str], saved: Any) -> Any:
    kind = own[0].kind
    given = {field.part: _said(agreed.get(field.key, ""), _before(field, saved)) for field in own}
    if kind == "blank":
        texts = [given[field.part] for field in own]
        return texts if any(texts) else None
    if kind == "case":
        filled = {part: text for part, text in given.items() if text}
        if agreed.get(f"{own[0].slot}.grade", "") in GRADE_NUMBERS:
            filled["grade"] = GRADE_NUMBERS[filled["grade"]]
        return filled or None
    text = given[""]
    if not text:
        return None
    if kind == "judge":
        return {letter: answer for answer, letter in JUDGED.items()}[text]
    return list(text) if kind == "multiple" else text


def _said(typed: str, before: str) -> str:
    """What holds for a field: what was typed, nothing where it was taken back, else what was there before."""
    return "" if typed == TAKEN_BACK else typed or before


def _before(field: Field, saved: Any) -> str:
    """What the screen saved in a field of a question with several; the others are not asked when nothing was typed."""
    if not is_answered(saved):
        return ""
    if field.kind == "blank":
        place = int(field.part) - 1
        return str(saved[place]) if place < len(saved) else ""
    return str(saved.get(field.part, "")) if field.kind == "case" else ""
