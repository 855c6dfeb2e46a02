"""The one clock 时钟 of the house: everything that needs the time asks here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
"""The zone in which days begin and end for everybody here."""

_frozen: list[datetime] = []


def _running() -> float:
    """Seconds that went by since some moment, whatever happens to the clock; on Linux also while the machine slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Steady:
    """A clock that follows the machine's clock in small corrections and ignores a step of more than two seconds.

    After a step it goes on by the time that really went by, until its process is started again: no deadline moves.
    """

    LIMIT = timedelta(seconds=2)

    def __init__(self, wall: Callable[[], datetime], running: Callable[[], float]) -> None:
        self._wall, self._running = wall, running
        self._anchor = wall(), running()

    def now(self) -> datetime:
        """The present moment."""
        wall, running = self._wall(), self._running()
        own = self._own(running)
        if abs(wall - own) > self.LIMIT:
            return own
        self._anchor = wall, running
        return wall

    def parted(self) -> timedelta:
        """By how much the machine's clock is ahead of this one."""
        return self._wall() - self._own(self._running())

    def _own(self, running: float) -> datetime:
        wall, since = self._anchor
        return wall + timedelta(seconds=running - since)


_steady = Steady(lambda: datetime.now(UTC), _running)


def now() -> datetime:
    """The present moment as an aware datetime in UTC."""
    return _frozen[-1] if _frozen else _steady.now()


def parted() -> timedelta:
    """By how much the machine's clock stepped away from the clock of this process; about nought unless it stepped."""
    return _steady.parted()


def today() -> date:
    """The present day in Beijing."""
    return now().astimezone(BEIJING).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop the clock at `at` (aware) inside the block; for tests and for making the demonstration's past."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    _frozen.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()
