"""The blueprint that all screens of the courses hang on, and the name that each opened page of study gets."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint

bp = Blueprint("courses", __name__)


@bp.app_context_processor
def study_words() -> dict[str, Any]:
    """Let a page name itself for its heartbeats; a reload is a page of its own."""
    return {"study_visit": lambda: secrets.token_urlsafe(12)}
