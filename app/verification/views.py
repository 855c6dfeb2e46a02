"""Screens of verification 查验: anybody may ask about one certificate, and nobody gets a list."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.guards import needs, public, takes_files
from app.accounts.services import throttle
from app.certificates import names, states
from app.certificates.claims import from_json
from app.certificates.content import wordings
from app.certificates.numbering import NotANumber, read
from app.refusals import NotFound
from app.store import Unreachable, writing
from app.verification import services
from app.verification.checks import WORDS, State
from app.verification.forms import DeskForm, FileForm, NameForm, NumberForm
from app.verification.sandbox import LONGEST_FILE
from app.verification.services import Finding

bp = Blueprint("verification", __name__)
log = logging.getLogger("app.verification")

#: Per address and ten minutes. A QR scan is not limited: who has the paper cannot be guessing.
WINDOW = 10 * 60
FILES, NAMES = 20, 30
LOOKS = {
    State.VALID: ("ok", "circle-check"), State.EXPIRED: ("warn", "hourglass"), State.SUSPENDED: ("warn", "circle-pause"),
    State.WITHDRAWN: ("danger", "ban"), State.REPLACED: ("warn", "refresh-cw"), State.NOT_FOUND: ("none", "search"),
    State.ALTERED: ("danger", "circle-x"), State.UNKNOWN: ("none", "cloud-off"),
}  # fmt: skip


@bp.get("/verify")
@public
def start() -> Any:
    """Number and name, or a PDF."""
    return _start(NumberForm(formdata=None), FileForm(formdata=None))


@bp.post("/verify")
@public
def by_number() -> Any:
    """Verify by number; a name stands in the body and never in an address."""
    form = NumberForm()
    number = form.read_number() if form.validate() else None
    if number is None:
        return _start(form, FileForm(formdata=None), 422)
    _count("name", NAMES)
    finding = services.by_number(number, name=(form.name.data or "").strip())
    if finding.name_matches is False:  # who knows only the number learns nothing of the holder
        words = gettext("The name does not match the holder of this certificate. Enter the full name as printed on it.")
        form.name.errors = [words]
        return _start(form, FileForm(formdata=None), 422)
    return _result(finding, number=number)


@bp.get("/verify/file")
@bp.get("/verify/name")
@public
def again() -> Any:
    """The result of a form cannot be asked for by address alone: begin again."""
    return redirect(url_for("verification.start"), 303)


@bp.post("/verify/file")
@public
@takes_files(11)
def by_file() -> Any:
    """Verify a PDF; it is read once, in a process of its own, and not kept."""
    form = FileForm()
    if not form.validate():
        return _start(NumberForm(formdata=None), form, 422)
    _count("file", FILES)
    data = form.file.data.read(LONGEST_FILE + 1)
    if not data:
        form.file.errors = [gettext("The file is empty. Choose the PDF file of the certificate.")]
        return _start(NumberForm(formdata=None), form, 422)
    return _result(services.by_file(data, services.own_trust()), by_file=True)


@bp.get("/v/<string:number>")
@public
def by_code(number: str) -> Any:
    """The address in the QR code; without its token the holder's name is asked for."""
    try:
        known = read(number)
    except NotANumber:
        form = NumberForm(formdata=None)
        form.number.data = number
        form.read_number()
        return _start(form, FileForm(formdata=None), 404)
    token = request.args.get("t", "")[:16]
    if token:
        return _result(services.by_token(known, token), number=known, token=token)
    form = NumberForm(formdata=None)
    form.number.data = known
    return _start(form, FileForm(formdata=None))


@bp.post("/verify/name")
@public
def by_name() -> Any:
    """Compare the holder's name with what was typed, on the page of the result."""
    form = NameForm()
    try:
        number = read(form.of_number.data or "")
    except NotANumber:
        raise NotFound from None
    token = (form.of_token.data or "")[:16]
    if not token:
        raise NotFound
    _count("name", NAMES)
    finding = services.by_token(number, token)
    fits = services.name_fits(finding.claims, form.holder.data or "") if form.validate() and finding.claims else None
    status = 422 if form.errors else 200
    return _result(finding, number=number, token=token, name_form=form, fits=fits), status


@bp.get("/verify/root.pem")
@public
def root() -> Any:
    """The pinned root, for those who verify with tools of their own."""
    trust = services.own_trust()
    if trust is None:
        raise NotFound
    response = Response(trust.root, mimetype="application/x-pem-file")
    response.headers["Content-Disposition"] = 'attachment; filename="ip-auditorium-root.pem"'
    return response


@bp.route("/desk", methods=["GET", "POST"])
@needs("verify.desk")
def desk() -> Any:
    """Scan after scan: the field takes a number or the whole address of a QR code, and keeps the focus."""
    form = DeskForm()
    if request.method == "GET":
        return render_template("verification/desk.html", form=DeskForm(formdata=None), finding=None)
    address = form.number.data or ""
    token = ""
    if "/v/" in address:
        form.number.data, _, query = address.rpartition("/v/")[2].partition("?")
        token = query.removeprefix("t=")[:16]
    number = form.read_number() if form.validate() else None
    if number is None:
        return render_template("verification/desk.html", form=form, finding=None), 422
    finding = services.by_token(number, token) if token else services.by_number(number, name=form.name.data or "")
    fresh = DeskForm(formdata=None)
    return render_template("verification/desk.html", form=fresh, finding=finding, **_shown(finding, number))


def _start(form: NumberForm, file_form: FileForm, status: int = 200) -> Any:
    return render_template("verification/start.html", form=form, file_form=file_form), status


def _result(
    finding: Finding, *, number: str = "", token: str = "", by_file: bool = False,
    name_form: NameForm | None = None, fits: bool | None = None,
) -> Any:  # fmt: skip
    if name_form is None:
        name_form = NameForm(formdata=None, of_number=number, of_token=token)
    page = render_template(
        "verification/result.html", finding=finding, form=NumberForm(formdata=None),
        file_form=FileForm(formdata=None), name_form=name_form, by_file=by_file,
        fits=finding.name_matches if fits is None else fits, **_shown(finding, number),
    )  # fmt: skip
    response = make_response(page, 404 if finding.verdict.state is State.NOT_FOUND else 200)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _shown(finding: Finding, number: str) -> dict[str, Any]:
    """What the template says about a finding, apart from the finding itself."""
    verdict = finding.verdict
    kind, sign = LOOKS[verdict.state]
    claims = from_json(finding.claims) if finding.claims else None
    wording = wordings().get(claims.kind) if claims else None
    reason = states.reason_words(verdict.reason)
    return {
        "state": verdict.state.value, "word": gettext(WORDS[verdict.state]), "kind": kind, "sign": sign,
        "number": claims.number if claims else number, "claims": claims, "wording": wording,
        "holder": names.masked(claims.holder()) if claims else "", "reason": gettext(reason) if reason else "",
    }  # fmt: skip


def _count(what: str, limit: int) -> None:
    """Count a question; while the database takes no writes, questions are answered without being counted."""
    try:
        with writing():
            throttle.count(f"verify:{what}:{request.remote_addr}", limit, WINDOW)
    except Unreachable:
        log.warning("verification was not counted")


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """A file beyond what the site takes in at all is answered like one that is a little too large."""
    form = FileForm(formdata=None)
    form.file.errors = [gettext("The file is larger than 10 MB; no certificate of this site is.")]
    return _start(NumberForm(formdata=None), form, 413)
