"""Mastery: Wilson's interval against published figures and its own properties, and which answers count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.mastery import FEWEST, WINDOW, Seen, master, wilson

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=0.00006)


@given(counts)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(count: tuple[int, int]) -> None:
    right, n = count
    low, high = wilson(right, n)
    assert 0 <= low <= right / n + 1e-12 and right / n - 1e-12 <= high <= 1 and low < high


@given(counts)
def test_the_interval_is_the_same_for_right_and_wrong(count: tuple[int, int]) -> None:
    right, n = count
    low, high = wilson(right, n)
    assert wilson(n - right, n) == pytest.approx((1 - high, 1 - low))


@given(st.integers(0, 40), st.integers(2, 9))
def test_more_answers_make_the_interval_narrower(right: int, times: int) -> None:
    one, many = wilson(right, 40), wilson(right * times, 40 * times)
    assert many[1] - many[0] < one[1] - one[0]


def test_nothing_is_known_without_answers() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert not master([], ["5.2"], {})["5.2"].enough


def test_a_chapter_holds_its_clauses_and_only_the_last_answers_count() -> None:
    answers = [Seen("6.1.2", False)] * WINDOW + [Seen("6.1.2", True)] * WINDOW + [Seen("6.3", False)] * 5
    found = master(answers, ["6", "6.1", "6.1.2", "6.3", "7"], {"6.1.2": [0.5, 1.0], "6.3": [0.0]})
    assert (found["6.1.2"].n, found["6.1.2"].right) == (WINDOW, WINDOW)
    assert (found["6"].n, found["6"].right) == (WINDOW, WINDOW - 5)
    assert found["6.1"].recall == 0.75 and found["6"].recall == 0.5 and found["7"].recall is None
    assert found["6.3"].n == FEWEST and found["6.3"].enough and not found["7"].enough
