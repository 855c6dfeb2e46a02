"""The pulse 心跳 of the exam page: who is where, what the page noticed, and what the candidate has to hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.exams.models import Announcement, ExamCandidate, ExamSession, Incident, Presence, Sitting, SittingEvent
from app.exams.services.incidents import raise_by_system
from app.exams.signs import Patience, Sign
from app.refusals import NotFound
from app.store import Base, db, is_sqlite


@dataclass(frozen=True)
class Pulse:
    """What a page says: its device, the question shown, whether it is hidden, the last announcement it knows."""

    writer: str
    slot: int | None
    hidden: bool
    seen_no: int
    phone: bool = False
    signs: Sequence[Sign] = ()


@dataclass(frozen=True)
class Heard:
    """What the page is told. `acked` are the numbers of the signs that are kept or need not be kept.

    `left` counts how often the page was left, `warnings` from how many on staff are told (0: never). `incidents` are
    those that the candidate has not answered; `held` says whether this device holds the pen. `seb_key` is the Config
    Key that the page has to prove, None when nothing is asked.
    """

    deadline_at: datetime | None
    state: str
    closed_by: str | None
    closed_reason: str | None
    locked: str | None
    seb_key: str | None
    held: bool
    left: int
    warnings: int
    acked: Sequence[int]
    announcements: Sequence[Announcement] = field(default=())
    incidents: Sequence[Incident] = field(default=())


def _facts(ref: str, person_id: int, seen_no: int) -> Any:
    """One statement for all that a pulse has to know."""
    room = (
        select(ExamCandidate.room)
        .where(ExamCandidate.session_id == Sitting.session_id, ExamCandidate.person_id == Sitting.person_id)
        .correlate(Sitting)
        .scalar_subquery()
    )
    news = (
        select(func.count())
        .where(
            Announcement.session_id == Sitting.session_id,
            Announcement.no > seen_no,
            or_(Announcement.room == "", Announcement.room == room),
        )
        .correlate(Sitting)
        .scalar_subquery()
    )
    asked = select(func.count()).where(*_unanswered(Sitting.id)).correlate(Sitting).scalar_subquery()
    left = (
        select(func.count())
        .where(SittingEvent.sitting_id == Sitting.id, SittingEvent.kind == "left")
        .correlate(Sitting)
        .scalar_subquery()
    )
    return (
        select(
            Sitting.id, Sitting.base_id, Sitting.session_id, Sitting.state, Sitting.deadline_at, Sitting.locked,
            Sitting.writer, Sitting.closed_by, Sitting.closed_reason, ExamSession.leave_seconds,
            ExamSession.leave_seconds_phone, ExamSession.leave_warnings, ExamSession.seb_key, room.label("room"),
            news.label("news"), asked.label("asked"), left.label("left"),
        )
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .where(Sitting.ref == ref, Sitting.person_id == person_id)
    )  # fmt: skip


def _unanswered(sitting_id: Any) -> tuple[Any, ...]:
    return (
        Incident.sitting_id == sitting_id, Incident.reply.is_(None), Incident.decision.is_(None),
        Incident.source != "candidate",
    )  # fmt: skip


def take_pulse(ref: str, person_id: int, pulse: Pulse) -> Heard:
    """Note where the page is and what it noticed; two statements when there is nothing new. Raises NotFound.

    Signs are kept once for each (sitting, device, number). A page that is left more often than the session allows
    raises an incident for a person to look at; nothing else follows from it.
    """
    row = db.session.execute(_facts(ref, person_id, pulse.seen_no)).one_or_none()
    if row is None:
        raise NotFound
    held = row.writer in {None, pulse.writer}
    if held and row.state != "closed":
        _be_present(row.id, pulse)
    left, asked = row.left, row.asked
    if pulse.signs:
        left, asked = _keep(row, pulse), 1
    return Heard(
        deadline_at=row.deadline_at, state=row.state, closed_by=row.closed_by, closed_reason=row.closed_reason,
        locked=row.locked, seb_key=row.seb_key if row.state == "open" and not row.locked else None,
        held=held, left=left, warnings=row.leave_warnings,
        acked=[sign.no for sign in pulse.signs],
        announcements=_announcements(row, pulse.seen_no) if row.news else (),
        incidents=db.session.scalars(select(Incident).where(*_unanswered(row.id)).order_by(Incident.id)).all()
        if asked else (),
    )  # fmt: skip


def note_second_device(sitting: Sitting, writer: str) -> None:
    """Note, once for each device and epoch, that a second device asked for the pen of a sitting.

    Numbers below zero are the server's own, so that they never meet those of the device.
    """
    at = clock.now()
    sign = {
        "base_id": sitting.base_id, "sitting_id": sitting.id, "writer": writer, "no": -sitting.epoch,
        "kind": "second-device", "slot": None, "ms": 0, "client_ms": int(at.timestamp() * 1000), "at": at,
    }  # fmt: skip
    db.session.execute(_insert(SittingEvent, sign).on_conflict_do_nothing())


def _be_present(sitting_id: int, pulse: Pulse) -> None:
    now = {"seen_at": clock.now(), "slot": pulse.slot, "hidden": pulse.hidden}
    made = _insert(Presence, {"sitting_id": sitting_id, **now})
    db.session.execute(made.on_conflict_do_update(index_elements=["sitting_id"], set_=now))


def _keep(row: Row[Any], pulse: Pulse) -> int:
    """Keep the signs and return how often the page was left in all."""
    patience = Patience(row.leave_seconds, row.leave_seconds_phone, row.leave_warnings)
    at = clock.now()
    kept = [
        {
            "base_id": row.base_id, "sitting_id": row.id, "writer": pulse.writer, "no": sign.no, "kind": sign.kind,
            "slot": sign.slot, "ms": sign.ms, "client_ms": sign.client_ms, "at": at,
        }
        for sign in pulse.signs
        if patience.is_counted(sign, phone=pulse.phone)
    ]  # fmt: skip
    if kept:
        db.session.execute(_insert(SittingEvent, kept).on_conflict_do_nothing())
    left = _times_left(row.id)
    if any(one["kind"] == "left" for one in kept) and patience.tells_staff(left):
        _tell_staff(row.id, patience)
    return left


def _tell_staff(sitting_id: int, patience: Patience) -> None:
    """Raise the incident when the page was left often enough since a person last decided about it."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    decided = db.session.scalar(
        select(func.max(Incident.decided_at)).where(Incident.sitting_id == sitting_id, Incident.kind == "left")
    )
    if sitting is not None and patience.tells_staff(_times_left(sitting_id, since=decided)):
        raise_by_system(sitting, "left")


def _times_left(sitting_id: int, since: datetime | None = None) -> int:
    where = [SittingEvent.sitting_id == sitting_id, SittingEvent.kind == "left"]
    if since is not None:
        where.append(SittingEvent.at > since)
    return db.session.scalar(select(func.count()).select_from(SittingEvent).where(*where)) or 0


def _announcements(row: Row[Any], seen_no: int) -> Sequence[Announcement]:
    return db.session.scalars(
        select(Announcement)
        .where(
            Announcement.session_id == row.session_id, Announcement.no > seen_no,
            or_(Announcement.room == "", Announcement.room == (row.room or "")),
        )
        .order_by(Announcement.no)
    ).all()  # fmt: skip


def _insert(table: type[Base], values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
    """An INSERT that can say what happens to a row that is there already."""
    return (sqlite.insert if is_sqlite() else postgresql.insert)(table).values(values)
