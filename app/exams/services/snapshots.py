"""Snapshots 题库快照: a session as a file with which anybody draws its papers again, and that check itself."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import or_, select

from app import clock
from app.accounts.models import Grant, Person
from app.accounts.permissions import PERMISSIONS
from app.accounts.services.sessions import fold
from app.banks import services as banks
from app.banks.specification import content_of
from app.exams.assembly.redraw import FORMAT, Checked, check
from app.exams.models import ExamPool, ExamSession, Sitting
from app.ledger.models import Entry
from app.ledger.services import record
from app.refusals import N_, NotAllowed, Refusal
from app.store import db


class NotRevealed(Refusal):
    """The secret of the session is not in the ledger yet."""

    message = N_("The secret of this session goes to the journal when the session is over; only then can it be shown.")
    kept = N_("Every paper is kept with all that its check needs.")
    todo = N_("Come back after the session, or let an exam officer have the papers checked.")


def snapshot(session: ExamSession) -> dict[str, Any]:
    """The session as `assembly.redraw.check` takes it: no names, no texts of items. Raises NotRevealed."""
    if session.revealed_at is None:
        raise NotRevealed
    return _snapshot(session)


def redraw(session: ExamSession, *, staff: int | None = None) -> list[Checked]:
    """Draw every paper of a session again and compare. Raises NotRevealed before the secret is in the ledger.

    `staff` is an officer who may have it checked before; the secret is not shown to him, and the ledger says so.
    """
    if session.revealed_at is None:
        if staff is None:
            raise NotRevealed
        record(
            kind="session.redrawn", base_id=session.base_id, actor_id=staff, subject=f"session:{session.ref}", facts={}
        )
    return check(_snapshot(session))


def find_officer(account: str, session: ExamSession) -> int:
    """The id of a person who may manage the session today. Raises NotAllowed."""
    today = clock.now().date()
    person = db.session.scalar(
        select(Person.id)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            Person.account == fold(account),
            Grant.role.in_(PERMISSIONS["sessions.manage"]),
            or_(Grant.base_id == session.base_id, Grant.base_id.is_(None)),
            Grant.since <= today,
            or_(Grant.until.is_(None), Grant.until >= today),
        )
    )
    if person is None:
        raise NotAllowed
    return person


def _snapshot(session: ExamSession) -> dict[str, Any]:
    sittings = db.session.scalars(select(Sitting).where(Sitting.session_id == session.id).order_by(Sitting.id)).all()
    return {
        "format": FORMAT,
        "session": {
            "ref": session.ref,
            "opens_at": session.opens_at.isoformat(),
            "closes_at": session.closes_at.isoformat(),
            "secret": session.secret.hex(),
            "commitment": session.commitment,
        },
        "specification": content_of(banks.get_specification_version(session.specification_hash)),
        "pool": db.session.get_one(ExamPool, session.pool_hash).items,
        "sittings": [_row(sitting) for sitting in sittings],
        "ledger": _ledger(session),
    }


def _row(sitting: Sitting) -> dict[str, Any]:
    return {
        "ref": sitting.ref,
        "enrolment": sitting.enrolment_id,
        "attempt": sitting.attempt_no,
        "nonce": sitting.nonce,
        "excluded": sitting.excluded,
        "repeats_allowed": sitting.repeats_allowed,
        "algorithm": sitting.algorithm,
        "form": sitting.form,
        "expected_at_cut": sitting.expected_at_cut,
        "target_at_cut": sitting.target_at_cut,
        "se": sitting.se,
        "within_tolerance": sitting.within_tolerance,
    }


def _ledger(session: ExamSession) -> dict[str, Any]:
    """What the ledger has of the session: the commitments, and of each sitting its admission and its paper.

    A sitting is looked for by its session in the facts, not by the rows of sittings, so that none can vanish.
    """
    own = db.session.execute(
        select(Entry.kind, Entry.facts).where(Entry.subject == f"session:{session.ref}").order_by(Entry.id)
    ).all()
    admitted: dict[int, list[Any]] = defaultdict(list)
    for kind, facts in own:
        if kind == "candidate.admitted":
            admitted[facts["enrolment"]].append(facts)
    prepared = db.session.execute(
        select(Entry.subject, Entry.facts).where(
            Entry.kind == "sitting.prepared", Entry.base_id == session.base_id, Entry.at >= session.created_at
        )
    )
    return {
        "session": next((facts for kind, facts in own if kind == "session.created"), {}),
        "sittings": {
            subject.removeprefix("sitting:"): {"prepared": facts, "admitted": admitted.get(facts.get("enrolment"), [])}
            for subject, facts in prepared
            if facts.get("session") == session.ref
        },
    }
