"""The answer store 答案库: the one door through which answers are saved, with the databases' own drivers.

It commits by itself: what it returns is durable. One port, two implementations with the same meaning.
"""

from __future__ import annotations

from app.exams.answer_store.port import AnswerStore
from app.exams.answer_store.postgres import PostgresAnswers
from app.exams.answer_store.sqlite import SqliteAnswers, connector

__all__ = ["AnswerStore", "PostgresAnswers", "SqliteAnswers", "connector"]
