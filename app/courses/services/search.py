"""Search 查找 over all lessons of a person's courses, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from app.banks.items import Text
from app.courses import search
from app.courses.lessons import Lesson, Module
from app.courses.services.contents import Contents, find_contents
from app.courses.services.look import Enrolled, enrolled


@dataclass(frozen=True)
class Found:
    """A lesson that was found, in the course in which the person reads it; `language` is that of the excerpt."""

    course: str
    course_title: Text
    lesson: Lesson
    number: str
    language: str
    section: int
    heading: str
    excerpt: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Answer:
    """What was found: the best first, no more than a page of it, and how many there are in all."""

    found: tuple[Found, ...]
    total: int


def search_lessons(person_id: int, query: str, language: str) -> Answer:
    """Search the lessons of a person's courses; a lesson of several courses is found once, in the course read last."""
    hits: dict[str, tuple[search.Hit, Enrolled, Contents]] = {}
    for one in enrolled(person_id):
        contents = find_contents(one.programme.course)
        for hit in contents.index.find(query, language) if contents else ():
            assert contents is not None
            hits.setdefault(hit.passage.lesson, (hit, one, contents))
    ranked = sorted(hits.values(), key=lambda row: (row[0].passage.language != language, -row[0].score))
    return Answer(tuple(_found(*row) for row in ranked[: search.MOST_HITS]), len(ranked))


def _found(hit: search.Hit, one: Enrolled, contents: Contents) -> Found:
    passage = hit.passage
    lesson = contents.find_lesson(passage.lesson)
    assert lesson is not None
    module: Module = next(part for part in contents.course.modules if lesson.id in part.lessons)
    return Found(
        course=one.programme.course,
        course_title=contents.course.title,
        lesson=lesson,
        number=module.number_of(lesson),
        language=passage.language,
        section=passage.section,
        heading=passage.heading,
        excerpt=hit.excerpt,
    )
