"""What counts as study time, and that it can never be more than the time that passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses.studytime import IDLE_LIMIT, LONGEST_GAP, BadBeat, Beat, Signs, Tally, class_hours, signs_of, weigh

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def at(seconds: int, visit: str = "a", *, idle: int = 0, away: int = 0) -> Beat:
    return Beat(START + timedelta(seconds=seconds), visit, idle, away)


def run(beats: list[Beat]) -> Tally:
    total, last = Tally(), None
    for beat in beats:
        tally = weigh(last, beat)
        if tally is not None:
            total, last = total + tally, beat
    return total


def test_the_first_beat_counts_nothing() -> None:
    assert weigh(None, at(0)) == Tally()


def test_steady_beats_count_in_full() -> None:
    assert run([at(seconds) for seconds in range(0, 601, 30)]) == Tally(counted=600)


@pytest.mark.parametrize(("gap", "counted", "silent"), [(60, 60, 0), (61, 60, 1), (400, 60, 340)])
def test_a_longer_gap_counts_for_one_minute(gap: int, counted: int, silent: int) -> None:
    assert weigh(at(0), at(gap)) == Tally(counted=counted, silent=silent)


@pytest.mark.parametrize(("idle", "counted"), [(IDLE_LIMIT, 30), (IDLE_LIMIT + 1, 0)])
def test_nothing_counts_beyond_five_minutes_without_input(idle: int, counted: int) -> None:
    found = weigh(at(0), at(30, idle=idle))
    assert found == Tally(counted=counted, idle=30 - counted)


def test_twelve_minutes_without_activity_are_said_to_be_that() -> None:
    beats = [at(seconds, idle=seconds) for seconds in range(0, 301, 30)]
    total = run([*beats, at(300 + 720, idle=1020)])
    assert total == Tally(counted=300, idle=720)
    assert total.reasons() == (("idle", 12),)


def test_time_in_the_background_does_not_count() -> None:
    assert run([at(0), at(30), at(30 + 600, away=600), at(660)]) == Tally(counted=60, away=600)


def test_two_windows_are_paid_once() -> None:
    beats = sorted(
        [at(seconds, "a") for seconds in range(0, 301, 30)] + [at(seconds, "b") for seconds in range(15, 301, 30)],
        key=lambda beat: beat.at,
    )
    assert run(beats) == Tally(counted=300)


def test_a_forgotten_window_does_not_take_the_time_of_the_other() -> None:
    assert run([at(0), at(15, "forgotten", idle=4000), at(30)]) == Tally(counted=30)


def test_a_page_opened_after_a_break_claims_nothing_for_it() -> None:
    assert weigh(at(0), at(3600, "b")) == Tally()


def test_going_on_to_the_next_lesson_leaves_no_hole() -> None:
    assert weigh(at(0), at(20, "b")) == Tally(counted=20)


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    assert weigh(at(100), at(40)) == Tally()


def test_reasons_of_less_than_a_minute_are_left_out() -> None:
    assert Tally(idle=59, away=60, silent=125).reasons() == (("away", 1), ("silent", 2))


@pytest.mark.parametrize(
    ("seconds", "minutes", "hours"),
    [(0, 45, "0.0"), (269, 45, "0.0"), (270, 45, "0.1"), (2700, 45, "1.0"), (3599, 60, "0.9")],
)
def test_class_hours_are_rounded_down_to_one_decimal(seconds: int, minutes: int, hours: str) -> None:
    assert class_hours(seconds, minutes) == Decimal(hours)


GOOD = {"visit": "visit-one", "idle": 0, "away": 3, "section": 2}


def test_the_signs_of_a_page_are_read() -> None:
    assert signs_of({**GOOD, "lesson": "2013-4.1"}) == Signs("visit-one", 0, 3, 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"visit": "short"}, {"visit": "with space in it"}, {"visit": 12345678}, {"idle": -1}, {"idle": None}, {"away": -1},
        {"away": 1.5}, {"away": True}, {"section": -1}, {"section": 100}, {"section": "2"},
    ],
)  # fmt: skip
def test_signs_that_no_page_sends_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(BadBeat):
        signs_of({**GOOD, **bad})


BEATS = st.lists(
    st.tuples(st.integers(0, 900), st.sampled_from("abc"), st.integers(0, 2000), st.integers(0, 2000)), max_size=40
)


def _beats(steps: list[tuple[int, str, int, int]]) -> list[Beat]:
    clock, found = 0, []
    for gap, visit, idle, away in steps:
        clock += gap
        found.append(at(clock, visit, idle=idle, away=away))
    return found


@given(BEATS)
def test_never_more_than_the_time_that_passed(steps: list[tuple[int, str, int, int]]) -> None:
    beats = _beats(steps)
    total = run(beats)
    passed = int((beats[-1].at - beats[0].at).total_seconds()) if beats else 0
    assert 0 <= total.counted <= passed
    assert total.counted + total.idle + total.away + total.silent <= passed
    assert total.counted <= LONGEST_GAP * len(beats)


@given(BEATS)
def test_every_second_of_a_page_that_goes_on_is_accounted_for(steps: list[tuple[int, str, int, int]]) -> None:
    beats = [Beat(beat.at, "one", beat.idle, beat.away) for beat in _beats(steps)]
    total = run(beats)
    passed = int((beats[-1].at - beats[0].at).total_seconds()) if beats else 0
    assert total.counted + total.idle + total.away + total.silent == passed
