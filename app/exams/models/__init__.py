"""Rows of the exam room 考场: sessions, candidates, sittings, the journal of answers, and what happens meanwhile."""

from __future__ import annotations

from app.exams.models.answers import Answer, AnswerEntry, RefusedEntry
from app.exams.models.candidates import Accommodation, ExamCandidate
from app.exams.models.events import (
    ClockAlarm,
    Incident,
    Outage,
    OutageCredit,
    Presence,
    QuestionReport,
    ServiceBeat,
    SittingEvent,
)
from app.exams.models.facilities import ItemFacility
from app.exams.models.sessions import (
    Announcement,
    ExamPool,
    ExamSession,
    Feasibility,
    SessionInvigilator,
    SessionMaterial,
    SessionMinutes,
)
from app.exams.models.sittings import SheetKeying, Sitting, SittingChange

__all__ = [
    "Accommodation",
    "Announcement",
    "Answer",
    "AnswerEntry",
    "ClockAlarm",
    "ExamCandidate",
    "ExamPool",
    "ExamSession",
    "Feasibility",
    "Incident",
    "ItemFacility",
    "Outage",
    "OutageCredit",
    "Presence",
    "QuestionReport",
    "RefusedEntry",
    "ServiceBeat",
    "SessionInvigilator",
    "SessionMaterial",
    "SessionMinutes",
    "SheetKeying",
    "Sitting",
    "SittingChange",
    "SittingEvent",
]
