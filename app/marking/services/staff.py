"""What staff end for a candidate: a hand-in with a reason, and the decision on an incident that may void a sitting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.exams import services as exams
from app.exams.models import Incident, Sitting
from app.exams.services import incidents
from app.exams.services.changes import keep_change
from app.ledger.services import record
from app.marking.models import Decision, Result
from app.marking.services.hand_in import score_now
from app.refusals import N_, Conflict, NotFound
from app.store import db


class CertifiedAlready(Conflict):
    """A certificate rests on this sitting."""

    message = N_("A certificate has been decided on the result of this sitting.")
    kept = N_("The incident is undecided, and what you wrote is still in the form.")
    todo = N_("Have the certificate withdrawn first, or choose another decision.")


def force_hand_in(ref: str, *, reason: str, at: datetime, by: int) -> Result:
    """Hand a running sitting in for its candidate, who reads the reason; again changes nothing. Raises NotFound."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.ref == ref).with_for_update())
    if sitting is None or sitting.deadline_at is None:
        raise NotFound
    fresh = sitting.state == "open"
    closed = exams.close_sitting(sitting.id, "staff", at, reason=reason)
    if fresh:
        facts = {"reason_hash": keep_change(sitting, "forced", reason, by)}
        record(kind="sitting.forced", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{ref}", facts=facts)
    return score_now(closed)


def decide_incident(ref: str, *, decision: str, why: str, seen: str, by: int) -> Incident:
    """Decide on an incident (see exams.services.incidents). A sitting with a certificate is not declared void.

    Raises NotFound, CertifiedAlready, and what the decision itself raises.
    """
    if decision == "void":
        _check_uncertified(ref)
    return incidents.decide_incident(ref, decision=decision, why=why, seen=seen, by=by)


def _check_uncertified(ref: str) -> None:
    sitting = db.session.scalar(
        select(Sitting)
        .join(Incident, Incident.sitting_id == Sitting.id)
        .where(Incident.ref == ref)
        .with_for_update(of=Sitting)
    )
    if sitting is None:
        raise NotFound
    certified = select(Decision.id).join(Result, Result.id == Decision.result_id)
    if db.session.scalar(certified.where(Result.sitting_id == sitting.id, Decision.certify).limit(1)) is not None:
        raise CertifiedAlready
