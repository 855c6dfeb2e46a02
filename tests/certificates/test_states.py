"""States, reasons, and how long a certificate runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates import states


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 23), 36, date(2029, 11, 22)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_last_day(start: date, months: int, end: date) -> None:
    assert states.last_day(start, months) == end


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_the_next_period_follows_without_a_gap(start: date, months: int) -> None:
    end = states.last_day(start, months)
    assert start < end
    assert (end + timedelta(days=1)).day in {start.day, 1}


def test_shown_on_the_last_day_and_after() -> None:
    day = date(2026, 11, 23)
    assert states.shown("granted", day, day) == "valid"
    assert states.shown("granted", day, day + timedelta(days=1)) == "expired"
    assert states.shown("withdrawn", day, day + timedelta(days=1)) == "withdrawn"


def test_what_is_withdrawn_stays_withdrawn() -> None:
    assert states.possible("withdrawn") == states.possible("replaced") == []
    assert states.possible("granted") == ["suspend", "withdraw", "replace"]


def test_every_reason_has_its_words() -> None:
    assert all(states.reason_words(code) for act in states.ACTS.values() for code in act.reasons)
    assert states.reason_words("unknown") == ""
