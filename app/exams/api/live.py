"""The pulse of the exam page, answers to incidents, and reports of a question, as JSON."""

from __future__ import annotations

import re
from typing import Any

from flask import jsonify
from flask_babel import format_datetime, gettext

from app import clock
from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.api.door import body as sent
from app.exams.api.door import bp, milliseconds
from app.exams.api.safe_browser import locks
from app.exams.journal import BadEntry
from app.exams.naming import KINDS
from app.exams.services.safe_browser import LOCK
from app.exams.signs import MOST_SIGNS, sign_of
from app.store import writing

_NAME = re.compile(r"[0-9a-f]{32}")
_MOST_WORDS = 2000


@bp.post("/sittings/<string(length=32):ref>/pulse")
@needs("sit")
def pulse(ref: str) -> Any:
    """Say {writer, slot, hidden, phone, seen_no, events: [{no, kind, slot, ms, client_ms}]} → what is new.

    The answer: {now, deadline, closed: {by, reason} or null, locked, held, left, warnings, acked: [no],
    announcements: [{no, text, at}], incidents: [{ref, kind, text, at}]}. A page sends it every 20 to 30 seconds.
    """
    said = _pulse(sent())
    with writing():
        heard = services.take_pulse(ref, actor().person_id, said)
        announcements = [
            {"no": one.no, "text": one.body, "at": format_datetime(one.at, "HH:mm")} for one in heard.announcements
        ]
        incidents = [
            {
                "ref": one.ref,
                "kind": one.kind,
                "text": _text(one.kind, one.body, heard.left),
                "at": format_datetime(one.at, "HH:mm"),
            }
            for one in heard.incidents
        ]
    locked = heard.locked or (LOCK if locks(ref, heard.seb_key) else None)
    return jsonify(
        now=milliseconds(clock.now()),
        deadline=milliseconds(heard.deadline_at) if heard.deadline_at else None,
        closed={"by": heard.closed_by, "reason": heard.closed_reason} if heard.state == "closed" else None,
        locked=locked,
        held=heard.held,
        left=heard.left,
        warnings=heard.warnings,
        acked=heard.acked,
        announcements=announcements,
        incidents=incidents,
    )


@bp.post("/sittings/<string(length=32):ref>/incidents/<string(length=32):incident>/reply")
@needs("sit")
def reply(ref: str, incident: str) -> Any:
    """Answer to an incident from the exam page with {body} → {kept: true}."""
    words = _words(sent())
    with writing():
        services.reply_to_incident(services.get_sitting(ref, actor().person_id), incident, words)
    return jsonify(kept=True)


@bp.post("/sittings/<string(length=32):ref>/reports")
@needs("sit")
def report(ref: str) -> Any:
    """Report a faulty question with {key, slot, body} → {kept: true}; the same key again changes nothing."""
    body = sent()
    key, slot = body.get("key"), body.get("slot")
    if not isinstance(key, str) or not _NAME.fullmatch(key) or type(slot) is not int:
        raise BadEntry
    words = _words(body)
    with writing():
        services.report_question(ref, actor().person_id, key=key, slot=slot, body=words)
    return jsonify(kept=True)


def _text(kind: str, body: str, left: int) -> str:
    """What an incident says: the words of who noted it, or a sentence for what the system noted."""
    if kind == "left" and not body:
        return str(gettext("You left the exam page %(times)s times. How was it?", times=left))
    if kind == LOCK and not body:
        return str(gettext("The exam page was opened without Safe Exam Browser, or with other settings. How was it?"))
    words = KINDS.get(kind, KINDS["other"])
    return body or str(gettext(words))


def _pulse(body: dict[str, Any]) -> services.Pulse:
    writer, slot, seen_no, events = body.get("writer"), body.get("slot"), body.get("seen_no", 0), body.get("events", [])
    if not isinstance(writer, str) or not _NAME.fullmatch(writer):
        raise BadEntry
    if not (slot is None or (type(slot) is int and 1 <= slot <= 1000)):
        raise BadEntry
    if type(seen_no) is not int or not 0 <= seen_no < 2**31 or not isinstance(events, list) or len(events) > MOST_SIGNS:
        raise BadEntry
    return services.Pulse(
        writer=writer, slot=slot, hidden=body.get("hidden") is True, seen_no=seen_no, phone=body.get("phone") is True,
        signs=[sign_of(one) for one in events],
    )  # fmt: skip


def _words(body: dict[str, Any]) -> str:
    """What a person wrote: some text, at most 2000 characters. Raises BadEntry."""
    words = body.get("body")
    if not isinstance(words, str) or not words.strip() or len(words) > _MOST_WORDS or "\x00" in words:
        raise BadEntry
    try:
        words.encode()
    except UnicodeEncodeError:
        raise BadEntry from None
    return words.replace("\r\n", "\n").strip()
