"""What of an answer is kept: known fields, trimmed, empty rows left out, within limits; and never more than was typed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses.exercises import answers
from app.courses.exercises.values import Exercise, Task
from app.courses.services.exercises import check_folder
from tests.courses.workshop import exercise_folder

KINDS = ("plan", "checklist", "findings", "report")
WORDS = st.one_of(st.none(), st.text(max_size=40), st.integers(), st.just("  x  "), st.just("minor"), st.just("\ud800"))
NAMES = st.sampled_from(
    (
        "time",
        "place",
        "clauses",
        "clause",
        "check",
        "judgement",
        "facts",
        "grade",
        "action",
        "unknown",
        "scope",
        "conclusion",
    )
)


@cache
def exercise() -> Exercise:
    found, findings = check_folder(exercise_folder(Path(mkdtemp(prefix="exercise-"))))
    assert found is not None and findings == []
    return found


def task(kind: str) -> Task:
    return next(one for one in exercise().tasks if one.kind == kind)


@given(st.sampled_from(KINDS), st.lists(st.dictionaries(NAMES, WORDS), max_size=12), st.dictionaries(NAMES, WORDS))
def test_what_is_kept_has_the_shape_of_the_task_and_stays_the_same(
    kind: str, rows: list[dict[str, Any]], parts: dict[str, Any]
) -> None:
    one = task(kind)
    kept = answers.clean(one, {"rows": rows, "parts": parts})
    assert answers.clean(one, kept) == kept
    if kind == "report":
        assert list(kept["parts"]) == [part.id for part in one.parts]
        cells = list(kept["parts"].values())
    else:
        assert all(list(row) == [column.name for column in one.columns] for row in kept["rows"])
        assert all(any(row.values()) for row in kept["rows"])
        cells = [text for row in kept["rows"] for text in row.values()]
    for text in cells:
        assert text == text.strip()
        text.encode("utf-8")


def test_a_judgement_and_a_grade_are_of_the_list() -> None:
    rows = [{"facts": "a", "grade": "minor"}, {"facts": "b", "grade": "conform"}, {"facts": "c", "grade": "<b>"}]
    assert [row["grade"] for row in answers.clean(task("findings"), {"rows": rows})["rows"]] == ["minor", "", ""]
    rows = [{"check": "a", "judgement": "open"}, {"check": "b", "judgement": "x"}]
    assert [row["judgement"] for row in answers.clean(task("checklist"), {"rows": rows})["rows"]] == ["open", ""]


def test_too_much_is_refused_and_not_cut_off() -> None:
    with pytest.raises(answers.TooLong):
        answers.clean(task("findings"), {"rows": [{"facts": "字" * (answers.LONGEST_CELL + 1)}]})
    with pytest.raises(answers.TooLong):
        answers.clean(task("plan"), {"rows": [{"time": "9" * (answers.LONGEST_LINE + 1)}]})
    with pytest.raises(answers.TooLong):
        answers.clean(task("report"), {"parts": {"scope": "字" * (answers.LONGEST_PART + 1)}})
    with pytest.raises(answers.TooManyRows):
        answers.clean(task("plan"), {"rows": [{"time": str(n)} for n in range(answers.MOST_ROWS + 1)]})


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_is_nothing_written_and_the_model_is(kind: str, language: str) -> None:
    one = task(kind)
    given_first = answers.clean(one, answers.first(one, language))
    assert not answers.is_written(one, given_first)
    model = answers.clean(one, answers.model(one, language))
    assert answers.is_written(one, model)


def test_given_rows_stand_on_the_page_in_the_readers_language() -> None:
    (row,) = answers.first(task("checklist"), "en")["rows"]
    assert (row["clause"], row["check"], row["record"]) == (
        "7.2",
        "Whether patents are kept in force by timely fees",
        "",
    )
