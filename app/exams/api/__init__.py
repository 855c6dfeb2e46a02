"""The exam page's own requests as JSON: answers and the pen, the pulse, reports of a question."""

from __future__ import annotations

from app.exams.api import answers, live
from app.exams.api.door import bp

__all__ = ["answers", "bp", "live"]
