"""The exam page's own requests as JSON: answers and the pen, the pulse, reports of a question, the proof of the browser."""

from __future__ import annotations

from app.exams.api import answers, live, safe_browser
from app.exams.api.door import bp

__all__ = ["answers", "bp", "live", "safe_browser"]
