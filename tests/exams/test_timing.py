from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams import timing
from app.exams.timing import Window

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WINDOW = Window(NOON, NOON + timedelta(hours=2))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (NOON - SECOND, timing.NotOpenYet),
        (NOON, None),
        (WINDOW.closes_at - SECOND, None),
        (WINDOW.closes_at, timing.WindowOver),
    ],
)
def test_a_sitting_begins_only_inside_the_window(at: datetime, refusal: type[Exception] | None) -> None:
    if refusal is None:
        timing.check_window(WINDOW, at)
    else:
        with pytest.raises(refusal):
            timing.check_window(WINDOW, at)


@given(st.integers(0, 7199), st.integers(1, 240))
def test_the_deadline_is_never_after_the_window_nor_after_the_minutes(late: int, minutes: int) -> None:
    begun = NOON + late * SECOND
    ends = timing.deadline(WINDOW, minutes, begun)
    assert begun < ends <= WINDOW.closes_at
    assert ends - begun <= timedelta(minutes=minutes)
    assert ends in {WINDOW.closes_at, begun + timedelta(minutes=minutes)}


def test_the_deadline_itself_counts() -> None:
    assert timing.counts(NOON, NOON)
    assert not timing.counts(NOON, NOON + timedelta(microseconds=1))
    assert timing.is_kept(NOON, NOON + timing.LATE_KEPT)
    assert not timing.is_kept(NOON, NOON + timing.LATE_KEPT + SECOND)


def test_a_late_worker_moves_no_finish() -> None:
    assert timing.finished_at(NOON, NOON + timedelta(hours=1)) == NOON
    assert timing.finished_at(NOON, NOON - SECOND) == NOON - SECOND


@given(st.integers(-100, 200), st.integers(-200, 200), st.integers(0, 120))
def test_the_grace_helps_what_was_on_its_way_and_nothing_else(arrives: int, written: int, grace: int) -> None:
    client_ms = round((NOON + written * SECOND).timestamp() * 1000)
    late = timing.is_late(NOON, grace, NOON + arrives * SECOND, client_ms)
    if arrives <= 0:
        assert not late
    elif arrives > grace:
        assert late
    else:
        assert late == (written > 0)


@given(st.integers(0, 7199), st.integers(1, 240), st.sampled_from((100, 125, 150, 200, 300)))
def test_a_factor_lengthens_what_is_left_of_the_window_and_nothing_else(late: int, minutes: int, percent: int) -> None:
    begun = NOON + late * SECOND
    plain, longer = timing.deadline(WINDOW, minutes, begun), timing.deadline(WINDOW, minutes, begun, percent)
    assert (longer - begun) * 100 == (plain - begun) * percent
    assert longer <= WINDOW.closes_at + (plain - begun) * (percent - 100) / 100
