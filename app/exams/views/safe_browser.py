"""Safe Exam Browser 防作弊浏览器: the officer's settings, the file for candidates, and the door before the paper."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs, public
from app.exams import seb, services
from app.exams.forms.safe_browser import OwnBrowserForm, UploadBrowserForm
from app.exams.services import safe_browser
from app.exams.services.safe_browser import Demand
from app.exams.views.door import bp
from app.refusals import Refusal
from app.store import settings, writing

GATED = frozenset({"exams.notice", "exams.begin", "exams.sit", "exams.check"})
"""The pages of a paper. Saving and handing in are not among them: an answer is taken whatever the browser."""


@bp.before_request
def ask_for_browser() -> Any:
    """Before a page of a paper: let it through, ask the browser for its proof, or say that it is locked."""
    ref = (request.view_args or {}).get("ref", "")
    if request.endpoint not in GATED or not actor().may("sit"):
        return None
    demand = safe_browser.find_demand(ref, actor().person_id)
    if demand is None or _shown(demand) or session.get("seb", {}).get(ref) == demand.mark:
        return None
    wrong = seb.HEADER in request.headers
    locked = False
    if demand.running and wrong:
        with writing():
            locked = safe_browser.lock_without_browser(ref, actor().person_id)
    page = render_template(
        "exams/safe_browser.html", demand=demand, ref=ref, wrong=wrong, locked=locked, open_link=_open_link(demand)
    )
    return page, 403


@bp.get("/exam-sessions/<string(length=32):ref>/exam.seb")
@public
def seb_file(ref: str) -> Any:
    """The settings file of a session; the browser fetches it before anybody has signed in."""
    data = safe_browser.settings_of(ref)
    return send_file(io.BytesIO(data), mimetype="application/seb", as_attachment=True, download_name="exam.seb")


@bp.route("/exam-sessions/<string(length=32):ref>/safe-exam-browser", methods=["GET", "POST"])
@needs("sessions.manage")
def browser_settings(ref: str) -> Any:
    """Let a session ask for Safe Exam Browser with settings made here, with an own file, or not at all."""
    one = services.get_session(ref)
    own, upload, refusal = OwnBrowserForm(prefix="own"), UploadBrowserForm(prefix="file"), None
    if request.method == "POST":
        try:
            done = _change(ref, own, upload)
        except Refusal as error:
            refusal = error
        else:
            if done:
                flash(done, "ok")
                return redirect(url_for("exams.browser_settings", ref=ref), 303)
    page = render_template("exams/browser_settings.html", session=one, own=own, upload=upload, refusal=refusal)
    return page, 422 if request.method == "POST" else 200


def _change(ref: str, own: OwnBrowserForm, upload: UploadBrowserForm) -> str:
    """Do what the pressed button says; the sentence that tells it, empty for a form that is not filled in."""
    wanted = request.form.get("do")
    if wanted == "off" and own.validate_token():
        with writing():
            safe_browser.ask_for_no_browser(ref, actor().person_id)
        return gettext("The session asks for no particular browser.")
    if wanted == "own" and own.validate_on_submit():
        made = seb.own_settings(
            settings().origin + url_for("exams.mine"), quit_password=own.password.data or "",
            quit_address=settings().origin + url_for("web.home"), spell_check=bool(own.spell_check.data),
        )  # fmt: skip
    elif wanted == "file" and upload.validate_on_submit():
        made = seb.read_settings(upload.file.data.read(seb.MOST_BYTES + 1))
    else:
        return ""
    with writing():
        safe_browser.ask_for_browser(ref, made, actor().person_id)
    return gettext("The session asks for Safe Exam Browser with these settings.")


def address() -> str:
    """The absolute address of this request as the browser asked for it; the host is the one that the site is known by."""
    query = request.query_string.decode("latin-1")
    return settings().origin + request.path + (f"?{query}" if query else "")


def _shown(demand: Demand) -> bool:
    return seb.proves(request.headers.get(seb.HEADER, ""), address(), demand.key)


def _open_link(demand: Demand) -> str:
    """The link that starts the browser with the session's settings: sebs:// for a site with TLS, else seb://."""
    site = settings().origin.replace("https://", "sebs://").replace("http://", "seb://")
    return site + url_for("exams.seb_file", ref=demand.session_ref)
