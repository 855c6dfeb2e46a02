"""The officer's screens that arrange a session: change it, cancel it, who watches it, a new access code."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.forms import CancelForm, ChangeForm, InvigilatorsForm, TokenForm
from app.exams.services import arrange
from app.exams.views.door import bp, told
from app.refusals import Refusal
from app.store import writing


@bp.route("/exam-sessions/<string(length=32):ref>/edit", methods=["GET", "POST"])
@needs("sessions.manage")
def edit_session(ref: str) -> Any:
    """Change a session until it opens."""
    session, form, refusal = services.get_session(ref), ChangeForm(), None
    if form.validate_on_submit():
        code = (session.access_code or arrange.draw_code()) if form.with_code.data else None
        try:
            with writing():
                arrange.change_session(
                    ref, title_zh=form.title_zh.data or "", title_en=form.title_en.data or "", opens_at=form.opens_at,
                    closes_at=form.closes_at, arrangement=form.arrangement(code), by=actor().person_id,
                )  # fmt: skip
        except Refusal as error:
            refusal = told(error)
        else:
            flash(gettext("The session is changed."), "ok")
            return _back(ref)
    if not form.is_submitted():
        form.show(session)
        arrange.check_open_to_change(session)
    page = render_template("exams/edit_session.html", form=form, session=session, refusal=refusal)
    return page, 422 if form.is_submitted() else 200


@bp.route("/exam-sessions/<string(length=32):ref>/cancel", methods=["GET", "POST"])
@needs("sessions.manage")
def cancel_session(ref: str) -> Any:
    """Cancel a session before it opens, with a reason."""
    session, form = services.get_session(ref), CancelForm()
    if form.validate_on_submit():
        with writing():
            arrange.cancel_session(ref, reason=(form.reason.data or "").strip(), by=actor().person_id)
        flash(gettext("The session is cancelled. Its candidates find the reason in their list."), "ok")
        return _back(ref)
    if not form.is_submitted():
        arrange.check_open_to_change(session)
    page = render_template("exams/cancel_session.html", form=form, session=session)
    return page, 422 if form.errors else 200


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
        return _back(ref)
    if not form.is_submitted():
        form.invigilators.data = list(services.invigilators_of(session.id))
    page = render_template("exams/invigilators.html", form=form, session=session)
    return page, 422 if form.errors else 200


@bp.post("/exam-sessions/<string(length=32):ref>/access-code")
@needs("sessions.manage")
def renew_code(ref: str) -> Any:
    """Draw a new access code, because too many people know the old one."""
    if TokenForm().validate_on_submit():
        with writing():
            arrange.renew_code(ref, by=actor().person_id)
        flash(gettext("There is a new access code. Whoever has typed the old one need not type it again."), "ok")
    return _back(ref)


def _back(ref: str) -> Any:
    return redirect(url_for("exams.show_session", ref=ref), 303)
