"""What every request of the exam page shares: the blueprint, the JSON body, and moments as milliseconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request

from app.exams.journal import BadEntry
from app.refusals import NotAllowed

bp = Blueprint("exams_api", __name__)


def body() -> dict[str, Any]:
    """The JSON object of the request, which must come from a page of this site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotAllowed
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise BadEntry
    return sent


def milliseconds(at: datetime) -> int:
    """A moment as the browser counts: milliseconds since 1970."""
    return int(at.timestamp() * 1000)
