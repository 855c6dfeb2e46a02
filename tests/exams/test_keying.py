"""Keying a sheet: what may be typed, where two people differ, and that the sheet means what the candidate wrote."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.banks.responses import clean
from app.exams.assembly import FormItem
from app.exams.keying import TAKEN_BACK, Field, Untypable, differing, fields, responses, tidy
from tests.exams.sheets import answers_to, marked

FORM = [
    FormItem(1, "a", "0", "single", 2, (2, 0, 1, 3)),
    FormItem(2, "b", "1", "multiple", 2, (0, 1, 2, 3, 4)),
    FormItem(3, "c", "2", "judge", 1, ()),
    FormItem(4, "d", "3", "blank", 2, ()),
    FormItem(5, "e", "4", "short", 5, ()),
    FormItem(6, "f", "5", "case", 10, ()),
]
GAPS = {4: 2}
SHEET = fields(FORM, GAPS)
SINGLE, MULTIPLE, JUDGE = SHEET[:3]
GRADE = next(field for field in SHEET if field.part == "grade")


def test_a_sheet_has_a_field_for_each_thing_that_is_written() -> None:
    keys = [field.key for field in SHEET]
    assert keys == ["1", "2", "3", "4.1", "4.2", "5", "6.facts", "6.clause", "6.requirement", "6.grade", "6.reason"]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (SINGLE, " c ", "C"),
        (SINGLE, "\uff22", "B"),
        (MULTIPLE, "e, a、C", "ACE"),
        (MULTIPLE, "AAB", "AB"),
        (JUDGE, "t", "T"),
        (JUDGE, "√", "T"),
        (JUDGE, "对", "T"),
        (JUDGE, "×", "F"),
        (JUDGE, "F", "F"),
        (GRADE, "2", "2"),
        (SINGLE, "", ""),
        (SINGLE, "-", TAKEN_BACK),
        (Field(5, "short"), "  一\r\n二 ", "一\n二"),
    ],
)
def test_what_is_typed_has_one_form(field: Field, typed: str, kept: str) -> None:
    assert tidy(field, typed) == kept
    assert tidy(field, kept) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (SINGLE, "E"), (SINGLE, "AB"), (SINGLE, "1"), (MULTIPLE, "AF"), (JUDGE, "maybe"), (GRADE, "5"),
        (GRADE, "minor"), (Field(4, "blank", "1"), "x" * 201), (Field(6, "case", "clause"), "6" * 21),
        (Field(5, "short"), "x" * 4001),
    ],
)  # fmt: skip
def test_what_cannot_stand_on_the_sheet_is_refused(field: Field, typed: str) -> None:
    with pytest.raises(Untypable):
        tidy(field, typed)


def test_spaces_and_width_are_no_difference_but_words_are() -> None:
    one = {"5": "知识产权 方针，A", "1": "A"}
    assert differing(SHEET, one, {"5": "知识产权方针，\uff21", "1": "A"}) == []
    assert [field.key for field in differing(SHEET, one, {"5": "知识产权目标", "2": "B"})] == ["1", "2", "5"]


@given(answers_to(FORM, GAPS))
def test_a_sheet_means_what_was_written_on_it(answers: dict[int, Any]) -> None:
    typed = {
        key: tidy(field, text) for field in SHEET if (key := field.key, text := marked(SHEET, answers).get(key))[1]
    }
    found = responses(SHEET, typed, {})
    assert found == answers
    for slot, answer in found.items():
        row = FORM[slot - 1]
        assert clean(row.kind, answer, len(row.options)) == answer


@given(answers_to(FORM, GAPS))
def test_an_empty_sheet_changes_nothing(saved: dict[int, Any]) -> None:
    assert responses(SHEET, {}, saved) == {}


@given(answers_to(FORM, GAPS))
def test_what_is_printed_and_written_again_changes_nothing(saved: dict[int, Any]) -> None:
    assert responses(SHEET, marked(SHEET, saved), saved) == {}


@given(answers_to(FORM, GAPS))
def test_everything_saved_can_be_taken_back(saved: dict[int, Any]) -> None:
    taken = {field.key: TAKEN_BACK for field in SHEET}
    assert responses(SHEET, taken, saved) == dict.fromkeys(saved)


@given(answers_to(FORM, GAPS), answers_to(FORM, GAPS), st.data())
def test_a_field_that_is_written_replaces_that_field_alone(
    saved: dict[int, Any], new: dict[int, Any], data: st.DataObject
) -> None:
    written = marked(SHEET, new)
    if not written:
        return
    key = data.draw(st.sampled_from(sorted(written)))
    found = responses(SHEET, {key: written[key]}, saved)
    slot = int(key.split(".")[0])
    assert set(found) <= {slot}
    result = marked(SHEET, saved | found)
    assert result == marked(SHEET, saved) | {key: written[key]}
