"""Screens of courses 课程, one module for each part; the blueprint is `door.bp`."""

from __future__ import annotations

from app.courses.views import find, lessons, notes
from app.courses.views.door import bp

__all__ = ["bp", "find", "lessons", "notes"]
