"""What a trainee sees of practice: what is due, the next question, an answer with its reasons, and mastery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select

from app import clock
from app.banks import services as banks
from app.banks.items import MARKED_BY_PEOPLE, TOPICS, Item
from app.practice.choosing import Candidate, Scope, choose, waiting
from app.practice.marked import Marked, marked
from app.practice.mastery import Mastery, Seen, master
from app.practice.models import PracticeAnswer, PracticeCard
from app.practice.recall import chance, local_day
from app.practice.services.answer import NotToBePractised, days_by_rating, get_answer, last_review, memory_of
from app.practice.services.learner import Learner, clause_for, find_learner, items_of, pool_of
from app.refusals import NotFound
from app.standards.clauses import Clause
from app.store import db


@dataclass(frozen=True)
class Shelf:
    """A clause or topic with its items: how many there are, were answered, and are due."""

    clause: Clause | None
    topic: str
    items: int
    answered: int
    due: int


@dataclass(frozen=True)
class Desk:
    """The start of practice; `next_on` is the day on which the next item comes back, when none is due."""

    learner: Learner
    items: int
    answered: int
    due: int
    missed: int
    next_on: date | None
    chapters: Sequence[tuple[Shelf, Sequence[Shelf]]]
    topics: Sequence[Shelf]


@dataclass(frozen=True)
class Next:
    """The next item of a scope, or None; `left` is how many are due, `known` whether there is something to repeat."""

    item: Item | None
    clause: Clause | None
    left: int
    known: int
    next_on: date | None


@dataclass(frozen=True)
class Feedback:
    """An answer with what is right and why; `days` says by rating in how many days it comes back; empty when it cannot be rated."""

    ref: str
    marked: Marked
    clause: Clause | None
    current: bool
    rating: str
    due_on: date | None
    days: Mapping[str, int]


def desk(learner: Learner) -> Desk:
    """What there is to practise, by clause and by topic."""
    today, pool = local_day(clock.now()), pool_of(learner).candidates
    chapters = []
    for chapter in learner.edition.chapters():
        head = _shelf(pool, today, clause=chapter)
        below = [one for one in learner.edition.clauses if one.chapter == chapter.no and one.level > 1]
        shelves = [shelf for one in below if (shelf := _shelf(pool, today, clause=one, exact=True)).items]
        if head.items:
            chapters.append((head, shelves))
    topics = [_shelf(pool, today, topic=topic) for topic in TOPICS]
    return Desk(
        learner=learner,
        items=len(pool),
        answered=sum(item.due_on is not None for item in pool),
        due=waiting(pool, today),
        missed=sum(item.missed for item in pool),
        next_on=_next_day(pool, today),
        chapters=chapters,
        topics=[shelf for shelf in topics if shelf.items],
    )


def due_today(person_id: int) -> int | None:
    """How many items are due today in the class that began last; None without a class or practice items."""
    learner = find_learner(person_id)
    if learner is None:
        return None
    pool = pool_of(learner).candidates
    return waiting(pool, local_day(clock.now())) if pool else None


def next_question(learner: Learner, scope: Scope, *, again: bool = False) -> Next:
    """What to ask next; nothing is written. Raises NotFound for a clause that the edition does not have."""
    clause = learner.edition.clause(scope.value) if scope.kind == "clause" else None
    pool, today = pool_of(learner), local_day(clock.now())
    inside = [one for one in pool.candidates if scope.takes(one)]
    found = choose(pool.candidates, scope, today, last=_last_item(learner), again=again)
    return Next(
        item=pool.items[found.id] if found else None,
        clause=clause,
        left=waiting(inside, today),
        known=sum(one.due_on is not None for one in inside if scope.kind != "missed" or one.missed),
        next_on=_next_day(inside, today),
    )


def get_shown_item(learner: Learner, item_id: str, version: str) -> Item:
    """The item as it was shown, though a newer version may have come since.

    Raises NotToBePractised when it is no practice item any more, and NotFound for a version that is not the item's.
    """
    if not any(item.id == item_id for item in items_of(learner)):
        raise NotToBePractised
    item = banks.get_item_version(version)
    if item.id != item_id:
        raise NotFound
    return item


def feedback(learner: Learner, ref: str) -> Feedback:
    """An own answer with its reasons. Raises NotFound."""
    row, item = _answer_and_item(learner, ref)
    review = last_review(row.id)
    share = Fraction(review.share) if review else None if row.share is None else Fraction(row.share)
    card = db.session.scalar(
        select(PracticeCard).where(PracticeCard.enrolment_id == learner.enrolment_id, PracticeCard.item == row.item)
    )
    current = card is not None and card.answer_id == row.id
    return Feedback(
        ref=ref,
        marked=marked(item, row.response, row.order, share=share, given=review.fields if review else None),
        clause=learner.edition.find_clause(row.clause),
        current=current,
        rating=review.rating if review else "",
        due_on=card.due_on if card is not None and current else None,
        days=days_by_rating(card) if card is not None and current and row.share == "1" else {},
    )


def mastery(learner: Learner) -> dict[str, Mastery]:
    """The mastery of every clause that has practice items or answers, itself or below it, by number.

    Only what the site marks itself counts: what people mark of their own texts is no measure.
    """
    rows = db.session.execute(
        select(PracticeAnswer.clause, PracticeAnswer.share)
        .where(
            PracticeAnswer.enrolment_id == learner.enrolment_id,
            PracticeAnswer.first.is_(True),
            PracticeAnswer.kind.not_in(MARKED_BY_PEOPLE),
        )
        .order_by(PracticeAnswer.id)
    )
    seen = [Seen(clause, share == "1") for clause, share in rows]
    now, pool = clock.now(), pool_of(learner)
    chances: dict[str, list[float]] = {}
    for item_id, card in pool.cards.items():
        if item_id in pool.items:
            clause = clause_for(pool.items[item_id], pool.edition)
            chances.setdefault(clause, []).append(chance(memory_of(card), now))
    used = {item.clause for item in pool.candidates} | {one.clause for one in seen}
    clauses = [one.no for one in learner.edition.clauses if any(f"{no}.".startswith(f"{one.no}.") for no in used)]
    return master(seen, clauses, chances)


def _answer_and_item(learner: Learner, ref: str) -> tuple[PracticeAnswer, Item]:
    row = get_answer(learner, ref)
    return row, banks.get_item_version(row.version)


def _last_item(learner: Learner) -> str:
    latest = select(func.max(PracticeAnswer.id)).where(PracticeAnswer.enrolment_id == learner.enrolment_id)
    found = db.session.scalar(select(PracticeAnswer.item).where(PracticeAnswer.id == latest.scalar_subquery()))
    return found or ""


def _next_day(pool: Sequence[Candidate], today: date) -> date | None:
    return min((item.due_on for item in pool if item.due_on is not None and item.due_on > today), default=None)


def _shelf(
    pool: Sequence[Candidate], today: date, *, clause: Clause | None = None, topic: str = "", exact: bool = False
) -> Shelf:
    scope = Scope("clause", clause.no) if clause else Scope("topic", topic)
    inside = [one for one in pool if (one.clause == scope.value if exact else scope.takes(one))]
    return Shelf(clause, topic, len(inside), sum(one.due_on is not None for one in inside), waiting(inside, today))
