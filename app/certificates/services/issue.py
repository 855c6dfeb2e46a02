"""Signing in the worker: from a pending certificate to the signed file, once, whatever crashes in between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from app import clock
from app.certificates import keys, lint, signing
from app.certificates.claims import Claims, from_json
from app.certificates.content import wordings
from app.certificates.models import Certificate, CertificateEvent
from app.certificates.services import request
from app.documents import fonts
from app.files import services as files
from app.ledger.services import record
from app.standards.editions import edition
from app.store import db, settings


@dataclass(frozen=True)
class Order:
    """What is to be signed; values only, so that no transaction is open while the file is made."""

    certificate_id: int
    claims: Claims
    intent: str


@dataclass(frozen=True)
class Made:
    """A signed file that is stored: its SHA-256, that of the signing certificate, and the intent it was made for."""

    file: str
    signer: str
    intent: str


def find_order(certificate_id: int) -> Order | None:
    """The order of a pending certificate; None when there is nothing to do (any more)."""
    row = db.session.get(Certificate, certificate_id)
    if row is None or row.state != "pending" or row.claims is None or row.intent is None:
        return None
    return Order(row.id, from_json(row.claims), row.intent)


def make(order: Order) -> Made:
    """Draw, sign and store the file. Running it again after a crash makes another file with the same claims and number.

    Raises NotFit when the claims no longer pass the lint, KeyUnusable when the key cannot be opened.
    """
    here, at = settings(), clock.now().astimezone(clock.BEIJING)
    claims = order.claims
    linted = lint.check(claims, wordings()[claims.kind], fonts.missing, edition(claims.edition).replaced_on)
    issuer, pen = _desk(here.instance_path, here.data_key, claims.issuer_zh, claims.issuer_code, at.date().isoformat())
    signed = signing.sign(linted, issuer, pen, at=at, fonts=here.instance_path / "fonts")
    return Made(files.put(signed.data), signing.fingerprint(issuer), order.intent)


def grant(certificate_id: int, made: Made) -> bool:
    """Enter the stored file into the register; the certificate is granted now.

    False when it was granted before, when the file was made for an earlier asking, and when the issue that this one
    replaces was suspended or withdrawn meanwhile: then the row is put back to held and the file stays out of use.
    """
    replaced = request.lock_replaced(certificate_id)
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id).with_for_update())
    if row is None or row.state != "pending" or row.intent != made.intent:
        return False
    obstacle = request.cannot_replace(replaced)
    if obstacle is not None:
        request.hold(row, [obstacle], by=None)
        return False
    at = clock.now()
    row.state, row.file, row.signer, row.granted_at = "granted", made.file, made.signer, at
    db.session.add(CertificateEvent(base_id=row.base_id, certificate_id=row.id, kind="granted", at=at, by_id=None))
    facts = {"number": row.number, "issue": row.issue, "file": made.file, "intent": row.intent}
    subject = f"certificate:{row.number}"
    record(kind="certificate.granted", base_id=row.base_id, actor_id=None, subject=subject, facts=facts)
    if replaced is not None:
        _mark_replaced(replaced, row)
    return True


def _mark_replaced(old: Certificate, row: Certificate) -> None:
    """The issue that this one replaces ends when this one begins; by whom and why was said when it was ordered."""
    old.state = "replaced"
    ordered = db.session.scalar(
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id == old.id, CertificateEvent.kind == "reissue-asked")
        .order_by(CertificateEvent.id.desc())
        .limit(1)
    )
    by, reason = (ordered.by_id, ordered.reason) if ordered else (None, "")
    facts = {"number": old.number, "issue": old.issue, "by_issue": row.issue, "reason": reason}
    subject = f"certificate:{old.number}"
    db.session.add(
        CertificateEvent(
            base_id=old.base_id, certificate_id=old.id, kind="replaced", at=clock.now(), by_id=by, reason=reason
        )
    )
    record(kind="certificate.replaced", base_id=old.base_id, actor_id=by, subject=subject, facts=facts)


@lru_cache(maxsize=64)
def _desk(instance: Path, data_key: str, name: str, credit_code: str, day: str) -> tuple[keys.Issuer, signing.Pen]:
    """The opened key of a base, looked at afresh each `day`, so that the revocation list does not grow old."""
    issuer = keys.issuer(instance, data_key, name=name, credit_code=credit_code, at=clock.now())
    return issuer, signing.Pen(issuer)
