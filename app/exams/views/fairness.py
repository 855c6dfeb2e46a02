"""The record of fairness of a session: its dry draws, its papers, and their check by drawing them again."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template
from flask_babel import lazy_gettext as _l

from app.accounts.guards import actor, needs
from app.banks.views import NAMES, WORDS
from app.exams import services
from app.exams.assembly import CannotFill
from app.exams.forms import TokenForm
from app.exams.views.door import bp, told, watched_session
from app.refusals import Refusal
from app.store import writing

DIFFERS = {
    "secret": _l("the secret is not the one that was committed to"),
    "commitment": _l("the commitment is not the one in the journal"),
    "pool": _l("the pool of items is not the one that was committed to"),
    "specification": _l("the specification is not the one that was committed to"),
    "sittings": _l("sittings are missing or were added"),
    "nonce": _l("the random number of the candidate is not the one of the admission"),
    "admissions": _l("the candidate was admitted more than once, so the random number could be chosen"),
    "exclusions": _l("the list of items left out is not the one in the journal"),
    "form": _l("the paper is not the one in the journal"),
    "algorithm": _l("the paper was drawn by another algorithm"),
    "draw": _l("the draw gives another paper"),
    "expected_at_cut": _l("the expected score at the cut differs"),
    "target_at_cut": _l("the target at the cut differs"),
    "se": _l("the standard error differs"),
    "within_tolerance": _l("whether it lies within the tolerance differs"),
}
"""What a check can find, in words."""


@bp.get("/exam-sessions/<string(length=32):ref>/fairness")
@needs("sessions.watch")
def fairness(ref: str) -> Any:
    """The papers of a session in numbers, and what was found before it."""
    return _page(ref, None)


@bp.post("/exam-sessions/<string(length=32):ref>/redraw")
@needs("sessions.watch")
def redraw(ref: str) -> Any:
    """Draw every paper again and say what differs; before the secret is out only for those who manage the session."""
    if not TokenForm().validate_on_submit():
        return _page(ref, None)
    staff = actor().person_id if actor().may("sessions.manage") else None
    with writing():
        checked = services.redraw(watched_session(ref), staff=staff)
    return _page(ref, checked)


@bp.get("/exam-sessions/<string(length=32):ref>/snapshot.json")
@needs("sessions.watch")
def snapshot(ref: str) -> Any:
    """The session as a file with which anybody draws its papers again."""
    text = json.dumps(services.snapshot(watched_session(ref)), ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f"attachment; filename=session-{ref}.json"}
    return Response(text, mimetype="application/json", headers=headers)


def worded(refusal: Refusal) -> str:
    """A refusal in the reader's language, the names of dimensions and values in words."""
    if not isinstance(refusal, CannotFill):
        return told(refusal)[0]
    held = refusal.parameters
    names = {"dimension": limit_name(str(held["dimension"])), "value": limit_values(str(held["value"]))}
    return told(refusal, **names)[0]


def limit_name(dimensions: str) -> str:
    """The dimensions of a margin or cell in words."""
    return " × ".join(str(NAMES[name]) for name in dimensions.split(" × "))


def limit_values(values: str) -> str:
    """The values of a margin or cell in words."""
    return " × ".join(
        ", ".join(str(WORDS.get(value, value)) for value in part.split(", ")) for part in values.split(" × ")
    )


def _page(ref: str, checked: Any) -> str:
    session = watched_session(ref)
    return render_template(
        "exams/fairness.html", session=session, record=services.session_record(session), checked=checked,
        form=TokenForm(), limit_name=limit_name, limit_values=limit_values, differs=DIFFERS,
        may_redraw=session.revealed_at is not None or actor().may("sessions.manage"),
    )  # fmt: skip
