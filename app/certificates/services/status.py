"""Changing the state of a certificate: suspend, reinstate, withdraw, replace; each with reason, person and date."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from app import clock
from app.certificates.models import Certificate, CertificateEvent
from app.certificates.services import request
from app.certificates.states import ACTS
from app.ledger.services import record
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db


class OwnCertificate(Refusal):
    """Nobody decides on his own certificate (ISO/IEC 17024 4.3)."""

    message = N_("This is your own certificate. Somebody else has to decide on it.")
    status = 403


class NotInThisState(Conflict):
    """The certificate is no longer in a state that allows the act."""

    message = N_("The certificate has changed in the meantime; this is no longer possible.")


class UnknownReason(Refusal):
    """The reason is none of the list for this act."""

    message = N_("Choose one of the reasons.")


def change(certificate_id: int, act: str, *, reason: str, note: str, by: int) -> int:
    """Carry out an act of `ACTS` and return the id of the certificate to look at afterwards.

    Doing it twice changes nothing the second time. Raises NotFound, OwnCertificate, NotInThisState, UnknownReason.
    """
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id).with_for_update())
    if row is None or act not in ACTS:
        raise NotFound
    rule = ACTS[act]
    if row.person_id == by:
        raise OwnCertificate
    if reason not in rule.reasons:
        raise UnknownReason
    if act == "replace":
        return _replace(row, reason=reason, note=note, by=by)
    if row.state == rule.target and _last_event(row) == rule.event:
        return row.id
    if row.state not in rule.sources:
        raise NotInThisState
    row.state = rule.target
    _write_down(row, rule.event, reason=reason, note=note, by=by)
    return row.id


def _replace(row: Certificate, *, reason: str, note: str, by: int) -> int:
    """Order a new issue under the same number; the present one stays valid until the new one is signed."""
    next_issue = select(Certificate).where(
        Certificate.decision_id == row.decision_id, Certificate.issue == row.issue + 1
    )
    ordered = db.session.scalar(next_issue)
    if ordered is not None:
        return ordered.id
    if row.state not in ACTS["replace"].sources:
        raise NotInThisState
    new = Certificate(
        base_id=row.base_id, decision_id=row.decision_id, person_id=row.person_id, enrolment_id=row.enrolment_id,
        issue=row.issue + 1, number=row.number, state="held", token=request.new_token(), salt=secrets.token_hex(16),
        problems=[], replaces_id=row.id, asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    _write_down(row, "reissue-asked", reason=reason, note=note, by=by)
    request.prepare(new, by=by)
    return new.id


def _last_event(row: Certificate) -> str | None:
    statement = select(CertificateEvent.kind).where(CertificateEvent.certificate_id == row.id)
    return db.session.scalar(statement.order_by(CertificateEvent.id.desc()).limit(1))


def _write_down(row: Certificate, event: str, *, reason: str, note: str, by: int) -> None:
    """The event and its ledger entry, in the transaction of the change; the note is the base's own and is not logged."""
    db.session.add(
        CertificateEvent(
            base_id=row.base_id, certificate_id=row.id, kind=event, at=clock.now(), by_id=by, reason=reason, note=note
        )
    )
    facts = {"number": row.number, "issue": row.issue, "reason": reason}
    subject = f"certificate:{row.number}"
    record(kind=f"certificate.{event}", base_id=row.base_id, actor_id=by, subject=subject, facts=facts)
