"""Admission by exception 例外准考: a person may sit although study rules are not met; the reason is written down."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import select

from app import clock
from app.cohorts.models import Admission, Enrolment
from app.ledger.services import record
from app.refusals import NotFound
from app.store import db


def admit(enrolment_id: int, *, reason: str, missing: Sequence[str], by: int) -> Admission:
    """Admit a person to the exams of the cohort; again changes nothing. Raises NotFound.

    `missing` are the kinds of rules not met at that moment. The reason stays in the database; the ledger has its
    salted SHA-256.
    """
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update())
    if enrolment is None:
        raise NotFound
    found = find_admission(enrolment_id)
    if found is not None:
        return found
    salt = secrets.token_hex(16)
    row = Admission(
        base_id=enrolment.base_id, enrolment_id=enrolment_id, reason=reason, salt=salt, missing=list(missing), by_id=by,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    told = hashlib.sha256(f"{salt}|{reason}".encode()).hexdigest()
    facts = {"cohort": enrolment.cohort_id, "rules": sorted(missing), "reason_hash": told}
    record(
        kind="enrolment.admitted", base_id=enrolment.base_id, actor_id=by, subject=f"person:{enrolment.person_id}",
        facts=facts,
    )  # fmt: skip
    return row


def find_admission(enrolment_id: int) -> Admission | None:
    """The exception made for a person, or None."""
    return db.session.scalar(select(Admission).where(Admission.enrolment_id == enrolment_id))


def admissions_of(cohort_id: int) -> dict[int, Admission]:
    """The exceptions made in a cohort, by enrolment."""
    rows = db.session.scalars(
        select(Admission)
        .join(Enrolment, Enrolment.id == Admission.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    return {row.enrolment_id: row for row in rows}
