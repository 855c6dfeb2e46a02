"""Live sessions 面授 of a cohort and who attended them; a correction is a further version, the newest counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app import clock
from app.accounts.models import Person
from app.cohorts import attendance
from app.cohorts.models import Attendance, Enrolment, LiveSession, Teaching
from app.cohorts.services.classes import get_cohort
from app.ledger.services import record
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db


class NotBegun(Refusal):
    """Attendance is recorded once the session has begun."""

    message = N_("The live session has not begun; attendance can be recorded from %(time)s.")


class Cancelled(Refusal):
    """A session that was cancelled stays so."""

    message = N_("This live session was cancelled.")
    kept = N_("Nothing was changed.")
    todo = N_("Announce a new session if it is to take place after all.")


class MinutesOutside(Refusal):
    """Somebody cannot have attended more minutes than the session had."""

    message = N_("The session lasts %(minutes)s minutes; the minutes of a person are between 0 and that.")
    kept = N_("Nothing was changed.")
    todo = N_("Correct the minutes and save again.")


@dataclass(frozen=True)
class Mark:
    """What is recorded of one person: present with minutes, absent or excused; a note in a few words."""

    state: str
    minutes: int = 0
    note: str = ""


@dataclass(frozen=True)
class SessionLine:
    """A session in a list, with how many are enrolled and how many of them have a record, are present."""

    session: LiveSession
    teacher: Person | None
    recorded: int
    present: int

    def begun(self, at: datetime) -> bool:
        """Whether it has begun."""
        return at >= self.session.starts_at


@dataclass(frozen=True)
class SeatLine:
    """One person of a session: the newest record and every one before, the newest first."""

    person: Person
    enrolment: Enrolment
    history: Sequence[Attendance]

    @property
    def newest(self) -> Attendance | None:
        """The record that counts."""
        return self.history[0] if self.history else None


def add_live_session(
    *, cohort_id: int, title_zh: str, title_en: str, starts_at: datetime, minutes: int, place: str,
    teacher_id: int | None, key: str, by: int | None,
) -> int:  # fmt: skip
    """Announce a live session and return its id; the same key again changes nothing. Raises NotFound."""
    cohort = get_cohort(cohort_id)
    found = db.session.scalar(select(LiveSession.id).where(LiveSession.key == key, LiveSession.cohort_id == cohort_id))
    if found is not None:
        return found
    if teacher_id is not None and teacher_id not in {one.id for one in teachers_of(cohort_id)}:
        raise NotFound
    row = LiveSession(
        base_id=cohort.base_id, cohort_id=cohort_id, title_zh=title_zh, title_en=title_en, starts_at=starts_at,
        minutes=minutes, place=place, teacher_id=teacher_id, key=key, made_by=by, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts = {"cohort": cohort_id, "minutes": minutes}
    record(kind="live.added", base_id=cohort.base_id, actor_id=by, subject=f"live:{row.id}", facts=facts)
    return row.id


def get_live_session(session_id: int) -> LiveSession:
    """The session. Raises NotFound."""
    found = db.session.scalar(select(LiveSession).where(LiveSession.id == session_id))
    if found is None:
        raise NotFound
    return found


def teachers_of(cohort_id: int) -> Sequence[Person]:
    """Who teaches a cohort."""
    return db.session.scalars(
        select(Person)
        .join(Teaching, Teaching.person_id == Person.id)
        .where(Teaching.cohort_id == cohort_id)
        .order_by(Person.id)
    ).all()


def list_live_sessions(cohort_id: int) -> Sequence[SessionLine]:
    """The sessions of a cohort in the order of time, with how many records each has."""
    rows = db.session.execute(
        select(LiveSession, Person)
        .outerjoin(Person, Person.id == LiveSession.teacher_id)
        .where(LiveSession.cohort_id == cohort_id)
        .order_by(LiveSession.starts_at, LiveSession.id)
    ).all()
    counted: dict[int, list[str]] = {}
    for one in _newest_of([session.id for session, _ in rows]):
        counted.setdefault(one.session_id, []).append(one.state)
    return [
        SessionLine(session, teacher, len(states := counted.get(session.id, [])), states.count("present"))
        for session, teacher in rows
    ]


def seats(session: LiveSession) -> Sequence[SeatLine]:
    """Everybody of the cohort in the order of admission numbers, with what was recorded."""
    people = db.session.execute(
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == session.cohort_id, Enrolment.state == "active")
        .order_by(Enrolment.number)
    ).all()
    history: dict[int, list[Attendance]] = {}
    for row in db.session.scalars(
        select(Attendance).where(Attendance.session_id == session.id).order_by(Attendance.version.desc())
    ):
        history.setdefault(row.enrolment_id, []).append(row)
    return [SeatLine(person, enrolment, history.get(enrolment.id, [])) for enrolment, person in people]


def record_attendance(session_id: int, marks: Mapping[int, Mark], seen: Mapping[int, int], *, by: int) -> int:
    """Record what was seen, by enrolment; unchanged people get no new record. Returns how many were recorded.

    `seen` is the version of each person's record on the page, 0 for none. Raises NotFound, Cancelled, NotBegun,
    MinutesOutside, Conflict (somebody else recorded a person in the meantime).
    """
    session = db.session.scalar(select(LiveSession).where(LiveSession.id == session_id).with_for_update())
    if session is None:
        raise NotFound
    now = clock.now()
    if session.cancelled_at is not None:
        raise Cancelled
    if now < session.starts_at:
        raise NotBegun(time=session.starts_at)
    members = set(db.session.scalars(select(Enrolment.id).where(Enrolment.cohort_id == session.cohort_id)))
    newest = newest_records(session_id)
    rows = [
        row
        for one, mark in sorted(marks.items())
        if (row := _record(session, one, mark, newest.get(one), seen.get(one, 0), members))
    ]
    for row in rows:
        row.by_id, row.at = by, now
        db.session.add(row)
    if rows:
        db.session.flush()
        facts = {"recorded": len(rows), "corrected": sum(row.version > 1 for row in rows)}
        record(
            kind="attendance.recorded", base_id=session.base_id, actor_id=by, subject=f"live:{session_id}", facts=facts
        )  # fmt: skip
    return len(rows)


def _record(
    session: LiveSession, one: int, mark: Mark, before: Attendance | None, seen: int, members: set[int]
) -> Attendance | None:
    """The further record of a person, or None where nothing changed."""
    if one not in members or mark.state not in attendance.STATES:
        raise NotFound
    minutes = mark.minutes if mark.state == "present" else 0
    if not 0 <= minutes <= session.minutes:
        raise MinutesOutside(minutes=session.minutes)
    if before is not None and (before.state, before.minutes, before.note) == (mark.state, minutes, mark.note):
        return None
    version = before.version if before is not None else 0
    if seen != version:
        raise Conflict
    return Attendance(
        base_id=session.base_id, session_id=session.id, enrolment_id=one, version=version + 1, state=mark.state,
        minutes=minutes, note=mark.note,
    )  # fmt: skip


def attendance_sums(cohort_id: int, enrolment_id: int | None = None) -> dict[int, attendance.Sum]:
    """For each enrolment of the cohort, or for the one, the sum over the sessions that have begun and were not cancelled."""
    begun = db.session.execute(
        select(LiveSession.id, LiveSession.minutes).where(
            LiveSession.cohort_id == cohort_id,
            LiveSession.starts_at <= clock.now(),
            LiveSession.cancelled_at.is_(None),
        )
    ).all()
    wanted = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
    if enrolment_id is not None:
        wanted = wanted.where(Enrolment.id == enrolment_id)
    records = {(one.session_id, one.enrolment_id): one for one in _newest_of([id for id, _ in begun], enrolment_id)}
    return {
        one: attendance.add_up(_held(minutes, records.get((session, one))) for session, minutes in begun)
        for one in db.session.scalars(wanted)
    }


def my_live_sessions(enrolment: Enrolment) -> Sequence[tuple[LiveSession, Attendance | None]]:
    """The sessions of a person's cohort with what was recorded of the person, in the order of time."""
    sessions = db.session.scalars(
        select(LiveSession).where(LiveSession.cohort_id == enrolment.cohort_id).order_by(LiveSession.starts_at)
    ).all()
    records = {one.session_id: one for one in _newest_of([one.id for one in sessions], enrolment.id)}
    return [(one, records.get(one.id)) for one in sessions]


def _held(minutes: int, found: Attendance | None) -> attendance.Held:
    return attendance.Held(minutes, found.state if found else None, found.minutes if found else 0)


def newest_records(session_id: int) -> dict[int, Attendance]:
    """The record that counts of each person in a session, by enrolment."""
    return {one.enrolment_id: one for one in _newest_of([session_id])}


def _newest_of(sessions: Sequence[int], enrolment_id: int | None = None) -> Sequence[Attendance]:
    """The record that counts of each person in each of the sessions."""
    if not sessions:
        return []
    last = select(Attendance.session_id, Attendance.enrolment_id, func.max(Attendance.version).label("version"))
    last = last.where(Attendance.session_id.in_(sessions)).group_by(Attendance.session_id, Attendance.enrolment_id)
    newest = last.subquery()
    statement = select(Attendance).join(
        newest,
        (newest.c.session_id == Attendance.session_id)
        & (newest.c.enrolment_id == Attendance.enrolment_id)
        & (newest.c.version == Attendance.version),
    )
    if enrolment_id is not None:
        statement = statement.where(Attendance.enrolment_id == enrolment_id)
    return db.session.scalars(statement).all()
