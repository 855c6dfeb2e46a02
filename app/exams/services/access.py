"""Which sessions a person of the staff sees: officers those of their bases, an invigilator 监考 those he watches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true

from app.exams.models import ExamSession, SessionInvigilator
from app.refusals import NotFound
from app.store import db


@dataclass(frozen=True)
class Reader:
    """Who looks: `bases` are those of which the person sees every session (None: all bases)."""

    person_id: int
    bases: frozenset[int] | None


def watched(reader: Reader) -> ColumnElement[bool]:
    """The condition under which a session is seen."""
    if reader.bases is None:
        return true()
    appointed = select(SessionInvigilator.session_id).where(SessionInvigilator.person_id == reader.person_id)
    return or_(ExamSession.base_id.in_(sorted(reader.bases)), ExamSession.id.in_(appointed))


def get_watched(ref: str, reader: Reader) -> ExamSession:
    """The session of this reference, if the reader sees it. Raises NotFound."""
    found = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref, watched(reader)))
    if found is None:
        raise NotFound
    return found


def invigilators_of(session_id: int) -> dict[int, str]:
    """The people who watch a session, with the room of each (empty: every room)."""
    rows = db.session.execute(
        select(SessionInvigilator.person_id, SessionInvigilator.room).where(SessionInvigilator.session_id == session_id)
    )
    return dict(rows.all())
