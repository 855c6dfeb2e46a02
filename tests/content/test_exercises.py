"""Every practical audit in the repository keeps to the rules, belongs to a course and reads as pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from app.courses import content
from app.courses.exercises import answers
from app.courses.exercises.content import find_exercises, read_folder
from app.courses.exercises.values import Exercise
from app.courses.services.exercises import check_folder

FOLDERS = find_exercises(content.COURSES)


@cache
def read(folder: Path) -> Exercise:
    found = read_folder(folder).exercise
    assert found is not None
    return found


def test_every_exercise_keeps_to_the_rules() -> None:
    assert {folder.name: check_folder(folder)[1] for folder in FOLDERS} == {folder.name: [] for folder in FOLDERS}


def test_a_course_takes_every_exercise_and_names_no_other() -> None:
    courses = [content.read_folder(one).course for one in content.find_courses()]
    named = {module.exercise for course in courses if course for module in course.modules if module.exercise}
    assert named == {folder.name for folder in FOLDERS}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_documents_become_pages_and_models_fit_the_form(language: str) -> None:
    for exercise in map(read, FOLDERS):
        for document in exercise.documents:
            assert "**" not in content.render(document.body[language]), document.id
        for task in exercise.tasks:
            model = answers.model(task, language)
            assert answers.clean(task, model) == model, "a model answer is one that a trainee could hand in"
