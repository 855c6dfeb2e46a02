"""Safe Exam Browser for a session: who has to show it, and what happens to a sitting whose browser does not.

Answers are taken whatever the browser: only the pages of the paper and their pulse ask for it. What does not prove the
settings while the clock runs locks the page and tells the staff; a person lets it go on, with the browser or without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.exams import seb, timing
from app.exams.models import ExamSession, Sitting, SittingChange
from app.exams.services.arrange import check_open_to_change
from app.exams.services.changes import keep_change
from app.exams.services.incidents import raise_by_system
from app.ledger.services import record
from app.refusals import NotFound
from app.store import db, unscoped

LOCK = "seb"
EXCUSED = "no-browser"
"""The kind of change by which a person lets a sitting go on without the browser."""


@dataclass(frozen=True)
class Demand:
    """What a session asks of the browser of a sitting: the names of both for links, the Config Key, how it stands."""

    session_ref: str
    sitting_ref: str
    title: Mapping[str, str]
    key: str
    running: bool


def ask_for_browser(ref: str, settings: Mapping[str, Any], by: int) -> ExamSession:
    """Let a session ask for Safe Exam Browser with these settings.

    Raises NotFound, arrange.OpenedAlready, arrange.CancelledAlready.
    """
    session = _coming(ref)
    key = seb.config_key(settings)
    if session.seb_key != key:
        session.seb_config, session.seb_key = seb.stored(settings), key
        _note(session, by, hashlib.sha256(key.encode()).hexdigest())
    return session


def ask_for_no_browser(ref: str, by: int) -> ExamSession:
    """Let a session do without. Raises NotFound, arrange.OpenedAlready, arrange.CancelledAlready."""
    session = _coming(ref)
    if session.seb_key is not None:
        session.seb_config = session.seb_key = None
        _note(session, by, None)
    return session


def settings_of(ref: str) -> bytes:
    """The .seb file of a session that is not over. Raises NotFound, also for a session that asks for none.

    The browser fetches it before anybody signs in, so the session's name, 128 random bits, is the key to it.
    """
    with unscoped():
        session = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref))
    if session is None or not session.seb_config or session.revealed_at or session.cancelled_at:
        raise NotFound
    return seb.settings_file(seb.from_stored(session.seb_config))


def find_demand(sitting: Sitting, session: ExamSession) -> Demand | None:
    """What the browser of a sitting has to prove; None when nothing is asked.

    Costs no query where the session asks for no browser.
    """
    if session.seb_key is None or sitting.state == "closed" or sitting.medium == timing.PAPER:
        return None
    if is_excused(sitting.id):
        return None
    return Demand(session.ref, sitting.ref, session.title, session.seb_key, sitting.state == "open")


def demand_of(sitting_ref: str, person_id: int) -> Demand | None:
    """The same by the name of one's own sitting. Raises NotFound."""
    found = db.session.execute(
        select(Sitting, ExamSession)
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .where(Sitting.ref == sitting_ref, Sitting.person_id == person_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return find_demand(*found)


def is_excused(sitting_id: int) -> bool:
    """Whether a person let the sitting go on without the browser."""
    excused = select(SittingChange.id).where(SittingChange.sitting_id == sitting_id, SittingChange.kind == EXCUSED)
    return db.session.scalar(excused.limit(1)) is not None


def standing(sitting: Sitting, session: ExamSession) -> str:
    """How a sitting stands to the browser, for staff: empty where nothing is asked, else asked or excused."""
    if session.seb_key is None or sitting.state == "closed" or sitting.medium == timing.PAPER:
        return ""
    return "excused" if is_excused(sitting.id) else "asked"


def lock_without_browser(sitting_ref: str, person_id: int) -> bool:
    """Lock the page of a running sitting whose browser did not prove itself; whether it is locked now."""
    sitting = db.session.scalar(
        select(Sitting).where(Sitting.ref == sitting_ref, Sitting.person_id == person_id).with_for_update()
    )
    if sitting is None or sitting.state != "open" or sitting.medium == timing.PAPER or is_excused(sitting.id):
        return False
    if sitting.locked is None:
        sitting.locked = LOCK
        record(
            kind="sitting.locked", base_id=sitting.base_id, actor_id=None, subject=f"sitting:{sitting_ref}",
            facts={"reason": LOCK},
        )  # fmt: skip
        raise_by_system(sitting, LOCK)
    return True


def excuse_browser(sitting_ref: str, *, reason: str, by: int) -> Sitting:
    """Let a sitting go on without the browser, and unlock it; twice is once. Raises NotFound, timing.Closed."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.ref == sitting_ref).with_for_update())
    if sitting is None:
        raise NotFound
    if sitting.state == "closed":
        raise timing.Closed
    if not is_excused(sitting.id):
        facts = {"kind": LOCK, "reason_hash": keep_change(sitting, EXCUSED, reason, by)}
        record(kind="sitting.excused", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{sitting_ref}",
               facts=facts)  # fmt: skip
    if sitting.locked == LOCK:
        sitting.locked = None
    return sitting


def _coming(ref: str) -> ExamSession:
    session = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref).with_for_update())
    if session is None:
        raise NotFound
    check_open_to_change(session)
    return session


def _note(session: ExamSession, by: int, key_hash: str | None) -> None:
    facts = {"seb_key_hash": key_hash}
    record(kind="session.browser", base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}", facts=facts)
