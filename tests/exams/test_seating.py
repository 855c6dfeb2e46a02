"""Seats, codes and names on doors: pure rules."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.arrangement import CODE_LENGTH, CODE_LETTERS, make_code, same_code, shown_code
from app.exams.seating import NoRoomApart, Place, Room, RoomsTooSmall, RoomUnread, masked, rooms_of, seated

ROOMS = st.lists(
    st.builds(Room, st.sampled_from("ABCDE"), st.integers(1, 20)), max_size=4, unique_by=lambda one: one.name
)


def test_rooms_are_read_as_people_write_them() -> None:
    assert rooms_of("301 教室 30\n\n  302教室：25 \nRoom 4, 5") == [
        Room("301 教室", 30), Room("302教室", 25), Room("Room 4", 5)
    ]  # fmt: skip
    assert rooms_of("") == []


@pytest.mark.parametrize("text", ["301", "room\n30", "301 0", f"{'x' * 61} 3", "A 30\nB many"])
def test_a_line_that_names_no_room_is_said_with_its_number(text: str) -> None:
    with pytest.raises(RoomUnread) as refused:
        rooms_of(text)
    assert refused.value.parameters["line"] == (2 if text.startswith("A 30") else 1)


@given(st.lists(st.booleans(), max_size=60), ROOMS, ROOMS)
def test_everybody_sits_alone_and_who_needs_a_room_apart_has_one(
    together: list[bool], rooms: list[Room], others: list[Room]
) -> None:
    apart = [Room(f"apart {room.name}", room.seats) for room in others]
    try:
        places = seated(together, rooms, apart)
    except RoomsTooSmall:
        assert sum(together) > sum(room.seats for room in rooms)
        return
    except NoRoomApart:
        assert len(together) - sum(together) > sum(room.seats for room in apart)
        return
    assert len(places) == len(together) == len(set(places))
    for with_others, place in zip(together, places, strict=True):
        assert place.room.startswith("apart") is not with_others
    order = [place for with_others, place in zip(together, places, strict=True) if with_others]
    assert (
        order == [Place(room.name, f"{seat:02}") for room in rooms for seat in range(1, room.seats + 1)][: len(order)]
    )


@given(st.integers())
def test_a_code_is_taken_however_it_is_typed(seed: int) -> None:
    code = make_code(random.Random(seed).randrange)
    assert len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS)
    for typed in (code, code.lower(), shown_code(code), f" {code[:3]}-{code[3:]} "):
        assert same_code(code, typed)
    for typed in ("", code[:-1], code + "2", code[::-1] if code[::-1] != code else "", "口令"):
        assert not same_code(code, typed)


def test_a_name_on_a_door_keeps_the_surname() -> None:
    assert masked("赵平例") == "赵*"
    assert masked("Ada Lovelace") == "Ada *"
