"""The minutes 考场记录 of a session: read, sign, seal, print."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import format_date, format_datetime, gettext

from app.accounts.guards import WrongPassword, actor, needs, prove
from app.exams.forms import SignForm
from app.exams.minutes_book import COUNTS, Speech
from app.exams.services.minutes import FactsChanged, View, get_minutes, sign_minutes
from app.exams.services.minutes_file import minutes_file
from app.exams.views import seat_words
from app.exams.views.door import bp, language, watched_session
from app.refusals import Refusal
from app.store import writing


@bp.get("/exam-sessions/<string(length=32):ref>/minutes")
@needs("sessions.watch")
def show_minutes(ref: str) -> Any:
    """The minutes as they stand, with the signatures."""
    view = get_minutes(watched_session(ref))
    form = SignForm()
    form.seen.data = view.seen
    if view.signed is not None:
        form.remarks.data = view.signed.remarks
    return _minutes(view, form, None)


@bp.post("/exam-sessions/<string(length=32):ref>/minutes/<any(first,second):turn>")
@needs("sessions.invigilate")
def sign(ref: str, turn: str) -> Any:
    """Sign with one's password: the first freezes the facts, the second seals them."""
    session = watched_session(ref)
    form = SignForm()
    if not form.validate_on_submit():
        return _minutes(get_minutes(session), form, None), 422
    try:
        prove(form.password.data or "")
        with writing():
            signed = sign_minutes(
                watched_session(ref), turn=turn, seen=form.seen.data or "", by=actor().person_id,
                remarks=(form.remarks.data or "").replace("\r\n", "\n").strip(),
            )  # fmt: skip
            sealed = signed.second_by is not None
    except WrongPassword as refusal:
        form.password.errors = [gettext(refusal.message, **refusal.parameters)]
        return _minutes(get_minutes(watched_session(ref)), form, None), 422
    except FactsChanged as refusal:
        view = get_minutes(watched_session(ref))
        form.seen.data = view.seen
        return _minutes(view, form, refusal), 409
    words = gettext("Signed and sealed; the root stands in the journal.") if sealed else gettext("Signed.")
    flash(words, "ok")
    return redirect(url_for("exams.show_minutes", ref=ref), 303)


@bp.get("/exam-sessions/<string(length=32):ref>/minutes.pdf")
@needs("sessions.watch")
def minutes_pdf(ref: str) -> Any:
    """The minutes as a PDF in the reader's language."""
    view = get_minutes(watched_session(ref))
    made = minutes_file(view, _speech(view.session.opens_at))
    response = Response(made.data, mimetype="application/pdf")
    name = f"{gettext('Minutes of the session')} {view.session.title[language()]}.pdf"
    response.headers["Content-Disposition"] = f"attachment; filename=\"minutes.pdf\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _minutes(view: View, form: SignForm, refusal: Refusal | None) -> Any:
    mine = view.signed is not None and not view.stale and view.signed.first_by == actor().person_id
    return render_template(
        "exams/minutes.html", view=view, facts=view.facts, form=form, refusal=refusal, words=seat_words, mine=mine,
        counts=COUNTS, moment=datetime.fromisoformat,
    )  # fmt: skip


def _speech(opens_at: datetime) -> Speech:
    def time(at: datetime) -> str:
        return str(format_datetime(at, "yyyy-MM-dd HH:mm:ss"))

    def hour(at: datetime) -> str:
        same_day = format_date(at, "yyyy-MM-dd") == format_date(opens_at, "yyyy-MM-dd")
        return str(format_datetime(at, "HH:mm:ss")) if same_day else time(at)

    kinds = {kind: gettext(words) for kind, words in seat_words.KINDS.items()}
    decisions = {kind: gettext(words) for kind, words in seat_words.DECISIONS.items()}
    return Speech(language(), gettext, time, hour, kinds, decisions)
