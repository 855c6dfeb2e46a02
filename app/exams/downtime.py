"""Rules of downtime 停机: what is an outage, what it gives back, and when time alone may close a sitting."""

from __future__ import annotations

from datetime import datetime, timedelta

BEAT_EVERY = 2
"""Seconds between two signs of life of a web process."""
OUTAGE_FROM = timedelta(seconds=10)
MOST_CREDIT = timedelta(hours=2)
"""What one outage gives back at most; a longer one needs a person's decision."""
GIVEN_UP = timedelta(hours=4)
"""After so long without a sign of life nobody waits for the site any more, and sittings are closed by their deadlines."""
STEP_FROM = timedelta(seconds=2)


def is_outage(last: datetime, now: datetime) -> bool:
    """Whether the gap between two signs of life was an outage."""
    return now - last > OUTAGE_FROM


def lost(started_at: datetime, deadline_at: datetime, since: datetime, until: datetime) -> timedelta:
    """How much of an outage fell into the time of a sitting, at most MOST_CREDIT, in whole seconds upwards."""
    took = min(deadline_at, until) - max(started_at, since)
    seconds = -(-took // timedelta(seconds=1))
    return min(max(timedelta(0), timedelta(seconds=seconds)), MOST_CREDIT)


def is_alive(last: datetime | None, now: datetime) -> bool:
    """Whether sittings may be closed by their deadlines: the site lives, by a clock that agrees with this one.

    While it is down nobody is closed, because the time will be given back. True where nothing ever beats.
    """
    return last is None or abs(now - last) <= OUTAGE_FROM or now - last > GIVEN_UP


def is_news(parted: timedelta, known: timedelta) -> bool:
    """Whether the clocks part by something else than what is known already."""
    return abs(parted - known) > STEP_FROM
