"""A diagram 图示 of a lesson by itself, as large as a phone needs it: a link leads here, without a script."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.courses import content, services
from app.courses.diagrams import Frame, alternatives
from app.courses.services.standing import check_open
from app.courses.views.door import bp
from app.refusals import NotFound


def frame_of(page: services.LessonPage) -> Frame:
    """What stands around the diagrams of a lesson."""
    address = url_for("courses.diagram", code=page.taken.code, lesson_id=page.line.id, name="NAME")
    return Frame(
        address.replace("NAME", "{name}"),
        gettext("Open the diagram large"),
        gettext("Scroll sideways to see all of it"),
    )


@bp.get("/learn/courses/<string:code>/lessons/<string:lesson_id>/diagrams/<string:name>")
@needs("learn")
def diagram(code: str, lesson_id: str, name: str) -> Any:
    """The diagram, with what it shows in words."""
    page = services.read_lesson(actor().person_id, lesson_id, code)
    check_open(page.taken.enrolment_id, page.lesson)
    texts = page.lesson.diagrams.get(name)
    if texts is None:
        raise NotFound
    found = {language: (alternatives(page.lesson.body[language]).get(name, ""), svg) for language, svg in texts.items()}
    return render_template("courses/diagram.html", page=page, found=found, figure=content.drawn)
