"""Screens of marking 阅卷: handing in, the receipt and the result; the marking desk; the decision desk."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services as exams
from app.exams.journal import BadEntry, Differs
from app.exams.timing import PAPER
from app.marking import services
from app.marking.forms import DecisionForm, mark_form
from app.marking.scoring import shown
from app.marking.views.door import bp, language
from app.store import writing

REQUIREMENTS = {
    "valid": _l("Exam not declared void"),
    "passed": _l("Result passed"),
    "marked": _l("Marks complete"),
    "hours": _l("Study hours"),
}
HURDLES = {
    "total": _l("The total is below the pass mark."),
    "section": _l("A part of the paper is below its own pass mark."),
    "must-pass": _l("A part of the paper that must be passed was not passed."),
}


@bp.post("/sittings/<string(length=32):ref>/hand-in")
@needs("sit")
def hand_in(ref: str) -> Any:
    """Close the own sitting and score it; a form is led to the receipt, a script is told where it is."""
    me, shown = actor(), _shown()
    try:
        with writing():
            receipt = services.hand_in_own(ref, me.person_id, clock.now(), shown)
    except Differs as difference:
        return _differs(ref, shown, difference)
    address = url_for("marking.receipt", ref=ref)
    if not request.is_json:
        return redirect(address, 303)
    return jsonify(
        receipt=receipt.receipt,
        closed_at=receipt.closed_at.isoformat(),
        answered=receipt.answered,
        questions=receipt.questions,
        location=address,
    )


def _shown() -> exams.Shown:
    """What the page says of its answers: {digest, accepted}, each a SHA-256 in hex or missing."""
    body = request.get_json(silent=True) if request.is_json else {}
    if not isinstance(body, dict):
        raise BadEntry
    said = [body.get(name) or "" for name in ("digest", "accepted")]
    if not all(isinstance(one, str) and re.fullmatch("([0-9a-f]{64})?", one) for one in said):
        raise BadEntry
    return exams.Shown(*said)


def _differs(ref: str, shown: exams.Shown, difference: Differs) -> Any:
    """Tell the page what the server has, so that it can send what is missing and name the questions that differ."""
    person = actor().person_id
    with writing():
        exams.note_difference(ref, person, shown, difference.digest)
    sitting = exams.get_sitting(ref, person)
    return jsonify(
        code="Differs",
        digest=difference.digest,
        answers=exams.present_answers(ref, person),
        epoch=sitting.epoch,
        last=exams.last_number(sitting.id, sitting.epoch),
    ), 409


@bp.get("/sittings/<string(length=32):ref>/receipt")
@needs("sit")
def receipt(ref: str) -> Any:
    """That the paper is handed in: when, how much of it, and the receipt's number.

    Between the deadline and the worker's closing, a second or two, the page says so and asks again by itself.
    """
    me = actor().person_id
    sitting = exams.get_sitting(ref, me)
    if sitting.state == "closed":
        return render_template("marking/receipt.html", receipt=services.receipt_of(sitting))
    if sitting.medium == PAPER:
        return redirect(url_for("exams.sit", ref=ref), 303)
    if sitting.deadline_at is None or sitting.deadline_at >= clock.now():
        return redirect(url_for("exams.check", ref=ref), 303)
    return render_template("marking/collecting.html"), 200, {"Refresh": "2"}


@bp.get("/sittings/<string(length=32):ref>/result")
@needs("sit")
def result(ref: str) -> Any:
    """The own result by clause group, never by question."""
    found = services.get_own_result(ref, actor().person_id)
    return render_template("marking/result.html", result=found, hurdles=HURDLES)


@bp.get("/marking")
@needs("marking.mark")
def desk() -> Any:
    """The piles of scripts that wait."""
    return render_template("marking/desk.html", desk=services.desk(actor().person_id))


@bp.get("/marking/next")
@needs("marking.mark")
def next_script() -> Any:
    """The next script, or the desk when nothing waits."""
    ref = services.next_script(
        actor().person_id, after=request.args.get("after"), item=request.args.get("item") or None
    )
    if ref is None:
        return redirect(url_for("marking.desk"), 303)
    return redirect(url_for("marking.script", ref=ref), 303)


@bp.route("/marking/scripts/<string(length=32):ref>", methods=["GET", "POST"])
@needs("marking.mark")
def script(ref: str) -> Any:
    """One script with its key: mark it and get the next one."""
    me = actor().person_id
    if request.method == "POST" and services.marked_by(ref, me):
        return redirect(url_for("marking.next_script"), 303)
    view = services.get_script(ref, me)
    form = mark_form(view.item, view.fields, view.marks, language())
    if form.validate_on_submit():
        with writing():
            given = services.mark(ref, me, form.given(view.fields), (form.comment.data or "").strip())
        flash(_("%(points)s of %(marks)s marks given.", points=shown(given), marks=view.marks), "ok")
        return redirect(url_for("marking.next_script"), 303)
    return render_template("marking/script.html", view=view, form=form), 422 if form.errors else 200


@bp.get("/decisions")
@needs("results.decide")
def decisions() -> Any:
    """The passed results that wait for a decision."""
    rows, page = services.list_candidacies(actor().person_id, page=request.args.get("page", 1, type=int))
    return render_template("marking/decisions.html", rows=rows, page=page, words=REQUIREMENTS)


@bp.route("/decisions/<string(length=32):ref>", methods=["GET", "POST"])
@needs("results.decide")
def decide(ref: str) -> Any:
    """One result with its requirements: certify or not."""
    me = actor().person_id
    form = DecisionForm()
    if form.validate_on_submit():
        certify = form.act.data == "certify"
        version = int(form.version.data or "0") if (form.version.data or "").isdigit() else 0
        with writing():
            services.decide(ref, version=version, certify=certify, reason=(form.reason.data or "").strip(), by=me)
        flash(_("Decided: the certificate is being issued.") if certify else _("Decided: no certificate."), "ok")
        return redirect(url_for("marking.decisions"), 303)
    found = services.get_candidacy(ref, me)
    form.version.data = str(found.result.version)
    page = render_template("marking/decide.html", one=found, form=form, words=REQUIREMENTS)
    return page, 422 if form.errors else 200


@bp.get("/exam-sessions/<string(length=32):ref>/results")
@needs("results.read")
def session_results(ref: str) -> Any:
    """The results of a session as a table."""
    return render_template("marking/session_results.html", results=services.get_session_results(ref))
