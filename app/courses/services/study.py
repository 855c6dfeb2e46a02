"""Study time 学习时间 from heartbeats: each is weighed once, against the person's last one, whatever its window."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from app import clock
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses.models import LessonProgress, StudyVisit
from app.courses.studytime import Beat, Tally, class_hours, weigh
from app.refusals import N_, NotFound, Refusal
from app.store import db

VISIT = re.compile(r"[A-Za-z0-9_-]{8,32}")


class BadBeat(Refusal):
    """A heartbeat that no page of ours sends."""

    message = N_("This heartbeat could not be read; no time was counted.")


@dataclass(frozen=True)
class Heard:
    """What a heartbeat's page is told: whole minutes counted on this lesson."""

    minutes: int


def beat(
    person_id: int, lesson_id: str, course: str | None = None, *, visit: str, idle: int, away: int, section: int
) -> Heard:
    """Weigh a heartbeat of a lesson page opened in a course; without one, in the course where it was last open.

    `visit` names the opened page; `idle` and `away` are seconds (see `studytime.Beat`); `section` is the section in
    view, 0 for the beginning. A repeated beat brings nothing, because the clock is the server's. Raises BadBeat and
    NotFound (a lesson of no own course, or never opened).
    """
    if not VISIT.fullmatch(visit) or idle < 0 or away < 0 or not 0 <= section <= 99:
        raise BadBeat
    _hold(person_id)
    progress = _progress(person_id, lesson_id, course)
    now = clock.now()
    last = db.session.scalar(
        select(StudyVisit).where(StudyVisit.person_id == person_id).order_by(StudyVisit.last_at.desc()).limit(1)
    )
    before = Beat(last.last_at, last.visit) if last is not None else None
    tally = weigh(before, Beat(now, visit, idle, away))
    if tally is not None:
        row = _visit(progress, person_id, visit)
        row.counted, row.idle = row.counted + tally.counted, row.idle + tally.idle
        row.away, row.silent = row.away + tally.away, row.silent + tally.silent
        row.last_at = progress.seen_at = now
        progress.section = section
        db.session.flush()
    return Heard(study_tally(progress.enrolment_id, lesson_id).counted // 60)


def study_tally(enrolment_id: int, lesson_id: str | None = None) -> Tally:
    """The seconds of an enrolment, counted and not, over all lessons or for one."""
    statement = select(
        func.sum(StudyVisit.counted), func.sum(StudyVisit.idle), func.sum(StudyVisit.away), func.sum(StudyVisit.silent)
    ).where(StudyVisit.enrolment_id == enrolment_id)
    if lesson_id is not None:
        statement = statement.where(StudyVisit.lesson == lesson_id)
    return Tally(*(int(value or 0) for value in db.session.execute(statement).one()))


def study_hours(enrolment_id: int) -> Decimal:
    """Class hours 学时 that an enrolment has studied, with one decimal. Raises NotFound."""
    minutes = db.session.scalar(
        select(Cohort.hour_minutes)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.id == enrolment_id)
    )
    if minutes is None:
        raise NotFound
    return class_hours(study_tally(enrolment_id).counted, minutes)


def _hold(person_id: int) -> None:
    # All beats of a person wait in one queue, so that two windows can never be paid for the same minute.
    db.session.execute(
        select(Enrolment.id).where(Enrolment.person_id == person_id).order_by(Enrolment.id).with_for_update()
    )


def _progress(person_id: int, lesson_id: str, course: str | None) -> LessonProgress:
    statement = (
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


def _visit(progress: LessonProgress, person_id: int, visit: str) -> StudyVisit:
    found = db.session.scalar(
        select(StudyVisit).where(StudyVisit.enrolment_id == progress.enrolment_id, StudyVisit.visit == visit)
    )
    if found is None:
        found = StudyVisit(
            base_id=progress.base_id, enrolment_id=progress.enrolment_id, person_id=person_id, lesson=progress.lesson,
            visit=visit, started_at=clock.now(), last_at=clock.now(), counted=0, idle=0, away=0, silent=0,
        )  # fmt: skip
        db.session.add(found)
    return found
