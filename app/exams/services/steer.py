"""What an invigilator does while a session runs: announce, give a room more time, unlock a page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from app import clock
from app.accounts.models import Person
from app.exams import timing
from app.exams.models import Announcement, ExamCandidate, ExamSession, Sitting, SittingChange
from app.exams.services.changes import keep_change, lengthen
from app.ledger.services import record, seal
from app.refusals import N_, NotFound, Refusal
from app.store import db


class NobodySits(Refusal):
    """There is no running sitting that the act could be for."""

    message = N_("Nobody is sitting there at the moment, so nothing was changed.")
    todo = N_("Look at the seats again.")


@dataclass(frozen=True)
class Said:
    """An announcement with who made it."""

    no: int
    room: str
    body: str
    by: str
    at: datetime


def announce(session: ExamSession, *, after: int, room: str, body: str, by: int) -> Announcement:
    """Say something to everybody of a session or to one room; it reaches the pages with their next pulse.

    `after` is the number of the last announcement that the form knew: sending it twice says it once.
    """
    db.session.execute(select(ExamSession.id).where(ExamSession.id == session.id).with_for_update())
    newer = db.session.scalars(
        select(Announcement).where(Announcement.session_id == session.id, Announcement.no > after)
    )
    for one in newer:
        if (one.body, one.room, one.by_id) == (body, room, by):
            return one
    last = db.session.scalar(select(func.max(Announcement.no)).where(Announcement.session_id == session.id)) or 0
    made = Announcement(
        base_id=session.base_id, session_id=session.id, no=last + 1, room=room, body=body, by_id=by, at=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    facts = {"number": made.no, "text_sealed": seal(body), "one_room": bool(room)}
    record(
        kind="session.announced", base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}", facts=facts
    )
    return made


def announcements_of(session: ExamSession) -> Sequence[Said]:
    """What was announced, the latest first."""
    rows = db.session.execute(
        select(Announcement, Person.name)
        .join(Person, Person.id == Announcement.by_id)
        .where(Announcement.session_id == session.id)
        .order_by(Announcement.no.desc())
    )
    return [Said(one.no, one.room, one.body, name, one.at) for one, name in rows]


def extend_all(session: ExamSession, *, key: str, room: str, minutes: int, reason: str, by: int) -> int:
    """Give everybody who sits at the moment, in one room or (empty) in all, extra minutes; returns to how many.

    The same `key` again changes nothing. Raises NobodySits.
    """
    statement = (
        select(Sitting)
        .where(Sitting.session_id == session.id, Sitting.state == "open")
        .order_by(Sitting.id)
        .with_for_update(of=Sitting)
    )
    if room:
        here = and_(ExamCandidate.enrolment_id == Sitting.enrolment_id, ExamCandidate.session_id == session.id)
        statement = statement.join(ExamCandidate, here).where(ExamCandidate.room == room)
    sittings = db.session.scalars(statement).all()
    if not sittings:
        raise NobodySits
    salts = {sitting.id: hashlib.sha256(f"{key}|{sitting.ref}".encode()).hexdigest()[:32] for sitting in sittings}
    done = set(
        db.session.scalars(
            select(SittingChange.sitting_id).where(
                SittingChange.sitting_id.in_(list(salts)), SittingChange.salt.in_(list(salts.values()))
            )
        )
    )
    for sitting in sittings:
        if sitting.id not in done:
            lengthen(sitting, minutes, reason, by, salt=salts[sitting.id])
    return len(sittings)


def unlock_sitting(ref: str, *, reason: str, by: int) -> Sitting:
    """Let a locked page go on; unlocking again changes nothing. Raises NotFound, timing.Closed."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.ref == ref).with_for_update())
    if sitting is None:
        raise NotFound
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.locked is None:
        return sitting
    facts = {"kind": sitting.locked, "reason_hash": keep_change(sitting, "unlocked", reason, by)}
    sitting.locked = None
    record(kind="sitting.unlocked", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{ref}", facts=facts)
    return sitting
