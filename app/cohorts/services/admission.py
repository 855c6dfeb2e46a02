"""Admission by exception 例外准考: a person may sit although study rules are not met, until it is withdrawn.

Both reasons are written down and stay in the database; the ledger has their salted SHA-256.
"""

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

    `missing` are the kinds of rules not met at that moment.
    """
    enrolment = _held(enrolment_id)
    found = find_admission(enrolment_id)
    if found is not None:
        return found
    salt, told = _sealed(reason)
    row = Admission(
        base_id=enrolment.base_id, enrolment_id=enrolment_id, reason=reason, salt=salt, missing=list(missing), by_id=by,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts = {"cohort": enrolment.cohort_id, "rules": sorted(missing), "reason_hash": told}
    record(
        kind="enrolment.admitted", base_id=enrolment.base_id, actor_id=by, subject=f"person:{enrolment.person_id}",
        facts=facts,
    )  # fmt: skip
    return row


def withdraw_admission(enrolment_id: int, *, reason: str, by: int) -> Admission:
    """Withdraw the exception in force; again changes nothing. Raises NotFound where none was ever made.

    A sitting that has begun goes on; one that has not begun is refused again while rules are not met.
    """
    enrolment = _held(enrolment_id)
    found = latest_admission(enrolment_id)
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        return found
    found.withdrawn_salt, told = _sealed(reason)
    found.withdrawn_why, found.withdrawn_by, found.withdrawn_at = reason, by, clock.now()
    db.session.flush()
    record(
        kind="enrolment.exception-withdrawn", base_id=enrolment.base_id, actor_id=by,
        subject=f"person:{enrolment.person_id}", facts={"cohort": enrolment.cohort_id, "reason_hash": told},
    )  # fmt: skip
    return found


def find_admission(enrolment_id: int) -> Admission | None:
    """The exception in force for a person, or None."""
    found = latest_admission(enrolment_id)
    return found if found is not None and found.withdrawn_at is None else None


def latest_admission(enrolment_id: int) -> Admission | None:
    """The exception made last for a person, in force or withdrawn, or None."""
    return db.session.scalar(
        select(Admission).where(Admission.enrolment_id == enrolment_id).order_by(Admission.id.desc()).limit(1)
    )


def admissions_of(cohort_id: int) -> dict[int, list[Admission]]:
    """The exceptions made in a cohort by enrolment, the latest first, those withdrawn as well."""
    found: dict[int, list[Admission]] = {}
    for row in db.session.scalars(
        select(Admission)
        .join(Enrolment, Enrolment.id == Admission.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Admission.id.desc())
    ):
        found.setdefault(row.enrolment_id, []).append(row)
    return found


def _held(enrolment_id: int) -> Enrolment:
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update())
    if enrolment is None:
        raise NotFound
    return enrolment


def _sealed(reason: str) -> tuple[str, str]:
    """A salt, and the SHA-256 of "salt|reason"."""
    salt = secrets.token_hex(16)
    return salt, hashlib.sha256(f"{salt}|{reason}".encode()).hexdigest()
