"""Watching a session 监考: every place with its state, read in a handful of statements whatever the number of seats."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, and_, case, func, select

from app import clock
from app.accounts.models import Person
from app.banks import services as banks
from app.cohorts.models import Enrolment
from app.exams.journal import FLAGS, NOTHING
from app.exams.models import (
    Answer,
    AnswerEntry,
    ExamCandidate,
    ExamSession,
    Incident,
    Presence,
    RefusedEntry,
    Sitting,
    SittingChange,
    SittingEvent,
)
from app.exams.seats import Place
from app.refusals import NotFound
from app.store import db

_COLUMNS = (
    Sitting.id, Sitting.ref, Sitting.person_id, Sitting.state, Sitting.medium, Sitting.started_at, Sitting.deadline_at,
    Sitting.closed_by, Sitting.closed_at, Sitting.extra_minutes, Sitting.outage_seconds, Sitting.epoch, Sitting.locked,
)  # fmt: skip
_WHO = (
    Enrolment.person_id, Enrolment.number, Person.name, ExamCandidate.room, ExamCandidate.seat,
    ExamCandidate.confirmed_at, ExamCandidate.entered_at, ExamCandidate.checks,
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What was changed of a sitting, by whom and why."""

    kind: str
    minutes: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SeatView:
    """One place with all that is known of it: the signs in the order of time, and what officers changed."""

    place: Place
    sitting: Sitting
    session: ExamSession
    signs: Sequence[SittingEvent]
    changes: Sequence[Change]


def watch(session: ExamSession, *, ref: str | None = None) -> Sequence[Place]:
    """The places of a session by room and seat, each with the newest sitting; with `ref` that of one sitting."""
    sittings = _sittings(session, ref)
    known = _gather(sittings.values(), _questions(session.specification_hash))
    places = [known.place(row, sittings.get(row.person_id)) for row in _people(session, ref)]
    return sorted(places, key=lambda place: (place.room, _seat_order(place.seat), place.number))


@dataclass(frozen=True)
class _Known:
    """What is known of the sittings of a session, each by the sitting's id."""

    questions: int
    answers: Mapping[int, tuple[int, datetime | None]]
    events: Mapping[int, Mapping[str, tuple[int, int]]]
    presences: Mapping[int, tuple[datetime | None, int | None, bool]]
    incidents: Mapping[int, int]
    late: Mapping[int, int]
    refused: Mapping[int, int]

    def place(self, who: Row[Any], own: Row[Any] | None) -> Place:
        """The place of a person with the sitting, if there is one."""
        if own is None:
            return Place(who.name, who.number, who.room or "", who.seat or "", "absent", questions=self.questions)
        state = "absent" if own.state == "ready" and not _came(who) else own.state
        answered, saved_at = self.answers.get(own.id, (0, None))
        seen_at, slot, hidden = self.presences.get(own.id, (None, None, False))
        signs = dict(self.events.get(own.id, {}))
        left, left_ms = signs.pop("left", (0, 0))
        return Place(
            who.name, who.number, who.room or "", who.seat or "", state, ref=own.ref, medium=own.medium,
            slot=slot, hidden=hidden, answered=answered, questions=self.questions, seen_at=seen_at, saved_at=saved_at,
            started_at=own.started_at, deadline_at=own.deadline_at, closed_by=own.closed_by, closed_at=own.closed_at,
            extra_minutes=own.extra_minutes, outage_seconds=own.outage_seconds, takeovers=own.epoch - 1,
            locked=own.locked, left=left, left_ms=left_ms, signs={kind: n for kind, (n, _) in signs.items()},
            incidents=self.incidents.get(own.id, 0), late=self.late.get(own.id, 0),
            refused=self.refused.get(own.id, 0),
        )  # fmt: skip


def _gather(sittings: Collection[Row[Any]], questions: int) -> _Known:
    ids, now = [row.id for row in sittings], clock.now()
    over = [row.id for row in sittings if row.deadline_at and row.deadline_at < now]
    return _Known(questions, _answers(ids), _events(ids), _presences(ids), _incidents(ids), _late(over), _refused(ids))


@lru_cache(maxsize=64)
def _questions(specification: str) -> int:
    """How many questions a paper has; kept, because what a hash names never changes."""
    return banks.get_specification_version(specification).count


def get_seat_view(ref: str) -> SeatView:
    """One place by its sitting. Raises NotFound."""
    row = db.session.execute(
        select(Sitting, ExamSession).join(ExamSession, ExamSession.id == Sitting.session_id).where(Sitting.ref == ref)
    ).one_or_none()
    if row is None:
        raise NotFound
    signs = db.session.scalars(
        select(SittingEvent).where(SittingEvent.sitting_id == row.Sitting.id).order_by(SittingEvent.id)
    ).all()
    places = watch(row.ExamSession, ref=ref)
    if not places:
        raise NotFound
    return SeatView(places[0], row.Sitting, row.ExamSession, signs, changes_of([row.Sitting.id])[row.Sitting.id])


