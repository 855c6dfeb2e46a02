"""The waiting room 候考: who one is, what the device can do, rules, access code, and the bell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import clock
from app.accounts.guards import actor, needs
from app.accounts.services import throttle
from app.exams import services, timing
from app.exams.forms import ReadyForm, TokenForm
from app.exams.services import candidates, safe_browser
from app.exams.services.candidates import Wanted
from app.exams.views.candidate import back_to_list, where
from app.exams.views.door import bp, language, told
from app.exams.views.printing import lay_ready
from app.exams.views.safe_browser import answer_demand, ask_for_browser
from app.refusals import NotAllowed, Refusal, TooMany
from app.store import writing

ASKED = {"mine", "accept", "code"}
"""What the form of the waiting room may ask for."""
TRIES, TRIES_WITHIN = 6, 600
"""Tries at an access code, and the seconds within which they are counted."""


@bp.get("/sittings/<string(length=32):ref>/notice")
@needs("sit")
def notice(ref: str) -> Any:
    """The waiting room of one's own sitting."""
    sitting = services.get_sitting(ref, actor().person_id)
    session = services.get_session_by_id(sitting.session_id)
    waits = sitting.state == "ready" and (sitting.medium != timing.PAPER or session.cancelled_at is not None)
    return _room(ref, _form(_wanted(ref))) if waits else where(sitting)


@bp.post("/sittings/<string(length=32):ref>/begin")
@needs("sit")
def begin(ref: str) -> Any:
    """Identity, statement and code are given: the clock starts, or the candidate waits for the bell."""
    if not request.form.keys() & ASKED and _begun(ref):
        return redirect(url_for("exams.sit", ref=ref), 303)
    return _begin(ref)


@bp.post("/sittings/<string(length=32):ref>/not-me")
@needs("sit")
def not_me(ref: str) -> Any:
    """Somebody sees details that are not his: staff are told, and he is told whom to call."""
    sitting = services.get_sitting(ref, actor().person_id)
    if sitting.state == "ready" and TokenForm().validate_on_submit():
        with writing():
            candidates.report_stranger(services.get_sitting(ref, actor().person_id))
        flash(gettext("The invigilators have been told that the details are not yours. Do not begin."), "warn")
    return redirect(url_for("exams.notice", ref=ref, _anchor="who"), 303)


@bp.post("/sittings/<string(length=32):ref>/device-check")
@needs("sit")
def device_check(ref: str) -> Any:
    """Keep what the check of the device found; the answer is JSON: how long it still is, or why the session is off."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotAllowed
    sitting, found = services.get_sitting(ref, actor().person_id), request.get_json(silent=True)
    if sitting.state == "ready" and isinstance(found, dict):
        with writing():
            candidates.keep_checks(services.get_sitting(ref, actor().person_id), found)
    session = services.get_session_by_id(sitting.session_id)
    off = (session.cancelled_reason or "") if session.cancelled_at is not None else None
    return {"opens_in": max(0, _ms(session.opens_at) - _ms(clock.now())), "called_off": off}


def _begun(ref: str) -> bool:
    """At the bell everybody has given everything already and comes at once; for who has not, the long way says why."""
    if not TokenForm().validate_on_submit():
        return False
    try:
        with writing():
            services.open_sitting(ref, actor().person_id, language(), only_ready=True)
    except Refusal:
        return False
    return True


def _begin(ref: str) -> Any:
    """Take what was given, and say what is missing."""
    wanted = _wanted(ref)
    if (elsewhere := _elsewhere(ref, wanted)) is not None:
        return elsewhere
    form = _form(wanted)
    if not form.validate_on_submit():
        return _room(ref, form, 422)
    try:
        if wanted.mine or wanted.accept or wanted.code:
            _keep(ref, form)
        with writing():
            services.open_sitting(ref, actor().person_id, language())
    except timing.NotOpenYet as refusal:
        if not (wanted.mine or wanted.accept or wanted.code):
            flash(told(refusal)[0], "info")
        return redirect(url_for("exams.notice", ref=ref, _anchor="start"), 303)
    except (candidates.WrongCode, TooMany) as refusal:
        form.code.errors = [" ".join(told(refusal)).strip()]
        return _room(ref, form, 422)
    except (timing.WindowOver, timing.TooLate, timing.Cancelled) as refusal:
        return _told_why(ref, refusal)
    return redirect(url_for("exams.sit", ref=ref), 303)


def _told_why(ref: str, refusal: Refusal) -> Any:
    """Where somebody who cannot begin any more reads why."""
    if isinstance(refusal, timing.Cancelled):
        return redirect(url_for("exams.notice", ref=ref), 303)
    return back_to_list(refusal)


def _wanted(ref: str) -> Wanted:
    return candidates.still_wanted(ref, actor().person_id)


def _elsewhere(ref: str, wanted: Wanted) -> Any:
    """Where the way leads when it is not to the paper: the sitting has begun, or its session asks for another browser."""
    if wanted.state != "ready" or wanted.medium == timing.PAPER:
        return where(services.get_sitting(ref, actor().person_id))
    if wanted.browser and answer_demand(safe_browser.demand_of(ref, actor().person_id)) is not None:
        return redirect(url_for("exams.notice", ref=ref), 303)  # that page asks for the browser
    return None


def _form(wanted: Wanted) -> ReadyForm:
    """The form with what is still missing."""
    form = ReadyForm()
    for name in ("mine", "accept", "code"):
        if not getattr(wanted, name):
            delattr(form, name)
    return form


def _keep(ref: str, form: ReadyForm) -> None:
    """Keep what the candidate gave; the code last, so that a wrong one costs nothing else. Raises TooMany, WrongCode."""
    person_id = actor().person_id
    with writing():
        sitting = services.get_sitting(ref, person_id)
        candidates.confirm_identity(sitting)
        candidates.accept_statement(sitting)
    if "code" not in form:
        return
    key = f"code:{sitting.session_id}:{person_id}"
    with writing():  # a transaction of its own: the try counts whatever happens next
        left = throttle.count(key, TRIES, TRIES_WITHIN)
    with writing():
        candidates.enter_code(services.get_sitting(ref, person_id), form.code.data or "", left)
        throttle.clear(key)


def _room(ref: str, form: ReadyForm, status: int = 200) -> Any:
    """The waiting room; where the session was cancelled, the page that says so and why."""
    sitting = services.get_sitting(ref, actor().person_id)
    session, at = services.get_session_by_id(sitting.session_id), clock.now()
    if session.cancelled_at is not None:
        return render_template("exams/called_off.html", session=session), timing.Cancelled.status
    if (asked := ask_for_browser(sitting, session)) is not None:
        return asked
    paper = services.get_paper(sitting, language())
    lay_ready(paper)
    line = candidates.own_line(session, sitting.person_id)
    minutes = session.minutes * line.ease.percent // 100
    page = render_template(
        "exams/notice.html", sitting=sitting, session=session, paper=paper, form=form, line=line, minutes=minutes,
        now=_ms(at), opens=_ms(session.opens_at), opens_in=max(0, _ms(session.opens_at) - _ms(at)),
        last=services.last_start(session), ready=not [name for name in ("mine", "accept", "code") if name in form],
        soon=session.opens_at - at < timedelta(minutes=5),
    )  # fmt: skip
    return page, status


def _ms(at: Any) -> int:
    return int(at.timestamp() * 1000)
