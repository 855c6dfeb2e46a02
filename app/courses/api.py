"""The heartbeat 心跳 of the pages of a course, and what a lesson says about its video, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request

from app.accounts.guards import actor, needs
from app.courses import services
from app.courses.services import video as watching
from app.courses.studytime import BadBeat, signs_of
from app.courses.video import LONGEST
from app.store import writing

bp = Blueprint("study", __name__)


@bp.post("/study/beat")
@needs("learn")
def beat() -> Any:
    """{lesson or exercise, course, visit, idle, away, section} → {minutes}: whole minutes counted on it so far.

    Lesson pages opened before there were several courses say no course.
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadBeat
    lesson, exercise, course = (body.get(name) for name in ("lesson", "exercise", "course"))
    signs, person = signs_of(body), actor().person_id
    with writing():
        if isinstance(lesson, str) and (course is None or isinstance(course, str)):
            heard = services.beat(person, lesson, course, signs)
        elif isinstance(exercise, str) and isinstance(course, str):
            heard = services.beat_exercise(person, course, exercise, signs)
        else:
            raise BadBeat
    return jsonify(minutes=heard.minutes)


@bp.post("/study/video")
@needs("learn")
def video() -> Any:
    """{lesson, course, position, spans: [[from, to], …]} → {watched}: whole seconds of the video watched so far."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in ("lesson", "course")):
        raise watching.BadReport
    position, spans = body.get("position"), body.get("spans")
    if type(position) is not int or not isinstance(spans, list) or not all(map(_is_span, spans)):
        raise watching.BadReport
    given = [(float(begin), float(end)) for begin, end in spans]
    with writing():
        seen = watching.report(actor().person_id, body["lesson"], body["course"], position=position, spans=given)
    return jsonify(watched=seen.watched)


def _is_span(value: object) -> bool:
    """Two numbers; infinity and the like are not in JSON that others accept, and not here."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(one) in {int, float} and 0 <= one <= LONGEST for one in value)
    )
