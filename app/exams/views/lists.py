"""Admission cards 准考证 and lists to print: a candidate's own card, all cards of a session, the lists of its rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, url_for
from flask_babel import format_datetime, gettext

from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.cards import Speech
from app.exams.forms import TokenForm
from app.exams.services import candidates, lists
from app.exams.services.lists import Printed
from app.exams.views.candidate import given_nonce
from app.exams.views.door import bp, language, watched_session
from app.store import writing


@bp.post("/exams/<string(length=32):ref>/admission-card")
@needs("sit")
def make_card(ref: str) -> Any:
    """Be admitted, so that the card has its draw number; then the card."""
    if not TokenForm().validate_on_submit():
        return redirect(url_for("exams.mine"), 303)
    with writing():
        session = services.get_session(ref)
        line = candidates.own_line(session, actor().person_id)
        services.check_not_cancelled(session)
        services.admit(session, line.enrolment, given_nonce())
    return redirect(url_for("exams.card", ref=ref), 303)


@bp.get("/exams/<string(length=32):ref>/admission-card.pdf")
@needs("sit")
def card(ref: str) -> Any:
    """One's own admission card; a session that was cancelled has none any more."""
    session = services.get_session(ref)
    candidates.own_line(session, actor().person_id)
    services.check_not_cancelled(session)
    return _sent(lists.own_card(session, actor().person_id, _speech()))


@bp.post("/exam-sessions/<string(length=32):ref>/admission-cards")
@needs("sessions.manage")
def make_cards(ref: str) -> Any:
    """Admit everybody who is not yet, and print all cards."""
    if not TokenForm().validate_on_submit():
        return redirect(url_for("exams.list_candidates", ref=ref), 303)
    with writing():
        session = services.get_session(ref)
        services.check_not_cancelled(session)
        candidates.admit_everybody(session, by=actor().person_id)
    return _sent(lists.all_cards(services.get_session(ref), _speech()))


@bp.get("/exam-sessions/<string(length=32):ref>/candidates.pdf")
@needs("sessions.watch")
def print_candidates(ref: str) -> Any:
    """The list of candidates with places to sign."""
    return _sent(lists.list_of_candidates(watched_session(ref), _speech()))


@bp.get("/exam-sessions/<string(length=32):ref>/door.pdf")
@needs("sessions.watch")
def print_door(ref: str) -> Any:
    """The lists for the doors, without full names."""
    return _sent(lists.list_for_the_door(watched_session(ref), _speech()))


def _speech() -> Speech:
    return Speech(language(), gettext, _moment)


def _moment(at: datetime, form: str) -> str:
    return str(format_datetime(at, form))


def _sent(printed: Printed) -> Response:
    response = Response(printed.data, mimetype="application/pdf")
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " .-") else "_" for one in printed.name)
    given = f"filename=\"{plain}\"; filename*=UTF-8''{quote(printed.name)}"
    response.headers["Content-Disposition"] = f"attachment; {given}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
