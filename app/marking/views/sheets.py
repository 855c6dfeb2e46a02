"""Keying answer sheets 录入答题卡: the list, the sheet for one keyer, and the differences between two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guards import actor, needs
from app.exams import services as exams
from app.exams.forms import TokenForm
from app.exams.keying import Field
from app.exams.timing import Closed
from app.marking import services
from app.marking.views.door import bp
from app.store import writing


@bp.get("/exam-sessions/<string(length=32):ref>/sheets")
@needs("sheets.key")
def sheets(ref: str) -> Any:
    """The answer sheets of a session and how far each is."""
    session = _watched(ref)
    lines = [line for line in exams.paper_lines(session) if line.on_paper]
    return render_template("marking/sheets.html", session=session, lines=lines)


@bp.get("/exam-sessions/sittings/<string(length=32):ref>/sheet")
@needs("sheets.key")
def sheet(ref: str) -> Any:
    """The sheet for the reader: what he has keyed, never what the other has."""
    return _sheet(ref)


@bp.post("/exam-sessions/sittings/<string(length=32):ref>/sheet")
@needs("sheets.key")
def key_sheet(ref: str) -> Any:
    """Keep the draft, or with “done” finish it; when both agree the sheet is taken in at once."""
    me, session_ref = actor().person_id, _session_ref(ref)
    if not TokenForm().validate_on_submit():
        return _sheet(ref), 400
    with writing():
        exams.keep_draft(ref, _typed(), by=me)
    if request.form.get("act") != "done":
        return jsonify(kept=True) if request.headers.get("Accept") == "application/json" else _kept(ref)
    try:
        with writing():
            both = exams.finish_keying(ref, by=me)
    except exams.Unkeyed as refusal:
        return _sheet(ref, refusal), 422
    if both and not exams.compare(ref).fields:
        return _taken_in(ref)
    said = _("Both have keyed the sheet, and they differ.") if both else _("Your reading of the sheet is finished.")
    flash(said, "warn" if both else "ok")
    return redirect(url_for("marking.sheets", ref=session_ref), 303)


@bp.route("/exam-sessions/sittings/<string(length=32):ref>/sheet/differences", methods=["GET", "POST"])
@needs("sheets.key")
def settle_sheet(ref: str) -> Any:
    """Where two people differ, decide with the sheet at hand; then the sheet is taken in."""
    session_ref = _session_ref(ref)
    try:
        compared = exams.compare(ref)
    except Closed:
        return redirect(url_for("marking.sheets", ref=session_ref), 303)
    problems: Mapping[str, Any] = {}
    if request.method == "POST" and TokenForm().validate_on_submit():
        try:
            with writing():
                exams.settle(ref, _decided(compared), by=actor().person_id)
            return _taken_in(ref)
        except exams.Unkeyed as refusal:
            problems = refusal.problems
    page = render_template(
        "marking/settle.html", compared=compared, problems=problems, session_ref=session_ref, sent=request.form
    )
    return page, 422 if problems else 200


def _sheet(ref: str, refusal: exams.Unkeyed | None = None) -> str:
    session_ref = _session_ref(ref)
    found = exams.get_sheet(ref, actor().person_id)
    groups: dict[str, list[Field]] = {}
    for field in found.fields:
        groups.setdefault(field.kind, []).append(field)
    problems = refusal.problems if refusal else {}
    return render_template("marking/sheet.html", sheet=found, groups=groups, problems=problems, session_ref=session_ref)


def _kept(ref: str) -> Any:
    flash(_("The draft is kept; you can go on later."), "ok")
    return redirect(url_for("marking.sheet", ref=ref), 303)


def _taken_in(ref: str) -> Any:
    session_ref = _session_ref(ref)
    services.take_in_sheet(ref)
    flash(_("The sheet is taken in: its answers are in the journal, and the exam is handed in."), "ok")
    return redirect(url_for("marking.sheets", ref=session_ref), 303)


def _typed() -> dict[str, str]:
    """What was typed, by field."""
    return {name[2:]: text for name, text in request.form.items() if name.startswith("f-")}


def _decided(compared: exams.Comparison) -> dict[str, str]:
    """What was decided: one of the two readings, or what was typed instead."""
    decided: dict[str, str] = {}
    for field in compared.fields:
        choice = request.form.get(f"c-{field.key}")
        readings = {
            "1": compared.first.get(field.key, ""),
            "2": compared.second.get(field.key, ""),
            "3": request.form.get(f"f-{field.key}", ""),
        }
        if choice in readings:
            decided[field.key] = readings[choice]
    return decided


def _session_ref(ref: str) -> str:
    """The session of a sitting that the reader may see. Raises NotFound."""
    seat = exams.get_seat(ref)
    assert seat.sitting is not None
    return _watched(exams.get_session_by_id(seat.sitting.session_id).ref).ref


def _watched(ref: str) -> exams.ExamSession:
    """The session, for officers of its base and the invigilators who watch it. Raises NotFound."""
    return exams.get_watched(ref, exams.Reader(actor().person_id, actor().bases("sessions.read")))
