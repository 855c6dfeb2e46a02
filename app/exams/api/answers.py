"""Answers and the pen of the exam page, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import jsonify, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError

from app import clock
from app.accounts.guards import actor, find_holder, needs
from app.exams import services
from app.exams.api.door import arrived, bp, milliseconds
from app.exams.api.door import body as sent
from app.exams.journal import MOST_ENTRIES, BadEntry, Gap, Saved, StoreDown
from app.refusals import N_, NotAllowed, Refusal
from app.store import Unreachable, writing


@bp.post("/sittings/<string(length=32):ref>/answers")
@needs("sit")
def record(ref: str) -> Any:
    """Save {epoch, writer, entries: [{seq, slot, value, ms}]} → {acked, late, now, deadline}, after the commit.

    What is refused is kept with its reason, for staff; the reply says in `noted` whether it is.
    """
    person = actor().person_id
    try:
        saved = services.record_answers(ref, person, *_parts(sent()))
    except Gap as gap:
        return jsonify(code="Gap", **gap.parameters), 409
    except StoreDown:
        response = jsonify(code="StoreDown")
        response.headers["Retry-After"] = "2"
        return response, 503
    except services.REFUSED as refusal:
        return _problem(refusal, noted=_note(ref, person, refusal))
    return jsonify(_said(saved))


@bp.errorhandler(CSRFError)
def forged(error: CSRFError) -> Any:
    """The form token does not fit. Answers are kept for staff; a page of this site sends them again with a new token."""
    ref = (request.view_args or {}).get("ref", "")
    noted = request.endpoint == "exams_api.record" and _note(ref, _sender(), error)
    return _problem(ForeignForm(), noted=noted)


class ForeignForm(Refusal):
    """The form token of the request is missing, too old, or another window's."""

    status = 400
    message = N_("The form could not be accepted: it was open for too long or came from another window.")


def _sender() -> int | None:
    """Who sent what was refused before anybody asked who it is."""
    found = find_holder("sit")
    return found.person_id if found else None


def _note(ref: str, person_id: int | None, reason: Exception) -> bool:
    epoch, entries = arrived()
    with writing():
        return services.note_refused(ref, person_id, type(reason).__name__, epoch, entries)


def _problem(refusal: Refusal, *, noted: bool) -> Any:
    """A refusal as problem details, and whether what was sent is kept."""
    status = getattr(refusal, "status", 403 if isinstance(refusal, NotAllowed) else 409)
    words = {"title": gettext(refusal.message), "detail": gettext(refusal.message), "todo": gettext(refusal.todo)}
    response = jsonify(status=status, code=type(refusal).__name__, noted=noted, **words)
    response.mimetype = "application/problem+json"
    response.status_code = status
    return response


def at_once(ref: str, token: str, body: object) -> bytes | None:
    """The reply to a plain request for `record`, or None: then `record` itself must answer. For the fast lane."""
    if not isinstance(body, dict):
        return None
    try:
        saved = services.record_at_once(ref, token, *_parts(body))
    except (BadEntry, Unreachable):
        return None
    return None if saved is None else json.dumps(_said(saved)).encode()


@bp.post("/sittings/<string(length=32):ref>/lease")
@needs("sit")
def lease(ref: str) -> Any:
    """Ask for the pen with {writer, take_over} → {granted, epoch, last}."""
    body = sent()
    writer = body.get("writer")
    if not isinstance(writer, str) or len(writer) != 32 or not set(writer) <= set("0123456789abcdef"):
        raise BadEntry
    with writing():
        held = services.lease(ref, actor().person_id, writer, take_over=body.get("take_over") is True)
    return jsonify(granted=held.granted, epoch=held.epoch, last=held.last)


def _parts(body: Mapping[str, Any]) -> tuple[int, str, list[Any]]:
    """Epoch, writer and entries of a request. Raises BadEntry."""
    epoch, writer, entries = body.get("epoch"), body.get("writer"), body.get("entries")
    if type(epoch) is not int or not isinstance(writer, str) or not isinstance(entries, list):
        raise BadEntry
    if len(entries) > MOST_ENTRIES or not all(isinstance(one, dict) for one in entries):
        raise BadEntry
    return epoch, writer, entries


def _said(saved: Saved) -> dict[str, Any]:
    now, deadline = milliseconds(clock.now()), milliseconds(saved.deadline_at)
    return {"acked": saved.acked, "late": saved.late, "now": now, "deadline": deadline}
