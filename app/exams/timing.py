"""The clock of a sitting 计时: when it may begin, when it ends, and what an answer that arrives then is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from app.refusals import N_, Conflict, Refusal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATE_KEPT = timedelta(hours=24)
"""How long after the deadline answers are still taken in: kept for a person to look at, never counted."""


class NotOpenYet(Conflict):
    """The session's window has not begun."""

    message = N_("The exam opens at %(time)s.")
    todo = N_("Come back then; your paper is kept ready.")


class WaitingRoomClosed(Conflict):
    """The waiting room of the session is not open yet."""

    message = N_("The waiting room opens at %(time)s.")
    todo = N_("Come back then. Until the exam opens there is time to check your device.")


class TooLate(Refusal):
    """The session is running, but nobody may begin any more."""

    status: ClassVar[int] = 410
    message = N_("Nobody may begin this exam after %(time)s.")
    kept = N_("No attempt was used up.")
    todo = N_("Ask your training base for the next session.")


class Cancelled(Refusal):
    """The session was cancelled before it opened."""

    status: ClassVar[int] = 410
    message = N_("This exam session was cancelled.")
    kept = N_("No attempt was used up.")
    todo = N_("Ask your training base for the next session.")


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


PAPER = "paper"
"""The medium of a sitting whose answers are written on an answer sheet; the other is 'screen'."""


class OnPaper(Closed):
    """The sitting goes on on paper; the screen takes nothing for it any more."""

    message = N_("This exam goes on on paper. The screen takes no further answers.")
    kept = N_("What was saved before stays valid and is printed on your answer sheet.")
    todo = N_("Write further answers on the answer sheet, also those that you gave here since.")


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


def deadline(window: Window, minutes: int, started_at: datetime, percent: int = 100) -> datetime:
    """When a sitting that begins now ends: after its minutes or with the window, whichever is first.

    `percent` is the factor of an accommodation: it lengthens the time that is left in the window, so that its holder
    ends after the window by what the factor adds, and by no more.
    """
    allowed = min(started_at + timedelta(minutes=minutes), window.closes_at) - started_at
    return started_at + allowed * percent / 100


def counts(deadline_at: datetime, at: datetime) -> bool:
    """Whether an answer that arrives at this moment counts; the deadline itself still does."""
    return at <= deadline_at


def is_late(deadline_at: datetime, grace_seconds: int, at: datetime, client_ms: int) -> bool:
    """Whether an answer that arrives at this moment comes too late to count.

    Until the deadline everything counts. In the declared grace 宽限 after it an answer counts that was given before the
    deadline, by the clock of its device, and was only on its way; what was given later does not. After the grace
    nothing counts any more. An answer in the grace is known by a time of saving after the deadline.
    """
    if counts(deadline_at, at):
        return False
    return not counts(in_grace_until(deadline_at, grace_seconds), at) or client_ms * 1000 > _micros(deadline_at)


def in_grace_until(deadline_at: datetime, grace_seconds: int) -> datetime:
    """Until when the answers of a sitting may still be on their way; then it is closed without its browser."""
    return deadline_at + timedelta(seconds=grace_seconds)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def is_kept(deadline_at: datetime, at: datetime) -> bool:
    """Whether an answer that no longer counts is still kept for a person to look at."""
    return at <= deadline_at + LATE_KEPT


def finished_at(deadline_at: datetime, at: datetime) -> datetime:
    """When a sitting that is closed at this moment was finished: the worker may be late, the deadline is not."""
    return min(deadline_at, at)
