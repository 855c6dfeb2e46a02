"""The exam page's own requests: answers and the pen, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, request

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.journal import MOST_ENTRIES, BadEntry, Gap, StoreDown
from app.refusals import NotAllowed
from app.store import writing

bp = Blueprint("exams_api", __name__)


@bp.post("/sittings/<string(length=32):ref>/answers")
@needs("sit")
def record(ref: str) -> Any:
    """Save {epoch, writer, entries: [{seq, slot, value, ms}]} → {acked, late, now, deadline}, after the commit."""
    body = _body()
    epoch, writer, entries = body.get("epoch"), body.get("writer"), body.get("entries")
    if type(epoch) is not int or not isinstance(writer, str) or not isinstance(entries, list):
        raise BadEntry
    if len(entries) > MOST_ENTRIES or not all(isinstance(one, dict) for one in entries):
        raise BadEntry
    try:
        saved = services.record_answers(ref, actor().person_id, epoch, writer, entries)
    except Gap as gap:
        return jsonify(code="Gap", **gap.parameters), 409
    except StoreDown:
        response = jsonify(code="StoreDown")
        response.headers["Retry-After"] = "2"
        return response, 503
    return jsonify(acked=saved.acked, late=saved.late, now=_ms(clock.now()), deadline=_ms(saved.deadline_at))


@bp.post("/sittings/<string(length=32):ref>/lease")
@needs("sit")
def lease(ref: str) -> Any:
    """Ask for the pen with {writer, take_over} → {granted, epoch, last}."""
    body = _body()
    writer = body.get("writer")
    if not isinstance(writer, str) or len(writer) != 32 or not set(writer) <= set("0123456789abcdef"):
        raise BadEntry
    with writing():
        held = services.lease(ref, actor().person_id, writer, take_over=body.get("take_over") is True)
    return jsonify(granted=held.granted, epoch=held.epoch, last=held.last)


def _body() -> dict[str, Any]:
    """The JSON object of the request, which must come from a page of this site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotAllowed
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadEntry
    return body


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
