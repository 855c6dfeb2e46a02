"""Study time 学习时间: what counts between two heartbeats, what does not, and why.

The browser beats about every 30 seconds while a page to study from is visible and in use: a lesson, a practical audit, a
mock exam or a question of practice. Time is the server's: the gap between two beats of one person counts, whatever
windows and pages they come from, so two windows never count twice. A gap counts for 60 seconds at most; nothing counts
once five minutes have passed without a touch of mouse, keys or screen. Which of it goes to the class hours is said in
`courses.credit`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.refusals import N_, Refusal

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_GAP = 60
IDLE_LIMIT = 300
_VISIT = re.compile(r"[A-Za-z0-9_-]{8,32}")


class BadBeat(Refusal):
    """A heartbeat that no page of ours sends."""

    message = N_("This heartbeat could not be read; no time was counted.")


@dataclass(frozen=True)
class Signs:
    """What a page says in a heartbeat: its own name, seconds as in `Beat`, and the section in view, 0 for the beginning.

    Raises BadBeat for what no page of ours can say.
    """

    visit: str
    idle: int = 0
    away: int = 0
    section: int = 0

    def __post_init__(self) -> None:
        if not _VISIT.fullmatch(self.visit) or self.idle < 0 or self.away < 0 or not 0 <= self.section <= 99:
            raise BadBeat


def signs_of(body: Mapping[str, Any]) -> Signs:
    """The signs in the JSON of a heartbeat. Raises BadBeat."""
    numbers = [body.get(name) for name in ("idle", "away", "section")]
    visit = body.get("visit")
    if not isinstance(visit, str) or not all(type(value) is int for value in numbers):
        raise BadBeat
    return Signs(visit, *(int(value or 0) for value in numbers))


@dataclass(frozen=True)
class Beat:
    """A sign of life: `visit` is one opened page; `idle` and `away` are seconds as the page measured them.

    `idle`: since the last input, before the one that woke the page. `away`: how long it was hidden since its last beat.
    """

    at: datetime
    visit: str
    idle: int = 0
    away: int = 0


@dataclass(frozen=True)
class Tally:
    """Seconds that counted, and seconds that did not: no activity, page in the background, no signal."""

    counted: int = 0
    idle: int = 0
    away: int = 0
    silent: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.counted + other.counted, self.idle + other.idle, self.away + other.away, self.silent + other.silent
        )

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why time was not counted, with whole minutes; reasons of less than a minute are left out."""
        given = (("idle", self.idle), ("away", self.away), ("silent", self.silent))
        return tuple((reason, seconds // 60) for reason, seconds in given if seconds >= 60)


def weigh(before: Beat | None, beat: Beat) -> Tally | None:
    """What the time since the person's last beat is worth; None for a beat that is to be ignored.

    The seconds of a page that goes on add up to the gap. A page opened after a break claims nothing for the break.
    """
    if before is None:
        return Tally()
    gap = max(0, int((beat.at - before.at).total_seconds()))
    same = before.visit == beat.visit
    if not same and beat.idle > IDLE_LIMIT:
        return None  # a forgotten window must not take the time of the one that is in use
    if not same and gap > LONGEST_GAP:
        return Tally()
    away = min(max(0, beat.away), gap) if same else 0
    rest = gap - away
    if beat.idle > IDLE_LIMIT:
        return Tally(idle=rest, away=away)
    counted = min(rest, LONGEST_GAP)
    return Tally(counted=counted, away=away, silent=rest - counted)


def class_hours(seconds: int, hour_minutes: int) -> Decimal:
    """Class hours 学时 with one decimal, rounded down; `hour_minutes` is the length of one (usually 45)."""
    return (Decimal(seconds) / 60 / hour_minutes).quantize(Decimal("0.1"), ROUND_DOWN)


def day_of(moment: datetime) -> date:
    """The day in Beijing on which a moment falls."""
    return moment.astimezone(BEIJING).date()
