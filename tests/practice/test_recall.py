"""The schedule: days only, without chance, and what each rating does to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.recall import AGAIN, CHOICES, EASY, GOOD, HARD, RATINGS, Memory, chance, local_day, rating_of, review

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
histories = st.lists(st.tuples(st.sampled_from(RATINGS), st.integers(0, 400)), min_size=1, max_size=8)


def played(history: list[tuple[str, int]]) -> tuple[Memory, date, datetime]:
    """The memory after ratings that came so many hours after one another."""
    memory: Memory | None = None
    at, due = AT, local_day(AT)
    for rating, hours in history:
        at += timedelta(hours=hours)
        memory, due = review(memory, rating, at)
    assert memory is not None
    return memory, due, at


@given(histories)
def test_an_item_comes_back_on_a_later_day_and_within_a_year(history: list[tuple[str, int]]) -> None:
    _memory, due, at = played(history)
    assert local_day(at) < due <= local_day(at + timedelta(days=365))


@given(histories)
def test_the_same_history_gives_the_same_day(history: list[tuple[str, int]]) -> None:
    assert played(history) == played(history)


@given(histories)
def test_easier_ratings_never_come_back_sooner(history: list[tuple[str, int]]) -> None:
    memory, due, _at = played(history)
    later = datetime.combine(due, datetime.min.time(), UTC)
    days = [review(memory, rating, later)[1] for rating in RATINGS]
    assert days == sorted(days)


@given(histories, st.integers(0, 300), st.integers(1, 300))
def test_what_is_known_fades(history: list[tuple[str, int]], soon: int, more: int) -> None:
    memory, _due, at = played(history)
    first, second = (chance(memory, at + timedelta(days=days)) for days in (soon, soon + more))
    assert 0 < second <= first <= 1


def test_a_missed_item_comes_back_the_next_day() -> None:
    assert review(None, AGAIN, AT)[1] == date(2026, 11, 24)
    assert [review(None, rating, AT)[1] for rating in CHOICES] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 12, 1),
    ]


def test_a_day_begins_in_beijing() -> None:
    assert local_day(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert local_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("share", "rating"),
    [("0", AGAIN), ("0.49", AGAIN), ("0.5", HARD), ("0.74", HARD), ("0.75", GOOD), ("0.99", GOOD), ("1", EASY)],
)
def test_own_marks_give_the_rating(share: str, rating: str) -> None:
    assert rating_of(Fraction(share), self_marked=True) == rating


@pytest.mark.parametrize(("share", "rating"), [("0", AGAIN), ("0.5", AGAIN), ("1", GOOD)])
def test_what_the_site_marks_is_right_as_a_whole_or_comes_again(share: str, rating: str) -> None:
    assert rating_of(Fraction(share), self_marked=False) == rating
