"""Study time 学习时间 from heartbeats: each is weighed once, against the person's last one, whatever its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select

from app import clock
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses.credit import KINDS, Subject
from app.courses.models import LessonProgress, StudyVisit
from app.courses.services.place import get_place
from app.courses.studytime import BadBeat, Beat, Signs, Tally, weigh
from app.refusals import NotFound
from app.store import db

SUMS = (
    func.sum(StudyVisit.counted), func.sum(StudyVisit.idle), func.sum(StudyVisit.away), func.sum(StudyVisit.silent),
)  # fmt: skip
Spent = dict[Subject, Tally]


@dataclass(frozen=True)
class Heard:
    """What a heartbeat's page is told: whole minutes counted on what it shows."""

    minutes: int


class _Owner(NamedTuple):
    """Whose time it is."""

    base_id: int
    enrolment_id: int
    person_id: int


def beat(person_id: int, lesson_id: str, course: str | None, signs: Signs) -> Heard:
    """Weigh a heartbeat of a lesson page opened in a course; without one, in the course where it was last open.

    A repeated beat brings nothing, because the clock is the server's. Raises NotFound (a lesson of no own course, or
    never opened), BadBeat for a page that named itself on something else before.
    """
    _hold(person_id)
    progress = _progress(person_id, lesson_id, course)
    owner, subject = _Owner(progress.base_id, progress.enrolment_id, person_id), Subject("lesson", lesson_id)
    if _weigh(owner, subject, signs):
        progress.seen_at, progress.section = clock.now(), signs.section
        db.session.flush()
    return _heard(owner, subject)


def beat_exercise(person_id: int, course: str, exercise: str, signs: Signs) -> Heard:
    """Weigh a heartbeat of a page of a practical audit. Raises NotFound for one of no own course, BadBeat."""
    _hold(person_id)
    place = get_place(person_id, course)
    place.module_of_exercise(exercise)
    return _beat(_Owner(place.enrolment.base_id, place.enrolment.id, person_id), Subject("exercise", exercise), signs)


def beat_practice(person_id: int, enrolment_id: int, kind: str, signs: Signs) -> Heard:
    """Weigh a heartbeat of a page of practice; `kind` is practice or mock. Raises NotFound, BadBeat."""
    if kind not in KINDS:
        raise BadBeat
    _hold(person_id)
    base_id = db.session.scalar(
        select(Enrolment.base_id).where(
            Enrolment.id == enrolment_id, Enrolment.person_id == person_id, Enrolment.state == "active"
        )
    )
    if base_id is None:
        raise NotFound
    return _beat(_Owner(base_id, enrolment_id, person_id), Subject(kind), signs)


def study_tally(enrolment_id: int, subject: Subject | None = None) -> Tally:
    """The seconds of an enrolment, counted and not, over everything or on one subject."""
    statement = select(*SUMS).where(StudyVisit.enrolment_id == enrolment_id)
    if subject is not None:
        statement = statement.where(StudyVisit.kind == subject.kind, StudyVisit.about == subject.about)
    return Tally(*(int(value or 0) for value in db.session.execute(statement).one()))


def spent_by(which: ColumnElement[bool]) -> dict[int, Spent]:
    """The time of some enrolments by id and subject, lessons summed up as one subject without a name; one query."""
    about = case((StudyVisit.kind == "lesson", ""), else_=StudyVisit.about).label("summed")
    rows = db.session.execute(
        select(StudyVisit.enrolment_id, StudyVisit.kind, about, *SUMS)
        .join(Enrolment, Enrolment.id == StudyVisit.enrolment_id)
        .where(which)
        .group_by(StudyVisit.enrolment_id, StudyVisit.kind, about)
    )
    found: dict[int, Spent] = {}
    for enrolment_id, kind, name, *sums in rows:
        found.setdefault(enrolment_id, {})[Subject(kind, name)] = Tally(*(int(value or 0) for value in sums))
    return found


def _hold(person_id: int) -> None:
    # All beats of a person wait in one queue, so that two windows can never be paid for the same minute.
    db.session.execute(
        select(Enrolment.id).where(Enrolment.person_id == person_id).order_by(Enrolment.id).with_for_update()
    )


def _beat(owner: _Owner, subject: Subject, signs: Signs) -> Heard:
    _weigh(owner, subject, signs)
    return _heard(owner, subject)


def _heard(owner: _Owner, subject: Subject) -> Heard:
    return Heard(study_tally(owner.enrolment_id, subject).counted // 60)


def _weigh(owner: _Owner, subject: Subject, signs: Signs) -> bool:
    """Add what the time since the person's last beat is worth; False for a beat that is to be ignored."""
    now = clock.now()
    last = db.session.scalar(
        select(StudyVisit).where(StudyVisit.person_id == owner.person_id).order_by(StudyVisit.last_at.desc()).limit(1)
    )
    before = Beat(last.last_at, last.visit) if last is not None else None
    row = _visit(owner, subject, signs.visit)
    tally = weigh(before, Beat(now, signs.visit, signs.idle, signs.away))
    if tally is None:
        return False
    if row not in db.session:
        db.session.add(row)
    row.counted, row.idle = row.counted + tally.counted, row.idle + tally.idle
    row.away, row.silent = row.away + tally.away, row.silent + tally.silent
    row.last_at = now
    db.session.flush()
    return True


def _visit(owner: _Owner, subject: Subject, visit: str) -> StudyVisit:
    """The row of an opened page, a new one where there is none yet."""
    found = db.session.scalar(
        select(StudyVisit).where(StudyVisit.enrolment_id == owner.enrolment_id, StudyVisit.visit == visit)
    )
    if found is not None:
        if (found.kind, found.about) != (subject.kind, subject.about):
            raise BadBeat
        return found
    now = clock.now()
    return StudyVisit(
        base_id=owner.base_id, enrolment_id=owner.enrolment_id, person_id=owner.person_id, kind=subject.kind,
        about=subject.about, visit=visit, started_at=now, last_at=now, counted=0, idle=0, away=0, silent=0,
    )  # fmt: skip


def _progress(person_id: int, lesson_id: str, course: str | None) -> LessonProgress:
    statement: Select[LessonProgress] = (
        select(LessonProgress)
        .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
        .where(Enrolment.person_id == person_id, Enrolment.state == "active", LessonProgress.lesson == lesson_id)
        .order_by(LessonProgress.seen_at.desc())
        .limit(1)
    )
    if course is not None:
        statement = (
            statement.join(Cohort, Cohort.id == Enrolment.cohort_id)
            .join(Programme, Programme.id == Cohort.programme_id)
            .where(Programme.course == course)
        )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found
