"""Screens of the exam room 考场, one module for each part; the blueprint is `door.bp`."""

from __future__ import annotations

from app.exams.views import (
    arranging,
    candidate,
    candidates,
    clock,
    desk,
    fairness,
    incidents,
    lists,
    materials,
    minutes,
    officer,
    paper,
    plain,
    safe_browser,
    trials,
    uncounted,
    waiting,
)
from app.exams.views.door import bp

__all__ = [
    "arranging",
    "bp",
    "candidate",
    "candidates",
    "clock",
    "desk",
    "fairness",
    "incidents",
    "lists",
    "materials",
    "minutes",
    "officer",
    "paper",
    "plain",
    "safe_browser",
    "trials",
    "uncounted",
    "waiting",
]
