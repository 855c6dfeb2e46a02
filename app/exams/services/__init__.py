"""What can be done in the exam room."""

from __future__ import annotations

from app.exams.models import Sitting
from app.exams.services.close import (
    NOTHING_SHOWN,
    ClosedSitting,
    Shown,
    close_sitting,
    handed_in,
    lock_due,
    note_difference,
    present_answers,
    sittings_due,
)
from app.exams.services.desk import (
    extend_sitting,
    get_seat,
    get_seats,
    list_sessions,
    reveal_secret,
    sessions_to_reveal,
)
from app.exams.services.look import MySession, OpenPaper, get_paper, get_sitting, my_sessions
from app.exams.services.prepare import open_sitting, prepare_sitting
from app.exams.services.record import Lease, last_number, lease, record_answers, record_form, release_stores
from app.exams.services.sessions import create_session, get_session, get_session_by_id, session_programme

__all__ = [
    "NOTHING_SHOWN",
    "ClosedSitting",
    "Lease",
    "MySession",
    "OpenPaper",
    "Shown",
    "Sitting",
    "close_sitting",
    "create_session",
    "extend_sitting",
    "get_paper",
    "get_seat",
    "get_seats",
    "get_session",
    "get_session_by_id",
    "get_sitting",
    "handed_in",
    "last_number",
    "lease",
    "list_sessions",
    "lock_due",
    "my_sessions",
    "note_difference",
    "open_sitting",
    "prepare_sitting",
    "present_answers",
    "record_answers",
    "record_form",
    "release_stores",
    "reveal_secret",
    "session_programme",
    "sessions_to_reveal",
    "sittings_due",
]
