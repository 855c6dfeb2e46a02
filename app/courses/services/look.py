"""What a learner sees: the courses taken, the outline, a lesson."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.banks.items import Text
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses import content
from app.courses.credit import Subject, credited, shares
from app.courses.diagrams import Frame
from app.courses.lessons import Check, Lesson
from app.courses.models import LessonProgress
from app.courses.outline import Group, Line, Outline, Progress, lay_out
from app.courses.services.contents import find_contents
from app.courses.services.study import spent_by, study_tally
from app.courses.studytime import Tally, class_hours
from app.refusals import NotFound
from app.standards.clauses import Clause, Edition
from app.standards.editions import edition, find_law
from app.standards.laws import Law
from app.store import db


class Enrolled(NamedTuple):
    """An active enrolment with its class and its programme."""

    enrolment: Enrolment
    cohort: Cohort
    programme: Programme


@dataclass(frozen=True)
class Taken:
    """A course as one enrolment takes it; `outline` is empty while the course has not been loaded.

    `tally` is all study time, `studied` the seconds of it that go to the class hours.
    """

    enrolment_id: int
    base_id: int
    cohort: Text
    programme: Text
    ends_on: date
    hour_minutes: int
    hours_required: int
    code: str
    title: Text
    summary: Text
    editions: tuple[Edition, ...]
    outline: Outline
    tally: Tally
    studied: int

    @property
    def hours(self) -> Decimal:
        """Class hours studied so far, with one decimal."""
        return class_hours(self.studied, self.hour_minutes)


@dataclass(frozen=True)
class Answered:
    """A self-check question with what the learner last chose (places from 0); `key` is empty until then."""

    check: Check
    chosen: tuple[int, ...]
    right: bool | None


@dataclass(frozen=True)
class LessonPage:
    """All that the page of a lesson shows."""

    taken: Taken
    group: Group
    line: Line
    lesson: Lesson
    edition: Edition | None
    laws: tuple[Law, ...]
    above: tuple[Clause, ...]
    before: Line | None
    after: Line | None
    answers: tuple[Answered, ...]
    completed_at: datetime | None
    tally: Tally

    @property
    def minutes(self) -> int:
        """Whole minutes that were counted on this lesson."""
        return self.tally.counted // 60

    def text(self, language: str, frame: Frame | None = None) -> str:
        """The lesson in a language as HTML that is safe to print, its diagrams in a frame."""
        pictures = tuple((name, texts[language]) for name, texts in self.lesson.diagrams.items())
        return content.render(self.lesson.body[language], pictures, content.glossary(), language, frame)

    def get_check(self, check_id: str) -> Check:
        """The self-check question of this id. Raises NotFound."""
        found = self.lesson.find_check(check_id)
        if found is None:
            raise NotFound
        return found


def my_courses(person_id: int) -> list[Taken]:
    """The courses of a person's active enrolments: where there is something to do first, the one read last first."""
    return sorted((_taken(*row) for row in enrolled(person_id)), key=_turn)


def _turn(taken: Taken) -> tuple[bool, float]:
    seen = [line.progress.seen_at.timestamp() for line in taken.outline.lines if line.progress is not None]
    return taken.outline.finished, -max(seen, default=0.0)


def get_course(person_id: int, code: str) -> Taken:
    """The course of this code, or once of this code, as the person takes it.

    Raises NotFound for a course not taken or not loaded.
    """
    for enrolment, cohort, programme in enrolled(person_id):
        found = find_contents(programme.course)
        if programme.course == code or (found and code in found.course.former):
            taken = _taken(enrolment, cohort, programme)
            if taken.outline.total:
                return taken
    raise NotFound


def find_taken(
    person_id: int, lesson_id: str, course: str | None = None
) -> tuple[Enrolment, Cohort, Programme, Lesson] | None:
    """The enrolment under which a person reads a lesson, with the lesson; None for a lesson of no own course.

    `course` is the code of the course in which it is read. Without one it is the course in which the person last read
    the lesson, or else the one of the class that began last.
    """
    found = []
    for enrolment, cohort, programme in enrolled(person_id):
        contents = find_contents(programme.course) if course in {None, programme.course} else None
        lesson = contents.find_lesson(lesson_id) if contents else None
        if lesson is not None:
            found.append((enrolment, cohort, programme, lesson))
    if len(found) < 2 or course is not None:
        return found[0] if found else None
    last = db.session.scalar(
        select(LessonProgress.enrolment_id)
        .where(LessonProgress.lesson == lesson_id, LessonProgress.enrolment_id.in_([one[0].id for one in found]))
        .order_by(LessonProgress.seen_at.desc())
        .limit(1)
    )
    return next((one for one in found if one[0].id == last), found[0])


