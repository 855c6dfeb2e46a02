"""Answering 作答: keep the answer, mark it, and work out when the item comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from app import clock
from app.banks import services as banks
from app.banks.items import Item
from app.practice.marked import own_marks, own_share, share_of
from app.practice.models import PracticeAnswer, PracticeCard, PracticeReview
from app.practice.recall import CHOICES, Memory, local_day, rating_of, review
from app.practice.services.learner import Learner, clause_for, hold, items_of
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db

MULTIPLE = "all-or-nothing"


class NotToBePractised(Refusal):
    """The item left the practice pool between the question and the answer."""

    message = N_("This question has been taken out of practice since you opened it.")
    kept = N_("Your earlier answers are kept.")
    todo = N_("Go back to practice and take the next question.")


def answer(learner: Learner, item: Item, *, key: str, order: Sequence[int], response: object) -> None:
    """Keep an answer and mark what the site can mark; the same `key` (32 hex digits) again changes nothing.

    `item` is what was shown (look.get_shown_item), `response` is clean (banks.responses). Raises NotToBePractised
    when the item is no practice item any more.
    """
    hold(learner)
    same = select(PracticeAnswer.id).where(
        PracticeAnswer.enrolment_id == learner.enrolment_id, PracticeAnswer.ref == key
    )
    if db.session.scalar(same) is not None:
        return
    if not any(one.id == item.id for one in items_of(learner)):
        raise NotToBePractised
    keep(learner, item, key=key, order=order, response=response, source="practice", multiple=MULTIPLE)


def keep(
    learner: Learner,
    item: Item,
    *,
    key: str,
    order: Sequence[int],
    response: object,
    source: str,
    multiple: str,
    given: dict[str, Fraction] | None = None,
) -> PracticeAnswer:
    """Add the row of an answer, and its review where the share is known; `given` are the shares of an own text."""
    seen = select(PracticeAnswer.id).where(
        PracticeAnswer.enrolment_id == learner.enrolment_id, PracticeAnswer.item == item.id
    )
    share = share_of(item, response, order, multiple)
    row = PracticeAnswer(
        base_id=learner.base_id, ref=key, enrolment_id=learner.enrolment_id, item=item.id, version=item.hash,
        clause=clause_for(item, learner.edition.code), kind=item.kind, order=list(order), response=response,
        share=None if share is None else str(share), first=db.session.scalar(seen.limit(1)) is None, source=source,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if share is not None:
        _review(row, rating_of(share, self_marked=False), share, {})
    elif given is not None:
        own = own_share(item, response, given)
        _review(row, rating_of(own, self_marked=True), own, given)
    return row


def rate(learner: Learner, ref: str, rating: str) -> None:
    """Say how hard a right answer was: 'hard', 'good' or 'easy'; the same again changes nothing.

    Raises NotFound for another rating or an answer that was not right, and Conflict when the item was answered again
    since.
    """
    hold(learner)
    row = get_answer(learner, ref)
    before = last_review(row.id)
    if rating not in CHOICES or row.share != "1" or before is None:
        raise NotFound
    if before.rating == rating:
        return
    if _card(row).answer_id != row.id:
        raise Conflict
    _review(row, rating, Fraction(before.share), {})


def self_mark(learner: Learner, ref: str, ticked: Sequence[str]) -> None:
    """Mark an own text by ticking the points that it has; marking it again counts instead of the first time.

    Raises NotFound for an answer that the site marks, and Conflict when the item was answered again since.
    """
    hold(learner)
    row = get_answer(learner, ref)
    if row.share is not None:
        raise NotFound
    item = banks.get_item_version(row.version)
    given = own_marks(item, row.response, ticked)
    before = last_review(row.id)
    if before is not None and before.fields == {name: str(share) for name, share in given.items()}:
        return
    card = _find_card(row)
    if card is not None and card.answer_id > row.id:
        raise Conflict
    share = own_share(item, row.response, given)
    _review(row, rating_of(share, self_marked=True), share, given)


def get_answer(learner: Learner, ref: str) -> PracticeAnswer:
    """The learner's answer of this reference. Raises NotFound."""
    found = db.session.scalar(
        select(PracticeAnswer).where(PracticeAnswer.enrolment_id == learner.enrolment_id, PracticeAnswer.ref == ref)
    )
    if found is None:
        raise NotFound
    return found


def last_review(answer_id: int) -> PracticeReview | None:
    """The review of an answer that counts, or None while its own text waits to be marked."""
    return db.session.scalar(
        select(PracticeReview).where(PracticeReview.answer_id == answer_id).order_by(PracticeReview.id.desc()).limit(1)
    )


def memory_before(card: PracticeCard) -> Memory | None:
    """The memory before the card's last answer."""
    if card.before is None:
        return None
    at = datetime.fromisoformat(card.before["at"])
    return Memory(card.before["stability"], card.before["difficulty"], at)


def memory_of(card: PracticeCard) -> Memory:
    """The memory after the card's last answer."""
    return Memory(card.stability, card.difficulty, card.reviewed_at)


def days_by_rating(card: PracticeCard) -> dict[str, int]:
    """In how many days the item would come back, for each rating of the card's last answer."""
    before, today = memory_before(card), local_day(card.reviewed_at)
    return {rating: (review(before, rating, card.reviewed_at)[1] - today).days for rating in CHOICES}


def _review(row: PracticeAnswer, rating: str, share: Fraction, given: dict[str, Fraction]) -> None:
    """Add the review and move the card; a further review of the same answer starts from the memory before it."""
    fields = {name: str(one) for name, one in given.items()}
    db.session.add(
        PracticeReview(
            base_id=row.base_id, answer_id=row.id, rating=rating, share=str(share), fields=fields, at=clock.now()
        )
    )
    card = _find_card(row)
    before = None if card is None else memory_before(card) if card.answer_id == row.id else memory_of(card)
    memory, due_on = review(before, rating, row.at)
    if card is None:
        card = PracticeCard(base_id=row.base_id, enrolment_id=row.enrolment_id, item=row.item)
        db.session.add(card)
    card.stability, card.difficulty, card.reviewed_at = memory.stability, memory.difficulty, memory.at
    card.due_on, card.right, card.answer_id = max(due_on, local_day(row.at)), share == 1, row.id
    card.before = None if before is None else _plain(before)
    db.session.flush()


def _plain(memory: Memory) -> dict[str, object]:
    return {"stability": memory.stability, "difficulty": memory.difficulty, "at": memory.at.isoformat()}


def _find_card(row: PracticeAnswer) -> PracticeCard | None:
    return db.session.scalar(
        select(PracticeCard).where(PracticeCard.enrolment_id == row.enrolment_id, PracticeCard.item == row.item)
    )


def _card(row: PracticeAnswer) -> PracticeCard:
    found = _find_card(row)
    assert found is not None, "an answer with a review has a card"
    return found
