"""What marking does: take in a sitting, mark scripts, make results, decide."""

from __future__ import annotations

from app.marking.services.counts import count_sitting, uncounted
from app.marking.services.decisions import (
    AlreadyDecided,
    Candidacy,
    MissingRequirement,
    NotYours,
    Requirement,
    decide,
    get_candidacy,
    list_candidacies,
)
from app.marking.services.desk import (
    AlreadyMarked,
    Desk,
    Pile,
    ScriptView,
    desk,
    get_script,
    mark,
    marked_by,
    next_script,
)
from app.marking.services.hand_in import (
    Receipt,
    closed_unscored,
    get_receipt,
    hand_in,
    hand_in_due,
    hand_in_own,
    receipt_of,
    score_closed,
)
from app.marking.services.results import OwnResult, ResultLine, SessionResults, get_own_result, get_session_results
from app.marking.services.sheets import take_in_sheet
from app.marking.services.staff import CertifiedAlready, decide_incident, force_hand_in

__all__ = [
    "AlreadyDecided",
    "AlreadyMarked",
    "Candidacy",
    "CertifiedAlready",
    "Desk",
    "MissingRequirement",
    "NotYours",
    "OwnResult",
    "Pile",
    "Receipt",
    "Requirement",
    "ResultLine",
    "ScriptView",
    "SessionResults",
    "closed_unscored",
    "count_sitting",
    "decide",
    "decide_incident",
    "desk",
    "force_hand_in",
    "get_candidacy",
    "get_own_result",
    "get_receipt",
    "get_script",
    "get_session_results",
    "hand_in",
    "hand_in_due",
    "hand_in_own",
    "list_candidacies",
    "mark",
    "marked_by",
    "next_script",
    "receipt_of",
    "score_closed",
    "take_in_sheet",
    "uncounted",
]
