"""Lessons, self-check questions and outlines as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.courses.lessons import Check, Course, Lesson, Module, Option, content_of, course_from, hash_of, lesson_from
from app.courses.outline import Progress, lay_out

AT = datetime(2026, 11, 23, tzinfo=UTC)


def text(words: str) -> dict[str, str]:
    return {"zh_CN": words, "en": words}


def lesson(number: str = "6.1.2", *, minutes: int = 12) -> Lesson:
    options = tuple(
        Option(text(word), right, text("because")) for word, right in (("a", True), ("b", False), ("c", True))
    )
    body = {"zh_CN": "起\n\n## 一\n\n甲\n\n## 二\n\n乙\n", "en": "Start\n\n## One\n\nA\n\n## Two\n\nB\n"}
    check = Check("c-1", "multiple", text("stem"), options)
    return Lesson(f"x-{number}", (number,), minutes, text(number), text("source"), body, (check,), "gbt29490-2013")


@pytest.mark.parametrize(
    ("chosen", "right"), [([0, 2], True), ([2, 0], True), ([0], False), ([0, 1, 2], False), ([], False)]
)
def test_exactly_the_right_options_are_right(chosen: list[int], right: bool) -> None:
    assert lesson().checks[0].is_right(chosen) is right


def test_headings_come_in_pairs() -> None:
    assert lesson().headings() == ({"zh_CN": "一", "en": "One"}, {"zh_CN": "二", "en": "Two"})


@pytest.mark.parametrize(("section", "left"), [(0, 12), (1, 8), (2, 4), (3, 1), (99, 1)])
def test_minutes_left_shrink_with_the_sections(section: int, left: int) -> None:
    assert lesson().minutes_left(section) == left


def test_the_number_spans_several_clauses() -> None:
    assert lesson().number == "6.1.2"
    assert replace(lesson(), clauses=("6.1.4", "6.1.5")).number == "6.1.4–6.1.5"
    assert replace(lesson(), clauses=()).number == ""


def course(*numbers: str) -> Course:
    modules = (Module("A4", "6", "a4", 2, text("six"), tuple(f"x-{number}" for number in numbers)),)
    return Course("x", text("course"), text("summary"), modules)


def test_what_stands_before_a_lesson_is_its_clauses_or_the_code_of_its_module() -> None:
    (chapters,) = course("6.1").modules
    assert chapters.number_of(lesson("6.1")) == "6.1"
    assert chapters.number_of(replace(lesson("6.1"), clauses=())) == "A4"
    assert replace(chapters, mark="A4").number_of(lesson("6.1")) == "A4"


def test_content_stored_before_lessons_named_their_edition_can_be_read() -> None:
    old = content_of(lesson())
    for name in ("edition", "laws", "diagrams"):
        del old[name]
    assert lesson_from(old, "gbt29490-2013") == lesson()
    older = content_of(course("6.1"))
    del older["former"]
    for module in older["modules"]:
        del module["practice_minutes"]
    assert course_from({**older, "edition": "gbt29490-2013"}) == course("6.1")


def test_content_can_be_stored_and_read_back() -> None:
    assert lesson_from(content_of(lesson())) == lesson()
    assert course_from(content_of(course("6.1"))) == course("6.1")


def test_the_hash_names_the_content() -> None:
    assert hash_of(lesson()) == hash_of(lesson_from(content_of(lesson())))
    assert hash_of(lesson()) != hash_of(replace(lesson(), minutes=13))


def outline(**progress: Progress) -> list[str | None]:
    numbers = ("6.1", "6.2", "6.3")
    by_id = {f"x-6.{name[1:]}": one for name, one in progress.items()}
    found = lay_out(course(*numbers), [lesson(number) for number in numbers], by_id)
    following = found.next_line()
    return [str(found.done), following.number if following else None]


def test_a_new_learner_begins_at_the_beginning() -> None:
    assert outline() == ["0", "6.1"]


def test_the_lesson_read_last_comes_next() -> None:
    early, late = Progress(AT, AT), Progress(AT, AT + timedelta(hours=1))
    assert outline(_1=early, _3=late) == ["0", "6.3"]


def test_after_a_finished_lesson_the_first_open_one_comes_next() -> None:
    assert outline(_2=Progress(AT, AT, AT)) == ["1", "6.1"]


def test_nothing_comes_after_the_last() -> None:
    done = Progress(AT, AT, AT)
    assert outline(_1=done, _2=done, _3=done) == ["3", None]


def test_neighbours() -> None:
    found = lay_out(course("6.1", "6.2"), [lesson("6.1"), lesson("6.2")], {})
    first, second = found.lines
    assert found.beside(first.id) == (None, second)
    assert found.beside(second.id) == (first, None)
    assert found.beside("elsewhere") == (None, None)


def test_the_section_last_read_has_a_title() -> None:
    lines = lay_out(course("6.1"), [lesson("6.1")], {"x-6.1": Progress(AT, AT, None, 2)}).lines
    assert lines[0].section == {"zh_CN": "二", "en": "Two"}
    assert lines[0].minutes_left == 4
    begun = lay_out(course("6.1"), [lesson("6.1")], {"x-6.1": Progress(AT, AT)}).lines
    assert begun[0].section is None
