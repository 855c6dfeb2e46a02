"""Screens of cohorts 培训班: the list of classes, study rules, live sessions and who attended them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.guards import actor, needs
from app.cohorts import services
from app.cohorts.attendance import STATES
from app.cohorts.forms import CancelForm, LiveSessionForm, RulesForm, local
from app.cohorts.services import Mark
from app.cohorts.study_rules import ORDERS
from app.refusals import NotFound
from app.store import writing

bp = Blueprint("cohorts", __name__)


@bp.get("/cohorts")
@needs("cohorts.read")
def list_cohorts() -> Any:
    """The classes of the bases that the person works for; a teacher sees those he teaches."""
    return render_template("cohorts/list_cohorts.html", rows=services.list_cohorts(actor().cohorts("cohorts.read")))


@bp.route("/cohorts/<int:cohort_id>/rules", methods=["GET", "POST"])
@needs("rules.manage")
def rules(cohort_id: int) -> Any:
    """The study rules of a class, with what they were before."""
    cohort, form = services.get_cohort(cohort_id), RulesForm()
    if form.validate_on_submit():
        with writing():
            version = int(form.version.data or 0)
            services.set_rules(cohort_id, form.rules(), version=version, by=actor().person_id)
        flash(gettext("The study rules are in force."), "ok")
        return redirect(url_for("cohorts.rules", cohort_id=cohort_id), 303)
    current = services.get_rules(cohort_id)
    if request.method == "GET":
        form.fill(current.rules, current.version)
    programme = services.get_programme(cohort.programme_id)
    page = render_template(
        "cohorts/rules.html", cohort=cohort, programme=programme, form=form, history=services.rules_history(cohort_id),
        orders=ORDERS,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.get("/cohorts/<int:cohort_id>/live-sessions")
@needs("cohorts.read")
def live_sessions(cohort_id: int) -> Any:
    """The live sessions of a class."""
    _taught(cohort_id, "cohorts.read")
    return render_template(
        "cohorts/live_sessions.html", cohort=services.get_cohort(cohort_id), rows=services.list_live_sessions(cohort_id),
        at=clock.now(),
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/live-sessions/new", methods=["GET", "POST"])
@needs("attendance.manage")
def new_live_session(cohort_id: int) -> Any:
    """Announce a live session; sending the form twice makes one."""
    _taught(cohort_id, "attendance.manage")
    cohort, form = services.get_cohort(cohort_id), _session_form(cohort_id)
    if form.validate_on_submit():
        with writing():
            services.add_live_session(
                cohort_id=cohort_id, title_zh=form.title_zh.data or "", title_en=form.title_en.data or "",
                starts_at=form.starts_at, minutes=form.minutes.data or 0, place=form.place.data or "",
                teacher_id=form.teacher_id, key=form.key.data or "", by=actor().person_id,
            )  # fmt: skip
        flash(gettext("The live session is announced."), "ok")
        return redirect(url_for("cohorts.live_sessions", cohort_id=cohort_id), 303)
    page = render_template("cohorts/edit_live_session.html", cohort=cohort, form=form, session=None, refusal=None)
    return page, 422 if form.errors else 200


@bp.route("/live-sessions/<int:session_id>/change", methods=["GET", "POST"])
@needs("attendance.manage")
def change_live_session(session_id: int) -> Any:
    """Change what a live session says, or move it to another time."""
    session, refusal = _session(session_id), None
    if session.cancelled_at is not None:
        raise services.Cancelled
    form = _session_form(session.cohort_id)
    if form.validate_on_submit():
        try:
            with writing():
                services.change_live_session(
                    session_id, starts_at=form.starts_at, minutes=form.minutes.data or 0, place=form.place.data or "",
                    teacher_id=form.teacher_id, title_zh=form.title_zh.data or "", title_en=form.title_en.data or "",
                    by=actor().person_id,
                )  # fmt: skip
        except (services.MinutesOutside, services.TookPlace) as error:
            refusal = error
        else:
            flash(gettext("The live session is changed."), "ok")
            return redirect(url_for("cohorts.attendance", session_id=session_id), 303)
    elif request.method == "GET":
        form.title_zh.data, form.title_en.data = session.title_zh, session.title_en
        form.starts.data, form.minutes.data = local(session.starts_at), session.minutes
        form.place.data, form.teacher.data = session.place, session.teacher_id or 0
    page = render_template(
        "cohorts/edit_live_session.html", cohort=services.get_cohort(session.cohort_id), form=form, session=session,
        refusal=refusal,
    )  # fmt: skip
    return page, 422 if form.errors or refusal else 200


@bp.route("/live-sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@needs("attendance.manage")
def cancel_live_session(session_id: int) -> Any:
    """Cancel a live session; the trainees of the class read why. Twice is once."""
    session, form, refusal = _session(session_id), CancelForm(), None
    if form.validate_on_submit():
        try:
            with writing():
                services.cancel_live_session(session_id, why=(form.why.data or "").strip(), by=actor().person_id)
        except services.TookPlace as error:
            refusal = error
        else:
            flash(gettext("The live session is cancelled."), "ok")
            return redirect(url_for("cohorts.live_sessions", cohort_id=session.cohort_id), 303)
    page = render_template(
        "cohorts/cancel_live_session.html", cohort=services.get_cohort(session.cohort_id), session=session, form=form,
        refusal=refusal,
    )  # fmt: skip
    return page, 422 if form.errors or refusal else 200


@bp.route("/live-sessions/<int:session_id>", methods=["GET", "POST"])
@needs("attendance.manage")
def attendance(session_id: int) -> Any:
    """Who attended a live session; a correction keeps what was recorded before."""
    session, refusal = _session(session_id), None
    given: dict[int, Mark] = {}
    if request.method == "POST":
        given, bad = _marks(session.minutes)
        if request.form.get("act") == "rest":
            for seat in services.seats(session):
                given.setdefault(seat.enrolment.id, Mark("present", session.minutes))
        elif not bad:
            try:
                with writing():
                    count = services.record_attendance(session_id, given, _seen(), by=actor().person_id)
            except (services.MinutesOutside, services.NotBegun, services.Cancelled) as error:
                refusal = error
            else:
                said = ngettext("%(num)s person was recorded.", "%(num)s people were recorded.", count)
                flash(said if count else gettext("Nothing was changed."), "ok")
                return redirect(url_for("cohorts.attendance", session_id=session_id), 303)
        refusal = services.MinutesOutside(minutes=session.minutes) if bad else refusal
    page = render_template(
        "cohorts/attendance.html", cohort=services.get_cohort(session.cohort_id), session=session,
        seats=services.seats(session), begun=clock.now() >= session.starts_at, given=given, states=STATES,
        refusal=refusal,
    )  # fmt: skip
    return page, 422 if refusal else 200


def _marks(longest: int) -> tuple[dict[int, Mark], bool]:
    """What the list says of each person, by enrolment, and whether some minutes are no number in range."""
    found, bad = {}, False
    for name, state in request.form.items():
        number = name.removeprefix("state-")
        if name == number or not number.isdigit() or not number.isascii() or state not in STATES:
            continue
        words = request.form.get(f"minutes-{number}", "").strip()
        minutes = int(words) if words.isdigit() and words.isascii() and len(words) < 5 else longest if not words else -1
        bad = bad or (state == "present" and not 0 <= minutes <= longest)
        found[int(number)] = Mark(state, minutes, request.form.get(f"note-{number}", "").strip()[:200])
    return found, bad


def _seen() -> dict[int, int]:
    """The version of each person's record on the page."""
    pairs = [(name.removeprefix("seen-"), value) for name, value in request.form.items() if name.startswith("seen-")]
    return {int(one): int(value) for one, value in pairs if one.isdigit() and value.isdigit() and len(value) < 6}


def _session(session_id: int) -> Any:
    session = services.get_live_session(session_id)
    _taught(session.cohort_id, "attendance.manage")
    return session


def _taught(cohort_id: int, permission: str) -> None:
    """A teacher comes to the classes that he teaches, and to no others."""
    allowed = actor().cohorts(permission)
    if allowed is not None and cohort_id not in allowed:
        raise NotFound


def _session_form(cohort_id: int) -> LiveSessionForm:
    form = LiveSessionForm()
    people = services.teachers_of(cohort_id)
    form.teacher.choices = [(0, gettext("Nobody yet")), *((one.id, one.name) for one in people)]
    return form
