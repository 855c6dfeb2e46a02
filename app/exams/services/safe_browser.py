"""Safe Exam Browser for a session: who has to show it, what a request proved, and what happens when it did not.

Answers are taken whatever the browser: only the pages of the paper ask for it. What does not prove the settings while
the clock runs locks the page and tells the staff; a person lets it go on, and then nothing more is asked of that sitting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import clock
from app.exams import seb
from app.exams.models import ExamSession, Sitting, SittingChange
from app.exams.services.incidents import raise_by_system
from app.ledger.services import record
from app.refusals import N_, Conflict, NotFound
from app.store import db, unscoped

LOCK = "seb"


class SessionHasBegun(Conflict):
    """The browser of a session is settled once it has opened."""

    message = N_("The session has opened; which browser it asks for can no longer be changed.")
    kept = N_("The session keeps the settings it had.")
    todo = N_("An invigilator can let single candidates go on without it.")


@dataclass(frozen=True)
class Demand:
    """What a session asks of the browser of a sitting: the session's name for links, its title, and the Config Key."""

    session_ref: str
    title: Mapping[str, str]
    key: str
    running: bool

    @property
    def mark(self) -> str:
        """What a signed cookie may remember of a proof: a hash of the key, never the key."""
        return hashlib.sha256(f"mark {self.key}".encode()).hexdigest()


def ask_for_browser(ref: str, settings: Mapping[str, Any], by: int) -> ExamSession:
    """Let a session ask for Safe Exam Browser with these settings. Raises NotFound, SessionHasBegun."""
    session = _coming(ref)
    session.seb_config, session.seb_key = seb.stored(settings), seb.config_key(settings)
    _note(session, by, hashlib.sha256(session.seb_key.encode()).hexdigest())
    return session


def ask_for_no_browser(ref: str, by: int) -> ExamSession:
    """Let a session do without. Raises NotFound, SessionHasBegun."""
    session = _coming(ref)
    if session.seb_key is not None:
        session.seb_config = session.seb_key = None
        _note(session, by, None)
    return session


def settings_of(ref: str) -> bytes:
    """The .seb file of a session that has not closed. Raises NotFound, also for a session that asks for none.

    SEB fetches it before anybody signs in, so the session's name, 128 random bits, is the key to it.
    """
    with unscoped():
        session = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref))
    if session is None or not session.seb_config or clock.now() >= session.closes_at:
        raise NotFound
    return seb.settings_file(seb.from_stored(session.seb_config))


def find_demand(sitting_ref: str, person_id: int) -> Demand | None:
    """What the browser of a person's sitting has to prove; None when nothing is asked."""
    row = db.session.execute(
        select(ExamSession, Sitting.id, Sitting.state)
        .join(Sitting, Sitting.session_id == ExamSession.id)
        .where(Sitting.ref == sitting_ref, Sitting.person_id == person_id, ExamSession.seb_key.is_not(None))
    ).first()
    if row is None:
        return None
    session, sitting_id, state = row
    excused = select(SittingChange.id).where(SittingChange.sitting_id == sitting_id, SittingChange.kind == "unlocked")
    if db.session.scalar(excused.limit(1)) is not None:
        return None
    assert session.seb_key is not None
    return Demand(session.ref, session.title, session.seb_key, state == "open")


def lock_without_browser(sitting_ref: str, person_id: int) -> bool:
    """Lock the page of a running sitting whose browser did not prove itself; whether it is locked now."""
    sitting = db.session.scalar(
        select(Sitting).where(Sitting.ref == sitting_ref, Sitting.person_id == person_id).with_for_update()
    )
    if sitting is None or sitting.state != "open":
        return False
    if sitting.locked is None:
        sitting.locked = LOCK
        facts = {"reason": LOCK}
        record(
            kind="sitting.locked", base_id=sitting.base_id, actor_id=None, subject=f"sitting:{sitting_ref}", facts=facts
        )
        raise_by_system(sitting, LOCK)
    return True


def _coming(ref: str) -> ExamSession:
    session = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref).with_for_update())
    if session is None:
        raise NotFound
    if clock.now() >= session.opens_at:
        raise SessionHasBegun
    return session


def _note(session: ExamSession, by: int, key_hash: str | None) -> None:
    facts = {"seb_key_hash": key_hash}
    record(kind="session.browser", base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}", facts=facts)
