"""Handing in 交卷: the sitting is closed and scored in one transaction, by the candidate or when time is up."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select

from app import clock
from app.banks import services as banks
from app.banks.items import MARKED_BY_PEOPLE, Text
from app.banks.responses import is_answered
from app.banks.specification import Specification
from app.cohorts.models import Enrolment
from app.exams import services as exams
from app.exams.assembly import FormItem
from app.exams.models import ExamSession, Sitting
from app.exams.paper import form_of
from app.exams.services import NOTHING_SHOWN, ClosedSitting, Shown
from app.exams.services.look import specification_of as kept_specification
from app.marking.models import Result, Script
from app.marking.passing import SlotScore
from app.marking.scoring import needs_person, score
from app.marking.services.versions import add_result, latest_result, specification_of
from app.refusals import NotFound
from app.store import db, table_of

_BATCH = 100


@dataclass(frozen=True)
class Receipt:
    """What a candidate holds after handing in; `by` is 'candidate', 'deadline', 'staff' or 'paper'."""

    ref: str
    session: Text
    number: str
    receipt: str
    closed_at: datetime
    by: str
    answered: int
    questions: int
    final: bool
    nonce: str
    aside: int = 0
    """How many answers arrived after the end: kept, not counted."""


def hand_in(ref: str, by: str, at: datetime, *, person_id: int | None = None, shown: Shown = NOTHING_SHOWN) -> Result:
    """Close the sitting and score what a machine may score, in the current transaction; again changes nothing.

    `by` is 'candidate' (then `person_id` is whose sitting it must be), 'deadline', 'staff' or 'paper'; `shown` is what
    the candidate's device says of its answers. Raises NotFound, also for a sitting that never began, journal.Differs.
    """
    return _score(exams.close_sitting(ref, by, at, person_id=person_id, shown=shown))


def hand_in_own(ref: str, person_id: int, at: datetime, shown: Shown) -> Receipt:
    """Hand in as the candidate and give the receipt. Raises as hand_in."""
    closed = exams.close_sitting(ref, "candidate", at, person_id=person_id, shown=shown)
    head = _head(closed.sitting)
    return _receipt(closed, _score(closed, kept_specification(head.specification_hash)), head)


def score_now(closed: ClosedSitting) -> Result:
    """Score a sitting that was closed just now, in the same transaction."""
    return _score(closed)


def hand_in_due(sitting_id: int, at: datetime) -> Result | None:
    """Close and score a sitting whose deadline and grace have passed; None if it was extended or never began, or if
    somebody else holds it just now: then the next look finds what became of it.
    """
    if exams.lock_due(sitting_id, at) is None:
        return None
    return _score(exams.close_sitting(sitting_id, "deadline", at))


def closed_unscored() -> Sequence[int]:
    """The ids of sittings that were closed some other way and have no result yet, at most 100."""
    scored = select(Result.id).where(Result.sitting_id == Sitting.id).exists()
    return db.session.scalars(
        select(Sitting.id).where(Sitting.state == "closed", ~scored).order_by(Sitting.id).limit(_BATCH)
    ).all()


def score_closed(sitting_id: int) -> Result:
    """Score a sitting that is closed already. Raises NotFound if it is not."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    if sitting is None:
        raise NotFound
    return _score(exams.handed_in(sitting))


def get_receipt(ref: str, person_id: int) -> Receipt:
    """The receipt of the person's own sitting. Raises NotFound until it is handed in."""
    return receipt_of(exams.get_sitting(ref, person_id))


def receipt_of(sitting: Sitting) -> Receipt:
    """The receipt of a sitting. Raises NotFound until it is handed in."""
    return _receipt(exams.handed_in(sitting), latest_result(sitting.id), _head(sitting))


def _head(sitting: Sitting) -> Any:
    """What stands at the head of a receipt, and under what was sat: titles, number, specification_hash."""
    return db.session.execute(
        select(ExamSession.title_zh, ExamSession.title_en, ExamSession.specification_hash, Enrolment.number)
        .join(Enrolment, Enrolment.id == sitting.enrolment_id)
        .where(ExamSession.id == sitting.session_id)
    ).one()


def _receipt(closed: ClosedSitting, result: Result | None, head: Any) -> Receipt:
    sitting = closed.sitting
    assert sitting.closed_at is not None
    return Receipt(
        ref=sitting.ref,
        session={"zh_CN": head.title_zh, "en": head.title_en},
        number=head.number,
        receipt=closed.receipt,
        closed_at=sitting.closed_at,
        by=sitting.closed_by or "",
        nonce=sitting.nonce,
        answered=sum(is_answered(response) for response in closed.snapshot.values()),
        questions=len(closed.snapshot),
        final=result is not None and result.state == "final",
        aside=0 if closed.just_now else exams.count_aside(sitting.id),
    )


def _score(closed: ClosedSitting, known: Specification | None = None) -> Result:
    """The first result of a closed sitting, whose row is locked: another caller waits and finds it made."""
    sitting = closed.sitting
    if not closed.just_now and (found := latest_result(sitting.id)) is not None:
        return found
    specification = known or specification_of(sitting)
    form = form_of(sitting.form)
    items = banks.get_item_versions(question.version for question in form)
    scores: list[SlotScore] = []
    scripts: list[dict[str, Any]] = []
    for question in form:
        item, response = items[question.version], closed.snapshot[question.slot]
        if is_answered(response) and needs_person(item, response):
            scripts.append(_script(sitting, question, response))
            continue
        points = Fraction(0)  # an answer in words that was not given needs no marker
        if question.kind not in MARKED_BY_PEOPLE:
            points = score(item, response, question.marks, question.options, specification.pass_rule.multiple)
        scores.append(
            SlotScore(question.slot, question.kind, item.group_in(specification.edition), points, question.marks)
        )
    result = add_result(sitting, specification, scores, state="provisional", reason="handed-in", by=None, before=None)
    if scripts:
        db.session.execute(insert(table_of(Script)), scripts)
        return result
    return add_result(sitting, specification, scores, state="final", reason="handed-in", by=None, before=result)


def _script(sitting: Sitting, question: FormItem, response: object) -> dict[str, Any]:
    return {
        "base_id": sitting.base_id, "ref": secrets.token_hex(16), "sitting_id": sitting.id,
        "person_id": sitting.person_id, "slot": question.slot, "version": question.version, "kind": question.kind,
        "marks": question.marks, "response": response, "state": "waiting", "made_at": clock.now(),
    }  # fmt: skip
