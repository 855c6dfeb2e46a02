"""A candidate's own exams 我的考试: the sessions of his classes, and for each what he can do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import clock
from app.cohorts import services as cohorts
from app.cohorts.models import Enrolment
from app.exams.models import ExamCandidate, ExamSession, Sitting
from app.exams.services.accommodations import NONE, Ease, eases
from app.exams.services.entry import attempts_used, free_from, last_start
from app.exams.services.passed import has_passed
from app.store import db

PAST = {"handed-in", "missed", "late", "cancelled"}


@dataclass(frozen=True)
class MySession:
    """A session in the candidate's list. `state`: coming, open, ready, running, handed-in, missed, late, cancelled.

    `can_start` says whether the paper may be asked for, because the waiting room is open and nothing stands in the way.
    `attempts` and `attempts_left` are those of the programme; `passed` says that there is nothing left to sit for;
    `free_from` is the day until which the session makes the person wait. `row` holds room and seat.
    """

    session: ExamSession
    enrolment: Enrolment
    row: ExamCandidate | None
    ease: Ease
    sitting: Sitting | None
    state: str
    attempts: int
    attempts_left: int
    can_start: bool
    passed: bool
    free_from: date | None

    @property
    def waiting_at(self) -> datetime:
        """When the waiting room opens."""
        return self.session.opens_at - timedelta(minutes=self.session.waiting_minutes)

    @property
    def last_start(self) -> datetime | None:
        """The last moment at which somebody may begin."""
        return last_start(self.session)


def my_sessions(person_id: int) -> Sequence[MySession]:
    """The sessions of the cohorts that the person is in: those to come and open first, then the past ones."""
    found: list[MySession] = []
    for enrolment in cohorts.enrolments_of(person_id):
        allowed = cohorts.get_programme(cohorts.get_cohort(enrolment.cohort_id).programme_id).attempts
        used, passed = attempts_used(enrolment.id), has_passed(enrolment.id)
        rows = db.session.scalars(select(ExamCandidate).where(ExamCandidate.enrolment_id == enrolment.id)).all()
        own = {row.session_id: row for row in rows}
        sessions = db.session.scalars(select(ExamSession).where(ExamSession.cohort_id == enrolment.cohort_id))
        found.extend(_mine(session, enrolment, own.get(session.id), allowed, used, passed) for session in sessions)
    return sorted(found, key=lambda one: (one.state in PAST, one.session.opens_at))


def _mine(
    session: ExamSession, enrolment: Enrolment, row: ExamCandidate | None, allowed: int, used: int, passed: bool
) -> MySession:
    at = clock.now()
    sittings = db.session.scalars(
        select(Sitting)
        .where(Sitting.session_id == session.id, Sitting.person_id == enrolment.person_id)
        .order_by(Sitting.attempt_no.desc())
    ).all()
    sitting = sittings[0] if sittings else None
    here = sum(one.started_at is not None for one in sittings)
    left = min(allowed - used, session.attempts - here)
    state = _state(session, sitting, at, left > 0)
    free = free_from(session, enrolment.person_id) if state in {"coming", "open"} else None
    opens = session.opens_at - timedelta(minutes=session.waiting_minutes)
    soon = state == "open" or (state == "coming" and at >= opens)
    day = session.opens_at.astimezone(clock.BEIJING).date()
    return MySession(
        session=session, enrolment=enrolment, row=row, ease=eases([row], day)[row.id] if row else NONE,
        sitting=sitting, state=state, attempts=allowed, attempts_left=max(0, allowed - used), passed=passed,
        can_start=soon and left > 0 and free is None and not passed, free_from=free,
    )  # fmt: skip


def _state(session: ExamSession, sitting: Sitting | None, at: datetime, again: bool) -> str:
    if session.cancelled_at is not None:
        return "cancelled"
    if sitting is not None and sitting.state == "open":
        return "running"
    last = last_start(session)
    over, late = at >= session.closes_at, last is not None and at > last
    if sitting is not None and sitting.state == "closed" and (over or late or not again):
        return "handed-in"
    if over or late:
        return "missed" if over else "late"
    opens = session.opens_at - timedelta(minutes=session.waiting_minutes)
    if sitting is not None and sitting.state == "ready" and at >= opens:
        return "ready"
    return "coming" if at < session.opens_at else "open"
