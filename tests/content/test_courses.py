"""Every lesson of every course in the repository keeps to the rules and reads as a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from app.courses import content
from app.courses.content import CourseFolder
from app.courses.rules import LessonFiles, check_course, check_lesson
from app.standards.editions import edition


@cache
def read(folder: Path) -> CourseFolder:
    return content.read_folder(folder)


FOLDERS = content.find_courses()
LESSONS = [pytest.param(folder, entry, id=entry.lesson.id) for folder in FOLDERS for entry in read(folder).lessons]


def test_there_is_a_course() -> None:
    assert FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_course_keeps_to_the_rules(folder: Path) -> None:
    found = read(folder)
    assert found.findings == ()
    assert found.course is not None
    assert list(check_course(found.course, found.lessons, edition(found.course.edition))) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_right_answer_does_not_always_stand_in_the_same_place(folder: Path) -> None:
    places = [
        next(place for place, option in enumerate(check.options) if option.right)
        for entry in read(folder).lessons
        for check in entry.lesson.checks
        if check.kind == "single"
    ]
    assert max(places.count(place) for place in set(places)) <= len(places) / 2


@pytest.mark.parametrize(("folder", "entry"), LESSONS)
def test_the_lesson_keeps_to_the_rules(folder: Path, entry: LessonFiles) -> None:
    course = read(folder).course
    assert course is not None
    assert list(check_lesson(entry, edition(course.edition))) == []


@pytest.mark.parametrize(("folder", "entry"), LESSONS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_lesson_becomes_a_page(folder: Path, entry: LessonFiles, language: str) -> None:
    html = content.render(entry.lesson.body[language])
    assert html.count("<h2 id=") == len(entry.lesson.headings())
    assert html.count('<table class="audit">') == 1
    assert html.count("<footer>") == 1
    assert "**" not in html
    assert "|" not in html
