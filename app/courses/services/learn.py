"""What a learner does in a lesson 课: open it, answer a self-check question, mark it as done."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app import clock
from app.cohorts.models import Enrolment
from app.courses.lessons import Lesson, hash_of
from app.courses.models import LessonProgress
from app.courses.services.look import LessonPage, find_taken, read_lesson
from app.courses.services.standing import check_open
from app.refusals import NotFound
from app.store import db


def open_lesson(person_id: int, lesson_id: str, course: str | None = None) -> LessonPage:
    """Note that the person opened the lesson in a course (see `look.find_taken`), and give its page.

    Raises NotFound, standing.LessonClosed.
    """
    _progress(person_id, lesson_id, course)
    return read_lesson(person_id, lesson_id, course)


def complete_lesson(person_id: int, lesson_id: str, course: str | None = None) -> LessonPage:
    """Mark the lesson as done in a course; the first time stays. Raises NotFound."""
    row = _progress(person_id, lesson_id, course)
    row.completed_at = row.completed_at or row.seen_at
    db.session.flush()
    return read_lesson(person_id, lesson_id, course)


def answer_check(
    person_id: int, lesson_id: str, check_id: str, chosen: Sequence[int], course: str | None = None
) -> bool:
    """Keep the answer to a self-check question; the last one counts, the first result stays noted.

    `chosen` are places of options from 0, which the form has held to the question. Returns whether the answer is right.
    Raises NotFound.
    """
    check = read_lesson(person_id, lesson_id, course).get_check(check_id)
    row = _progress(person_id, lesson_id, course)
    right = check.is_right(chosen)
    before = row.checks.get(check_id)
    first, tries = (before["first"], before["tries"] + 1) if before else (right, 1)
    given = {"chosen": sorted(chosen), "right": right, "first": first, "tries": tries}
    row.checks = {**row.checks, check_id: given}
    db.session.flush()
    return right


def _progress(person_id: int, lesson_id: str, course: str | None) -> LessonProgress:
    """The row of progress, made when there is none, seen now."""
    found = find_taken(person_id, lesson_id, course)
    if found is None:
        raise NotFound
    enrolment, _cohort, _programme, lesson = found
    check_open(enrolment.id, lesson)
    _hold(enrolment)
    now = clock.now()
    row = db.session.scalar(
        select(LessonProgress).where(LessonProgress.enrolment_id == enrolment.id, LessonProgress.lesson == lesson_id)
    )
    if row is None:
        row = _new(enrolment, lesson)
        db.session.add(row)
    row.seen_at, row.hash = now, hash_of(lesson)
    db.session.flush()
    return row


def _new(enrolment: Enrolment, lesson: Lesson) -> LessonProgress:
    return LessonProgress(
        base_id=enrolment.base_id, enrolment_id=enrolment.id, lesson=lesson.id, checks={}, opened_at=clock.now()
    )


def _hold(enrolment: Enrolment) -> None:
    # Two first requests at once must not make two rows: on PostgreSQL the second waits here.
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
