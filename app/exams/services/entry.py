"""Who may enter an exam and when 入场条件: waiting room, late arrival, attempts, days between attempts, access code."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, select
from sqlalchemy.orm import aliased

from app import clock
from app.cohorts.models import Cohort, Enrolment
from app.exams import timing
from app.exams.models import ExamSession, Sitting
from app.exams.services.sessions import session_programme
from app.refusals import N_, Refusal
from app.store import db


class NoAttempts(Refusal):
    """The programme's attempts are used up."""

    message = N_("All %(attempts)s attempts of this programme are used.")
    todo = N_("Ask your training base what to do next.")


class PassedAlready(Refusal):
    """The person has passed the exam of this class."""

    message = N_("You have already passed this exam.")
    todo = N_("The result stands under “My exams”.")


class SatAlready(Refusal):
    """The person has sat in this session as often as it allows."""

    message = N_("You have already sat this exam.")
    todo = N_("The receipt stands under “My exams”.")


class MustWait(Refusal):
    """The days that the session asks for after an earlier sitting are not over."""

    message = N_("You can sit again from %(day)s: this exam asks for %(days)s days after the last one.")
    kept = N_("No attempt was used up.")
    todo = N_("Ask your training base for a session after that day.")


class CodeNeeded(Refusal):
    """The session has an access code, and the candidate has not typed it."""

    message = N_("This exam begins with an access code.")
    todo = N_("The invigilator tells it in the room or in the meeting. Type it in the waiting room.")


class NotReady(Refusal):
    """Something of what the waiting room asks for is still missing."""

    message = N_("Before you begin, confirm who you are and accept the statement.")
    todo = N_("Both stand in the waiting room.")


def check_not_cancelled(session: ExamSession) -> None:
    """Whether the session takes place. Raises Cancelled."""
    if session.cancelled_at is not None:
        raise timing.Cancelled


def check_entry(session: ExamSession, at: datetime, *, waiting: bool = False) -> None:
    """Whether somebody who has not begun may still come. Raises Cancelled, WindowOver, TooLate, WaitingRoomClosed."""
    check_not_cancelled(session)
    if at >= session.closes_at:
        raise timing.WindowOver(time=session.closes_at)
    if (last := last_start(session)) is not None and at > last:
        raise timing.TooLate(time=last)
    opens = session.opens_at - timedelta(minutes=session.waiting_minutes)
    if waiting and at < opens:
        raise timing.WaitingRoomClosed(time=opens)


def last_start(session: ExamSession) -> datetime | None:
    """The last moment at which somebody may begin; None: until the window closes."""
    return None if session.late_minutes is None else session.opens_at + timedelta(minutes=session.late_minutes)


def free_from(session: ExamSession, person_id: int) -> date | None:
    """The day (in Beijing) from which the person may sit again, when the session is over by then or that day is to come.

    None when nothing stands in the way: the session asks for no days, or they are over when it can be sat.
    """
    if not session.waiting_days:
        return None
    programme = select(Cohort.programme_id).where(Cohort.id == session.cohort_id).scalar_subquery()
    latest = db.session.scalar(
        select(func.max(Sitting.closed_at))
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .join(Cohort, Cohort.id == ExamSession.cohort_id)
        .where(Sitting.person_id == person_id, Sitting.closed_at.is_not(None), Cohort.programme_id == programme)
    )
    if latest is None:
        return None
    free = latest.astimezone(clock.BEIJING).date() + timedelta(days=session.waiting_days)
    begins = max(clock.now(), session.opens_at).astimezone(clock.BEIJING).date()
    return free if begins < free else None


def attempts_used(enrolment_id: int) -> int:
    """How often the person has begun a sitting; a paper that was prepared and never begun uses nothing up."""
    return db.session.scalar(select(begun_by(enrolment_id))) or 0


def begun_by(enrolment_id: int | SQLColumnExpression[int]) -> ScalarSelect[int]:
    """The same for a larger query."""
    mine = aliased(Sitting)
    begun = select(func.count()).where(mine.enrolment_id == enrolment_id, mine.started_at.is_not(None))
    return begun.scalar_subquery()


def check_attempts(session: ExamSession, enrolment: Enrolment) -> None:
    """Whether an attempt is left. Raises SatAlready, NoAttempts."""
    here = db.session.scalar(
        select(func.count()).where(
            Sitting.session_id == session.id,
            Sitting.person_id == enrolment.person_id,
            Sitting.started_at.is_not(None),
        )
    )
    if here and here >= session.attempts:
        raise SatAlready
    allowed = session_programme(session).attempts
    if attempts_used(enrolment.id) >= allowed:
        raise NoAttempts(attempts=allowed)
