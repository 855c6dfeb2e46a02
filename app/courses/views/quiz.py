"""Screens of the quiz 小测 of a module: what it asks, one page of questions, the result with its explanations."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_datetime, gettext

from app import clock
from app.accounts.guards import actor, needs
from app.courses.services import quizzes, standing
from app.courses.views.door import bp
from app.store import writing

_FIELD = re.compile(r"q([0-9]{1,2})")
_NUMBER = re.compile(r"[0-9]{1,2}", re.ASCII)


@bp.get("/learn/courses/<string:code>/modules/<string:module>/quiz")
@needs("learn")
def quiz(code: str, module: str) -> Any:
    """What the quiz asks, and one's tries."""
    page = quizzes.read_quiz(actor().person_id, code, module)
    if page.open_try is None and not page.tries:
        standing.check_quiz_open(actor().person_id, code, module)
    return render_template("courses/quiz.html", page=page, code=code)


@bp.post("/learn/courses/<string:code>/modules/<string:module>/quiz")
@needs("learn")
def begin_quiz(code: str, module: str) -> Any:
    """Draw a try, or go on with the one that is open."""
    standing.check_quiz_open(actor().person_id, code, module)
    with writing():
        try_id = quizzes.begin_try(actor().person_id, code, module)
    return redirect(url_for("courses.quiz_try", try_id=try_id), 303)


@bp.get("/learn/quizzes/<int:try_id>")
@needs("learn")
def quiz_try(try_id: int) -> Any:
    """The questions of a try, or its result."""
    found = quizzes.read_try(actor().person_id, try_id)
    return render_template("courses/quiz_try.html", found=found, asked=False)


@bp.post("/learn/quizzes/<int:try_id>")
@needs("learn")
def hand_in_quiz(try_id: int) -> Any:
    """Hand a try in, or keep the answers for later. With questions unanswered the page comes back and says so; the
    second time it is handed in.
    """
    person = actor().person_id
    with writing():
        found = quizzes.save_answers(person, try_id, _given())
    if request.form.get("act") == "save" and found.row.handed_in_at is None:
        flash(gettext("Your answers are kept. You can go on at any time."), "ok")
        return redirect(url_for("courses.quiz_try", try_id=try_id), 303)
    if found.row.handed_in_at is None and found.unanswered and not _sure():
        return render_template("courses/quiz_try.html", found=found, asked=True), 422
    with writing():
        quizzes.hand_in_try(person, try_id)
    return redirect(url_for("courses.quiz_try", try_id=try_id), 303)


@bp.post("/learn/quizzes/<int:try_id>/answers")
@needs("learn")
def keep_quiz(try_id: int) -> Any:
    """What is ticked, by script while one answers: {answers: {number: value}} → {state: saved | late, at}."""
    body = request.get_json(silent=True)
    answers = body.get("answers") if isinstance(body, dict) else None
    given = (
        {int(no): value for no, value in answers.items() if _NUMBER.fullmatch(no)} if isinstance(answers, dict) else {}
    )
    with writing():
        still_open = quizzes.keep_answers(actor().person_id, try_id, given)
    return jsonify(state="saved" if still_open else "late", at=format_datetime(clock.now(), "HH:mm:ss"))


def _sure() -> bool:
    return request.form.get("act") == "anyway"


def _given() -> dict[int, object]:
    """The answers by question number, a list where the question takes several."""
    found: dict[int, object] = {}
    for name in request.form:
        match = _FIELD.fullmatch(name)
        if match:
            values = request.form.getlist(name)
            found[int(match[1])] = values if request.form.get(f"kind-{match[1]}") == "multiple" else values[0]
    return found
