"""The heartbeat 心跳 of a lesson page, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request

from app.accounts.guards import actor, needs
from app.courses import services
from app.store import writing

bp = Blueprint("study", __name__)


@bp.post("/study/beat")
@needs("learn")
def beat() -> Any:
    """{lesson, course, visit, idle, away, section} → {minutes}: whole minutes counted on the lesson so far.

    Pages opened before there were several courses say no course.
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise services.BadBeat
    numbers = {name: body.get(name) for name in ("idle", "away", "section")}
    names = {name: body.get(name) for name in ("lesson", "visit")}
    if not all(type(value) is int for value in numbers.values()) or not all(isinstance(v, str) for v in names.values()):
        raise services.BadBeat
    course = body.get("course")
    if course is not None and not isinstance(course, str):
        raise services.BadBeat
    with writing():
        heard = services.beat(
            actor().person_id,
            str(names["lesson"]),
            course,
            visit=str(names["visit"]),
            idle=int(numbers["idle"] or 0),
            away=int(numbers["away"] or 0),
            section=int(numbers["section"] or 0),
        )
    return jsonify(minutes=heard.minutes)
