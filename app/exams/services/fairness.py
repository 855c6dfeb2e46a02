"""The record of fairness 公平性记录: what was found before a session, and what its papers are like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.banks.specification import Specification
from app.cohorts.models import Enrolment
from app.exams.assembly.trial import overlap
from app.exams.models import ExamCandidate, ExamSession, Feasibility, Sitting
from app.exams.services.sessions import draw_facts
from app.store import db


@dataclass(frozen=True)
class FormRecord:
    """One paper of a session; scores in marks. `shared` and `most_shared` are items shared with its other papers."""

    ref: str
    number: str
    attempt: int
    expected: float
    se: float
    within_tolerance: bool
    repeats_allowed: bool
    nonce_by: str
    shared: float
    most_shared: int


@dataclass(frozen=True)
class SessionRecord:
    """What is known of the fairness of a session; `feasibility` is None until its job has run."""

    session: ExamSession
    specification: Specification
    target: float
    forms: Sequence[FormRecord]
    overlap: dict[str, float]
    feasibility: dict[str, Any] | None
    made_at: datetime | None


def session_record(session: ExamSession) -> SessionRecord:
    """The record of a session's papers as they stand, in the order of admission numbers."""
    prepared = draw_facts(session.pool_hash, session.specification_hash)
    rows = db.session.execute(
        select(Sitting, Enrolment.number, ExamCandidate.nonce_by)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .outerjoin(
            ExamCandidate,
            (ExamCandidate.session_id == Sitting.session_id) & (ExamCandidate.enrolment_id == Sitting.enrolment_id),
        )
        .where(Sitting.session_id == session.id)
        .order_by(Enrolment.number, Sitting.attempt_no)
    ).all()
    papers = [frozenset(row["id"] for row in sitting.form) for sitting, _, _ in rows]
    forms = [
        _form_record(sitting, number, by, papers[:place] + papers[place + 1 :], papers[place])
        for place, (sitting, number, by) in enumerate(rows)
    ]
    found = db.session.get(Feasibility, (session.specification_hash, session.pool_hash))
    return SessionRecord(
        session=session,
        specification=prepared.specification,
        target=prepared.reference.targets[0] / 1_000_000,
        forms=forms,
        overlap=overlap(papers),
        feasibility=None if found is None else found.report,
        made_at=None if found is None else found.made_at,
    )


def _form_record(
    sitting: Sitting, number: str, by: str | None, others: Sequence[frozenset[str]], own: frozenset[str]
) -> FormRecord:
    shared = [len(own & other) for other in others]
    return FormRecord(
        ref=sitting.ref,
        number=number,
        attempt=sitting.attempt_no,
        expected=sitting.expected_at_cut / 10_000,
        se=sitting.se / 10_000,
        within_tolerance=sitting.within_tolerance,
        repeats_allowed=sitting.repeats_allowed,
        nonce_by=by or "",
        shared=sum(shared) / len(shared) if shared else 0.0,
        most_shared=max(shared, default=0),
    )
