"""The officer's screens: sessions and extra time."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from app import clock
from app.accounts.guards import actor, needs
from app.banks import services as banks
from app.cohorts import services as cohorts
from app.exams import services, timing
from app.exams.forms import ExtendForm, SessionForm
from app.exams.seats import counted
from app.exams.services import arrange, watch
from app.exams.views.door import bp, language, reader, shows_code, told, watched_session
from app.exams.views.fairness import worded
from app.refusals import Refusal
from app.store import writing


@bp.get("/exam-sessions")
@needs("sessions.watch")
def list_sessions() -> Any:
    """The sessions of the bases one works for, or those one watches."""
    return render_template(
        "exams/list_sessions.html", rows=services.list_sessions(reader()), at=clock.now(), alarms=services.open_alarms()
    )


@bp.get("/exam-sessions/new")
@needs("sessions.manage")
def new_session() -> Any:
    """The form of a new session."""
    form = _session_form()
    form.with_code.data = True
    return render_template("exams/new_session.html", form=form, refusal=None)


@bp.post("/exam-sessions")
@needs("sessions.manage")
def create_session() -> Any:
    """Announce a session; sending the form twice makes one."""
    form, refusal = _session_form(), None
    if form.validate_on_submit():
        try:
            services.try_specification(form.specification.data, form.opens_at)
            with writing():
                ref = services.create_session(
                    key=form.key.data or "", cohort_id=form.cohort.data, specification=form.specification.data,
                    title_zh=form.title_zh.data or "", title_en=form.title_en.data or "", opens_at=form.opens_at,
                    closes_at=form.closes_at, by=actor().person_id,
                    arrangement=form.arrangement(arrange.draw_code() if form.with_code.data else None),
                ).ref  # fmt: skip
                arrange.set_invigilators(ref, form.invigilators.data or [], by=actor().person_id)
                services.complete_list(services.get_session(ref))
        except Refusal as error:
            refusal = (worded(error), told(error)[1])
        else:
            flash(gettext("The session is announced."), "ok")
            return redirect(url_for("exams.show_session", ref=ref), 303)
    return render_template("exams/new_session.html", form=form, refusal=refusal), 422


@bp.get("/exam-sessions/<string(length=32):ref>")
@needs("sessions.watch")
def show_session(ref: str) -> Any:
    """One session: its settings, who came, and where its papers fall short."""
    session, at = watched_session(ref), clock.now()
    names = arrange.possible_invigilators(session.base_id)
    watching = [names[one] for one in services.invigilators_of(session.id) if one in names]
    return render_template(
        "exams/show_session.html", session=session, at=at, watching=watching,
        counts=counted(watch.watch(session), at), odd=services.count_odd_papers(session), undecided=services.count_undecided(session),
        code=session.access_code if shows_code(session) else None,
    )  # fmt: skip


@bp.route("/exam-sessions/sittings/<string(length=32):ref>/extra-time", methods=["GET", "POST"])
@needs("sessions.invigilate")
def extend(ref: str) -> Any:
    """Give a sitting extra time with a reason."""
    seat = services.get_seat(ref)
    if seat.sitting is None or seat.sitting.state != "open":
        raise timing.Closed
    form = ExtendForm(before=str(seat.sitting.extra_minutes))
    session = services.get_session_by_id(seat.sitting.session_id)
    watched_session(session.ref)
    if form.validate_on_submit():
        with writing():
            services.extend_sitting(
                ref, minutes=form.minutes.data or 0, before=int(form.before.data or 0), reason=form.reason.data or "",
                by=actor().person_id,
            )  # fmt: skip
        flash(gettext("%(minutes)s extra minutes are given.", minutes=form.minutes.data), "ok")
        return redirect(url_for("exams.seat", ref=ref), 303)
    page = render_template("exams/extend.html", form=form, sitting=seat.sitting, session=session, name=seat.person.name)
    return page, 422 if form.errors else 200


def _session_form() -> SessionForm:
    form = SessionForm()
    found = cohorts.list_cohorts()
    form.cohort.choices = [
        (row.cohort.id, row.cohort.title_zh if language() == "zh_CN" else row.cohort.title_en) for row in found
    ]
    form.specification.choices = [(one.code, one.title[language()]) for one in banks.list_specifications()]
    bases = sorted({row.cohort.base_id for row in found})
    form.invigilators.choices = [one for base in bases for one in arrange.possible_invigilators(base).items()]
    return form
