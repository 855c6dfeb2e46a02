"""From screen to paper 改用纸质: an officer moves sittings to paper with a reason, and declares when they began."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import func, select

from app import clock
from app.accounts.models import Person
from app.cohorts.models import Enrolment
from app.courses.services.standing import RulesNotMet
from app.exams import timing
from app.exams.journal import FLAGS, NOTHING
from app.exams.models import Answer, ExamCandidate, ExamSession, SheetKeying, Sitting
from app.exams.services.admit import candidate_of
from app.exams.services.changes import keep_change
from app.exams.services.prepare import prepare_sitting, start_clock
from app.exams.services.sessions import get_session
from app.exams.timing import PAPER
from app.ledger.services import record
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db


class KeyingBegun(Conflict):
    """Somebody has begun to key the sheet."""

    message = N_("Somebody is keying the answer sheet of this person already.")
    kept = N_("Nothing was changed.")
    todo = N_("Key the sheet in; the exam cannot go back to the screen any more.")


class StartOutside(Refusal):
    """The declared start lies outside the window or in the future."""

    status: ClassVar[int] = 422
    message = N_("The start must lie inside the window of the session and not in the future.")
    kept = N_("Nothing was changed.")
    todo = N_("Enter the time at which the room was told to begin.")


@dataclass(frozen=True)
class Begun:
    """How many began on paper, and who did not, each with the reason."""

    count: int
    refused: Sequence[tuple[int, Refusal]]


@dataclass(frozen=True)
class PaperLine:
    """One person of a session: seat, sitting, and how far the keying of the sheet is (0 to 3 finished)."""

    person: Person
    enrolment: Enrolment
    room: str
    seat: str
    sitting: Sitting | None
    answered: int
    keyed: int
    begun: int

    @property
    def on_paper(self) -> bool:
        """Whether the sitting is on paper."""
        return self.sitting is not None and self.sitting.medium == PAPER


@dataclass(frozen=True)
class Moved:
    """What became of a move to paper: who is on paper now, and who could not be moved, with the reason."""

    sittings: Sequence[Sitting]
    refused: Sequence[tuple[int, Refusal]]


def paper_lines(session: ExamSession) -> Sequence[PaperLine]:
    """Everybody of a session in the order of seats, then of admission numbers."""
    people = db.session.execute(
        select(Person, Enrolment, ExamCandidate.room, ExamCandidate.seat)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(
            ExamCandidate,
            (ExamCandidate.enrolment_id == Enrolment.id) & (ExamCandidate.session_id == session.id),
        )
        .where(Enrolment.cohort_id == session.cohort_id, Enrolment.state == "active")
    ).all()
    newest = select(Sitting).where(Sitting.session_id == session.id).order_by(Sitting.attempt_no)
    sittings = {row.person_id: row for row in db.session.scalars(newest)}
    ids = [row.id for row in sittings.values()]
    answered = dict(
        db.session.execute(
            select(Answer.sitting_id, func.count())
            .where(Answer.sitting_id.in_(ids), Answer.slot > FLAGS, Answer.response != NOTHING)
            .group_by(Answer.sitting_id)
        ).all()
    )
    counts = select(SheetKeying.sitting_id, func.count(SheetKeying.done_at), func.count())
    keyed = {
        sitting: (done, begun)
        for sitting, done, begun in db.session.execute(
            counts.where(SheetKeying.sitting_id.in_(ids)).group_by(SheetKeying.sitting_id)
        )
    }
    lines = []
    for person, enrolment, room, seat in people:
        own = sittings.get(person.id)
        done, begun = keyed.get(own.id, (0, 0)) if own else (0, 0)
        answers = answered.get(own.id, 0) if own else 0
        lines.append(PaperLine(person, enrolment, room or "", seat or "", own, answers, done, begun))
    return sorted(lines, key=lambda one: (one.room, len(one.seat), one.seat, one.enrolment.number))


def to_paper(session_ref: str, people: Sequence[int], *, reason: str, minutes: int, by: int) -> Moved:
    """Move people of a session to paper; who has no paper drawn yet gets one from the same draw.

    From then on no device writes any more: the sitting's epoch goes on and its writer is 'paper-…'. `minutes` are given
    back to those whose clock runs. Once on paper, asking again changes nothing. The reason stays in the database.
    """
    moved: list[Sitting] = []
    refused: list[tuple[int, Refusal]] = []
    for person_id in people:
        try:
            found = _present(session_ref, person_id) or prepare_sitting(session_ref, person_id, by="staff")
            moved.append(_move(found.id, reason, minutes, by))
        except Refusal as refusal:
            refused.append((person_id, refusal))
    return Moved(moved, refused)


def to_screen(ref: str, *, reason: str, by: int) -> Sitting:
    """Back to the screen, as long as nobody has begun to key the sheet. Raises NotFound, timing.Closed, KeyingBegun."""
    sitting = locked(ref)
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.medium != PAPER:
        return sitting
    begun = select(func.count()).select_from(SheetKeying).where(SheetKeying.sitting_id == sitting.id)
    if db.session.scalar(begun):
        raise KeyingBegun
    sitting.medium, sitting.writer = "screen", None
    sealed = keep_change(sitting, "to-screen", reason, by)
    record(
        kind="sitting.to-screen", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{ref}",
        facts={"epoch": sitting.epoch, "reason_hash": sealed},
    )  # fmt: skip
    return sitting


def declare_start(session_ref: str, at: datetime, *, by: int) -> Begun:
    """Start the clock of everybody on paper who has not begun, as the room was told.

    Who may not sit any more, because an exception was withdrawn after the paper was made, is named and does not begin.
    Raises NotFound, StartOutside, timing.Cancelled.
    """
    session = get_session(session_ref)
    if session.cancelled_at is not None:
        raise timing.Cancelled
    if not session.opens_at <= at < session.closes_at or at > clock.now():
        raise StartOutside
    waiting = db.session.scalars(
        select(Sitting)
        .where(Sitting.session_id == session.id, Sitting.medium == PAPER, Sitting.state == "ready")
        .order_by(Sitting.id)
        .with_for_update()
    ).all()
    refused: list[tuple[int, Refusal]] = []
    for sitting in waiting:
        try:
            ends = start_clock(sitting, session, _candidate(sitting, session), at)
        except RulesNotMet as refusal:
            refused.append((sitting.person_id, refusal))
            continue
        facts = {"deadline": ends.isoformat(), "medium": PAPER, "percent": sitting.percent}
        subject = f"sitting:{sitting.ref}"
        record(kind="sitting.opened", base_id=sitting.base_id, actor_id=by, subject=subject, facts=facts)
    return Begun(len(waiting) - len(refused), tuple(refused))


def _candidate(sitting: Sitting, session: ExamSession) -> ExamCandidate:
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == sitting.enrolment_id)).one()
    return candidate_of(session, enrolment)


def locked(ref: str) -> Sitting:
    """The sitting with its row locked, as it is now. Raises NotFound."""
    found = db.session.scalar(
        select(Sitting).where(Sitting.ref == ref).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def is_on_paper(ref: str, person_id: int) -> bool:
    """Whether the person's sitting is on paper now."""
    medium = db.session.scalar(select(Sitting.medium).where(Sitting.ref == ref, Sitting.person_id == person_id))
    return medium == PAPER


def _present(session_ref: str, person_id: int) -> Sitting | None:
    """The person's newest sitting of the session."""
    return db.session.scalar(
        select(Sitting)
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .where(ExamSession.ref == session_ref, Sitting.person_id == person_id)
        .order_by(Sitting.attempt_no.desc())
        .limit(1)
    )


def _move(sitting_id: int, reason: str, minutes: int, by: int) -> Sitting:
    ref = db.session.scalars(select(Sitting.ref).where(Sitting.id == sitting_id)).one()
    sitting = locked(ref)
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.medium == PAPER:
        return sitting
    sitting.medium, sitting.epoch = PAPER, sitting.epoch + 1
    sitting.writer = f"{PAPER}-{secrets.token_hex(12)}"
    given = minutes if sitting.deadline_at is not None else 0
    if sitting.deadline_at is not None and given:
        sitting.extra_minutes += given
        sitting.deadline_at += timedelta(minutes=given)
    sealed = keep_change(sitting, "to-paper", reason, by, given)
    facts = {"epoch": sitting.epoch, "minutes": given, "reason_hash": sealed}
    record(kind="sitting.to-paper", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{ref}", facts=facts)
    return sitting
