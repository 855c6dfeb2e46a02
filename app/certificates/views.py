"""Screens of certificates 证书: the register and its acts for the base, one's own certificates for the holder."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.certificates import states
from app.certificates.content import wordings
from app.certificates.forms import ActForm, AgainForm
from app.certificates.services import register as reading
from app.certificates.services import request as requesting
from app.certificates.services import status
from app.certificates.services.register import Detail
from app.certificates.states import ACTS, ICONS, WORDS
from app.refusals import N_
from app.store import writing

bp = Blueprint("certificates", __name__)

#: For each act: the question of its page, what will happen, the button, and what is said afterwards.
ACT_WORDS = {
    "suspend": (
        N_("Suspend the certificate of %(name)s?"),
        N_("The verification page will show “Suspended” at once, with the date and the reason."),
        N_("Suspend certificate"),
        N_("The certificate is suspended."),
    ),
    "reinstate": (
        N_("Reinstate the certificate of %(name)s?"),
        N_("The verification page will show “Valid” again at once, if the certificate has not expired."),
        N_("Reinstate certificate"),
        N_("The certificate is reinstated."),
    ),
    "withdraw": (
        N_("Withdraw the certificate of %(name)s?"),
        N_("The verification page will show “Withdrawn” at once, with the date and the reason. This cannot be undone."),
        N_("Withdraw certificate"),
        N_("The certificate is withdrawn."),
    ),
    "replace": (
        N_("Replace the certificate of %(name)s?"),
        N_(
            "A new file is signed under the same number with the present name and facts. The old file then shows “Replaced”."
        ),
        N_("Replace certificate"),
        N_("A replacement is being issued."),
    ),
}


@bp.get("/certificates")
@needs("certificates.read")
def register() -> Any:
    """The register of the bases that the person works for."""
    query, state = request.args.get("q", "")[:60], request.args.get("state", "")
    rows, page = reading.list_certificates(query=query, state=state, page=request.args.get("page", 1, type=int))
    return render_template(
        "certificates/register.html", rows=rows, page=page, query=query, state=state, words=WORDS, icons=ICONS
    )


@bp.get("/certificates/<int:certificate_id>")
@needs("certificates.read")
def one(certificate_id: int) -> Any:
    """One certificate with its history."""
    return _one(reading.get_certificate(certificate_id))


@bp.get("/certificates/<int:certificate_id>/file")
@needs("certificates.read")
def download(certificate_id: int) -> Any:
    """The signed file, for the base."""
    return _pdf(reading.get_certificate(certificate_id), own=False)


@bp.route(
    "/certificates/<int:certificate_id>/<any(suspend, reinstate, withdraw, replace):act>", methods=["GET", "POST"]
)
@needs("certificates.manage")
def change(certificate_id: int, act: str) -> Any:
    """The check page of an act, and the act."""
    detail = reading.get_certificate(certificate_id)
    form = ActForm()
    form.offer(act)
    if request.method == "POST" and form.validate():
        with writing():
            after = status.change(
                certificate_id, act, reason=form.reason.data, note=form.note.data or "", by=actor().person_id
            )
        flash(gettext(ACT_WORDS[act][3]), "ok")
        return redirect(url_for("certificates.one", certificate_id=after), 303)
    question, what, button, _ = ACT_WORDS[act]
    page = render_template(
        "certificates/change.html", detail=detail, form=form, act=act, possible=detail.state in ACTS[act].sources,
        question=gettext(question, name=detail.row.name), what=gettext(what), button=gettext(button), words=WORDS,
        icons=ICONS,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/certificates/<int:certificate_id>/try-again")
@needs("certificates.manage")
def try_again(certificate_id: int) -> Any:
    """Lint a held certificate once more."""
    reading.get_certificate(certificate_id)
    if AgainForm().validate():
        with writing():
            issued = requesting.try_again(certificate_id, by=actor().person_id)
        if issued:
            flash(gettext("The certificate is being issued."), "ok")
        else:
            flash(gettext("The certificate still cannot be issued. The reasons are below."), "warn")
    return redirect(url_for("certificates.one", certificate_id=certificate_id), 303)


@bp.get("/my/certificates")
@needs("own.read")
def mine() -> Any:
    """One's own certificates."""
    return render_template(
        "certificates/mine.html", rows=reading.find_mine(actor().person_id), words=WORDS, icons=ICONS
    )


@bp.get("/my/certificates/<int:certificate_id>")
@needs("own.read")
def my_certificate(certificate_id: int) -> Any:
    """One's own certificate as a page that any phone can show."""
    detail = reading.get_mine(actor().person_id, certificate_id)
    wechat = "MicroMessenger" in request.user_agent.string
    return render_template("certificates/my_certificate.html", wechat=wechat, **_context(detail))


@bp.get("/my/certificates/<int:certificate_id>/file")
@needs("own.read")
def my_file(certificate_id: int) -> Any:
    """One's own signed file."""
    return _pdf(reading.get_mine(actor().person_id, certificate_id), own=True)


def _one(detail: Detail) -> Any:
    return render_template("certificates/one.html", again=AgainForm(formdata=None), **_context(detail))


def _context(detail: Detail) -> dict[str, Any]:
    wording = wordings().get(detail.claims.kind) if detail.claims else None
    return {
        "detail": detail, "claims": detail.claims, "wording": wording, "words": WORDS, "icons": ICONS,
        "events": states.EVENTS, "reason_words": states.reason_words, "act_words": ACT_WORDS,
        "problems": [gettext(str(problem["message"]), **_parameters(problem)) for problem in detail.problems],
    }  # fmt: skip


def _parameters(problem: dict[str, object]) -> dict[str, Any]:
    found = problem.get("parameters")
    return found if isinstance(found, dict) else {}


def _pdf(detail: Detail, *, own: bool) -> Response:
    """The signed bytes; immutable, but private to whoever may ask for them."""
    response = Response(reading.file_of(detail, own=own), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{detail.row.number}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["ETag"] = f'"{detail.file}"'
    return response
