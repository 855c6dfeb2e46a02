"""What becomes of an announced live session 面授: it is changed, moved to another time, or cancelled with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import clock
from app.cohorts.models import LiveSession
from app.cohorts.services.live import Cancelled, MinutesOutside, newest_records, teachers_of
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db


class TookPlace(Refusal):
    """Somebody was there, so the session is neither cancelled nor put off."""

    message = N_("Somebody is recorded as present, so this session took place: it cannot be cancelled or put off.")
    kept = N_("Nothing was changed.")
    todo = N_("If the record is wrong, correct the attendance first.")


def change_live_session(session_id: int, *, starts_at: datetime, minutes: int, place: str, teacher_id: int | None,
                        title_zh: str, title_en: str, by: int) -> None:  # fmt: skip
    """Change what a session says; another beginning moves it, and trainees read when it was to be. The same again
    changes nothing.

    Raises NotFound, Cancelled, MinutesOutside (somebody attended more than is left), TookPlace (somebody was there, and
    the new beginning is still to come).
    """
    row = _held(session_id)
    records = newest_records(session_id).values()
    if max((one.minutes for one in records), default=0) > minutes:
        raise MinutesOutside(minutes=minutes)
    if teacher_id is not None and teacher_id not in {one.id for one in teachers_of(row.cohort_id)}:
        raise NotFound
    before, said = row.starts_at, (title_zh, title_en, minutes, place, teacher_id)
    if before != starts_at > clock.now() and any(one.state == "present" for one in records):
        raise TookPlace
    same = (row.title_zh, row.title_en, row.minutes, row.place, row.teacher_id) == said
    row.title_zh, row.title_en, row.minutes, row.place, row.teacher_id = said
    if before != starts_at:
        row.starts_at, row.moved_from = starts_at, before
        times = {"from": before.isoformat(), "to": starts_at.isoformat()}
        _log("live.moved", row, by, {"minutes": minutes, **times})
    elif not same:
        _log("live.changed", row, by, {"minutes": minutes})


def cancel_live_session(session_id: int, *, why: str, by: int) -> None:
    """Cancel a session; trainees read why. Again changes nothing. Raises NotFound, TookPlace."""
    row = _held(session_id, cancelled=True)
    if row.cancelled_at is not None:
        return
    if any(one.state == "present" for one in newest_records(session_id).values()):
        raise TookPlace
    row.cancelled_at, row.cancelled_by, row.cancelled_why = clock.now(), by, why
    _log("live.cancelled", row, by, {"from": row.starts_at.isoformat()})


def _held(session_id: int, *, cancelled: bool = False) -> LiveSession:
    """The session, locked against attendance that is recorded at the same moment."""
    row = db.session.scalar(
        select(LiveSession)
        .where(LiveSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if row.cancelled_at is not None and not cancelled:
        raise Cancelled
    return row


def _log(kind: str, row: LiveSession, by: int, facts: dict[str, object]) -> None:
    about = {"cohort": row.cohort_id, **facts}
    record(kind=kind, base_id=row.base_id, actor_id=by, subject=f"live:{row.id}", facts=about)
