"""Attendance adds up: minutes attended of the minutes asked about, excused sessions left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.cohorts.attendance import STATES, Held, Sum, add_up

HELD = st.builds(Held, st.integers(1, 600), st.sampled_from([None, *STATES]), st.integers(-5, 700))


@given(st.lists(HELD, max_size=8))
def test_nobody_attends_more_than_was_held(sessions: list[Held]) -> None:
    found = add_up(sessions)
    assert 0 <= found.attended <= found.asked
    assert found.asked == sum(one.minutes for one in sessions if one.state != "excused")
    assert 0 <= found.percent <= 100
    assert found.reaches(0) and found.reaches(found.percent)


@given(st.lists(HELD, max_size=6), HELD)
def test_a_session_attended_whole_never_lowers_the_share(sessions: list[Held], more: Held) -> None:
    whole = Held(more.minutes, "present", more.minutes)
    assert add_up([*sessions, whole]).share >= add_up(sessions).share or not add_up(sessions).asked


def test_what_is_not_recorded_counts_as_not_attended() -> None:
    assert add_up([Held(90), Held(90, "present", 45), Held(60, "excused")]) == Sum(45, 180)
    assert add_up([]).share == 1
