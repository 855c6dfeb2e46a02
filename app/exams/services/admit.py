"""Admission to a session 准考: the candidate's nonce 抽卷号 is fixed once, before the paper is drawn."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.cohorts.models import Enrolment
from app.exams.models import ExamCandidate, ExamSession
from app.ledger.services import record
from app.refusals import N_, Refusal
from app.store import db, is_sqlite

_NONCE = re.compile(r"[0-9a-f]{32}")


class BadNonce(Refusal):
    """What came as the device's random number is none."""

    message = N_("The random number of this device could not be read.")
    todo = N_("Reload the page and try again.")


def admit(session: ExamSession, enrolment: Enrolment, nonce: str | None = None) -> ExamCandidate:
    """Fix the nonce (32 hex digits) of a candidate, once; whoever comes later finds the first.

    Without one, because an admission card or a booklet is made before the candidate's device is there, the house makes
    it and `nonce_by` says 'staff'. The row's unique constraint and its lock decide between two at once. The ledger has
    the SHA-256 of the nonce. Raises BadNonce.
    """
    if nonce is not None and not _NONCE.fullmatch(nonce):
        raise BadNonce
    candidate = candidate_of(session, enrolment)
    if candidate.nonce is not None:
        return candidate
    candidate.nonce, candidate.nonce_by = nonce or secrets.token_hex(16), "staff" if nonce is None else "candidate"
    candidate.admitted_at = clock.now()
    db.session.flush()
    told = hashlib.sha256(candidate.nonce.encode()).hexdigest()
    record(
        kind="candidate.admitted", base_id=session.base_id, actor_id=enrolment.person_id if nonce else None,
        subject=f"session:{session.ref}",
        facts={"enrolment": enrolment.id, "nonce": told, "by": candidate.nonce_by},
    )  # fmt: skip
    return candidate


def candidate_of(session: ExamSession, enrolment: Enrolment) -> ExamCandidate:
    """The row of a person on the session's list, made if it is not there, and locked."""
    _add(session, [enrolment])
    return db.session.scalars(
        select(ExamCandidate)
        .where(ExamCandidate.session_id == session.id, ExamCandidate.enrolment_id == enrolment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def complete_list(session: ExamSession) -> None:
    """Give everybody of the session's class a row in its list; who joined later gets one, too."""
    listed = select(ExamCandidate.enrolment_id).where(ExamCandidate.session_id == session.id)
    missing = db.session.scalars(
        select(Enrolment).where(
            Enrolment.cohort_id == session.cohort_id, Enrolment.state == "active", Enrolment.id.not_in(listed)
        )
    ).all()
    if missing:
        _add(session, missing)


def _add(session: ExamSession, people: Any) -> None:
    """Add rows to the list; what another transaction added meanwhile stays as it is."""
    make: Any = sqlite.insert if is_sqlite() else postgresql.insert
    rows = [
        {"base_id": session.base_id, "session_id": session.id, "enrolment_id": one.id, "person_id": one.person_id,
         "room": "", "seat": ""}
        for one in people
    ]  # fmt: skip
    statement = make(ExamCandidate.__table__).values(rows)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["session_id", "enrolment_id"]))
