"""What verification 查验 looks up: one certificate by number, by QR token, or by the fingerprint of its file.

Never a list, and without regard to the base, because a stranger asks.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app import clock
from app.certificates.models import Certificate, CertificateEvent
from app.certificates.states import ACTS
from app.files import services as files
from app.store import db, unscoped

#: Certificates that exist for the public; what is held or being signed does not yet.
PUBLIC = ("granted", *(act.target for act in ACTS.values() if act.target != "granted"))


@dataclass(frozen=True)
class Entry:
    """A certificate in the register; `since` and `reason` (a code) belong to the event that made its present state."""

    state: str
    claims: Mapping[str, Any]
    file: str
    signer: str
    since: date | None
    reason: str


def find_by_number(number: str) -> Entry | None:
    """The newest issue under a number, which must have been read by `numbering.read`."""
    return _find(Certificate.number == number)


def find_by_token(number: str, token: str) -> Entry | None:
    """The issue whose QR code holds this number and token; None when either does not fit."""
    with unscoped():
        row = db.session.scalar(select(Certificate).where(Certificate.token == token, Certificate.state.in_(PUBLIC)))
        if row is None or not hmac.compare_digest((row.number or "").encode(), number.encode()):
            return None
        return _entry(row)


def find_by_file(sha256: str) -> Entry | None:
    """The certificate whose signed file has this SHA-256."""
    return _find(Certificate.file == sha256)


def find_issue(number: str, issue: int) -> Entry | None:
    """One issue under a number."""
    return _find(Certificate.number == number, Certificate.issue == issue)


def file_is_kept(sha256: str) -> bool | None:
    """Whether the archive still holds the signed bytes unchanged; None when it cannot be read."""
    try:
        return bool(files.get(sha256))
    except files.Damaged:
        return False
    except OSError:
        return None


def _find(*where: Any) -> Entry | None:
    with unscoped():
        statement = select(Certificate).where(*where, Certificate.state.in_(PUBLIC))
        row = db.session.scalar(statement.order_by(Certificate.issue.desc()).limit(1))
        return None if row is None else _entry(row)


def _entry(row: Certificate) -> Entry:
    event = db.session.scalar(
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id == row.id, CertificateEvent.kind != "reissue-asked")
        .order_by(CertificateEvent.id.desc())
        .limit(1)
    )
    since = event.at.astimezone(clock.BEIJING).date() if event else None
    return Entry(row.state, row.claims or {}, row.file or "", row.signer or "", since, event.reason if event else "")
