"""Background work of marking: sittings whose time is up are closed and scored, and what items earned is counted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from app import clock
from app.exams import services as exams
from app.jobs.registry import every
from app.marking import services
from app.store import writing

log = logging.getLogger(__name__)


@every(seconds=1)
def close_due() -> None:
    """Close and score every sitting whose deadline has passed, each in its own transaction.

    One that fails is logged and tried again the next second; it never holds up the others.
    """
    at = clock.now()
    due = exams.sittings_due(at)
    for sitting_id in due if due and exams.may_close_by_time(at) else ():
        _try(partial(services.hand_in_due, sitting_id, at))
    for sitting_id in services.closed_unscored():
        _try(partial(services.score_closed, sitting_id))


@every(seconds=30)
def take_in_sheets() -> None:
    """Take in the answer sheets that are agreed and were left half done."""
    for ref in exams.sheets_agreed():
        try:
            services.take_in_sheet(ref)
        except Exception:  # whatever it is, the next sheet must still be taken in
            log.exception("an answer sheet that is agreed could not be taken in")


@every(seconds=60)
def count_items() -> None:
    """Bring final results of first attempts into the counts of their items."""
    for sitting_id in services.uncounted():
        _try(partial(services.count_sitting, sitting_id))


def _try(work: Callable[[], object]) -> None:
    try:
        with writing():
            work()
    except Exception:  # whatever it is, the next candidate's sitting must still have its turn
        log.exception("a sitting could not be closed, scored or counted")
