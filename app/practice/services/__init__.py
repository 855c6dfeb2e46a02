"""What can be done in practice: look, answer, rate, mark own texts, and sit mock exams."""

from __future__ import annotations

from app.practice.services.answer import NotToBePractised, answer, rate, self_mark
from app.practice.services.beats import beat, beat_mock
from app.practice.services.learner import Learner, find_learner, get_learner
from app.practice.services.look import (
    Desk,
    Feedback,
    Next,
    desk,
    due_today,
    feedback,
    get_shown_item,
    mastery,
    next_question,
)
from app.practice.services.mock import MockPaper, TimeIsUp, close, get_form, get_paper, mark_own, save, start
from app.practice.services.mock_look import MockLine, MockResult, Offer, get_result, list_mocks, list_offers

__all__ = [
    "Desk", "Feedback", "Learner", "MockLine", "MockPaper", "MockResult", "Next", "NotToBePractised", "Offer",
    "TimeIsUp", "answer", "beat", "beat_mock", "close", "desk", "due_today", "feedback", "find_learner", "get_form",
    "get_learner", "get_paper", "get_result", "get_shown_item", "list_mocks", "list_offers", "mark_own", "mastery",
    "next_question", "rate", "save", "self_mark", "start",
]  # fmt: skip
