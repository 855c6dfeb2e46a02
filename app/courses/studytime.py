"""Study time 学习时间: what counts between two heartbeats, what does not, and why.

The browser beats about every 30 seconds while a lesson is visible and in use. Time is the server's: the gap between
two beats of one person counts, whatever windows they come from, so two windows never count twice. A gap counts for
60 seconds at most; nothing counts once five minutes have passed without a touch of mouse, keys or screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_GAP = 60
IDLE_LIMIT = 300


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
