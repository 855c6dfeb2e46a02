"""Screens of courses 课程, one module for each part; the blueprint is `door.bp`."""

from __future__ import annotations

from app.courses.views import diagram, exercise, find, handout, lessons, notes, quiz, staff, video, way
from app.courses.views.door import bp

__all__ = ["bp", "diagram", "exercise", "find", "handout", "lessons", "notes", "quiz", "staff", "video", "way"]
