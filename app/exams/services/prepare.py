"""Admission 入场: the paper is made and fixed before the clock runs; the clock starts when the statement is accepted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from sqlalchemy import func, select

from app import clock
from app.cohorts.models import Enrolment
from app.courses.services.standing import check_admission, recheck_admission
from app.exams import timing
from app.exams.assembly import CannotFill, Form, draw
from app.exams.journal import canonical
from app.exams.models import ExamSession, Sitting
from app.exams.paper import form_rows
from app.exams.services.passed import has_passed
from app.exams.services.sessions import draw_facts, get_session, get_session_by_id, session_programme
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db, unscoped


class NoAttempts(Refusal):
    """The programme's attempts are used up."""

    message = N_("All %(attempts)s attempts of this programme are used.")
    todo = N_("Ask your training base what to do next.")


class PassedAlready(Refusal):
    """The person has passed the exam of this class."""

    message = N_("You have already passed this exam.")
    todo = N_("The result stands under “My exams”.")


class SatAlready(Refusal):
    """The person has sat in this session as often as it allows."""

    message = N_("You have already sat this exam.")
    todo = N_("The receipt stands under “My exams”.")


def prepare_sitting(session_ref: str, person_id: int) -> Sitting:
    """Make the person's sitting with its paper, or give the one that is not handed in yet.

    The enrolment's row is locked, so that of two clicks at once the second finds what the first made. Raises
    NotFound for somebody who is not enrolled, timing.WindowOver, PassedAlready, NoAttempts, SatAlready, and RulesNotMet
    while the study rules of the class are not met and nobody made an exception.
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
    if clock.now() >= session.closes_at:
        raise timing.WindowOver(time=session.closes_at)
    if has_passed(enrolment.id):
        raise PassedAlready
    check_admission(enrolment.id)
    attempt_no = _next_attempt(session, enrolment)
    return _make(session, enrolment, attempt_no)


def open_sitting(ref: str, person_id: int, language: str) -> Sitting:
    """Start the clock: the candidate has accepted the statement. A sitting under way is given as it is.

    Raises NotFound, timing.NotOpenYet, timing.WindowOver, timing.Closed, and RulesNotMet where an exception was
    withdrawn after the paper was made.
    """
    sitting = db.session.scalar(
        select(Sitting).where(Sitting.ref == ref, Sitting.person_id == person_id).with_for_update()
    )
    if sitting is None:
        raise NotFound
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.state == "open":
        return sitting
    session, at = get_session_by_id(sitting.session_id), clock.now()
    window = timing.Window(session.opens_at, session.closes_at)
    timing.check_window(window, at)
    recheck_admission(sitting.enrolment_id, sitting.created_at)
    sitting.state, sitting.language = "open", language
    sitting.statement_at = sitting.started_at = at
    sitting.deadline_at = timing.deadline(window, session.minutes, at)
    facts = {"deadline": sitting.deadline_at.isoformat(), "language": language}
    record(kind="sitting.opened", base_id=sitting.base_id, actor_id=person_id, subject=f"sitting:{ref}", facts=facts)
    return sitting


def paper_seed(secret: bytes, ref: str, nonce: str) -> bytes:
    """The seed of a paper: HMAC-SHA256 of the session's secret over sitting and nonce, so neither side can steer it."""
    return hmac.new(secret, f"{ref}|{nonce}".encode(), hashlib.sha256).digest()


def _next_attempt(session: ExamSession, enrolment: Enrolment) -> int:
    used = db.session.scalar(
        select(func.count()).select_from(Sitting).where(Sitting.enrolment_id == enrolment.id)
    ) or 0  # fmt: skip
    here = db.session.scalar(
        select(func.count())
        .select_from(Sitting)
        .where(Sitting.session_id == session.id, Sitting.person_id == enrolment.person_id)
    )
    allowed = session_programme(session).attempts
    if here and here >= session.attempts:
        raise SatAlready
    if used >= allowed:
        raise NoAttempts(attempts=allowed)
    return used + 1


def _make(session: ExamSession, enrolment: Enrolment, attempt_no: int) -> Sitting:
    ref, nonce = secrets.token_hex(16), secrets.token_hex(16)
    seen = _seen_items(enrolment.person_id)
    form, repeats = _draw(session, paper_seed(session.secret, ref, nonce), seen)
    rows = form_rows(form.items)
    sitting = Sitting(
        base_id=session.base_id, ref=ref, session_id=session.id, person_id=enrolment.person_id,
        enrolment_id=enrolment.id, attempt_no=attempt_no, state="ready", form=rows, nonce=nonce,
        excluded=[] if repeats else list(seen), repeats_allowed=repeats, expected_at_cut=form.expected_at_cut,
        target_at_cut=form.target_at_cut, se=form.se, within_tolerance=form.within_tolerance,
        algorithm=form.algorithm, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(sitting)
    db.session.flush()
    facts = {
        "session": session.ref, "attempt": attempt_no, "nonce": nonce, "algorithm": form.algorithm,
        "form": hashlib.sha256(canonical(rows).encode()).hexdigest(), "within_tolerance": form.within_tolerance,
        "repeats": repeats,
    }  # fmt: skip
    record(
        kind="sitting.prepared", base_id=session.base_id, actor_id=enrolment.person_id, subject=f"sitting:{ref}",
        facts=facts,
    )  # fmt: skip
    return sitting


def _seen_items(person_id: int) -> Sequence[str]:
    """The ids of items on the person's earlier papers, in every base."""
    with unscoped():
        forms = db.session.scalars(select(Sitting.form).where(Sitting.person_id == person_id))
        return sorted({row["id"] for form in forms for row in form})


def _draw(session: ExamSession, seed: bytes, seen: Sequence[str]) -> tuple[Form, bool]:
    """The paper, and whether it may repeat items: a bank too thin for a fresh one refuses nobody."""
    prepared = draw_facts(session.pool_hash, session.specification_hash)
    try:
        return draw(prepared, seed, seen), False
    except CannotFill:
        if not seen:
            raise
        return draw(prepared, seed), True
