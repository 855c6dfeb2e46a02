"""Candidates 考生 of a session: the list with seats and accommodations, and what each does in the waiting room 候考."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts.models import Person
from app.cohorts.models import Enrolment
from app.exams import timing
from app.exams.arrangement import same_code
from app.exams.models import ExamCandidate, ExamSession, Incident, Sitting
from app.exams.seating import Place, Room, seated
from app.exams.services.accommodations import NONE, Ease, eases
from app.exams.services.admit import admit, candidate_of, complete_list
from app.exams.services.sessions import get_session_by_id
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db

CHECKS = ("connection", "storage", "clock", "keys", "screen", "printing")
"""What the device check of the waiting room looks at."""


class WrongCode(Refusal):
    """What was typed is not the access code of the session."""

    message = N_("This is not the access code. %(left)s tries are left.")
    kept = N_("Nothing was changed.")
    todo = N_("Ask the invigilator for the code; upper or lower case does not matter.")


@dataclass(frozen=True)
class Line:
    """One person in the list of a session; `row` is missing for who joined the class a moment ago."""

    person: Person
    enrolment: Enrolment
    row: ExamCandidate | None
    ease: Ease
    sitting: Sitting | None

    @property
    def place(self) -> Place:
        """Room and seat."""
        return Place(self.row.room, self.row.seat) if self.row else Place()


def list_candidates(session: ExamSession) -> Sequence[Line]:
    """Everybody of a session in the order of admission numbers."""
    found = db.session.execute(
        select(Person, Enrolment, ExamCandidate)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(
            ExamCandidate,
            (ExamCandidate.enrolment_id == Enrolment.id) & (ExamCandidate.session_id == session.id),
        )
        .where(Enrolment.cohort_id == session.cohort_id, Enrolment.state == "active")
        .order_by(Enrolment.number)
    ).all()
    day = session.opens_at.astimezone(clock.BEIJING).date()
    held = eases([row for _, _, row in found if row is not None], day)
    newest = select(Sitting).where(Sitting.session_id == session.id).order_by(Sitting.attempt_no)
    sittings = {one.person_id: one for one in db.session.scalars(newest)}
    return [
        Line(person, enrolment, row, held[row.id] if row else NONE, sittings.get(person.id))
        for person, enrolment, row in found
    ]


def get_line(session: ExamSession, candidate_id: int) -> Line:
    """One person of the list by the id of the row. Raises NotFound."""
    for line in list_candidates(session):
        if line.row is not None and line.row.id == candidate_id:
            return line
    raise NotFound


def own_line(session: ExamSession, person_id: int) -> Line:
    """The person's own line in the list of a session. Raises NotFound for somebody who is not in the class."""
    found = db.session.execute(
        select(Person, Enrolment)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.cohort_id == session.cohort_id, Person.id == person_id, Enrolment.state == "active")
    ).one_or_none()
    if found is None:
        raise NotFound
    person, enrolment = found
    row = db.session.scalar(
        select(ExamCandidate).where(ExamCandidate.session_id == session.id, ExamCandidate.enrolment_id == enrolment.id)
    )
    ease = eases([row], session.opens_at.astimezone(clock.BEIJING).date())[row.id] if row else NONE
    return Line(person, enrolment, row, ease, None)


def set_places(session: ExamSession, places: Mapping[int, Place], *, by: int) -> int:
    """Put people into rooms and seats, by the ids of their rows; returns how many places changed."""
    rows = db.session.scalars(select(ExamCandidate).where(ExamCandidate.session_id == session.id))
    changed = [row for row in rows if row.id in places and (row.room, row.seat) != _pair(places[row.id])]
    for row in changed:
        row.room, row.seat = _pair(places[row.id])
    if changed:
        record(
            kind="session.seated", base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}",
            facts={"places": len(changed)},
        )  # fmt: skip
    return len(changed)


def seat_by_number(session: ExamSession, rooms: Sequence[Room], apart: Sequence[Room], *, by: int) -> int:
    """Fill rooms in the order of admission numbers; who needs a room apart gets a seat in those.

    Returns how many places changed. Raises seating.RoomsTooSmall, seating.NoRoomApart.
    """
    complete_list(session)
    lines = [line for line in list_candidates(session) if line.row is not None]
    places = seated([not line.ease.separate_room for line in lines], rooms, apart)
    return set_places(
        session, {line.row.id: place for line, place in zip(lines, places, strict=True) if line.row}, by=by
    )


