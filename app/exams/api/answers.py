"""Answers and the pen of the exam page, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import jsonify

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services, timing
from app.exams.api.door import body as sent
from app.exams.api.door import bp, milliseconds
from app.exams.journal import MOST_ENTRIES, BadEntry, Gap, Saved, StoreDown, TakenOver
from app.store import Unreachable, writing


@bp.post("/sittings/<string(length=32):ref>/answers")
@needs("sit")
def record(ref: str) -> Any:
    """Save {epoch, writer, entries: [{seq, slot, value, ms}]} → {acked, late, now, deadline}, after the commit.

    What is refused is kept with its reason, for staff.
    """
    body, person = sent(), actor().person_id
    try:
        saved = services.record_answers(ref, person, *_parts(body))
    except Gap as gap:
        return jsonify(code="Gap", **gap.parameters), 409
    except StoreDown:
        response = jsonify(code="StoreDown")
        response.headers["Retry-After"] = "2"
        return response, 503
    except (BadEntry, TakenOver, timing.Closed) as refusal:
        with writing():
            services.note_refused(ref, person, type(refusal).__name__, body.get("epoch"), body.get("entries", body))
        raise
    return jsonify(_said(saved))


def at_once(ref: str, token: str, body: object) -> bytes | None:
    """The reply to a plain request for `record`, or None: then `record` itself must answer. For the fast lane."""
    if not isinstance(body, dict):
        return None
    try:
        saved = services.record_at_once(ref, token, *_parts(body))
    except (BadEntry, Unreachable):
        return None
    return None if saved is None else json.dumps(_said(saved)).encode()


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


def _parts(body: Mapping[str, Any]) -> tuple[int, str, list[Any]]:
    """Epoch, writer and entries of a request. Raises BadEntry."""
    epoch, writer, entries = body.get("epoch"), body.get("writer"), body.get("entries")
    if type(epoch) is not int or not isinstance(writer, str) or not isinstance(entries, list):
        raise BadEntry
    if len(entries) > MOST_ENTRIES or not all(isinstance(one, dict) for one in entries):
        raise BadEntry
    return epoch, writer, entries


def _said(saved: Saved) -> dict[str, Any]:
    now, deadline = milliseconds(clock.now()), milliseconds(saved.deadline_at)
    return {"acked": saved.acked, "late": saved.late, "now": now, "deadline": deadline}
