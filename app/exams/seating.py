"""Seats 排座: people go to rooms in the order of their admission numbers; who needs a room apart gets one of those."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.refusals import N_, Refusal

_LINE = re.compile(r"(.+?)[\s,，、:：]+(\d{1,4})")


class RoomsTooSmall(Refusal):
    """The rooms do not hold the people."""

    message = N_("The rooms have %(seats)s seats for %(people)s people.")
    kept = N_("Nothing was changed; what you typed is still in the form.")
    todo = N_("Add a room, or give more seats to one.")


class RoomUnread(Refusal):
    """A line names no room with its seats."""

    message = N_("Line %(line)s names no room with a number of seats: “%(text)s”.")
    kept = N_("Nothing was changed; what you typed is still in the form.")
    todo = N_("Write one room a line, such as “Room 301  30”.")


class NoRoomApart(Refusal):
    """Somebody needs a room apart, and none was named."""

    status: ClassVar[int] = 422
    message = N_("%(people)s people need a room apart, and there are only %(seats)s seats in such rooms.")
    kept = N_("Nothing was changed; what you typed is still in the form.")
    todo = N_("Name a room apart for them in the second field.")


@dataclass(frozen=True)
class Room:
    """A room with its number of seats."""

    name: str
    seats: int


@dataclass(frozen=True)
class Place:
    """Where somebody sits; both may be empty."""

    room: str = ""
    seat: str = ""


def rooms_of(text: str) -> list[Room]:
    """The rooms of a text, one a line with its number of seats. Raises RoomUnread."""
    rooms = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None or int(found[2]) == 0 or len(found[1]) > 60:
            raise RoomUnread(line=number, text=line.strip()[:60])
        rooms.append(Room(found[1].strip(), int(found[2])))
    return rooms


def seated(together: Sequence[bool], rooms: Sequence[Room], apart: Sequence[Room]) -> list[Place]:
    """A place for everybody in the order given; `together` says who sits with the others.

    Seats count from 1 in each room. Raises RoomsTooSmall, NoRoomApart.
    """
    count = sum(together)
    places, own = _places(rooms), _places(apart)
    if count > len(places):
        raise RoomsTooSmall(seats=len(places), people=count)
    if len(together) - count > len(own):
        raise NoRoomApart(seats=len(own), people=len(together) - count)
    first, second = iter(places), iter(own)
    return [next(first if one else second) for one in together]


def _places(rooms: Sequence[Room]) -> list[Place]:
    return [Place(room.name, f"{seat:02}") for room in rooms for seat in range(1, room.seats + 1)]


def masked(name: str) -> str:
    """A name as it may hang on a door: the surname and a sign for the rest."""
    parts = name.split()
    return f"{parts[0]} *" if len(parts) > 1 else f"{name[:1]}*"
