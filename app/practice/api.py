"""The mock exam's own request: an answer as it is given, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request

from app.accounts.guards import actor, needs
from app.exams.journal import MOST_ENTRIES, BadEntry
from app.practice import services
from app.store import writing

bp = Blueprint("practice_api", __name__)


@bp.post("/practice/mock/<string(length=32):ref>/answers")
@needs("learn")
def record(ref: str) -> Any:
    """Save {answers: [{slot, value}]} → {saved}: the moment of saving in milliseconds."""
    body = request.get_json(silent=True)
    entries = body.get("answers") if isinstance(body, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise BadEntry
    if not all(isinstance(one, dict) and type(one.get("slot")) is int for one in entries):
        raise BadEntry
    learner = services.get_learner(actor().person_id, request.args.get("class", type=int))
    with writing():
        saved = services.save(learner, ref, {one["slot"]: one.get("value") for one in entries})
    return jsonify(saved=int(saved.timestamp() * 1000))
