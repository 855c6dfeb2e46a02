"""What every screen of marking shares: the blueprint, the reader's language, and points for the eye."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import get_locale

from app.marking.scoring import shown

bp = Blueprint("marking", __name__)


def language() -> str:
    """The reader's language as content has it: 'zh_CN' or 'en'."""
    return "en" if str(get_locale()).startswith("en") else "zh_CN"


@bp.app_template_filter("points")
def points(value: Any) -> str:
    """Exact points for the eye."""
    return shown(value)
