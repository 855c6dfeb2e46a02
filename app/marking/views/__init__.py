"""Screens of marking 阅卷, one module for each part; the blueprint is `door.bp`."""

from __future__ import annotations

from app.marking.views import papers, sheets, staff
from app.marking.views.door import bp

__all__ = ["bp", "papers", "sheets", "staff"]
