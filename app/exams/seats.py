"""Places 座位 as the invigilator's desk sees them: who is where, who is not heard of, and who needs attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SILENT_AFTER = timedelta(seconds=60)
"""Without a pulse and without a save for so long, the connection counts as lost."""

SHOWN = ("all", "attention", "sitting", "waiting", "absent", "closed")
"""The choices of the desk: everybody, who needs attention, and one for each state."""


@dataclass(frozen=True)
class Place:
    """One candidate of a session. Times are moments, `left_ms` is in milliseconds, `ref` names the sitting.

    `signs` counts the other signs by kind, `incidents` the undecided ones, `late` answers that came too late, `refused`
    sendings that were not taken.
    """

    name: str
    number: str
    room: str
    seat: str
    state: str
    ref: str = ""
    medium: str = "screen"
    slot: int | None = None
    hidden: bool = False
    answered: int = 0
    questions: int = 0
    seen_at: datetime | None = None
    saved_at: datetime | None = None
    started_at: datetime | None = None
    deadline_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    extra_minutes: int = 0
    outage_seconds: int = 0
    takeovers: int = 0
    locked: str | None = None
    left: int = 0
    left_ms: int = 0
    signs: Mapping[str, int] = field(default_factory=dict)
    incidents: int = 0
    late: int = 0
    refused: int = 0

    @property
    def heard_at(self) -> datetime | None:
        """When the page was last heard of: by its pulse, by a save, or by its start."""
        return max((at for at in (self.seen_at, self.saved_at, self.started_at) if at), default=None)

    def is_lost(self, at: datetime) -> bool:
        """Whether the page of a running sitting has been silent for more than a minute."""
        if self.state != "open" or self.medium != "screen" or self.heard_at is None:
            return False
        return at - self.heard_at > SILENT_AFTER

    def needs_attention(self, at: datetime) -> bool:
        """Whether a person should look: silent, locked, or with an incident that nobody has decided."""
        return self.is_lost(at) or bool(self.state == "open" and self.locked) or self.incidents > 0

    def is_shown(self, choice: str, room: str, at: datetime) -> bool:
        """Whether the place belongs to a choice of the desk, in one room or (empty) in all."""
        if room and room != self.room:
            return False
        if choice == "attention":
            return self.needs_attention(at)
        return choice == "all" or choice == {"open": "sitting", "ready": "waiting"}.get(self.state, self.state)


def rooms_of(places: Iterable[Place]) -> list[str]:
    """The rooms that are named, in their order; one room without others is none to choose from."""
    found = sorted({place.room for place in places})
    return [room for room in found if room] if len(found) > 1 else []


def counted(places: Sequence[Place], at: datetime) -> dict[str, int]:
    """How many places there are for each choice of the desk, and how many connections are lost."""
    counts = {choice: sum(place.is_shown(choice, "", at) for place in places) for choice in SHOWN}
    return counts | {"lost": sum(place.is_lost(at) for place in places)}
