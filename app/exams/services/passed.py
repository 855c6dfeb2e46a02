"""Whether somebody has passed already: then there is nothing left to sit for."""

from __future__ import annotations

from sqlalchemy import select

from app.exams.models import Incident, Sitting
from app.store import db


def has_passed(enrolment_id: int) -> bool:
    """Whether a sitting of this enrolment was passed; one that was declared void does not count."""
    void = select(Incident.id).where(Incident.sitting_id == Sitting.id, Incident.decision == "void").exists()
    passed = select(Sitting.id).where(Sitting.enrolment_id == enrolment_id, Sitting.passed.is_(True), ~void).limit(1)
    return db.session.scalar(passed) is not None
