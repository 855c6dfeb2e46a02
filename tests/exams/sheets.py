"""Answer sheets in the tests: what a candidate writes on one for given answers, and answers of every kind at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from app.banks.items import GRADES, LETTERS
from app.exams.assembly import FormItem
from app.exams.keying import GRADE_NUMBERS, JUDGED, Field

WORDS = st.text(st.sampled_from("知识产权合同研发abc 12，。"), min_size=1, max_size=30).map(str.strip).filter(
    lambda text: text not in {"", "-"}
)  # fmt: skip


def marked(sheet: Sequence[Field], answers: Mapping[int, Any]) -> dict[str, str]:
    """What a candidate who gives these answers writes on the sheet, field by field."""
    found = {field.key: _mark(field, answers.get(field.slot)) for field in sheet}
    return {key: text for key, text in found.items() if text}


def _mark(field: Field, given: Any) -> str:
    if not given:
        return ""
    if field.kind == "judge":
        return JUDGED[given]
    if field.kind == "blank":
        return str(given[int(field.part) - 1])
    if field.kind != "case":
        return "".join(given)
    text = str(given.get(field.part, ""))
    return {grade: number for number, grade in GRADE_NUMBERS.items()}.get(text, text)


def answers_to(form: Sequence[FormItem], gaps: Mapping[int, int]) -> st.SearchStrategy[dict[int, Any]]:
    """Answers to some questions of a form, in the shape in which they are stored."""
    each = {row.slot: st.none() | _answer(row, gaps.get(row.slot, 1)) for row in form}
    return st.fixed_dictionaries(each).map(lambda all_: {slot: one for slot, one in all_.items() if one is not None})


def _answer(row: FormItem, gaps: int) -> st.SearchStrategy[Any]:
    letters = LETTERS[: len(row.options)]
    if row.kind == "single":
        return st.sampled_from(letters)
    if row.kind == "multiple":
        return st.sets(st.sampled_from(letters), min_size=1).map(sorted)
    if row.kind == "judge":
        return st.sampled_from(sorted(JUDGED))
    if row.kind == "blank":
        return st.lists(WORDS | st.just(""), min_size=gaps, max_size=gaps).filter(any)
    if row.kind == "short":
        return WORDS
    clause = st.sampled_from(["5.2", "6.1.3", "7.6"])
    fields = {"facts": WORDS, "clause": clause, "requirement": WORDS, "grade": st.sampled_from(GRADES), "reason": WORDS}
    return st.fixed_dictionaries({}, optional=fields).filter(bool)
