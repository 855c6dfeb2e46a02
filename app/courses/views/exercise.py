"""Screens of the practical audit 实训: company and documents, a task with its draft, the comparison."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_datetime, gettext
from flask_babel import get_locale as reading

from app.accounts.guards import actor, needs
from app.courses import content
from app.courses.exercises import answers
from app.courses.exercises.values import GRADES, JUDGEMENTS
from app.courses.services import exercises
from app.courses.views.door import bp
from app.refusals import Refusal
from app.standards.editions import edition
from app.store import writing

_CELL = re.compile(r"r([0-9]{1,2})-([a-z]+)")
_WRITER = re.compile(r"[A-Za-z0-9_-]{8,24}")
WHERE = "/learn/courses/<string:code>/exercises/<string:exercise>"


@bp.get(WHERE)
@needs("learn")
def exercise(code: str, exercise: str) -> Any:
    """The company, its documents beside the tasks, and how far one has come."""
    page = exercises.read_exercise(actor().person_id, code, exercise)
    return render_template("courses/exercise.html", page=page, code=code, render=content.render)


@bp.get(f"{WHERE}/tasks/<string:task>")
@needs("learn")
def task(code: str, exercise: str, task: str) -> Any:
    """A task with its draft; one that was handed in leads to the comparison."""
    found = exercises.read_task(actor().person_id, code, exercise, task, _language())
    if not found.state.open:
        raise exercises.NotYet
    if found.answer is None and found.state.done:
        return redirect(_comparison(code, exercise, found.state), 302)
    return _task(found, code, found.content)


@bp.post(f"{WHERE}/tasks/<string:task>")
@needs("learn")
def write_task(code: str, exercise: str, task: str) -> Any:
    """Save the draft from a form: and then add rows, hand it in, or choose between versions."""
    found = exercises.read_task(actor().person_id, code, exercise, task, _language())
    act, raw = request.form.get("act", "save"), _raw(found.task.kind)
    here = url_for("courses.task", code=code, exercise=exercise, task=task)
    try:
        with writing():
            saved = _save(code, exercise, task, raw)
            if act == "hand-in" and not saved.copied and not saved.late:
                exercises.hand_in(actor().person_id, code, exercise, task)
    except (answers.TooLong, answers.TooManyRows, exercises.NothingWritten, exercises.TooManyCopies) as refusal:
        return _task(found, code, raw, refusal=refusal), 422
    if saved.late or (act == "hand-in" and not saved.copied):
        if saved.late:
            flash(gettext(exercises.HandedIn.message) + " " + gettext(exercises.HandedIn.kept), "warn")
        return redirect(here, 303)
    if saved.copied:
        flash(gettext("This answer was changed on another page. Both texts are kept: choose below."), "warn")
    elif act != "rows":
        flash(gettext("The draft is saved."), "ok")
    return redirect(f"{here}?rows={_rows_more()}#answer" if act == "rows" else here, 303)


@bp.post(f"{WHERE}/tasks/<string:task>/draft")
@needs("learn")
def save_draft(code: str, exercise: str, task: str) -> Any:
    """The same by script: {state: saved | copied | late, revision, at}."""
    found = exercises.read_task(actor().person_id, code, exercise, task, _language())
    with writing():
        saved = _save(code, exercise, task, _raw(found.task.kind))
    state = "late" if saved.late else "copied" if saved.copied else "saved"
    return jsonify(state=state, revision=saved.revision, at=format_datetime(saved.at, "HH:mm:ss"))


@bp.post(f"{WHERE}/tasks/<string:task>/versions/<string:writer>")
@needs("learn")
def choose_version(code: str, exercise: str, task: str, writer: str) -> Any:
    """Take another version as the draft (the draft then becomes the other version), or delete it."""
    person, here = actor().person_id, url_for("courses.task", code=code, exercise=exercise, task=task)
    with writing():
        if request.form.get("act") == "drop":
            exercises.drop_copy(person, code, exercise, task, writer)
            flash(gettext("The other version is deleted."), "ok")
        else:
            revision = request.form.get("revision", -1, type=int)
            exercises.use_copy(person, code, exercise, task, writer, revision)
            flash(gettext("The other version is now the draft; what stood there is kept beside it."), "ok")
    return redirect(here, 303)


@bp.get(f"{WHERE}/tasks/<string:task>/comparison/<int:no>")
@needs("learn")
def comparison(code: str, exercise: str, task: str, no: int) -> Any:
    """One's own answer beside the model answer, with the points to compare."""
    found = exercises.read_task(actor().person_id, code, exercise, task, _language(), no)
    return render_template(
        "courses/comparison.html", found=found, code=code, model=answers.model(found.task, _language()),
        render=content.render, clauses=_clauses(found.page.exercise.edition),
    )  # fmt: skip


