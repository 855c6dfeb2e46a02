"""The port of the answer store, and the reasons for which it says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NoReturn, Protocol

from app.exams import timing
from app.exams.journal import Entry, Pen, Saved, TakenOver
from app.refusals import NotFound


class AnswerStore(Protocol):
    """Saving answers: append to the journal, keep the newest as the present answer, acknowledge after the commit."""

    def save(self, pen: Pen, entries: Sequence[Entry], at: datetime) -> Saved:
        """Save the entries of the device that holds the sitting; what is there already is acknowledged again.

        A lower number never overwrites a higher one, and a number stands for one answer for ever. What comes too late
        (timing.is_late) is kept and does not become the present answer. Without entries it tells the deadline. Raises
        NotFound, TakenOver, timing.Closed, journal.Gap, StoreDown.
        """
        ...

    def append(self, pen: Pen, responses: Mapping[int, str], at: datetime) -> Saved:
        """Save answers {slot: canonical JSON} under the next numbers; for the form that is sent without a script."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


def refuse(row: tuple[str, str | None, int, str | None] | None, pen: Pen) -> NoReturn:
    """Say why nothing was saved: row is (state, closed_by, epoch, writer) of the sitting, None for an unknown one."""
    if row is None or row[0] == "ready":
        raise NotFound
    state, closed_by, epoch, writer = row
    if state == "closed" and closed_by != "deadline":
        raise timing.Closed
    if epoch != pen.epoch or pen.writer not in {None, writer}:
        raise TakenOver
    raise timing.Closed


def numbered(responses: Mapping[int, str], last: int, at: datetime) -> list[Entry]:
    """Answers without numbers of their own as entries after the last one, in the order of slots."""
    client_ms = int(at.timestamp() * 1000)
    return [Entry(number, slot, responses[slot], client_ms) for number, slot in enumerate(sorted(responses), last + 1)]