def lesson_places(person_id: int, lessons: Collection[str]) -> dict[str, str]:
    """The course in which a person reads each of these lessons; lessons of no own course are left out."""
    found: dict[str, str] = {}
    for one in enrolled(person_id) if lessons else ():
        contents = find_contents(one.programme.course)
        for lesson in contents.lessons if contents else ():
            if lesson.id in lessons:
                found.setdefault(lesson.id, one.programme.course)
    return found


def read_lesson(person_id: int, lesson_id: str, course: str | None = None) -> LessonPage:
    """The page of a lesson, read in a course. Raises NotFound for a lesson of no course that the person takes."""
    found = find_taken(person_id, lesson_id, course)
    if found is None:
        raise NotFound
    enrolment, cohort, programme, lesson = found
    taken = _taken(enrolment, cohort, programme)
    progress = db.session.scalar(
        select(LessonProgress).where(LessonProgress.enrolment_id == enrolment.id, LessonProgress.lesson == lesson_id)
    )
    before, after = taken.outline.beside(lesson_id)
    group, line = next((group, line) for group in taken.outline.groups for line in group.lines if line.id == lesson_id)
    given = progress.checks if progress else {}
    of = edition(lesson.edition) if lesson.edition else None
    return LessonPage(
        taken=taken,
        group=group,
        line=line,
        lesson=lesson,
        edition=of,
        laws=tuple(law for law in map(find_law, lesson.laws) if law),
        above=of.path(lesson.clauses[0])[:-1] if of and lesson.clauses else (),
        before=before,
        after=after,
        answers=tuple(_answered(check, given.get(check.id)) for check in lesson.checks),
        completed_at=progress.completed_at if progress else None,
        tally=study_tally(enrolment.id, Subject("lesson", lesson_id)),
    )


def _editions(lessons: Sequence[Lesson]) -> tuple[Edition, ...]:
    """The editions on which lessons rest, each once, in the order of the lessons."""
    return tuple(edition(code) for code in dict.fromkeys(lesson.edition for lesson in lessons) if code)


def _answered(check: Check, given: Mapping[str, Any] | None) -> Answered:
    # A question that was changed since may have fewer options than the answer speaks of.
    if given is None or any(place >= len(check.options) for place in given["chosen"]):
        return Answered(check, (), None)
    chosen = tuple(given["chosen"])
    return Answered(check, chosen, check.is_right(chosen))


def enrolled(person_id: int) -> list[Enrolled]:
    """The active enrolments of a person with class and programme, the class that began last first."""
    rows = db.session.execute(
        select(Enrolment, Cohort, Programme)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Enrolment.person_id == person_id, Enrolment.state == "active")
        .order_by(Cohort.starts_on.desc(), Enrolment.id.desc())
    )
    return [Enrolled(enrolment, cohort, programme) for enrolment, cohort, programme in rows]


def _taken(enrolment: Enrolment, cohort: Cohort, programme: Programme) -> Taken:
    found = find_contents(programme.course)
    title: Text = {"zh_CN": programme.title_zh, "en": programme.title_en}
    spent = spent_by(Enrolment.id == enrolment.id).get(enrolment.id, {})
    counted = {subject: tally.counted for subject, tally in spent.items()}
    return Taken(
        enrolment_id=enrolment.id,
        base_id=enrolment.base_id,
        cohort={"zh_CN": cohort.title_zh, "en": cohort.title_en},
        programme=title,
        ends_on=cohort.ends_on,
        hour_minutes=cohort.hour_minutes,
        hours_required=programme.hours_required,
        code=programme.course,
        title=found.course.title if found else title,
        summary=found.course.summary if found else {},
        editions=_editions(found.lessons) if found else (),
        outline=lay_out(found.course, found.lessons, _progress(enrolment.id)) if found else Outline(()),
        tally=sum(spent.values(), Tally()),
        studied=credited(shares(counted, found.course.modules if found else ())),
    )


def _progress(enrolment_id: int) -> dict[str, Progress]:
    rows = db.session.scalars(select(LessonProgress).where(LessonProgress.enrolment_id == enrolment_id))
    return {
        row.lesson: Progress(
            row.opened_at,
            row.seen_at,
            row.completed_at,
            row.section,
            sum(bool(one["right"]) for one in row.checks.values()),
        )
        for row in rows
    }
