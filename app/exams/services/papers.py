"""Papers made before the start 预先组卷: shortly before a session opens, everybody who may sit has a paper already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app import clock
from app.cohorts.models import Enrolment
from app.exams.models import ExamSession, Sitting
from app.exams.services.prepare import prepare_sitting
from app.refusals import Refusal
from app.store import db, is_sqlite


def papers_missing(session_ref: str) -> Sequence[int]:
    """The people of a session without a paper; nobody once it has opened, for then each makes his own by coming."""
    session = db.session.scalar(select(ExamSession).where(ExamSession.ref == session_ref))
    if session is None or session.cancelled_at is not None or clock.now() >= session.opens_at:
        return []
    sat = select(Sitting.person_id).where(Sitting.session_id == session.id)
    return db.session.scalars(
        select(Enrolment.person_id)
        .where(
            Enrolment.cohort_id == session.cohort_id,
            Enrolment.state == "active",
            Enrolment.person_id.not_in(sat),
        )
        .order_by(Enrolment.number)
    ).all()


def make_paper(session_ref: str, person_id: int) -> bool:
    """Make the paper of one person and say whether there is one now; who may not sit gets none.

    Somebody who is just coming in by himself, and holds the row of the enrolment, is left alone.
    """
    if not is_sqlite():
        session = db.session.scalars(select(ExamSession).where(ExamSession.ref == session_ref)).one()
        free = select(Enrolment.id).where(Enrolment.cohort_id == session.cohort_id, Enrolment.person_id == person_id)
        if db.session.scalar(free.with_for_update(skip_locked=True)) is None:
            return False
    try:
        prepare_sitting(session_ref, person_id, by="staff")
    except Refusal:  # passed already, study rules not met, days to wait: told when the person comes
        return False
    return True
