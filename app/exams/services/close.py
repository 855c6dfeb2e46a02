"""Closing a sitting 收卷: from then on nothing changes, and what was answered has a digest and a receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.exams import journal, timing
from app.exams.models import Answer, ExamSession, Sitting
from app.ledger.services import record
from app.refusals import NotFound
from app.store import db

_BATCH = 200


@dataclass(frozen=True)
class ClosedSitting:
    """A handed-in sitting. `snapshot` has every slot of the paper, None where nothing was answered; `just_now` says
    that it was closed by this very call, so that nobody can have scored it.
    """

    sitting: Sitting
    snapshot: Mapping[int, Any]
    digest: str
    receipt: str
    just_now: bool = False


@dataclass(frozen=True)
class Shown:
    """What the candidate's device says at hand-in: the digest of the answers it shows, empty when it can make none.

    `accepted` is the server's digest when the candidate has seen the difference and hands in what the server has.
    """

    digest: str = ""
    accepted: str = ""


NOTHING_SHOWN = Shown()


def close_sitting(
    which: int | str,
    by: str,
    at: datetime,
    *,
    person_id: int | None = None,
    reason: str | None = None,
    shown: Shown = NOTHING_SHOWN,
) -> ClosedSitting:
    """Close an open sitting, named by id or reference, in the current transaction; again gives the same answer.

    It must be the sitting of `person_id` where one is given. `by` is 'candidate', 'deadline', 'staff' or, with its sheet
    in the journal, 'paper'; a candidate's hand-in after the deadline closes by it. The row is locked before the answers
    are read, so every answer that was acknowledged is in the snapshot. Raises NotFound, also for a sitting that never
    began, timing.OnPaper, and journal.Differs when the device shows other answers than are here.
    """
    sitting = _locked(which, person_id)
    if sitting.deadline_at is None:
        raise NotFound
    if sitting.state == "closed":
        return handed_in(sitting)
    if sitting.medium == timing.PAPER and by != timing.PAPER:
        raise timing.OnPaper
    answers = _answers(sitting.id)
    digest = journal.digest(sitting.ref, answers)
    if shown.digest and digest not in {shown.digest, shown.accepted}:
        raise journal.Differs(digest)
    if by == "candidate" and not timing.counts(sitting.deadline_at, at):
        by = "deadline"
    sitting.state, sitting.closed_by, sitting.closed_reason = "closed", by, reason
    sitting.closed_at = timing.finished_at(sitting.deadline_at, at)
    sitting.digest, sitting.receipt = digest, journal.receipt(digest)
    facts = {"by": by, "digest": digest, "answers": len(answers), "closed_at": sitting.closed_at.isoformat()}
    if shown.digest:
        facts["shown"] = shown.digest
    record(
        kind="sitting.closed", base_id=sitting.base_id, actor_id=sitting.person_id if by == "candidate" else None,
        subject=f"sitting:{sitting.ref}", facts=facts,
    )  # fmt: skip
    return replace(_closed(sitting, answers), just_now=True)


def _locked(which: int | str, person_id: int | None) -> Sitting:
    """The sitting with its row locked. Raises NotFound."""
    wanted = select(Sitting).where((Sitting.id if isinstance(which, int) else Sitting.ref) == which)
    if person_id is not None:
        wanted = wanted.where(Sitting.person_id == person_id)
    sitting = db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if sitting is None:
        raise NotFound
    return sitting


def note_difference(ref: str, person_id: int, shown: Shown, digest: str) -> None:
    """Write down that a device showed other answers at hand-in than the server has. Raises NotFound."""
    base_id = db.session.scalar(select(Sitting.base_id).where(Sitting.ref == ref, Sitting.person_id == person_id))
    if base_id is None:
        raise NotFound
    facts = {"shown": shown.digest, "digest": digest}
    record(kind="sitting.differed", base_id=base_id, actor_id=person_id, subject=f"sitting:{ref}", facts=facts)


def present_answers(ref: str, person_id: int) -> dict[int, Any]:
    """The answers to questions that the server has now, by slot, without those that are none."""
    rows = db.session.execute(
        select(Answer.slot, Answer.response)
        .join(Sitting, Sitting.id == Answer.sitting_id)
        .where(Sitting.ref == ref, Sitting.person_id == person_id, Answer.slot > journal.FLAGS)
    )
    return {slot: json.loads(response) for slot, response in rows if response != journal.NOTHING}


def handed_in(sitting: Sitting) -> ClosedSitting:
    """What was handed in. Raises NotFound for a sitting that is not closed."""
    if sitting.state != "closed":
        raise NotFound
    return _closed(sitting, _answers(sitting.id))


def sittings_due(at: datetime) -> Sequence[int]:
    """The ids of open sittings whose deadline and grace have passed, the oldest first, at most 200."""
    over = (Sitting.state == "open", Sitting.deadline_at < at, Sitting.medium != timing.PAPER)
    named = select(ExamSession.grace_seconds).join(Sitting, Sitting.session_id == ExamSession.id).where(*over)
    due: list[tuple[datetime, int]] = []
    for grace in db.session.scalars(named.distinct()).all():  # a few values; each asked for by the index of deadlines
        rows = db.session.execute(
            select(Sitting.deadline_at, Sitting.id)
            .join(ExamSession, Sitting.session_id == ExamSession.id)
            .where(*over, ExamSession.grace_seconds == grace, Sitting.deadline_at < at - timedelta(seconds=grace))
            .order_by(Sitting.deadline_at)
            .limit(_BATCH)
        )
        due.extend((ends, sitting_id) for ends, sitting_id in rows if ends is not None)
    return [sitting_id for _, sitting_id in sorted(due)[:_BATCH]]


def lock_due(sitting_id: int, at: datetime) -> Sitting | None:
    """The open sitting with its row locked when it is due; None when it is not, or when somebody else works on it."""
    row = db.session.execute(
        select(Sitting, ExamSession.grace_seconds)
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .where(Sitting.id == sitting_id)
        .with_for_update(of=Sitting, skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row[0].deadline_at is None or row[0].medium == timing.PAPER:
        return None
    return row[0] if timing.in_grace_until(row[0].deadline_at, row[1]) < at else None


def _answers(sitting_id: int) -> dict[int, str]:
    rows = db.session.execute(
        select(Answer.slot, Answer.response).where(Answer.sitting_id == sitting_id, Answer.slot > journal.FLAGS)
    )
    return dict(rows.all())


def _closed(sitting: Sitting, answers: Mapping[int, str]) -> ClosedSitting:
    snapshot = {row["slot"]: json.loads(answers.get(row["slot"], journal.NOTHING)) for row in sitting.form}
    assert sitting.digest and sitting.receipt
    return ClosedSitting(sitting, snapshot, sitting.digest, sitting.receipt)
