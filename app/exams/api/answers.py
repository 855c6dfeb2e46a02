"""Answers and the pen of the exam page, as JSON."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.api.door import body as sent
from app.exams.api.door import bp, milliseconds
from app.exams.journal import MOST_ENTRIES, BadEntry, Gap, StoreDown
from app.store import writing


@bp.post("/sittings/<string(length=32):ref>/answers")
@needs("sit")
def record(ref: str) -> Any:
    """Save {epoch, writer, entries: [{seq, slot, value, ms}]} → {acked, late, now, deadline}, after the commit."""
    body = sent()
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
    return jsonify(
        acked=saved.acked, late=saved.late, now=milliseconds(clock.now()), deadline=milliseconds(saved.deadline_at)
    )


@bp.post("/sittings/<string(length=32):ref>/lease")
@needs("sit")
def lease(ref: str) -> Any:
    """Ask for the pen with {writer, take_over} → {granted, epoch, last}."""
    body = sent()
    writer = body.get("writer")
    if not isinstance(writer, str) or len(writer) != 32 or not set(writer) <= set("0123456789abcdef"):
        raise BadEntry
    with writing():
        held = services.lease(ref, actor().person_id, writer, take_over=body.get("take_over") is True)
    return jsonify(granted=held.granted, epoch=held.epoch, last=held.last)
