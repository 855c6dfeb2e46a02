"""The officer's screens that arrange a session: who watches it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.forms import InvigilatorsForm
from app.exams.services import arrange
from app.exams.views.door import bp
from app.store import writing


@bp.route("/exam-sessions/<string(length=32):ref>/invigilators", methods=["GET", "POST"])
@needs("sessions.manage")
def invigilators(ref: str) -> Any:
    """Say who watches a session."""
    session, form = services.get_session(ref), InvigilatorsForm()
    form.invigilators.choices = list(arrange.possible_invigilators(session.base_id).items())
    if form.validate_on_submit():
        with writing():
            arrange.set_invigilators(ref, form.invigilators.data or [], by=actor().person_id)
        flash(gettext("The invigilators are appointed."), "ok")
        return redirect(url_for("exams.show_session", ref=ref), 303)
    if not form.is_submitted():
        form.invigilators.data = list(services.invigilators_of(session.id))
    page = render_template("exams/invigilators.html", form=form, session=session)
    return page, 422 if form.errors else 200
