"""Accommodations 合理便利: more time, larger letters, a room apart; standing ones of a person, and for one session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, or_, select

from app import clock
from app.exams.models import Accommodation, ExamCandidate, ExamSession, Sitting
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db

PERCENTS = (100, 110, 125, 150, 175, 200, 300)
"""The factors of the time, in percent."""
FONTS = (100, 125, 150)
"""The sizes of letters, in percent."""


class BegunAlready(Refusal):
    """The sitting has begun, so its clock is changed by extra time and not by a factor."""

    message = N_("This candidate has begun already.")
    kept = N_("Nothing was changed.")
    todo = N_("Give extra minutes on the desk instead: there is a button on the page of the seat.")


@dataclass(frozen=True)
class Ease:
    """What holds for a person in a session: factor of the time and size of letters in percent, a room apart."""

    percent: int = 100
    font: int = 100
    separate_room: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return self != Ease()


NONE = Ease()


def ease_of(candidate: ExamCandidate, day: date, *, standing: bool = True) -> Ease:
    """The accommodation in force for one candidate on a day; without `standing` nothing but what is set for the session."""
    return eases([candidate], day)[candidate.id] if standing else _own(candidate, NONE)


def has_standing(
    base_id: SQLColumnExpression[int], person_id: SQLColumnExpression[int], day: date
) -> ColumnElement[bool]:
    """For a larger query: whether a standing accommodation of the person is in force on a day."""
    return exists().where(
        Accommodation.base_id == base_id, Accommodation.person_id == person_id, *_holds(day)
    )  # fmt: skip


def eases(candidates: Collection[ExamCandidate], day: date) -> Mapping[int, Ease]:
    """The accommodation of each candidate, by the candidate's id; what is set for the session goes before.

    Of several standing ones in force the most generous value counts.
    """
    standing: dict[tuple[int, int], Ease] = {}
    for row in _in_force(sorted({one.person_id for one in candidates}), day):
        before = standing.get((row.base_id, row.person_id), NONE)
        standing[row.base_id, row.person_id] = Ease(
            max(before.percent, row.percent), max(before.font, row.font), before.separate_room or row.separate_room
        )
    return {one.id: _own(one, standing.get((one.base_id, one.person_id), NONE)) for one in candidates}


def _own(candidate: ExamCandidate, standing: Ease) -> Ease:
    return Ease(
        standing.percent if candidate.percent is None else candidate.percent,
        standing.font if candidate.font is None else candidate.font,
        standing.separate_room if candidate.separate_room is None else candidate.separate_room,
    )


def _in_force(people: Sequence[int], day: date) -> Sequence[Accommodation]:
    if not people:
        return []
    return db.session.scalars(
        select(Accommodation).where(
            Accommodation.person_id.in_(people),
            *_holds(day),
        )
    ).all()


def _holds(day: date) -> tuple[ColumnElement[bool], ...]:
    """What a standing accommodation in force on a day meets."""
    until = or_(Accommodation.until_on.is_(None), Accommodation.until_on >= day)
    return Accommodation.ended_at.is_(None), Accommodation.from_on <= day, until


def standing_of(base_id: int, person_id: int) -> Sequence[Accommodation]:
    """All standing accommodations of a person in a base, those that ended too, the latest first."""
    return db.session.scalars(
        select(Accommodation)
        .where(Accommodation.base_id == base_id, Accommodation.person_id == person_id)
        .order_by(Accommodation.id.desc())
    ).all()


def give_standing(
    candidate: ExamCandidate, ease: Ease, *, reason: str, from_on: date, until_on: date | None, by: int
) -> Accommodation:
    """Give a person of a session's list an accommodation for every exam of the base from a day on.

    The reason may tell of health: it stays here; the ledger gets its salted SHA-256.
    """
    salt = secrets.token_hex(16)
    row = Accommodation(
        base_id=candidate.base_id, person_id=candidate.person_id, percent=ease.percent, font=ease.font,
        separate_room=ease.separate_room, reason=reason, salt=salt, from_on=from_on, until_on=until_on, by_id=by,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts = _facts(ease, salt, reason) | {"from_on": from_on.isoformat(), "until_on": until_on and until_on.isoformat()}
    record(kind="accommodation.given", base_id=row.base_id, actor_id=by, subject=f"person:{row.person_id}", facts=facts)
    return row


def end_standing(accommodation_id: int, *, person_id: int, by: int) -> None:
    """End a standing accommodation now; ending it twice changes nothing. Raises NotFound."""
    row = db.session.scalar(
        select(Accommodation).where(Accommodation.id == accommodation_id, Accommodation.person_id == person_id)
    )
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = clock.now()
        record(
            kind="accommodation.ended", base_id=row.base_id, actor_id=by, subject=f"person:{row.person_id}",
            facts={"accommodation": row.id},
        )  # fmt: skip


def set_for_session(session: ExamSession, candidate: ExamCandidate, ease: Ease | None, *, reason: str, by: int) -> None:
    """Set an accommodation for this session alone; None takes it back, so that the standing one holds.

    Raises BegunAlready while the candidate sits.
    """
    begun = select(Sitting.id).where(
        Sitting.session_id == session.id, Sitting.person_id == candidate.person_id, Sitting.state == "open"
    )
    if db.session.scalar(begun.limit(1)) is not None:
        raise BegunAlready
    salt = secrets.token_hex(16)
    candidate.percent = ease.percent if ease else None
    candidate.font = ease.font if ease else None
    candidate.separate_room = ease.separate_room if ease else None
    candidate.reason, candidate.salt = (reason, salt) if ease else (None, None)
    facts = _facts(ease, salt, reason) if ease else {"standing": True}
    record(
        kind="candidate.eased", base_id=session.base_id, actor_id=by, subject=f"person:{candidate.person_id}",
        facts={"session": session.ref} | facts,
    )  # fmt: skip


def running(candidate: ExamCandidate) -> str | None:
    """The reference of the sitting that the person has open now in this base: nothing that is given changes it."""
    return db.session.scalar(
        select(Sitting.ref)
        .where(Sitting.base_id == candidate.base_id, Sitting.person_id == candidate.person_id, Sitting.state == "open")
        .order_by(Sitting.session_id != candidate.session_id)
        .limit(1)
    )


def _facts(ease: Ease, salt: str, reason: str) -> dict[str, object]:
    told = hashlib.sha256(f"{salt}|{reason}".encode()).hexdigest()
    return {
        "percent": ease.percent, "font": ease.font, "separate_room": ease.separate_room, "reason_hash": told,
    }  # fmt: skip
