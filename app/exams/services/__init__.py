"""What can be done in the exam room."""

from __future__ import annotations

from app.exams.models import ExamSession, Sitting
from app.exams.services.access import Reader, get_watched, invigilators_of
from app.exams.services.admit import admit, complete_list
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
from app.exams.services.entry import attempts_used, check_not_cancelled, last_start
from app.exams.services.incidents import Case, raise_by_system
from app.exams.services.incidents import reply as reply_to_incident
from app.exams.services.look import OpenPaper, get_paper, get_sitting
from app.exams.services.mine import MySession, my_sessions
from app.exams.services.prepare import open_sitting, prepare_sitting
from app.exams.services.pulse import Heard, Pulse, take_pulse
from app.exams.services.record import (
    Lease,
    last_number,
    lease,
    record_answers,
    record_at_once,
    record_form,
    release_stores,
)
from app.exams.services.reports import report_question
from app.exams.services.sessions import create_session, get_session, get_session_by_id, session_programme
from app.exams.services.uncounted import LateAnswer, late_answers, note_refused, refused_entries

__all__ = [
    "NOTHING_SHOWN",
    "Case",
    "ClosedSitting",
    "ExamSession",
    "Heard",
    "LateAnswer",
    "Lease",
    "MySession",
    "OpenPaper",
    "Pulse",
    "Reader",
    "Shown",
    "Sitting",
    "admit",
    "attempts_used",
    "check_not_cancelled",
    "close_sitting",
    "complete_list",
    "create_session",
    "extend_sitting",
    "get_paper",
    "get_seat",
    "get_seats",
    "get_session",
    "get_session_by_id",
    "get_sitting",
    "get_watched",
    "handed_in",
    "invigilators_of",
    "last_number",
    "last_start",
    "late_answers",
    "lease",
    "list_sessions",
    "lock_due",
    "my_sessions",
    "note_difference",
    "note_refused",
    "open_sitting",
    "prepare_sitting",
    "present_answers",
    "raise_by_system",
    "record_answers",
    "record_at_once",
    "record_form",
    "refused_entries",
    "release_stores",
    "reply_to_incident",
    "report_question",
    "reveal_secret",
    "session_programme",
    "sessions_to_reveal",
    "sittings_due",
    "take_pulse",
]
