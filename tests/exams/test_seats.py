"""Places of the desk: who is silent, who needs attention, and what each choice shows."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.exams.seats import SHOWN, SILENT_AFTER, Place, counted, rooms_of
from tests.exams.rooms import NOW

moments = st.none() | st.integers(-300, 0).map(lambda seconds: NOW + timedelta(seconds=seconds))
places = st.builds(
    Place, name=st.just("a"), number=st.just("1"), room=st.sampled_from(["", "A", "B"]), seat=st.just(""),
    state=st.sampled_from(["absent", "ready", "open", "closed"]), medium=st.sampled_from(["screen", "paper"]),
    seen_at=moments, saved_at=moments, started_at=moments, locked=st.sampled_from([None, "seb"]),
    incidents=st.integers(0, 2),
)  # fmt: skip


@given(place=places)
def test_a_connection_is_lost_when_neither_pulse_nor_save_came_for_a_minute(place: Place) -> None:
    heard = [at for at in (place.seen_at, place.saved_at, place.started_at) if at]
    silent = bool(heard) and all(NOW - at > SILENT_AFTER for at in heard)
    assert place.is_lost(NOW) == (silent and place.state == "open" and place.medium == "screen")


@given(everybody=st.lists(places, max_size=8))
def test_every_place_is_in_one_state_and_the_counts_add_up(everybody: list[Place]) -> None:
    counts = counted(everybody, NOW)
    assert counts["all"] == len(everybody) == sum(counts[one] for one in ("sitting", "waiting", "absent", "closed"))
    assert counts["lost"] <= counts["attention"] <= counts["all"]
    assert set(SHOWN) < set(counts)


@given(place=places, room=st.sampled_from(["", "A"]))
def test_a_room_shows_its_own_places(place: Place, room: str) -> None:
    assert place.is_shown("all", room, NOW) == (room in {"", place.room})


def test_one_room_alone_is_no_choice() -> None:
    place = Place("a", "1", "A", "", "open")
    assert rooms_of([place, place]) == []
    assert rooms_of([place, Place("b", "2", "B", "", "open"), Place("c", "3", "", "", "open")]) == ["A", "B"]
