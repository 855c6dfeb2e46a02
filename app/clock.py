"""The one clock 时钟 of the house: everything that needs the time asks here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
"""The zone in which days begin and end for everybody here."""

_frozen: list[datetime] = []


def now() -> datetime:
    """The present moment as an aware datetime in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


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
