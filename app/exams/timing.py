"""The clock of a sitting 计时: when it may begin, when it ends, and what an answer that arrives then is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from app.refusals import N_, Conflict, Refusal

LATE_KEPT = timedelta(hours=24)
"""How long after the deadline answers are still taken in: kept for a person to look at, never counted."""


class NotOpenYet(Conflict):
    """The session's window has not begun."""

    message = N_("The exam opens at %(time)s.")
    todo = N_("Come back then; your paper is kept ready.")


class WindowOver(Refusal):
    """The session's window is over."""

    status: ClassVar[int] = 410
    message = N_("The window of this exam closed at %(time)s.")
    todo = N_("Ask your training base for the next session.")


class Closed(Refusal):
    """The sitting is handed in; nothing can be changed."""

    status: ClassVar[int] = 410
    message = N_("This exam has been handed in and can no longer be changed.")
    todo = N_("The receipt stands under “My exams”.")


@dataclass(frozen=True)
class Window:
    """The window of a session, both ends included."""

    opens_at: datetime
    closes_at: datetime


def check_window(window: Window, at: datetime) -> None:
    """Raises NotOpenYet or WindowOver when a sitting may not begin at this moment."""
    if at < window.opens_at:
        raise NotOpenYet(time=window.opens_at)
    if at >= window.closes_at:
        raise WindowOver(time=window.closes_at)


def deadline(window: Window, minutes: int, started_at: datetime) -> datetime:
    """When a sitting that begins now ends: after its minutes, and never after the window."""
    return min(started_at + timedelta(minutes=minutes), window.closes_at)


def counts(deadline_at: datetime, at: datetime) -> bool:
    """Whether an answer that arrives at this moment counts; the deadline itself still does."""
    return at <= deadline_at


def is_kept(deadline_at: datetime, at: datetime) -> bool:
    """Whether an answer that no longer counts is still kept for a person to look at."""
    return at <= deadline_at + LATE_KEPT


def finished_at(deadline_at: datetime, at: datetime) -> datetime:
    """When a sitting that is closed at this moment was finished: the worker may be late, the deadline is not."""
    return min(deadline_at, at)
