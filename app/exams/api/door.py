"""What every request of the exam page shares: the blueprint, the JSON body, and moments as milliseconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import ClientDisconnected

from app.exams.journal import BadEntry
from app.refusals import NotAllowed

bp = Blueprint("exams_api", __name__)


def body() -> dict[str, Any]:
    """The JSON object of the request, which must come from a page of this site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotAllowed
    found = _object()
    if found is None:
        raise BadEntry
    return found


def arrived() -> tuple[object, object]:
    """Epoch and entries of a request that is refused, as far as it can be read; else its text as it is."""
    if (found := _object()) is not None:
        return found.get("epoch"), found.get("entries", found)
    try:
        text = request.get_data().decode("utf-8", "replace")
    except ClientDisconnected:
        text = ""
    return None, text or request.form.to_dict(flat=False) or []


def _object() -> dict[str, Any] | None:
    """The JSON object of the request, None for anything else, also for what was cut off or is nested beyond reason."""
    try:
        sent = request.get_json(silent=True)
    except (ClientDisconnected, RecursionError):
        return None
    return sent if isinstance(sent, dict) else None


def milliseconds(at: datetime) -> int:
    """A moment as the browser counts: milliseconds since 1970."""
    return int(at.timestamp() * 1000)