def changes_of(sitting_ids: Sequence[int]) -> dict[int, list[Change]]:
    """What officers changed of these sittings, in the order of time."""
    found: dict[int, list[Change]] = {sitting_id: [] for sitting_id in sitting_ids}
    rows = db.session.execute(
        select(SittingChange, Person.name)
        .join(Person, Person.id == SittingChange.by_id)
        .where(SittingChange.sitting_id.in_(sitting_ids))
        .order_by(SittingChange.id)
    )
    for change, name in rows:
        found[change.sitting_id].append(Change(change.kind, change.minutes, change.reason, name, change.at))
    return found


def _came(who: Row[Any]) -> bool:
    """Whether the waiting room has seen the person: a paper alone says nothing, for it is made for all beforehand."""
    return bool(who.confirmed_at or who.entered_at or who.checks)


def _people(session: ExamSession, ref: str | None) -> Sequence[Any]:
    listed = and_(ExamCandidate.enrolment_id == Enrolment.id, ExamCandidate.session_id == session.id)
    statement = (
        select(*_WHO)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(ExamCandidate, listed)
        .where(Enrolment.cohort_id == session.cohort_id)
        .order_by(Enrolment.number)
    )
    if ref is None:
        return db.session.execute(statement.where(Enrolment.state == "active")).all()
    sitting = Sitting.ref == ref
    return db.session.execute(statement.join(Sitting, Sitting.enrolment_id == Enrolment.id).where(sitting)).all()


def _sittings(session: ExamSession, ref: str | None) -> dict[int, Any]:
    """The newest sitting of each person, without its paper."""
    statement = select(*_COLUMNS).where(Sitting.session_id == session.id).order_by(Sitting.attempt_no)
    if ref is not None:
        statement = statement.where(Sitting.ref == ref)
    return {row.person_id: row for row in db.session.execute(statement)}


def _answers(ids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    """How many questions are answered, and when the last save was."""
    given = func.sum(case((and_(Answer.slot > FLAGS, Answer.response != NOTHING), 1), else_=0))
    rows = db.session.execute(
        select(Answer.sitting_id, given, func.max(Answer.saved_at))
        .where(Answer.sitting_id.in_(ids))
        .group_by(Answer.sitting_id)
    )
    return {sitting_id: (int(count), at) for sitting_id, count, at in rows}


def _presences(ids: Sequence[int]) -> dict[int, tuple[datetime | None, int | None, bool]]:
    rows = db.session.execute(
        select(Presence.sitting_id, Presence.seen_at, Presence.slot, Presence.hidden).where(
            Presence.sitting_id.in_(ids)
        )
    )
    return {row.sitting_id: (row.seen_at, row.slot, row.hidden) for row in rows}


def _events(ids: Sequence[int]) -> dict[int, dict[str, tuple[int, int]]]:
    """How many signs of each kind there are, and how long they lasted together."""
    rows = db.session.execute(
        select(SittingEvent.sitting_id, SittingEvent.kind, func.count(), func.sum(SittingEvent.ms))
        .where(SittingEvent.sitting_id.in_(ids))
        .group_by(SittingEvent.sitting_id, SittingEvent.kind)
    )
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for sitting_id, kind, count, ms in rows:
        found.setdefault(sitting_id, {})[kind] = (count, int(ms))
    return found


def _incidents(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Incident.sitting_id, func.count())
        .where(Incident.sitting_id.in_(ids), Incident.decision.is_(None))
        .group_by(Incident.sitting_id)
    )
    return {sitting_id: count for sitting_id, count in rows if sitting_id is not None}


def _late(ids: Sequence[int]) -> dict[int, int]:
    """Answers that came too late; only sittings past their deadline can have some."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(AnswerEntry.sitting_id, func.count())
        .where(AnswerEntry.sitting_id.in_(ids), AnswerEntry.late.is_(True))
        .group_by(AnswerEntry.sitting_id)
    )
    return dict(rows.all())


def _refused(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(RefusedEntry.sitting_id, func.count())
        .where(RefusedEntry.sitting_id.in_(ids))
        .group_by(RefusedEntry.sitting_id)
    )
    return dict(rows.all())


def _seat_order(seat: str) -> tuple[int, str]:
    """Seats with numbers stand in the order of numbers: 2 before 10."""
    digits = "".join(sign for sign in seat if sign.isdigit())
    return int(digits or 0), seat
