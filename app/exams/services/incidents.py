"""Incidents 异常情况: somebody or the system notes what happened, the candidate answers, and a person decides."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, select

from app import clock
from app.accounts.models import Person
from app.cohorts.models import Enrolment
from app.exams.models import ExamSession, Incident, Sitting, SittingEvent
from app.ledger.services import record, seal
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db

DECISIONS = ("none", "warned", "noted", "void")
"""What a person may decide: nothing follows, the candidate is warned, it is noted, the sitting is void."""

REPLY_WITHIN = timedelta(days=3)
"""How long a candidate has to answer before a sitting may be declared void without an answer."""

_MOST_REPLY = 8000


class AlreadyDecided(Conflict):
    """Somebody has decided on this incident."""

    message = N_("This incident has been decided already.")
    kept = N_("The first decision stands.")
    todo = N_("Go back to the list of incidents.")


class AnswerUnread(Conflict):
    """The candidate has answered since the page was opened."""

    message = N_("The candidate has answered meanwhile.")
    kept = N_("Nothing was decided yet, and what you wrote is still in the form.")
    todo = N_("Read the answer and decide then.")


class NotHeardYet(Refusal):
    """The candidate has not been heard."""

    message = N_(
        "The candidate has not answered yet. A sitting can be declared void when the answer is there, or from %(time)s on."
    )
    todo = N_("Wait for the answer, or choose another decision.")


class OwnReport(Refusal):
    """Who reports does not judge alone."""

    message = N_("You reported this incident yourself, so another exam officer has to declare the sitting void.")
    todo = N_("Ask another exam officer to decide.")


class ReplyTooLong(Refusal):
    """All answers of the candidate together are longer than what is kept."""

    message = N_("All your answers together have at most %(most)s characters.")
    todo = N_("Shorten your answer and send it again.")


@dataclass(frozen=True)
class Case:
    """An incident with what a judge needs: who and when, and how often and how long the page was left."""

    incident: Incident
    session: ExamSession
    sitting: Sitting | None
    person: Person | None
    number: str
    reporter: str
    decider: str
    left: int = 0
    left_ms: int = 0

    @property
    def void_from(self) -> datetime:
        """From when a sitting may be declared void without an answer."""
        return self.incident.at + REPLY_WITHIN

    @property
    def seen(self) -> str:
        """What stands for the present answer of the candidate in a form."""
        return self.incident.reply_at.isoformat() if self.incident.reply_at else ""


def raise_by_system(sitting: Sitting, kind: str) -> Incident:
    """Note an incident that no person saw; while one of this kind is undecided, that one is given.

    The words come from the kind, in the reader's language. The sitting's row must be locked.
    """
    of_kind = (Incident.sitting_id == sitting.id, Incident.kind == kind, Incident.source == "system")
    found = db.session.scalar(select(Incident).where(*of_kind, Incident.decision.is_(None)).limit(1))
    if found is not None:
        return found
    before = db.session.scalar(select(func.count()).select_from(Incident).where(*of_kind)) or 0
    ref = hashlib.sha256(f"{kind}|{sitting.ref}|{before}".encode()).hexdigest()[:32]
    return _add(sitting.base_id, sitting.session_id, sitting, ref=ref, kind=kind, source="system", body="", by=None)


def report_incident(
    session: ExamSession, *, key: str, sitting_ref: str | None, kind: str, body: str, by: int
) -> Incident:
    """Note what a person of the staff saw, of one sitting or of the whole session; the same `key` again is the same.

    Raises NotFound.
    """
    found = db.session.scalar(select(Incident).where(Incident.ref == key))
    if found is not None:
        return found
    sitting = None
    if sitting_ref:
        sitting = db.session.scalar(select(Sitting).where(Sitting.ref == sitting_ref, Sitting.session_id == session.id))
        if sitting is None:
            raise NotFound
    return _add(session.base_id, session.id, sitting, ref=key, kind=kind, source="staff", body=body, by=by)


def _add(
    base_id: int,
    session_id: int,
    sitting: Sitting | None,
    *,
    ref: str,
    kind: str,
    source: str,
    body: str,
    by: int | None,
) -> Incident:
    incident = Incident(
        base_id=base_id, ref=ref, session_id=session_id, sitting_id=sitting.id if sitting else None, kind=kind,
        source=source, body=body, by_id=by, at=clock.now(),
    )  # fmt: skip
    db.session.add(incident)
    db.session.flush()
    subject = f"sitting:{sitting.ref}" if sitting else f"session:{session_ref(session_id)}"
    facts = {"incident": ref, "kind": kind, "source": source, "reason_sealed": seal(body)}
    record(kind="incident.raised", base_id=base_id, actor_id=by, subject=subject, facts=facts)
    return incident


def session_ref(session_id: int) -> str:
    """The reference of a session. Raises NotFound."""
    found = db.session.scalar(select(ExamSession.ref).where(ExamSession.id == session_id))
    if found is None:
        raise NotFound
    return found


def incidents_of(session: ExamSession) -> Sequence[Case]:
    """The incidents of a session, the undecided first, then the latest."""
    undecided_first = (Incident.decision.is_not(None), Incident.at.desc(), Incident.id.desc())
    return _cases(Incident.session_id == session.id, order=undecided_first)


def own_incidents(sitting: Sitting) -> Sequence[Case]:
    """What is noted about the candidate's own sitting, in the order of time; own reports are not among it."""
    return _cases(Incident.sitting_id == sitting.id, Incident.source != "candidate", order=(Incident.at, Incident.id))


