"""What every screen of the exam room shares: the blueprint, and the reader's language."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import get_locale

bp = Blueprint("exams", __name__)


def language() -> str:
    """The reader's language as content has it: 'zh_CN' or 'en'."""
    return "en" if str(get_locale()).startswith("en") else "zh_CN"
