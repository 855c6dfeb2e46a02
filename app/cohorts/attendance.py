"""Attendance 考勤 of live sessions: minutes attended of the minutes held, for one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.refusals import N_

STATES = {"present": N_("Present"), "absent": N_("Absent"), "excused": N_("Excused")}
"""What can be recorded of a person, with the words for it."""


@dataclass(frozen=True)
class Held:
    """A session that has begun: its minutes, and what was recorded of the person (None: nothing yet)."""

    minutes: int
    state: str | None = None
    attended: int = 0


@dataclass(frozen=True)
class Sum:
    """Minutes attended, and the minutes that are asked about; who was excused is not asked about that session."""

    attended: int = 0
    asked: int = 0

    @property
    def share(self) -> Fraction:
        """The share attended, from 0 to 1; all of it where nothing is asked about."""
        return Fraction(self.attended, self.asked) if self.asked else Fraction(1)

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down."""
        return int(self.share * 100)

    def reaches(self, percent: int) -> bool:
        """Whether at least so many percent were attended."""
        return self.share * 100 >= percent


def add_up(sessions: Iterable[Held]) -> Sum:
    """The sum over sessions; nobody attends more of a session than it lasted."""
    attended = asked = 0
    for one in sessions:
        if one.state == "excused":
            continue
        asked += one.minutes
        if one.state == "present":
            attended += max(0, min(one.attended, one.minutes))
    return Sum(attended, asked)
