"""Screens of courses 课程, one module for each part; the blueprint is `door.bp`."""

from __future__ import annotations

from app.courses.views import exercise, find, handout, lessons, notes, quiz, staff, video, way
from app.courses.views.door import bp

__all__ = ["bp", "exercise", "find", "handout", "lessons", "notes", "quiz", "staff", "video", "way"]
