"""The files of a lesson's video 视频: in pieces as a player asks for them, to who takes the course."""

from __future__ import annotations

from typing import Any

from flask import Response, request, send_file

from app.accounts.guards import actor, needs
from app.courses.services import video
from app.courses.views.door import bp

AGE = 3600
"""Seconds for which a browser may use a piece again without asking; its address names its content."""


@bp.get("/learn/courses/<string:code>/lessons/<string:lesson_id>/video/<string:name>")
@needs("learn")
def media(code: str, lesson_id: str, name: str) -> Any:
    """A source of the video or its poster, whole or a range of bytes (206)."""
    kind, path = video.media_file(actor().person_id, lesson_id, code, name)
    answer = send_file(path, mimetype=kind, conditional=True, etag=name, max_age=AGE)
    answer.headers["Cache-Control"] = f"private, max-age={AGE}"
    answer.headers["Vary"] = "Cookie"
    return answer


@bp.get("/learn/courses/<string:code>/lessons/<string:lesson_id>/captions/<any(zh_CN, en):language>.vtt")
@needs("learn")
def captions(code: str, lesson_id: str, language: str) -> Any:
    """The captions of a language."""
    text = video.captions(actor().person_id, lesson_id, code, language)
    answer = Response(text, mimetype="text/vtt")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
