"""Screens of notes 笔记: written on the page of a lesson, all of them on a page of their own."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_datetime, gettext

from app.accounts.guards import actor, needs
from app.courses import services
from app.courses.forms import NoteForm
from app.courses.views.door import bp
from app.courses.views.lessons import show_lesson
from app.refusals import SignInNeeded
from app.store import writing

writes = Blueprint("notes", __name__)


@bp.get("/learn/notes")
@needs("learn")
def my_notes() -> Any:
    """All notes of the person, by lesson, and those deleted lately."""
    person = actor().person_id
    notes, page = services.all_notes(person, request.args.get("page", 1, type=int))
    places = services.lesson_places(person, {note.lesson for note in notes})
    deleted = services.deleted_notes(person) if page.page == 1 else []
    groups = [(lesson, list(rows)) for lesson, rows in groupby(notes, key=lambda note: note.lesson)]
    return render_template("courses/notes.html", groups=groups, page=page, places=places, deleted=deleted)


@writes.post("/learn/courses/<string:code>/lessons/<string:lesson_id>/notes")
@needs("learn")
def save(code: str, lesson_id: str) -> Any:
    """Save a note: a form, or as JSON {key, version, section, text} → {id, key, version, apart, saved}."""
    if request.is_json:
        return _save_json(code, lesson_id)
    page = services.read_lesson(actor().person_id, lesson_id, code)
    form = NoteForm()
    if not form.validate_on_submit():
        return show_lesson(page, note=form), 422
    with writing():
        numbers = form.section.data or 0, form.version.data or 0
        saved = _save(code, lesson_id, form.key.data or "", form.text.data or "", *numbers)
    if saved.apart:
        flash(gettext("The note was changed in another window meanwhile. Both texts are kept."), "warn")
    else:
        flash(gettext("The note is saved."), "ok")
    return redirect(url_for("courses.lesson", code=code, lesson_id=lesson_id, _anchor=f"note-{saved.note.id}"), 303)


@writes.post("/learn/notes/<int:note_id>/delete")
@needs("learn")
def delete(note_id: int) -> Any:
    """Delete a note; the next page offers to bring it back."""
    with writing():
        note = services.delete_note(actor().person_id, note_id)
    return _back(note, deleted=note.id)


@writes.post("/learn/notes/<int:note_id>/restore")
@needs("learn")
def restore(note_id: int) -> Any:
    """Bring a deleted note back."""
    with writing():
        note = services.restore_note(actor().person_id, note_id)
    flash(gettext("The note is back."), "ok")
    return _back(note)


@writes.errorhandler(SignInNeeded)
def keep(_refusal: SignInNeeded) -> Any:
    """Who was signed out while writing gets the text back, to save it after signing in."""
    if request.is_json:
        words = gettext("You have been signed out.")
        return jsonify(status=401, code="SignInNeeded", detail=words), 401
    text = request.form.get("text", "")
    if not text.strip():
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("courses/note_kept.html", text=text, back=_lesson_address()), 401


def _save_json(code: str, lesson_id: str) -> Any:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in ("key", "text")):
        raise services.BadNote
    if not all(type(body.get(name)) is int for name in ("section", "version")):
        raise services.BadNote
    with writing():
        saved = _save(code, lesson_id, body["key"], body["text"], body["section"], body["version"])
    note = saved.note
    at = format_datetime(note.changed_at, "HH:mm")
    return jsonify(id=note.id, key=note.key, version=note.version, apart=saved.apart, saved=at)


def _save(code: str, lesson_id: str, key: str, text: str, section: int, version: int) -> services.SavedNote:
    return services.save_note(
        actor().person_id, lesson_id, key, text=text, section=section, version=version, course=code
    )


def _back(note: services.Written, deleted: int | None = None) -> Any:
    place = services.lesson_places(actor().person_id, {note.lesson}).get(note.lesson)
    if request.form.get("from") == "lesson" and place is not None:
        anchor = "notes" if deleted else f"note-{note.id}"
        address = url_for("courses.lesson", code=place, lesson_id=note.lesson, deleted=deleted, _anchor=anchor)
    else:
        address = url_for("courses.my_notes", deleted=deleted)
    return redirect(address, 303)


def _lesson_address() -> str:
    given = request.view_args or {}
    return url_for("courses.lesson", **given) if "lesson_id" in given else url_for("courses.my_notes")


bp.register_blueprint(writes)
