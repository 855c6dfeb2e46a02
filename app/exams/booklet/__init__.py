"""The paper on paper 纸质试卷: booklet 试卷册, answer sheet 答题卡 and key 答案 of a sitting, as plain leaflets before any page.

All three come from the stored form of the sitting, in its order of questions and options.
"""

from __future__ import annotations

from app.exams.booklet.key import key
from app.exams.booklet.paper import Paper, code_of
from app.exams.booklet.questions import booklet
from app.exams.booklet.sheet import sheet
from app.exams.booklet.speech import Speech

__all__ = ["Paper", "Speech", "booklet", "code_of", "key", "sheet"]
