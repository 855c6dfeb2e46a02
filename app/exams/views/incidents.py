"""Incidents 异常情况 and reports of questions: noted by staff, answered by the candidate, looked at by officers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.forms import IncidentForm, WordsForm
from app.exams.services import incidents, reports, watch
from app.exams.views import seat_words
from app.exams.views.door import bp, watched_session
from app.refusals import NotFound
from app.store import writing


@bp.get("/exam-sessions/<string(length=32):ref>/incidents")
@needs("sessions.watch")
def list_incidents(ref: str) -> Any:
    """The incidents of a session, undecided ones first."""
    session = watched_session(ref)
    return render_template(
        "exams/incidents.html", session=session, cases=incidents.incidents_of(session), words=seat_words
    )


@bp.route("/exam-sessions/<string(length=32):ref>/incidents/new", methods=["GET", "POST"])
@needs("sessions.invigilate")
def report_incident(ref: str) -> Any:
    """Note what one saw, of one sitting or of the whole session."""
    session = watched_session(ref)
    sitting = request.args.get("sitting", "")[:32]
    view = watch.get_seat_view(sitting) if sitting else None
    if view is not None and view.session.ref != ref:
        raise NotFound
    form = IncidentForm()
    form.kind.choices = [(kind, gettext(seat_words.KINDS[kind])) for kind in seat_words.STAFF_KINDS]
    if form.validate_on_submit():
        with writing():
            incidents.report_incident(
                session, key=form.key.data or "", sitting_ref=sitting or None, kind=form.kind.data,
                body=(form.body.data or "").strip(), by=actor().person_id,
            )  # fmt: skip
        flash(gettext("The incident is noted."), "ok")
        back = url_for("exams.seat", ref=sitting) if sitting else url_for("exams.list_incidents", ref=ref)
        return redirect(back, 303)
    page = render_template("exams/report_incident.html", session=session, view=view, form=form)
    return page, 422 if form.errors else 200


@bp.get("/incidents/<string(length=32):ref>")
@needs("sessions.watch")
def show_incident(ref: str) -> Any:
    """One incident with the candidate's answer and the decision."""
    case = incidents.get_incident(ref)
    watched_session(case.session.ref)
    return render_template("exams/incident.html", case=case, words=seat_words)


@bp.get("/exam-sessions/<string(length=32):ref>/reports")
@needs("bank.read")
def list_reports(ref: str) -> Any:
    """What candidates said of questions, with item and version, and without who said it."""
    session = services.get_session(ref)
    rows = reports.reports_of(session)
    return render_template("exams/reports.html", session=session, rows=rows, bank=reports.bank_of(session))


@bp.route("/exam-sessions/<string(length=32):ref>/reports/<int:report>", methods=["GET", "POST"])
@needs("sessions.manage")
def answer_report(ref: str, report: int) -> Any:
    """Answer a report; the candidate reads it after the exam."""
    session = watched_session(ref)
    found = reports.get_report(session, report)
    form = WordsForm()
    if form.validate_on_submit():
        with writing():
            reports.answer_report(session, report, answer=(form.body.data or "").strip(), by=actor().person_id)
        flash(gettext("Answered; the candidate reads it with the exam."), "ok")
        return redirect(url_for("exams.list_reports", ref=ref), 303)
    page = render_template(
        "exams/answer_report.html", session=session, report=found, form=form, bank=reports.bank_of(session)
    )
    return page, 422 if form.errors else 200


@bp.get("/sittings/<string(length=32):ref>/incidents")
@needs("sit")
def own_incidents(ref: str) -> Any:
    """What was noted about one's own exam, with room for an answer, and what became of one's reports."""
    return _own(ref, "", WordsForm(formdata=None))


@bp.post("/sittings/<string(length=32):ref>/incidents/<string(length=32):incident>")
@needs("sit")
def answer_incident(ref: str, incident: str) -> Any:
    """Answer to an incident."""
    sitting = services.get_sitting(ref, actor().person_id)
    form = WordsForm()
    if not form.validate_on_submit():
        return _own(ref, incident, form), 422
    with writing():
        services.reply_to_incident(sitting, incident, (form.body.data or "").strip())
    flash(gettext("Your answer is kept. Whoever decides reads it first."), "ok")
    return redirect(url_for("exams.own_incidents", ref=ref), 303)


def _own(ref: str, incident: str, form: WordsForm) -> Any:
    """The candidate's page; `form` belongs to the incident that was answered last."""
    sitting = services.get_sitting(ref, actor().person_id)
    return render_template(
        "exams/own_incidents.html", sitting=sitting, session=services.get_session_by_id(sitting.session_id),
        cases=incidents.own_incidents(sitting), reports=reports.own_reports(sitting), words=seat_words, form=form,
        typed=incident,
    )  # fmt: skip
