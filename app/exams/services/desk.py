"""The officer's desk 考务: sessions, who came, extra time, and the secret once all is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app import clock
from app.accounts.models import Person
from app.cohorts.models import Cohort, Enrolment
from app.exams import timing
from app.exams.models import ExamSession, Incident, Sitting
from app.exams.services.access import Reader, watched
from app.exams.services.changes import lengthen
from app.ledger.services import record
from app.refusals import Conflict, NotFound
from app.store import db


@dataclass(frozen=True)
class SessionRow:
    """A session in the list, with how many are enrolled, sit and have handed in; `undecided` counts incidents."""

    session: ExamSession
    cohort: Cohort
    enrolled: int
    sitting: int
    closed: int
    undecided: int

    def state(self, at: datetime) -> str:
        """cancelled, coming, open or over."""
        if self.session.cancelled_at is not None:
            return "cancelled"
        if at < self.session.opens_at:
            return "coming"
        return "open" if at < self.session.closes_at or self.sitting else "over"


@dataclass(frozen=True)
class Seat:
    """One person of a session with a sitting."""

    person: Person
    enrolment: Enrolment
    sitting: Sitting


def list_sessions(reader: Reader) -> Sequence[SessionRow]:
    """The sessions that the reader may see, the latest first."""
    enrolled = _counted(Enrolment.cohort_id, Enrolment.state == "active")
    sitting = _counted(Sitting.session_id, Sitting.state == "open")
    closed = _counted(Sitting.session_id, Sitting.state == "closed")
    undecided = _counted(Incident.session_id, Incident.decision.is_(None))
    rows = db.session.execute(
        select(ExamSession, Cohort)
        .join(Cohort, Cohort.id == ExamSession.cohort_id)
        .where(watched(reader))
        .order_by(ExamSession.opens_at.desc(), ExamSession.id.desc())
    )
    return [
        SessionRow(
            one,
            cohort,
            enrolled.get(cohort.id, 0),
            sitting.get(one.id, 0),
            closed.get(one.id, 0),
            undecided.get(one.id, 0),
        )
        for one, cohort in rows
    ]


def count_odd_papers(session: ExamSession) -> tuple[int, int]:
    """How many papers lie outside the tolerance of difficulty, and how many may repeat items their candidates know."""
    uneven = case((Sitting.within_tolerance.is_(False), 1), else_=0)
    repeats = case((Sitting.repeats_allowed.is_(True), 1), else_=0)
    row = db.session.execute(
        select(func.coalesce(func.sum(uneven), 0), func.coalesce(func.sum(repeats), 0)).where(
            Sitting.session_id == session.id
        )
    ).one()
    return int(row[0]), int(row[1])


def count_undecided(session: ExamSession) -> int:
    """How many incidents of a session wait for a decision."""
    waiting = select(func.count()).where(Incident.session_id == session.id, Incident.decision.is_(None))
    return db.session.scalar(waiting) or 0


def get_seat(ref: str) -> Seat:
    """The person and the sitting of this reference. Raises NotFound."""
    found = db.session.execute(
        select(Person, Enrolment, Sitting)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Sitting, Sitting.enrolment_id == Enrolment.id)
        .where(Sitting.ref == ref)
    ).one_or_none()
    if found is None:
        raise NotFound
    person, enrolment, sitting = found
    return Seat(person, enrolment, sitting)


def _counted(column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> dict[int, int]:
    """How many rows there are for each value of a column."""
    rows = db.session.execute(select(column, func.count()).where(*where).group_by(column))
    return dict(rows.all())


def extend_sitting(ref: str, *, minutes: int, before: int, reason: str, by: int) -> Sitting:
    """Give an open sitting extra minutes. The reason stays in the database; the ledger has its salted SHA-256.

    `before` are the extra minutes that the officer saw: a second click finds that it is done. The extension may go
    beyond the session's window. Raises NotFound, timing.Closed, Conflict.
    """
    sitting = db.session.scalar(select(Sitting).where(Sitting.ref == ref).with_for_update())
    if sitting is None:
        raise NotFound
    if sitting.extra_minutes == before + minutes:
        return sitting
    if sitting.extra_minutes != before:
        raise Conflict
    if sitting.state != "open" or sitting.deadline_at is None:
        raise timing.Closed
    lengthen(sitting, minutes, reason, by)
    return sitting


def sessions_to_reveal(at: datetime) -> Sequence[int]:
    """The ids of sessions that are over, with nobody sitting any more, whose secret is not in the ledger yet."""
    running = select(Sitting.id).where(Sitting.session_id == ExamSession.id, Sitting.state == "open").exists()
    return db.session.scalars(
        select(ExamSession.id).where(ExamSession.closes_at < at, ExamSession.revealed_at.is_(None), ~running)
    ).all()


def reveal_secret(session_id: int) -> None:
    """Put the session's secret into the ledger, so that every paper of it can be drawn again by anybody."""
    session = db.session.scalar(select(ExamSession).where(ExamSession.id == session_id).with_for_update())
    if session is None or session.revealed_at is not None:
        return
    session.revealed_at = clock.now()
    record(
        kind="session.revealed", base_id=session.base_id, actor_id=None, subject=f"session:{session.ref}",
        facts={"secret": session.secret.hex(), "commitment": session.commitment},
    )  # fmt: skip
