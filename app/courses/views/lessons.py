"""Screens of courses 课程: my learning, the outline, a lesson."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.courses import services
from app.courses.forms import check_form
from app.courses.services.handout import handout_open
from app.courses.services.standing import LessonClosed, check_open, standing_of
from app.courses.services.video import find_viewing
from app.courses.views.diagram import frame_of
from app.courses.views.door import bp
from app.store import writing


@bp.get("/learn")
@needs("learn")
def home() -> Any:
    """My learning 我的学习: where to go on, the way to the certificate, progress and study time."""
    courses = services.my_courses(actor().person_id)
    first = courses[0] if courses else None
    return render_template(
        "courses/home.html",
        taken=first,
        others=courses[1:],
        standing=standing_of(first.enrolment_id) if first else None,
    )


@bp.get("/learn/courses/<string:code>")
@needs("learn")
def outline(code: str) -> Any:
    """The outline of a course with progress and study time."""
    taken = services.get_course(actor().person_id, code)
    if taken.code != code:  # the course had this code once
        return redirect(url_for("courses.outline", code=taken.code), 301)
    return render_template("courses/outline.html", taken=taken, standing=standing_of(taken.enrolment_id))


@bp.get("/learn/courses/<string:code>/lessons/<string:lesson_id>")
@needs("learn")
def lesson(code: str, lesson_id: str) -> Any:
    """A lesson read in a course; opening it is noted."""
    try:
        with writing():
            page = services.open_lesson(actor().person_id, lesson_id, code)
    except LessonClosed as refusal:
        closed = {"lesson": refusal.lesson, "gate": refusal.gate}
        return render_template("courses/closed.html", code=code, **closed), refusal.status
    return show_lesson(page)


@bp.get("/learn/lessons/<string:lesson_id>")
@needs("learn")
def find_lesson(lesson_id: str) -> Any:
    """A lesson of whichever course: leads to it in the course in which the person reads it."""
    code = services.read_lesson(actor().person_id, lesson_id).taken.code
    again = request.args.get("again")
    return redirect(url_for("courses.lesson", code=code, lesson_id=lesson_id, again=again), 302)


@bp.post("/learn/courses/<string:code>/lessons/<string:lesson_id>/checks/<string:check_id>")
@needs("learn")
def answer(code: str, lesson_id: str, check_id: str) -> Any:
    """Answer a self-check question; the page comes back at the question, with what is right and why."""
    page = services.read_lesson(actor().person_id, lesson_id, code)
    check_open(page.taken.enrolment_id, page.lesson)
    form = check_form(page.get_check(check_id))
    if not form.validate_on_submit():
        return show_lesson(page, form=form, failed=check_id), 422
    with writing():
        services.answer_check(actor().person_id, lesson_id, check_id, form.places(), code)
    return redirect(url_for("courses.lesson", code=code, lesson_id=lesson_id, _anchor=f"check-{check_id}"), 303)


@bp.get("/learn/courses/<string:code>/lessons/<string:lesson_id>/checks/<string:check_id>")
@needs("learn")
def question(code: str, lesson_id: str, check_id: str) -> Any:
    """A reload, or the other language, after a refused answer leads back to the question."""
    page = services.read_lesson(actor().person_id, lesson_id, code)
    anchor = f"check-{page.get_check(check_id).id}"
    return redirect(url_for("courses.lesson", code=code, lesson_id=lesson_id, _anchor=anchor), 303)


@bp.route("/learn/lessons/<string:lesson_id>/checks/<string:check_id>", methods=["GET", "POST"])
@needs("learn")
def find_question(lesson_id: str, check_id: str) -> Any:
    """The former address of a question; an answer from a page that was open meanwhile is passed on."""
    code = services.read_lesson(actor().person_id, lesson_id).taken.code
    return redirect(url_for("courses.answer", code=code, lesson_id=lesson_id, check_id=check_id), 308)


@bp.post("/learn/lessons/<string:lesson_id>/done")
@needs("learn")
def find_done(lesson_id: str) -> Any:
    """The former address for marking a lesson as done, used by pages that were open meanwhile."""
    code = services.read_lesson(actor().person_id, lesson_id).taken.code
    return redirect(url_for("courses.done", code=code, lesson_id=lesson_id), 308)


@bp.post("/learn/courses/<string:code>/lessons/<string:lesson_id>/done")
@needs("learn")
def done(code: str, lesson_id: str) -> Any:
    """Mark a lesson as done and go on to the next, or back to the outline after the last."""
    with writing():
        page = services.complete_lesson(actor().person_id, lesson_id, code)
    if page.after is not None:
        return redirect(url_for("courses.lesson", code=code, lesson_id=page.after.id), 303)
    if page.taken.outline.finished:
        flash(gettext("All lessons of this course are done."), "ok")
    return redirect(url_for("courses.outline", code=page.taken.code), 303)


def show_lesson(page: services.LessonPage, *, form: Any = None, failed: str = "", note: Any = None) -> str:
    """The page of a lesson; `form` is a self-check question that was refused, `note` a note that was."""
    person, deleted = actor().person_id, request.args.get("deleted", type=int)
    return render_template(
        "courses/lesson.html",
        page=page,
        frame=frame_of(page),
        form=form,
        failed=failed,
        again=request.args.get("again", ""),
        notes=services.notes_of(person, page.line.id),
        gone=services.find_deleted(person, deleted) if deleted else None,
        note=note,
        fresh=secrets.token_urlsafe(12),
        viewing=find_viewing(page.taken.enrolment_id, page.line.id, page.lesson.video),
        handout=handout_open(page.taken.enrolment_id, page.group.code),
    )