def about(sitting: Sitting) -> Sequence[Case]:
    """All that is noted about a sitting, for staff, in the order of time."""
    return _cases(Incident.sitting_id == sitting.id, order=(Incident.at, Incident.id))


def get_incident(ref: str) -> Case:
    """The incident of this reference. Raises NotFound."""
    found = _cases(Incident.ref == ref)
    if not found:
        raise NotFound
    return found[0]


def _cases(*where: ColumnElement[bool], order: tuple[Any, ...] = ()) -> list[Case]:
    rows = db.session.execute(
        select(Incident, ExamSession, Sitting, Person, Enrolment.number)
        .join(ExamSession, ExamSession.id == Incident.session_id)
        .outerjoin(Sitting, Sitting.id == Incident.sitting_id)
        .outerjoin(Person, Person.id == Sitting.person_id)
        .outerjoin(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .where(*where)
        .order_by(*order)
    ).all()
    who = {row.Incident.by_id for row in rows} | {row.Incident.decided_by for row in rows}
    names: dict[int | None, str] = dict(
        db.session.execute(select(Person.id, Person.name).where(Person.id.in_(who - {None}))).all()
    )
    left = _left([row.Incident.sitting_id for row in rows])
    return [
        Case(
            row.Incident,
            row.ExamSession,
            row.Sitting,
            row.Person,
            row.number or "",
            names.get(row.Incident.by_id, ""),
            names.get(row.Incident.decided_by, ""),
            *left.get(row.Incident.sitting_id, (0, 0)),
        )
        for row in rows
    ]


def _left(sitting_ids: Sequence[int | None]) -> dict[int | None, tuple[int, int]]:
    """How often, and for how long in milliseconds, the pages of these sittings were left."""
    rows = db.session.execute(
        select(SittingEvent.sitting_id, func.count(), func.sum(SittingEvent.ms))
        .where(SittingEvent.sitting_id.in_([one for one in sitting_ids if one]), SittingEvent.kind == "left")
        .group_by(SittingEvent.sitting_id)
    )
    return {sitting_id: (count, int(ms or 0)) for sitting_id, count, ms in rows}


def reply(sitting: Sitting, ref: str, words: str) -> Incident:
    """The candidate answers to an incident of his own sitting, also after the exam and until it is decided.

    A further answer is put below the earlier one; the same words again change nothing. Raises NotFound,
    AlreadyDecided, ReplyTooLong.
    """
    incident = _locked(ref)
    if incident is None or incident.sitting_id != sitting.id or incident.source == "candidate":
        raise NotFound
    if incident.reply is not None and incident.reply.endswith(words):
        return incident
    if incident.decision is not None:
        raise AlreadyDecided
    whole = words if incident.reply is None else f"{incident.reply}\n\n{words}"
    if len(whole) > _MOST_REPLY:
        raise ReplyTooLong(most=_MOST_REPLY)
    incident.reply, incident.reply_at = whole, clock.now()
    record(
        kind="incident.answered", base_id=incident.base_id, actor_id=sitting.person_id,
        subject=f"sitting:{sitting.ref}", facts={"incident": ref, "reply_sealed": seal(whole)},
    )  # fmt: skip
    return incident


def decide_incident(ref: str, *, decision: str, why: str, seen: str, by: int) -> Incident:
    """Decide on an incident, knowing the candidate's answer: `seen` is Case.seen of the page that was looked at.

    Nothing but this makes a sitting void. Raises NotFound, AlreadyDecided, AnswerUnread, NotHeardYet, OwnReport.
    """
    incident = _locked(ref)
    if incident is None or (decision == "void" and incident.sitting_id is None):
        raise NotFound
    if incident.decision is not None:
        if (incident.decision, incident.decided_by, incident.decision_why) == (decision, by, why):
            return incident
        raise AlreadyDecided
    if seen != (incident.reply_at.isoformat() if incident.reply_at else ""):
        raise AnswerUnread
    if decision == "void":
        _check_void(incident, by)
    incident.decision, incident.decision_why = decision, why
    incident.decided_by, incident.decided_at = by, clock.now()
    sitting = db.session.get(Sitting, incident.sitting_id) if incident.sitting_id else None
    subject = f"sitting:{sitting.ref}" if sitting else f"session:{session_ref(incident.session_id)}"
    facts = {"incident": ref, "outcome": decision, "reason_sealed": seal(why), "answered": incident.reply is not None}
    record(kind="incident.decided", base_id=incident.base_id, actor_id=by, subject=subject, facts=facts)
    return incident


def _check_void(incident: Incident, by: int) -> None:
    if incident.by_id == by:
        raise OwnReport
    if incident.reply is None and clock.now() < incident.at + REPLY_WITHIN:
        raise NotHeardYet(time=incident.at + REPLY_WITHIN)


def void_when(sitting_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """For a larger query: whether a person declared the sitting void."""
    return exists().where(Incident.sitting_id == sitting_id, Incident.decision == "void")


def void_among(sitting_ids: Sequence[int]) -> frozenset[int]:
    """Those of these sittings that a person declared void."""
    rows = db.session.scalars(
        select(Incident.sitting_id).where(Incident.sitting_id.in_(sitting_ids), Incident.decision == "void")
    )
    return frozenset(one for one in rows if one is not None)


def new_key() -> str:
    """A name for a form that is sent once."""
    return secrets.token_hex(16)


def _locked(ref: str) -> Incident | None:
    return db.session.scalar(select(Incident).where(Incident.ref == ref).with_for_update())
