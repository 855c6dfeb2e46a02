"""The officer's screen of paper 纸质考试: who sits on paper, when the room began, and what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, format_datetime, gettext

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.booklet import Speech
from app.exams.forms import DeclareForm, PrintForm, SwitchForm
from app.exams.views.door import bp, language, told
from app.refusals import Refusal
from app.store import db, writing

LOCALES = {"zh_CN": "zh_Hans_CN", "en": "en"}


@bp.get("/exam-sessions/<string(length=32):ref>/paper")
@needs("papers.print")
def paper(ref: str) -> Any:
    """Everybody of a session with what is on paper."""
    return _page(ref)


@bp.post("/exam-sessions/<string(length=32):ref>/paper/switch")
@needs("papers.print")
def to_paper(ref: str) -> Any:
    """Move the chosen people to paper."""
    form, chosen = SwitchForm(), _chosen()
    if not form.validate_on_submit() or not chosen:
        return _page(ref, switch=form, nobody=not chosen), 422
    with writing():
        moved = services.to_paper(
            ref, chosen, reason=form.reason.data or "", minutes=form.minutes.data or 0, by=actor().person_id
        )
    _say_refused(ref, moved.refused)
    flash(gettext("%(count)s people are on paper now.", count=len(moved.sittings)), "ok")
    return redirect(url_for("exams.paper", ref=ref), 303)


@bp.post("/exam-sessions/<string(length=32):ref>/paper/start")
@needs("papers.print")
def declare_start(ref: str) -> Any:
    """The room was told to begin: the clock of everybody on paper who waits starts."""
    form = DeclareForm()
    if not form.validate_on_submit():
        return _page(ref, start=form), 422
    with writing():
        begun = services.declare_start(ref, form.moment, by=actor().person_id)
    _say_refused(ref, begun.refused)
    flash(gettext("%(count)s exams on paper have begun.", count=begun.count), "ok")
    return redirect(url_for("exams.paper", ref=ref), 303)


@bp.post("/exam-sessions/<string(length=32):ref>/paper/print")
@needs("papers.print")
def print_papers(ref: str) -> Any:
    """The booklets or the answer sheets of the chosen people as one PDF, in the order of seats."""
    form, chosen = PrintForm(), _chosen()
    if not form.validate_on_submit() or form.what.data == "key" or not chosen:
        return _page(ref, printing=form, nobody=not chosen), 422
    with writing():
        refused = services.prepare_papers(ref, chosen)
    _say_refused(ref, refused)
    return _file(ref, form.what.data or "booklet", chosen, form.language.data or "own", "")


@bp.post("/exam-sessions/<string(length=32):ref>/paper/key")
@needs("papers.key")
def print_key(ref: str) -> Any:
    """The keys of the chosen people's papers; before the session is over only with a reason."""
    form, chosen = PrintForm(), _chosen()
    if not form.validate_on_submit() or not chosen:
        return _page(ref, printing=form, nobody=not chosen), 422
    reason = form.key_reason.data or ""
    try:
        services.check_key(ref, reason)
    except services.KeyTooEarly as refusal:
        form.key_reason.errors = [gettext(refusal.message)]
        return _page(ref, printing=form), 422
    return _file(ref, "key", chosen, form.language.data or "own", reason)


@bp.route("/exam-sessions/sittings/<string(length=32):ref>/screen", methods=["GET", "POST"])
@needs("papers.print")
def to_screen(ref: str) -> Any:
    """Take a sitting back to the screen, as long as nobody has begun to key its sheet."""
    seat = services.get_seat(ref)
    assert seat.sitting is not None
    session, form = services.get_session_by_id(seat.sitting.session_id), SwitchForm()
    if form.validate_on_submit():
        with writing():
            services.to_screen(ref, reason=form.reason.data or "", by=actor().person_id)
        flash(gettext("The exam goes on on screen."), "ok")
        return redirect(url_for("exams.paper", ref=session.ref), 303)
    page = render_template("exams/to_screen.html", form=form, seat=seat, session=session)
    return page, 422 if form.errors else 200


def _page(
    ref: str,
    *,
    switch: SwitchForm | None = None,
    start: DeclareForm | None = None,
    printing: PrintForm | None = None,
    nobody: bool = False,
) -> str:
    session = services.get_session(ref)
    lines = services.paper_lines(session)
    begin = start or DeclareForm()
    if not begin.at.data:
        begin.at.data = clock.now().astimezone(clock.BEIJING).replace(tzinfo=None, second=0, microsecond=0)
    waiting = sum(line.on_paper and line.sitting is not None and line.sitting.state == "ready" for line in lines)
    return render_template(
        "exams/paper.html", session=session, lines=lines, switch=switch or SwitchForm(), start=begin,
        printing=printing or PrintForm(), nobody=nobody, chosen=_ticked(lines), waiting=waiting,
        rooms=sorted({line.room for line in lines if line.room}),
        early=services.key_is_early(session),
    )  # fmt: skip


def _chosen() -> list[int]:
    """The ids of the people whose boxes are ticked."""
    return [int(one) for one in request.form.getlist("person") if one.isascii() and one.isdigit() and len(one) < 10]


def _ticked(lines: Sequence[services.PaperLine]) -> set[int]:
    """Whose boxes the page shows ticked: as they were sent, or all, those on paper, or those of a room."""
    wish, room = request.args.get("tick"), request.args.get("room")
    asked = [
        line.person.id
        for line in lines
        if wish == "all" or (wish == "paper" and line.on_paper) or (room and line.room == room)
    ]
    return {*_chosen(), *asked}


def _say_refused(ref: str, refused: Sequence[tuple[int, Refusal]]) -> None:
    if not refused:
        return
    names = {line.person.id: line.person.name for line in services.paper_lines(services.get_session(ref))}
    for person_id, refusal in refused:
        flash(gettext("%(name)s: %(reason)s", name=names.get(person_id, "?"), reason=told(refusal)[0]), "warn")


def _file(ref: str, what: str, chosen: Sequence[int], wanted: str, reason: str) -> Response:
    """Draw the file with no writing transaction open, then write down that it was made."""
    made = services.make_papers(ref, what, chosen, _voices(wanted))
    db.session.rollback()
    with writing():
        services.note_printing(made, reason=reason, by=actor().person_id)
    response = Response(made.data, mimetype="application/pdf")
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " .-") else "_" for one in made.name)
    given = f"filename=\"{plain}\"; filename*=UTF-8''{quote(made.name)}"
    response.headers["Content-Disposition"] = f"attachment; {given}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _voices(wanted: str) -> Any:
    """The speech of a candidate: in his own language, in the one asked for, or in both."""
    own = language()

    def voice(known: str | None) -> Speech:
        if wanted == "both":
            return Speech(("zh_CN", "en"), _say, _moment)
        return Speech((wanted if wanted in LOCALES else known or own,), _say, _moment)

    return voice


def _say(message: str, code: str) -> str:
    with force_locale(LOCALES[code]):
        return str(gettext(message))


def _moment(at: datetime) -> str:
    return str(format_datetime(at, "yyyy-MM-dd HH:mm"))
