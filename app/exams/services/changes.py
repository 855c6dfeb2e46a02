"""What officers change of a sitting, and why: the reason stays here, the ledger has its salted SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from app import clock
from app.exams.models import Sitting, SittingChange
from app.ledger.services import record
from app.store import db


def keep_change(sitting: Sitting, kind: str, reason: str, by: int, minutes: int = 0, *, salt: str = "") -> str:
    """Keep an officer's reason with a sitting; returns its salted SHA-256 for the ledger.

    `salt` is given where it names the act, so that doing it twice does it once.
    """
    salt = salt or secrets.token_hex(16)
    db.session.add(
        SittingChange(
            base_id=sitting.base_id, sitting_id=sitting.id, kind=kind, minutes=minutes, reason=reason, salt=salt,
            by_id=by, at=clock.now(),
        )
    )  # fmt: skip
    return hashlib.sha256(f"{salt}|{reason}".encode()).hexdigest()


def lengthen(sitting: Sitting, minutes: int, reason: str, by: int, *, salt: str = "") -> None:
    """Give an open, locked sitting extra minutes, which may go beyond the session's window."""
    assert sitting.deadline_at is not None
    sitting.extra_minutes += minutes
    sitting.deadline_at += timedelta(minutes=minutes)
    told = keep_change(sitting, "extra-time", reason, by, minutes, salt=salt)
    facts = {"minutes": minutes, "reason_hash": told, "deadline": sitting.deadline_at.isoformat()}
    subject = f"sitting:{sitting.ref}"
    record(kind="sitting.extended", base_id=sitting.base_id, actor_id=by, subject=subject, facts=facts)
