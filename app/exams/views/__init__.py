"""Screens of the exam room 考场, one module for each part; the blueprint is `door.bp`."""

from __future__ import annotations

from app.exams.views import (
    arranging,
    candidate,
    clock,
    desk,
    fairness,
    incidents,
    materials,
    minutes,
    officer,
    paper,
    uncounted,
)
from app.exams.views.door import bp

__all__ = [
    "arranging",
    "bp",
    "candidate",
    "clock",
    "desk",
    "fairness",
    "incidents",
    "materials",
    "minutes",
    "officer",
    "paper",
    "uncounted",
]
