"""When an item comes back 间隔复习: the schedule of FSRS, by the day and without chance.

The memory of an item is its stability in days and its difficulty from 1 to 10, as FSRS-6 has them (Ye, Su and Cao,
A stochastic shortest path algorithm for optimizing spaced repetition scheduling, KDD 2022; parameters and formulas
are those of the library `fsrs`). There are no steps within a day: an item that was missed comes back on another day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from fsrs import Card, Rating, Scheduler, State

from app.clock import BEIJING

AGAIN, HARD, GOOD, EASY = "again", "hard", "good", "easy"
RATINGS = (AGAIN, HARD, GOOD, EASY)
CHOICES = (HARD, GOOD, EASY)
"""What a person may say of an answer that was right."""

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=365)
_RATING = {AGAIN: Rating.Again, HARD: Rating.Hard, GOOD: Rating.Good, EASY: Rating.Easy}


@dataclass(frozen=True)
class Memory:
    """What is kept of one person and one item: stability in days, difficulty, and the moment of the last review."""

    stability: float
    difficulty: float
    at: datetime


def review(memory: Memory | None, rating: str, at: datetime) -> tuple[Memory, date]:
    """The memory after an answer of this rating, and the day in Beijing on which the item comes back.

    The day is at least the next one, and at most a year away.
    """
    moment = at.astimezone(UTC)
    made, _log = _SCHEDULER.review_card(_card(memory, moment), _RATING[rating], moment)
    assert made.stability is not None and made.difficulty is not None
    return Memory(made.stability, made.difficulty, moment), local_day(made.due)


def chance(memory: Memory, at: datetime) -> float:
    """The chance from 0 to 1 that the person still knows the item at this moment (retrievability of FSRS)."""
    moment = at.astimezone(UTC)
    return float(_SCHEDULER.get_card_retrievability(_card(memory, moment), moment))


def local_day(at: datetime) -> date:
    """The day of a moment in Beijing, where a day of practice begins and ends."""
    return at.astimezone(BEIJING).date()


def rating_of(share: Fraction, *, self_marked: bool) -> str:
    """The rating that an answer gives by itself, from the share of its marks.

    What the site marks is right as a whole or comes again. Where the person marks an own text: below one half again,
    below three quarters hard, below all of it good, all of it easy.
    """
    if not self_marked:
        return GOOD if share == 1 else AGAIN
    limits = ((Fraction(1, 2), AGAIN), (Fraction(3, 4), HARD), (Fraction(1), GOOD))
    return next((rating for limit, rating in limits if share < limit), EASY)


def _card(memory: Memory | None, at: datetime) -> Card:
    # Number and due are given, because the library would ask its own clock for them.
    if memory is None:
        return Card(card_id=0, due=at)
    moment = memory.at.astimezone(UTC)
    return Card(
        card_id=0, state=State.Review, stability=memory.stability, difficulty=memory.difficulty, due=moment,
        last_review=moment,
    )  # fmt: skip