def admit_everybody(session: ExamSession, *, by: int) -> int:
    """Fix the nonce of everybody who has none yet, because their cards are printed; returns how many."""
    complete_list(session)
    fresh = [line for line in list_candidates(session) if line.row is None or line.row.nonce is None]
    for line in fresh:
        admit(session, line.enrolment)
    if fresh:
        record(
            kind="session.cards-made", base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}",
            facts={"people": len(fresh)},
        )  # fmt: skip
    return len(fresh)


@dataclass(frozen=True)
class Wanted:
    """A sitting in the waiting room: its state, on what it is sat, and what of identity, statement and code is missing.

    `browser`: its session asks for Safe Exam Browser.
    """

    state: str
    medium: str
    mine: bool
    accept: bool
    code: bool
    browser: bool


def still_wanted(ref: str, person_id: int) -> Wanted:
    """What a candidate must still give before he may begin, in one small query. Raises NotFound."""
    found = db.session.execute(
        select(
            Sitting.state,
            Sitting.medium,
            Sitting.statement_at,
            ExamSession.access_code,
            ExamSession.seb_key,
            ExamCandidate.confirmed_at,
            ExamCandidate.entered_at,
        )
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .outerjoin(
            ExamCandidate,
            (ExamCandidate.session_id == Sitting.session_id) & (ExamCandidate.enrolment_id == Sitting.enrolment_id),
        )
        .where(Sitting.ref == ref, Sitting.person_id == person_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    state, medium, stated, access_code, seb_key, confirmed, entered = found
    code = access_code is not None and entered is None
    return Wanted(state, medium, confirmed is None, stated is None, code, seb_key is not None)


def own_row(sitting: Sitting) -> ExamCandidate:
    """The row of a sitting's person in the list of its session, in a write transaction."""
    session = get_session_by_id(sitting.session_id)
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == sitting.enrolment_id)).one()
    return candidate_of(session, enrolment)


def confirm_identity(sitting: Sitting) -> None:
    """The candidate says that name, number and employer are his; the first time counts."""
    row = own_row(sitting)
    if row.confirmed_at is None:
        row.confirmed_at = clock.now()


def accept_statement(sitting: Sitting) -> None:
    """The candidate accepts rules and statement while he waits. Raises timing.Closed."""
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.statement_at is None:
        sitting.statement_at = clock.now()


def enter_code(sitting: Sitting, typed: str, left: int) -> None:
    """Take the access code that was typed; `left` is how many tries are left, counted by the caller.

    Raises WrongCode. A session without a code takes anything.
    """
    session, row = get_session_by_id(sitting.session_id), own_row(sitting)
    if session.access_code is None or row.entered_at is not None:
        return
    if not same_code(session.access_code, typed):
        raise WrongCode(left=left)
    row.entered_at = clock.now()


def report_stranger(sitting: Sitting) -> None:
    """Somebody in the waiting room says that the details are not his: staff are told, once, and nothing else happens."""
    known = select(Incident.id).where(
        Incident.sitting_id == sitting.id, Incident.kind == "identity", Incident.decision.is_(None)
    )
    if db.session.scalar(known) is not None:
        return
    own_row(sitting).confirmed_at = None
    db.session.add(
        Incident(
            base_id=sitting.base_id, ref=secrets.token_hex(16), session_id=sitting.session_id, sitting_id=sitting.id,
            kind="identity", source="candidate", body="", by_id=sitting.person_id, at=clock.now(),
        )
    )  # fmt: skip
    record(
        kind="incident.raised", base_id=sitting.base_id, actor_id=sitting.person_id, subject=f"sitting:{sitting.ref}",
        facts={"incident": "identity"},
    )  # fmt: skip


def keep_checks(sitting: Sitting, raw: Mapping[str, Any]) -> None:
    """Keep what the device check found: for each check whether it is well, and two figures. What else is sent is dropped.

    What was found before and is not said again stays, such as the keyboard of the page before.
    """
    kept: dict[str, Any] = {name: raw[name] for name in CHECKS if isinstance(raw.get(name), bool)}
    for name in ("clock_ms", "round_trip_ms"):
        if type(raw.get(name)) is int and abs(raw[name]) < 2**40:
            kept[name] = raw[name]
    row = own_row(sitting)
    row.checks = (row.checks or {}) | kept | {"at": clock.now().isoformat()}


def _pair(place: Place) -> tuple[str, str]:
    return place.room.strip()[:60], place.seat.strip()[:12]
