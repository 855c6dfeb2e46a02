"""Admission 入场: the paper is made and fixed before the clock runs; the clock starts when the statement is accepted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from app import clock
from app.cohorts.models import Enrolment
from app.courses.services.standing import check_admission, exception_ended, recheck_admission
from app.exams import timing
from app.exams.assembly import draw_fresh, form_rows, rows_hash
from app.exams.assembly.redraw import names_hash, paper_seed, sitting_name, text_hash
from app.exams.models import ExamCandidate, ExamSession, Sitting
from app.exams.services.accommodations import Ease, ease_of, has_standing
from app.exams.services.admit import admit, candidate_of
from app.exams.services.entry import (
    CodeNeeded,
    MustWait,
    NoAttempts,
    NotReady,
    PassedAlready,
    SatAlready,
    check_attempts,
    check_entry,
    free_from,
)
from app.exams.services.passed import has_passed
from app.exams.services.sessions import draw_facts, get_session
from app.ledger.services import record
from app.refusals import NotFound
from app.store import db, unscoped

__all__ = [
    "MustWait",
    "NoAttempts",
    "PassedAlready",
    "SatAlready",
    "open_sitting",
    "prepare_sitting",
    "start_clock",
]


def prepare_sitting(session_ref: str, person_id: int, nonce: str | None = None, *, by: str = "candidate") -> Sitting:
    """Make the person's sitting with its paper, or give the one that is not handed in yet.

    The enrolment's row is locked, so that of two clicks at once the second finds what the first made. `nonce` is what
    the candidate's device drew; it counts if nobody admitted the candidate before. A candidate comes in when the
    waiting room is open; staff (`by`) may make the paper at any time before. Raises NotFound for somebody who is not
    enrolled, timing.Cancelled, timing.WindowOver, timing.WaitingRoomClosed, timing.TooLate, PassedAlready, MustWait,
    NoAttempts, SatAlready, and RulesNotMet while the study rules of the class are not met and nobody made an exception.
    """
    session = get_session(session_ref)
    enrolment = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.cohort_id == session.cohort_id, Enrolment.person_id == person_id, Enrolment.state == "active")
        .with_for_update()
    )
    if enrolment is None:
        raise NotFound
    under_way = select(Sitting).where(
        Sitting.session_id == session.id, Sitting.person_id == person_id, Sitting.state != "closed"
    )
    if (found := db.session.scalar(under_way)) is not None:
        return found
    check_entry(session, clock.now(), waiting=by == "candidate")
    if has_passed(enrolment.id):
        raise PassedAlready
    check_admission(enrolment.id)
    check_attempts(session, enrolment)
    if (day := free_from(session, enrolment.person_id)) is not None:
        raise MustWait(day=day, days=session.waiting_days)
    actor_id = enrolment.person_id if by == "candidate" else None
    return _make(session, enrolment, admit(session, enrolment, nonce), actor_id)


def open_sitting(ref: str, person_id: int, language: str, *, only_ready: bool = False) -> Sitting:
    """Start the clock: the candidate has accepted the statement. A sitting under way is given as it is.

    The accommodation that is in force now decides its time. With `only_ready` nothing may be missing any more of what
    the waiting room asks for, and no browser is asked for. Raises NotFound, timing.NotOpenYet, timing.WindowOver,
    timing.Cancelled, timing.TooLate, timing.Closed, CodeNeeded, NotReady, and RulesNotMet where an exception was
    withdrawn after the paper was made.
    """
    at = clock.now()
    door = _at_the_door(ref, person_id, at)
    sitting, session = door.sitting, door.session
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.medium == timing.PAPER:
        raise timing.OnPaper
    if sitting.state == "open":
        return sitting
    if only_ready and (sitting.statement_at is None or door.candidate.confirmed_at is None or session.seb_key):
        raise NotReady
    check_entry(session, at)
    timing.check_window(timing.Window(session.opens_at, session.closes_at), at)
    if session.access_code is not None and door.candidate.entered_at is None:
        raise CodeNeeded
    if door.recheck:
        recheck_admission(sitting.enrolment_id, sitting.created_at)
    ends = _begin(sitting, session, ease_of(door.candidate, _day(at), standing=door.eased), at)
    sitting.language, sitting.statement_at = language, sitting.statement_at or at
    facts = {"deadline": ends.isoformat(), "language": language, "percent": sitting.percent}
    record(kind="sitting.opened", base_id=sitting.base_id, actor_id=person_id, subject=f"sitting:{ref}", facts=facts)
    return sitting


def start_clock(sitting: Sitting, session: ExamSession, candidate: ExamCandidate, at: datetime) -> datetime:
    """Open a sitting that is ready, with the accommodation of this day; returns when it ends.

    Raises RulesNotMet where an exception was withdrawn after the paper was made. Then nothing has changed.
    """
    recheck_admission(sitting.enrolment_id, sitting.created_at)
    return _begin(sitting, session, ease_of(candidate, _day(at)), at)


@dataclass(frozen=True)
class _Door:
    """Who stands at the door: whether a withdrawn exception must be looked at again, and whether anything is made easier."""

    sitting: Sitting
    session: ExamSession
    candidate: ExamCandidate
    recheck: bool
    eased: bool


def _at_the_door(ref: str, person_id: int, at: datetime) -> _Door:
    """Sitting (locked), session and candidate in one query, for at the bell everybody asks at once. Raises NotFound."""
    found = db.session.execute(
        select(
            Sitting, ExamSession, ExamCandidate,
            exception_ended(Sitting.enrolment_id, Sitting.created_at),
            has_standing(Sitting.base_id, Sitting.person_id, _day(at)),
        )
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .outerjoin(
            ExamCandidate,
            (ExamCandidate.session_id == Sitting.session_id) & (ExamCandidate.enrolment_id == Sitting.enrolment_id),
        )
        .where(Sitting.ref == ref, Sitting.person_id == person_id)
        .options(defer(Sitting.form), defer(Sitting.excluded))
        .with_for_update(of=Sitting)
        .execution_options(populate_existing=True)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    sitting, session, candidate, recheck, eased = found
    if candidate is None:
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == sitting.enrolment_id)).one()
        candidate = candidate_of(session, enrolment)
    return _Door(sitting, session, candidate, recheck, eased)


def _begin(sitting: Sitting, session: ExamSession, ease: Ease, at: datetime) -> datetime:
    sitting.percent, sitting.font = ease.percent, ease.font
    window = timing.Window(session.opens_at, session.closes_at)
    ends = timing.deadline(window, session.minutes, at, sitting.percent)
    sitting.state, sitting.started_at, sitting.deadline_at = "open", at, ends
    return ends


def _day(at: datetime) -> date:
    return at.astimezone(clock.BEIJING).date()


def _make(session: ExamSession, enrolment: Enrolment, candidate: ExamCandidate, by: int | None) -> Sitting:
    ref, nonce = secrets.token_hex(16), candidate.nonce
    assert nonce is not None
    latest = select(func.max(Sitting.attempt_no)).where(Sitting.enrolment_id == enrolment.id)
    attempt_no = (db.session.scalar(latest) or 0) + 1
    seen, name = _seen_items(enrolment.person_id), sitting_name(session.ref, enrolment.id, attempt_no)
    prepared = draw_facts(session.pool_hash, session.specification_hash)
    form, excluded = draw_fresh(prepared, paper_seed(session.secret, name, nonce), seen)
    rows, repeats = form_rows(form.items), len(excluded) < len(seen)
    sitting = Sitting(
        base_id=session.base_id, ref=ref, session_id=session.id, person_id=enrolment.person_id,
        enrolment_id=enrolment.id, attempt_no=attempt_no, state="ready", form=rows, nonce=nonce,
        excluded=excluded, repeats_allowed=repeats, expected_at_cut=form.expected_at_cut,
        target_at_cut=form.target_at_cut, se=form.se, within_tolerance=form.within_tolerance,
        algorithm=form.algorithm, created_at=clock.now(),
    )  # fmt: skip
    ease = ease_of(candidate, _day(max(clock.now(), session.opens_at)))
    sitting.percent, sitting.font = ease.percent, ease.font
    db.session.add(sitting)
    db.session.flush()
    facts = {
        "session": session.ref, "enrolment": enrolment.id, "attempt": attempt_no, "nonce": text_hash(nonce),
        "excluded": names_hash(excluded), "algorithm": form.algorithm, "form": rows_hash(rows),
        "within_tolerance": form.within_tolerance, "repeats": repeats,
    }  # fmt: skip
    record(
        kind="sitting.prepared", base_id=session.base_id, actor_id=by, subject=f"sitting:{ref}", facts=facts,
    )  # fmt: skip
    return sitting


def _seen_items(person_id: int) -> Sequence[str]:
    """The ids of items on the person's earlier papers, in every base; what was seen longest ago comes first."""
    with unscoped():
        begun = select(Sitting.form).where(Sitting.person_id == person_id, Sitting.started_at.is_not(None))
        forms = db.session.scalars(begun.order_by(Sitting.id.desc()))
        names = [row["id"] for form in forms for row in reversed(form)]
    return list(dict.fromkeys(names))[::-1]
