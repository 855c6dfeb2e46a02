"""Safe Exam Browser 安全考试浏览器: the officer's settings, the file for candidates, and the door before the paper."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext

from app import clock
from app.accounts.guards import actor, needs, public
from app.exams import seb, services
from app.exams.forms import OwnBrowserForm, ReasonForm, TokenForm, UploadBrowserForm
from app.exams.services import ExamSession, Sitting, safe_browser, watch
from app.exams.services.safe_browser import Demand
from app.exams.views.desk import seat_page
from app.exams.views.door import bp, told, watched_session
from app.refusals import Refusal
from app.store import settings, writing


def ask_for_browser(sitting: Sitting, exam: ExamSession) -> Any:
    """Before a page of a paper: None to let it through, else the page that asks for the browser or says it is locked.

    Saving and handing in never come here: an answer is taken whatever the browser.
    """
    if exam.seb_key is None and sitting.locked is None:
        return None
    return answer_demand(safe_browser.find_demand(sitting, exam), locked=sitting.locked is not None)


def answer_demand(demand: Demand | None, *, locked: bool = False) -> Any:
    """The page with which a demand is answered, None where the request proves what is asked."""
    if demand is None:
        return None
    shown = _shown(demand.sitting_ref).judge(demand.key)
    if shown == seb.RIGHT and not locked:
        _remember(demand)
        return None
    if shown == seb.WRONG and demand.running:
        with writing():
            locked = safe_browser.lock_without_browser(demand.sitting_ref, actor().person_id)
    page = render_template(
        "exams/safe_browser.html", demand=demand, shown=shown, locked=locked, open_link=_open_link(demand)
    )
    return page, 403


@bp.get("/exam-sessions/<string(length=32):ref>/exam.seb")
@public
def seb_file(ref: str) -> Any:
    """The settings file of a session; the browser fetches it before anybody has signed in."""
    data = safe_browser.settings_of(ref)
    return send_file(io.BytesIO(data), mimetype="application/seb", as_attachment=True, download_name="exam.seb")


@bp.get("/exams/close-browser")
@public
def close_browser() -> Any:
    """The address at which Safe Exam Browser closes itself; any other browser shows this page."""
    return render_template("exams/close_browser.html")


@bp.route("/exam-sessions/<string(length=32):ref>/safe-exam-browser", methods=["GET", "POST"])
@needs("sessions.manage")
def browser_settings(ref: str) -> Any:
    """Let a session ask for Safe Exam Browser with settings made here, with an own file, or not at all."""
    own, upload, refusal = OwnBrowserForm(prefix="own"), UploadBrowserForm(prefix="file"), None
    if request.method == "POST":
        try:
            done = _change(ref, own, upload)
        except Refusal as error:
            refusal = told(error)
        else:
            if done:
                flash(done, "ok")
                return redirect(url_for("exams.browser_settings", ref=ref), 303)
    one = services.get_session(ref)
    page = render_template(
        "exams/browser_settings.html", session=one, own=own, upload=upload, refusal=refusal,
        open=one.cancelled_at is None and clock.now() < one.opens_at, start=_start(),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


@bp.post("/exam-sessions/sittings/<string(length=32):ref>/without-browser")
@needs("sessions.invigilate")
def excuse_browser(ref: str) -> Any:
    """Let a candidate sit without Safe Exam Browser, with a reason."""
    watched_session(watch.get_seat_view(ref).session.ref)
    form = ReasonForm()
    if not form.validate_on_submit():
        return seat_page(ref, form), 422
    with writing():
        safe_browser.excuse_browser(ref, reason=(form.reason.data or "").strip(), by=actor().person_id)
    flash(gettext("The candidate can sit without Safe Exam Browser."), "ok")
    return redirect(url_for("exams.seat", ref=ref), 303)


def _change(ref: str, own: OwnBrowserForm, upload: UploadBrowserForm) -> str:
    """Do what the pressed button says; the sentence that tells it, empty for a form that is not filled in."""
    wanted = request.form.get("do")
    if wanted == "off" and TokenForm().validate_on_submit():
        with writing():
            safe_browser.ask_for_no_browser(ref, actor().person_id)
        return str(gettext("The session asks for no particular browser."))
    if wanted == "own" and own.validate_on_submit():
        wishes = seb.Wishes(
            own.password.data or "", bool(own.spell_check.data), bool(own.printing.data), bool(own.full_screen.data)
        )
        made = seb.own_settings(_start(), settings().origin + url_for("exams.close_browser"), wishes)
    elif wanted == "file" and upload.validate_on_submit():
        made = seb.read_settings(upload.file.data.read(seb.MOST_BYTES + 1))
        seb.check_start(made, _start())
    else:
        return ""
    with writing():
        safe_browser.ask_for_browser(ref, made, actor().person_id)
    return str(gettext("The session asks for Safe Exam Browser with these settings."))


def _start() -> str:
    """Where the browser begins: the list of one's exams."""
    return f"{settings().origin}{url_for('exams.mine')}"


def _shown(ref: str) -> seb.Shown:
    """What this request shows of its browser; the host is the one that the site is known by, never the request's."""
    address = seb.page_address(settings().origin, request.path, request.query_string.decode("latin-1"))
    return seb.Shown(address, request.headers.get(seb.HEADER, ""), session.get("seb", {}).get(ref, ""))


def _remember(demand: Demand) -> None:
    """Keep the proof for this sitting in the signed cookie: not every request of every engine carries the header."""
    kept, mark = session.get("seb", {}), seb.mark_of(demand.key)
    if kept.get(demand.sitting_ref) != mark:
        session["seb"] = seb.remembered(kept, demand.sitting_ref, mark)


def _open_link(demand: Demand) -> str:
    """The link that starts the browser with the session's settings: sebs:// for a site with TLS, else seb://."""
    site = settings().origin.replace("https://", "sebs://").replace("http://", "seb://")
    return f"{site}{url_for('exams.seb_file', ref=demand.session_ref)}"
