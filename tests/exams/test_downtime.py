"""Rules of downtime, and the clock that ignores steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import Steady
from app.exams import downtime

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENTS = st.integers(-20_000, 20_000)


@given(MOMENTS, st.integers(1, 10_000), MOMENTS, st.integers(11, 30_000))
def test_what_is_given_back_is_what_fell_into_the_sitting(start: int, length: int, since: int, gap: int) -> None:
    begun, ends = NOON + start * SECOND, NOON + (start + length) * SECOND
    given_back = downtime.lost(begun, ends, NOON + since * SECOND, NOON + (since + gap) * SECOND)
    overlap = len(range(max(start, since), min(start + length, since + gap)))
    assert given_back == min(overlap * SECOND, downtime.MOST_CREDIT)


def test_a_second_that_was_begun_is_given() -> None:
    ends = NOON + timedelta(hours=1)
    assert downtime.lost(NOON, ends, NOON, NOON + timedelta(milliseconds=11_001)) == 12 * SECOND
    assert downtime.lost(NOON, ends, NOON, NOON + timedelta(seconds=11)) == 11 * SECOND


@pytest.mark.parametrize(
    ("age", "alive"),
    [(0, True), (10, True), (11, False), (-11, False), (7200, False), (4 * 3600 + 1, True)],
)
def test_while_the_site_is_down_or_its_clock_is_another_nobody_is_closed_by_time(age: int, alive: bool) -> None:
    assert downtime.is_alive(NOON - age * SECOND, NOON) is alive
    assert downtime.is_alive(None, NOON)


class Machine:
    """A machine whose clock can be set; time goes by only when it is told to."""

    def __init__(self) -> None:
        self.wall, self.running = NOON, 100.0
        self.clock = Steady(lambda: self.wall, lambda: self.running)

    def pass_time(self, seconds: float, *, drift: float = 0) -> datetime:
        self.running += seconds
        self.wall += timedelta(seconds=seconds + drift)
        return self.clock.now()


@pytest.mark.parametrize("step", [timedelta(hours=2), -timedelta(hours=2), timedelta(seconds=3)])
def test_a_step_moves_no_moment_by_more_than_two_seconds(step: timedelta) -> None:
    here = Machine()
    here.pass_time(60)
    here.wall += step
    assert here.clock.now() == NOON + timedelta(seconds=60)
    assert here.clock.parted() == step
    assert here.pass_time(600) == NOON + timedelta(seconds=660)
    here.wall -= step
    assert here.pass_time(1) == NOON + timedelta(seconds=661)
    assert here.clock.parted() == timedelta(0)


@given(st.lists(st.floats(-1.9, 1.9), max_size=30))
def test_small_corrections_are_followed(drifts: list[float]) -> None:
    here = Machine()
    for drift in drifts:
        assert here.pass_time(60, drift=drift) == here.wall
