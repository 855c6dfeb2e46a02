"""Requests of the pages of practice, as JSON: an answer in a mock exam as it is given, and the heartbeat 心跳."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request

from app.accounts.guards import actor, needs
from app.courses.studytime import BadBeat, Signs, signs_of
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


@bp.post("/practice/beat")
@needs("learn")
def beat() -> Any:
    """{visit, idle, away, section} of a page of practice → {minutes}: whole minutes counted on practice so far."""
    learner = services.get_learner(actor().person_id, request.args.get("class", type=int))
    with writing():
        minutes = services.beat(learner, _signs())
    return jsonify(minutes=minutes)


@bp.post("/practice/mock/<string(length=32):ref>/beat")
@needs("learn")
def beat_mock(ref: str) -> Any:
    """The same of a page of a mock exam, to answer, check or look at the result."""
    learner = services.get_learner(actor().person_id, request.args.get("class", type=int))
    with writing():
        minutes = services.beat_mock(learner, ref, _signs())
    return jsonify(minutes=minutes)


def _signs() -> Signs:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadBeat
    return signs_of(body)
