"""What officers change of a sitting, and why: the reason stays here, the ledger has its salted SHA-256."""

from __future__ import annotations

import hashlib
import secrets

from app import clock
from app.exams.models import Sitting, SittingChange
from app.store import db


def keep_change(sitting: Sitting, kind: str, reason: str, by: int, minutes: int = 0) -> str:
    """Keep an officer's reason with a sitting; returns its salted SHA-256 for the ledger."""
    salt = secrets.token_hex(16)
    db.session.add(
        SittingChange(
            base_id=sitting.base_id, sitting_id=sitting.id, kind=kind, minutes=minutes, reason=reason, salt=salt,
            by_id=by, at=clock.now(),
        )
    )  # fmt: skip
    return hashlib.sha256(f"{salt}|{reason}".encode()).hexdigest()
