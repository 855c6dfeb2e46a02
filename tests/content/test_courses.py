"""Every lesson of every course in the repository keeps to the rules and reads as a page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from app.banks import content as banks
from app.banks.items import Item
from app.courses import content
from app.courses.content import CourseFolder
from app.courses.quiz import can_fill
from app.courses.rules import LessonFiles, check_course, check_lesson, check_practice
from app.standards.editions import find_edition, find_law


@cache
def read(folder: Path) -> CourseFolder:
    return content.read_folder(folder)


FOLDERS = content.find_courses()
ENTRIES = {entry.lesson.id: entry for folder in FOLDERS for entry in read(folder).lessons}
LESSONS = [pytest.param(entry, id=lesson_id) for lesson_id, entry in ENTRIES.items()]


def test_there_is_a_course() -> None:
    assert FOLDERS


def test_every_lesson_and_diagram_is_used() -> None:
    assert list(content.check_shelf(content.COURSES)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_course_keeps_to_the_rules(folder: Path) -> None:
    found = read(folder)
    assert found.findings == ()
    assert found.course is not None
    assert list(check_course(found.course, found.lessons, find_edition, find_law)) == []


@cache
def items() -> dict[str, Item]:
    return banks.items_under()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_quizzes_name_items_that_can_be_drawn(folder: Path) -> None:
    course = read(folder).course
    assert course is not None
    shelf = content.Shelf(content.COURSES)
    for module in course.modules:
        file, _findings = shelf.module(module.folder)
        assert file is not None
        named = {one.id: one.line for listed in file.practice.values() for one in listed}
        assert list(check_practice("module.yaml", named, items())) == []
        if module.quiz is not None:
            assert module.quiz.items
            assert can_fill(module.quiz.stock(items().values(), ""), module.quiz.count)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_right_answer_does_not_always_stand_in_the_same_place(folder: Path) -> None:
    places = [
        next(place for place, option in enumerate(check.options) if option.right)
        for entry in read(folder).lessons
        for check in entry.lesson.checks
        if check.kind == "single"
    ]
    assert max(places.count(place) for place in set(places)) <= len(places) / 2


@pytest.mark.parametrize("entry", LESSONS)
def test_the_lesson_keeps_to_the_rules(entry: LessonFiles) -> None:
    assert list(check_lesson(entry, find_edition, find_law)) == []


@pytest.mark.parametrize("entry", LESSONS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_lesson_becomes_a_page(entry: LessonFiles, language: str) -> None:
    pictures = tuple((name, texts[language]) for name, texts in entry.lesson.diagrams.items())
    html = content.render(entry.lesson.body[language], pictures)
    assert html.count("<h2 id=") == len(entry.lesson.headings())
    assert (
        html.count('<table class="audit">') == len(re.findall(r"^\|[ :|-]+\|$", entry.lesson.body[language], re.M)) >= 1
    )
    assert html.count("<footer>") == 1
    assert html.count("<figure") == len(entry.lesson.diagrams)
    assert "**" not in html
    assert "|" not in html
