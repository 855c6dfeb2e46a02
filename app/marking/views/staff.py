"""Screens of the staff that end something for a candidate: a hand-in with a reason, a decision on an incident."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock
from app.accounts.guards import actor, needs
from app.exams.forms import ReasonForm
from app.exams.services import incidents, watch
from app.exams.timing import Closed
from app.exams.views import seat_words
from app.exams.views.door import watched_session
from app.marking import services
from app.marking.forms import IncidentDecisionForm
from app.marking.views.door import bp
from app.store import writing


@bp.route("/exam-sessions/sittings/<string(length=32):ref>/hand-in", methods=["GET", "POST"])
@needs("sessions.invigilate")
def force(ref: str) -> Any:
    """Hand in for a candidate, with a reason that the candidate reads."""
    view = watch.get_seat_view(ref)
    watched_session(view.session.ref)
    form = ReasonForm()
    if view.sitting.state != "open" and not form.is_submitted():
        raise Closed
    if form.validate_on_submit():
        with writing():
            services.force_hand_in(ref, reason=(form.reason.data or "").strip(), at=clock.now(), by=actor().person_id)
        flash(_("Handed in. The candidate sees the reason within half a minute."), "ok")
        return redirect(url_for("exams.seat", ref=ref), 303)
    page = render_template("marking/force.html", view=view, form=form)
    return page, 422 if form.errors else 200


@bp.route("/incidents/<string(length=32):ref>/decision", methods=["GET", "POST"])
@needs("incidents.decide")
def decide_incident(ref: str) -> Any:
    """Decide on an incident with its facts and the candidate's answer before one's eyes."""
    form = IncidentDecisionForm()
    case = incidents.get_incident(ref)
    watched_session(case.session.ref)
    form.decision.choices = [
        (name, _(words)) for name, words in seat_words.DECISIONS.items() if name != "void" or case.sitting
    ]
    refusal = None
    if form.validate_on_submit():
        try:
            with writing():
                services.decide_incident(
                    ref, decision=form.decision.data, why=(form.why.data or "").strip(), seen=form.seen.data or "",
                    by=actor().person_id,
                )  # fmt: skip
        except (incidents.AnswerUnread, incidents.NotHeardYet, incidents.OwnReport, services.CertifiedAlready) as error:
            refusal, case = error, incidents.get_incident(ref)
        else:
            flash(_("Decided."), "ok")
            return redirect(url_for("exams.show_incident", ref=ref), 303)
    elif case.incident.decision and not form.is_submitted():
        return redirect(url_for("exams.show_incident", ref=ref), 303)
    form.seen.data = case.seen
    page = render_template(
        "marking/decide_incident.html", case=case, form=form, words=seat_words, refusal=refusal,
        void_open=case.incident.reply is not None or clock.now() >= case.void_from,
    )  # fmt: skip
    return page, 422 if form.errors or refusal else 200
