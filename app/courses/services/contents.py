"""The current content of a course, kept in memory: a version never changes, so its digest is enough to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from sqlalchemy import select

from app.banks.items import LANGUAGES
from app.courses.content import sections
from app.courses.lessons import Course, Lesson, course_from, lesson_from
from app.courses.models import CourseVersion, LessonRow
from app.courses.search import Index, Passage
from app.store import db


@dataclass(frozen=True)
class Contents:
    """A version of a course with all its lessons."""

    course: Course
    lessons: tuple[Lesson, ...]
    loaded_at: datetime

    @cached_property
    def index(self) -> Index:
        """What is needed to search these lessons, made at the first search."""
        return Index(
            [
                Passage(lesson.id, language, number, f"{lesson.number} {lesson.title[language]}", heading, body)
                for lesson in self.lessons
                for language in LANGUAGES
                for number, (heading, body) in enumerate(sections(lesson.body[language]))
            ]
        )

    def find_lesson(self, lesson_id: str) -> Lesson | None:
        """The lesson of this id, or None."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)


def find_contents(code: str) -> Contents | None:
    """The current version of a course; None when it was never loaded."""
    found = db.session.execute(
        select(CourseVersion.id, CourseVersion.digest).where(CourseVersion.code == code, CourseVersion.current)
    ).first()
    return None if found is None else _read(found.id, found.digest)


@lru_cache(maxsize=16)
def _read(version_id: int, _digest: str) -> Contents:
    version = db.session.get_one(CourseVersion, version_id)
    rows = db.session.scalars(select(LessonRow).where(LessonRow.version_id == version_id).order_by(LessonRow.id))
    edition = version.content.get("edition", "")
    lessons = tuple(lesson_from(row.content, edition) for row in rows)
    return Contents(course_from(version.content), lessons, version.loaded_at)
