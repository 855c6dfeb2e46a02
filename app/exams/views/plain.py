"""The exam page without a script: one form, saved as a whole. What cannot be saved is shown again and never dropped."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError

from app.accounts.guards import actor, enter, find_holder, needs
from app.accounts.views import try_sign_in, with_cookie
from app.exams import services
from app.exams.forms.answers import sent
from app.exams.journal import BadEntry, StoreDown, TakenOver
from app.exams.views.candidate import where
from app.exams.views.door import bp, language
from app.refusals import NotFound, SignInNeeded
from app.store import writing

plain = Blueprint("plain", __name__)
_FIELD = re.compile(r"q([0-9]{1,4})(\.[a-z]+)?")
_LONG = 20
WORDS = {
    "BadEntry": (
        _l("These answers could not be taken."),
        _l("All others are saved. A text has at most 4,000 characters: shorten it and save it again."),
    ),
    "TakenOver": (
        _l("This exam is open in another window."),
        _l("These answers are not saved. Continue there, or save them now: then they replace those given there."),
    ),
    "StoreDown": (_l("The server could not save just now."), _l("Your answers stand below. Save them again.")),
    "Closed": (
        _l("This exam has been handed in and can no longer be changed."),
        _l("These answers came after the end. They are kept for the examiners to look at and are not counted."),
    ),
    "OnPaper": (
        _l("This exam goes on on paper. The screen takes no further answers."),
        _l("These answers are kept for staff and are not counted. Write them on the answer sheet."),
    ),
    "SignInNeeded": (
        _l("You have been signed out."),
        _l("These answers are not saved yet. Sign in here, and they are saved."),
    ),
    "NotFound": (
        _l("This account does not have this exam."),
        _l("These answers are not saved yet. Sign in with the account of this exam."),
    ),
    "CSRFError": (
        _l("The form could not be accepted: it was open for too long or came from another window."),
        _l("These answers are not saved yet. Look at them and save them."),
    ),
}
_ACTS = {"BadEntry", "TakenOver", "StoreDown", "SignInNeeded", "NotFound", "CSRFError"}
_STATUS = {"BadEntry": 400, "TakenOver": 409, "StoreDown": 503, "SignInNeeded": 401, "NotFound": 401, "CSRFError": 400}


@plain.post("/sittings/<string(length=32):ref>")
@needs("sit")
def save_form(ref: str) -> Any:
    """Save what changed, then the check page; what is refused is kept for staff, and the candidate sees it again."""
    person = actor().person_id
    sitting = services.get_sitting(ref, person)
    if sitting.state == "ready":
        return where(sitting)
    questions = services.get_paper(sitting, language()).questions
    given = {question.slot: sent(question.slot, question.kind) for question in questions}
    changed = {
        question.slot: given[question.slot] for question in questions if given[question.slot] != question.response
    }
    if request.form.get("typed"):
        changed = {slot: value for slot, value in changed.items() if value is not None}
    epoch = request.form.get("epoch", 0, type=int)
    try:
        bad, late = _save(ref, person, epoch, changed)
    except (*services.REFUSED, StoreDown) as refusal:
        name = type(refusal).__name__
        _note(ref, person, name, epoch, changed)
        return _shown(ref, name, changed, services.get_sitting(ref, person).epoch)
    if bad:
        _note(ref, person, "BadEntry", epoch, bad)
        return _shown(ref, "BadEntry", bad, epoch)
    if late:
        return _shown(ref, "Closed", changed, epoch)
    return redirect(url_for("exams.check", ref=ref), 303)


@plain.errorhandler(SignInNeeded)
def signed_out(_refusal: SignInNeeded) -> Any:
    """Who was signed out while writing signs in on a page that has the answers, and they are saved."""
    ref = (request.view_args or {})["ref"]
    account, password = request.form.get("account", "")[:100], request.form.get("password", "")[:128]
    epoch = request.form.get("epoch", 0, type=int)
    if not account or not password:
        return _shown(ref, "SignInNeeded", None, epoch)
    token, trouble = try_sign_in(account, password)
    if token is None:
        return _shown(ref, "SignInNeeded", None, epoch, trouble=trouble)
    enter(token)
    try:
        response = make_response(save_form(ref))
    except NotFound:
        return _shown(ref, "NotFound", None, epoch)
    return with_cookie(response, token)


@plain.errorhandler(CSRFError)
def forged(_error: CSRFError) -> Any:
    """The form token does not fit: nothing is saved before the person has seen it and sends it with a new one."""
    ref, found = (request.view_args or {})["ref"], find_holder("sit")
    with writing():
        services.note_refused(
            ref, found.person_id if found else None, "CSRFError", None, [dict(_fields(None))] if found else []
        )
    return _shown(ref, "CSRFError" if found else "SignInNeeded", None, request.form.get("epoch", 0, type=int))


def _save(ref: str, person: int, epoch: int, changed: Mapping[int, Any]) -> tuple[dict[int, Any], bool]:
    """Save all that can be read: what cannot, and whether what was saved came after the end. Raises as record_form."""
    try:
        return {}, bool(changed) and services.record_form(ref, person, epoch, changed).late
    except BadEntry:
        bad, late = {}, False
    for slot, value in changed.items():
        try:
            late |= services.record_form(ref, person, epoch, {slot: value}).late
        except BadEntry:
            bad[slot] = value
    return bad, late


def _note(ref: str, person: int, reason: str, epoch: int, values: Mapping[int, Any]) -> None:
    with writing():
        entries = [{"slot": slot, "value": value} for slot, value in values.items()]
        services.note_refused(ref, person, reason, epoch, entries)


def _shown(
    ref: str, name: str, slots: Collection[int] | None, epoch: int, trouble: Mapping[str, int] | None = None
) -> Any:
    """The page with what was typed; where something can still be done it is a form that carries it on."""
    first, rest = WORDS[name]
    fields = [(field, value, len(value) > _LONG or "\n" in value) for field, value in _fields(slots)]
    page = render_template(
        "exams/typed.html", ref=ref, name=name, first=first, rest=rest, fields=fields, epoch=epoch, trouble=trouble,
        acts=name in _ACTS, asks=name in {"SignInNeeded", "NotFound"},
        typed=name in {TakenOver.__name__, BadEntry.__name__} or bool(request.form.get("typed")),
    )  # fmt: skip
    return page, _STATUS.get(name, 410)


def _fields(slots: Collection[int] | None) -> list[tuple[str, str]]:
    """The fields of answers as they were sent, of all questions or of these."""
    found = ((name, value, _FIELD.fullmatch(name)) for name, value in request.form.items(multi=True))
    return [(name, value) for name, value, match in found if match and (slots is None or int(match[1]) in slots)]


bp.register_blueprint(plain)
