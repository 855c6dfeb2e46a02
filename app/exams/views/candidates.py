"""The officer's screens of the candidates 考生 of a session: the list, rooms and seats, accommodations."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.forms import AccommodationForm, PlacesForm, RoomsForm, TokenForm
from app.exams.seating import Place, rooms_of
from app.exams.services import accommodations, candidates
from app.exams.services.accommodations import Ease
from app.exams.views.door import bp, told, watched_session
from app.refusals import Refusal
from app.store import writing


@bp.get("/exam-sessions/<string(length=32):ref>/candidates")
@needs("sessions.watch")
def list_candidates(ref: str) -> Any:
    """Everybody of a session with seat, accommodation and what the waiting room says."""
    session = watched_session(ref)
    lines = candidates.list_candidates(session)
    if any(line.row is None for line in lines):  # somebody joined the class after the session was announced
        with writing():
            services.complete_list(session)
        session = watched_session(ref)
        lines = candidates.list_candidates(session)
    return render_template("exams/candidates.html", session=session, lines=lines)


@bp.post("/exam-sessions/<string(length=32):ref>/candidates")
@needs("sessions.manage")
def save_places(ref: str) -> Any:
    """Keep rooms and seats that were typed by hand."""
    if PlacesForm().validate_on_submit():
        typed = {
            int(name.removeprefix("room-")): Place(room, request.form.get(f"seat-{name.removeprefix('room-')}", ""))
            for name, room in request.form.items()
            if name.startswith("room-") and name.removeprefix("room-").isdecimal()
        }
        with writing():
            changed = candidates.set_places(services.get_session(ref), typed, by=actor().person_id)
        flash(ngettext("%(num)s seat is changed.", "%(num)s seats are changed.", changed), "ok")
    return redirect(url_for("exams.list_candidates", ref=ref), 303)


@bp.route("/exam-sessions/<string(length=32):ref>/rooms", methods=["GET", "POST"])
@needs("sessions.manage")
def assign_rooms(ref: str) -> Any:
    """Fill rooms in the order of admission numbers."""
    session, form, refusal = services.get_session(ref), RoomsForm(), None
    if form.validate_on_submit():
        try:
            rooms, apart = rooms_of(form.rooms.data or ""), rooms_of(form.apart.data or "")
            with writing():
                changed = candidates.seat_by_number(services.get_session(ref), rooms, apart, by=actor().person_id)
        except Refusal as error:
            refusal = told(error)
        else:
            flash(ngettext("%(num)s seat is changed.", "%(num)s seats are changed.", changed), "ok")
            return redirect(url_for("exams.list_candidates", ref=ref), 303)
    lines = candidates.list_candidates(session)
    page = render_template(
        "exams/rooms.html", session=session, form=form, refusal=refusal, people=len(lines),
        apart=sum(line.ease.separate_room for line in lines),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.route("/exam-sessions/<string(length=32):ref>/candidates/<int:candidate>/accommodation", methods=["GET", "POST"])
@needs("sessions.manage")
def accommodation(ref: str, candidate: int) -> Any:
    """What is made easier for one candidate: for this session, or standing."""
    form, refusal = AccommodationForm(), None
    candidates.get_line(services.get_session(ref), candidate)
    if form.validate_on_submit():
        try:
            with writing():
                running = _give(ref, candidate, form)
        except accommodations.BegunAlready as error:
            refusal = told(error)
        else:
            flash(_kept(running), "warn" if running else "ok")
            return redirect(url_for("exams.accommodation", ref=ref, candidate=candidate), 303)
    session = services.get_session(ref)
    line = candidates.get_line(session, candidate)
    assert line.row is not None
    page = render_template(
        "exams/accommodation.html", session=session, line=line, form=form, refusal=refusal, today=clock.today(),
        running=accommodations.running(line.row),
        standing=accommodations.standing_of(session.base_id, line.person.id),
    )  # fmt: skip
    return page, 422 if form.errors or refusal else 200


def _give(ref: str, candidate: int, form: AccommodationForm) -> str | None:
    """Give what the form says; returns the sitting that runs on as it is. Raises BegunAlready."""
    session = services.get_session(ref)
    row = candidates.get_line(session, candidate).row
    assert row is not None
    ease = Ease(form.percent.data, form.font.data, bool(form.separate_room.data))
    given: dict[str, Any] = {"reason": (form.reason.data or "").strip(), "by": actor().person_id}
    if form.scope.data == "standing":
        first = form.from_on.data or clock.today()
        accommodations.give_standing(row, ease, from_on=first, until_on=form.until_on.data, **given)
    else:
        accommodations.set_for_session(session, row, ease, **given)
    return accommodations.running(row)


def _kept(running: str | None) -> str:
    if running is None:
        return str(gettext("The accommodation is kept."))
    return str(gettext("The accommodation is kept for later exams. The exam that runs now is not changed by it."))


@bp.post("/exam-sessions/<string(length=32):ref>/candidates/<int:candidate>/accommodation/end")
@needs("sessions.manage")
def end_accommodation(ref: str, candidate: int) -> Any:
    """End a standing accommodation, or take back the one for this session."""
    candidates.get_line(services.get_session(ref), candidate)
    if TokenForm().validate_on_submit():
        try:
            with writing():
                running = _end(ref, candidate, request.form.get("standing", type=int))
        except accommodations.BegunAlready as error:
            flash(" ".join(told(error)), "warn")
        else:
            kept = gettext("The accommodation is ended. The exam that runs now is not changed by it.")
            flash(kept if running else gettext("The accommodation is ended."), "ok")
    return redirect(url_for("exams.accommodation", ref=ref, candidate=candidate), 303)


def _end(ref: str, candidate: int, standing: int | None) -> str | None:
    """End a standing one, or (None) the one for the session; returns the sitting that runs on. Raises BegunAlready."""
    session = services.get_session(ref)
    line = candidates.get_line(session, candidate)
    assert line.row is not None
    if standing is None:
        accommodations.set_for_session(session, line.row, None, reason="", by=actor().person_id)
    else:
        accommodations.end_standing(standing, person_id=line.person.id, by=actor().person_id)
    return accommodations.running(line.row)