@bp.post(f"{WHERE}/tasks/<string:task>/comparison/<int:no>")
@needs("learn")
def tick_points(code: str, exercise: str, task: str, no: int) -> Any:
    """Keep what was ticked."""
    with writing():
        exercises.tick(actor().person_id, code, exercise, task, no, request.form.getlist("point"))
    flash(gettext("The comparison is saved."), "ok")
    return redirect(url_for("courses.comparison", code=code, exercise=exercise, task=task, no=no), 303)


@bp.post(f"{WHERE}/tasks/<string:task>/again")
@needs("learn")
def try_again(code: str, exercise: str, task: str) -> Any:
    """Begin a new try, empty or from the last one."""
    with writing():
        from_last = request.form.get("act") == "last"
        exercises.again(actor().person_id, code, exercise, task, from_last=from_last)
    return redirect(url_for("courses.task", code=code, exercise=exercise, task=task), 303)


def _save(code: str, exercise: str, task: str, raw: Mapping[str, Any]) -> exercises.Saved:
    writer = request.form.get("writer", "")
    return exercises.save_draft(
        actor().person_id, code, exercise, task, raw, revision=request.form.get("revision", 0, type=int),
        writer=writer if _WRITER.fullmatch(writer) else secrets.token_urlsafe(12), language=_language(),
    )  # fmt: skip


def _task(found: exercises.TaskPage, code: str, shown: Mapping[str, Any], refusal: Refusal | None = None) -> Any:
    task, rows = found.task, list(shown.get("rows", ()))
    more = min(request.args.get("rows", 0, type=int), answers.MOST_ROWS)
    spare = 0 if task.kind == "report" else max(answers.SPARE[task.kind] if not rows else 1, more)
    spare = max(1, min(spare, answers.MOST_ROWS - len(rows))) if task.kind != "report" else 0
    return render_template(
        "courses/task.html", found=found, code=code, rows=[*rows, *({} for _ in range(spare))],
        texts=shown.get("parts", {}), writer=secrets.token_urlsafe(12), refusal=refusal, render=content.render,
        clauses=_clauses(found.page.exercise.edition), grades=GRADES, judgements=JUDGEMENTS, limits=answers,
    )  # fmt: skip


def _comparison(code: str, exercise: str, state: exercises.TaskState) -> str:
    no = state.handed_in[-1].no
    return url_for("courses.comparison", code=code, exercise=exercise, task=state.task.id, no=no)


def _raw(kind: str) -> dict[str, Any]:
    """What the form holds: cells by row, or the parts of a report."""
    if kind == "report":
        return {"parts": {name[2:]: value for name, value in request.form.items() if name.startswith("p-")}}
    rows: dict[int, dict[str, str]] = {}
    for name, value in request.form.items():
        match = _CELL.fullmatch(name)
        if match:
            rows.setdefault(int(match[1]), {})[match[2]] = value
    return {"rows": [row for _, row in sorted(rows.items())]}


def _rows_more() -> int:
    return 4


def _clauses(code: str) -> list[tuple[Any, list[Any]]]:
    """The chapters of the edition, each with the clauses below it, for a picker."""
    found = edition(code)
    return [(one, [below for below in found.clauses if below.chapter == one.no]) for one in found.chapters()]


def _language() -> str:
    return "en" if str(reading()).startswith("en") else "zh_CN"
