"""The invigilator's desk 监考台: every seat live, announcements, extra time for a room, and one seat with its acts."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.guards import actor, needs
from app.exams.forms import AnnounceForm, ReasonForm, RoomTimeForm
from app.exams.seats import SHOWN, Place, counted, rooms_of
from app.exams.services import incidents, safe_browser, steer, watch
from app.exams.views import seat_words
from app.exams.views.door import bp, watched_session
from app.store import writing

SHOWN_WORDS = {
    "all": lambda: gettext("Everybody"),
    "attention": lambda: gettext("Needs attention"),
    "sitting": lambda: gettext("Sitting"),
    "waiting": lambda: gettext("In the waiting room"),
    "absent": lambda: gettext("Absent"),
    "closed": lambda: gettext("Handed in"),
}


@bp.get("/exam-sessions/<string(length=32):ref>/desk")
@needs("sessions.watch")
def desk(ref: str) -> Any:
    """The seats of a session; a script keeps them up to date, without one the page is loaded again."""
    session = watched_session(ref)
    return _desk(session, AnnounceForm())


@bp.get("/exam-sessions/<string(length=32):ref>/desk/seats")
@needs("sessions.watch")
def desk_seats(ref: str) -> Any:
    """The same seats as JSON: {at, counts, seats: [{number, state, lost, …, where, answered, …}]}."""
    at = clock.now()
    places = watch.watch(watched_session(ref))
    rows = [seat_words.seat_row(place, at) for place in places]
    return jsonify(at=seat_words.clock_time(at), counts=counted(places, at), seats=rows)


@bp.post("/exam-sessions/<string(length=32):ref>/announcements")
@needs("sessions.invigilate")
def announce(ref: str) -> Any:
    """Say something to all candidates or to one room."""
    session = watched_session(ref)
    form = AnnounceForm()
    form.room.choices = _rooms(watch.watch(session))
    if not form.validate_on_submit():
        return _desk(session, form), 422
    with writing():
        steer.announce(
            session, after=int(form.after.data or 0), room=form.room.data or "", body=(form.body.data or "").strip(),
            by=actor().person_id,
        )  # fmt: skip
    flash(gettext("Announced. The candidates see it within half a minute."), "ok")
    return redirect(url_for("exams.desk", ref=ref), 303)


@bp.route("/exam-sessions/<string(length=32):ref>/extra-time", methods=["GET", "POST"])
@needs("sessions.invigilate")
def extend_room(ref: str) -> Any:
    """Give everybody who sits, or one room, extra time."""
    session = watched_session(ref)
    places = watch.watch(session)
    form = RoomTimeForm(room=request.args.get("room", ""))
    form.room.choices = _rooms(places)
    if form.validate_on_submit():
        with writing():
            count = steer.extend_all(
                session, key=form.key.data or "", room=form.room.data or "", minutes=form.minutes.data or 0,
                reason=(form.reason.data or "").strip(), by=actor().person_id,
            )  # fmt: skip
        words = "%(num)s candidate has %(minutes)s more minutes.", "%(num)s candidates have %(minutes)s more minutes."
        flash(ngettext(*words, count, minutes=form.minutes.data), "ok")
        return redirect(url_for("exams.desk", ref=ref), 303)
    page = render_template("exams/extend_room.html", session=session, form=form, counts=counted(places, clock.now()))
    return page, 422 if form.errors else 200


@bp.get("/exam-sessions/sittings/<string(length=32):ref>/seat")
@needs("sessions.watch")
def seat(ref: str) -> Any:
    """One seat: signs, incidents, what was changed, and what can be done."""
    return seat_page(ref, ReasonForm())


@bp.post("/exam-sessions/sittings/<string(length=32):ref>/unlock")
@needs("sessions.invigilate")
def unlock(ref: str) -> Any:
    """Let a locked page go on, with a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return seat_page(ref, form), 422
    watched_session(watch.get_seat_view(ref).session.ref)
    with writing():
        steer.unlock_sitting(ref, reason=(form.reason.data or "").strip(), by=actor().person_id)
    flash(gettext("The exam page is unlocked; the candidate can go on within half a minute."), "ok")
    return redirect(url_for("exams.seat", ref=ref), 303)


def _desk(session: Any, form: AnnounceForm) -> Any:
    at = clock.now()
    places = watch.watch(session)
    said = steer.announcements_of(session)
    form.room.choices = _rooms(places)
    if not form.is_submitted():
        form.after.data = str(said[0].no if said else 0)
    rooms = rooms_of(places)
    choice = request.args.get("show") if request.args.get("show") in SHOWN else "all"
    room = request.args.get("room") if request.args.get("room") in rooms else ""
    return render_template(
        "exams/desk.html", session=session, at=at, rows=[seat_words.seat_row(place, at) for place in places],
        counts=counted(places, at), rooms=rooms, said=said, form=form, choice=choice, room=room,
        choices=[(name, SHOWN_WORDS[name]()) for name in SHOWN],
        any_shown=any(place.is_shown(str(choice), str(room), at) for place in places),
    )  # fmt: skip


def seat_page(ref: str, form: ReasonForm) -> Any:
    """The page of a seat with the form of a reason, whatever it is for."""
    view = watch.get_seat_view(ref)
    watched_session(view.session.ref)
    at = clock.now()
    return render_template(
        "exams/seat.html", view=view, row=seat_words.seat_row(view.place, at), at=at, form=form, words=seat_words,
        cases=incidents.about(view.sitting), browser=safe_browser.standing(view.sitting, view.session),
    )  # fmt: skip


def _rooms(places: list[Place] | Any) -> list[tuple[str, str]]:
    return [("", gettext("To all rooms")), *((room, room) for room in rooms_of(places))]
