"""What can be done with cohorts 培训班: classes and people, study rules, live sessions, admission by exception."""

from __future__ import annotations

from app.cohorts.services.admission import admissions_of, admit, find_admission, latest_admission, withdraw_admission
from app.cohorts.services.classes import (
    CodeTaken,
    CohortRow,
    add_programme,
    appoint_teacher,
    enrol,
    enrolments_of,
    get_cohort,
    get_programme,
    list_cohorts,
    open_cohort,
    taught_by,
)
from app.cohorts.services.live import (
    Cancelled,
    Mark,
    MinutesOutside,
    NotBegun,
    SeatLine,
    SessionLine,
    add_live_session,
    attendance_sums,
    get_live_session,
    list_live_sessions,
    my_live_sessions,
    record_attendance,
    seats,
    teachers_of,
)
from app.cohorts.services.moves import TookPlace, cancel_live_session, change_live_session
from app.cohorts.services.rules import RulesVersion, get_rules, rules_history, set_rules

__all__ = [
    "Cancelled", "CodeTaken", "CohortRow", "Mark", "MinutesOutside", "NotBegun", "RulesVersion", "SeatLine",
    "SessionLine", "TookPlace", "add_live_session", "add_programme", "admissions_of", "admit", "appoint_teacher",
    "attendance_sums", "cancel_live_session", "change_live_session", "enrol", "enrolments_of", "find_admission",
    "get_cohort", "get_live_session", "get_programme", "get_rules", "latest_admission", "list_cohorts",
    "list_live_sessions", "my_live_sessions", "open_cohort", "record_attendance", "rules_history", "seats",
    "set_rules", "taught_by", "teachers_of", "withdraw_admission",
]  # fmt: skip
