"""Conflicts of interest 利益冲突: nobody marks or decides for himself or for somebody he taught."""

from __future__ import annotations

from sqlalchemy import select

from app.cohorts.models import Enrolment, Teaching
from app.marking.models import Mark
from app.store import db, unscoped


def barred_people(person_id: int) -> frozenset[int]:
    """The people whose scripts and results this person must not touch: himself, and whoever he taught in any base."""
    with unscoped():
        taught = db.session.scalars(
            select(Enrolment.person_id)
            .join(Teaching, Teaching.cohort_id == Enrolment.cohort_id)
            .where(Teaching.person_id == person_id)
        )
        return frozenset(taught) | {person_id}


def has_marked(person_id: int, sitting_id: int) -> bool:
    """Whether the person gave a mark in this sitting."""
    mark = select(Mark.id).where(Mark.marker_id == person_id, Mark.sitting_id == sitting_id).limit(1)
    return db.session.scalar(mark) is not None
