"""What arrived and does not count: answers after deadline and grace 迟到作答, and entries that were refused 拒收."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.exams import timing
from app.exams.journal import BadEntry, TakenOver
from app.exams.models import AnswerEntry, RefusedEntry, Sitting
from app.refusals import NotAllowed, NotFound
from app.store import db

MOST_KEPT = 100
"""How many refusals of one sitting are kept with what they refused; beyond that they are counted."""
LONGEST_KEPT = 2 * 1024 * 1024
"""As many characters as one request may hold, so that nothing of a refusal is cut off."""
MOST_CHARACTERS = 10 * 1024 * 1024
"""How much all kept refusals of one sitting may hold together."""
FLOOD = "Flood"
REFUSED = (BadEntry, TakenOver, timing.Closed, NotAllowed)
"""The refusals after which what was sent is kept; a form token that does not fit comes to it."""

log = logging.getLogger("app.exams.refused")


@dataclass(frozen=True)
class LateAnswer:
    """An answer that came after the deadline: `counted` if it was on its way in the grace, else kept aside."""

    slot: int
    answer: Any
    epoch: int
    seq: int
    given_at: datetime
    arrived_at: datetime
    counted: bool


def late_answers(ref: str) -> Sequence[LateAnswer]:
    """What arrived after the deadline, in the order of arrival, without a candidate's own marks. Raises NotFound."""
    sitting = _get(ref)
    if sitting.deadline_at is None:
        return []
    rows = db.session.scalars(
        select(AnswerEntry)
        .where(AnswerEntry.sitting_id == sitting.id, AnswerEntry.slot > 0)
        .where(AnswerEntry.late.is_(True) | (AnswerEntry.saved_at > sitting.deadline_at))
        .order_by(AnswerEntry.epoch, AnswerEntry.seq)
    )
    return [
        LateAnswer(
            row.slot, json.loads(row.response), row.epoch, row.seq,
            datetime.fromtimestamp(min(row.client_ms, _MOST_MS) / 1000, UTC), row.saved_at, not row.late,
        )
        for row in rows
    ]  # fmt: skip


_MOST_MS = 253_402_300_799_000  # the last moment that a date can name


def refused_entries(ref: str) -> Sequence[RefusedEntry]:
    """What was refused, the earliest first; the row of kind FLOOD only counts. Raises NotFound."""
    sitting = _get(ref)
    return db.session.scalars(
        select(RefusedEntry).where(RefusedEntry.sitting_id == sitting.id).order_by(RefusedEntry.id)
    ).all()


def count_aside(sitting_id: int) -> int:
    """How many answers arrived after the end of the sitting, kept late or refused; without a candidate's own marks."""
    late = select(func.count()).select_from(AnswerEntry).where(AnswerEntry.sitting_id == sitting_id)
    refused = select(func.coalesce(func.sum(RefusedEntry.count), 0)).where(RefusedEntry.sitting_id == sitting_id)
    late = late.where(AnswerEntry.late.is_(True), AnswerEntry.slot > 0)
    refused = refused.where(RefusedEntry.reason.in_(("Closed", "OnPaper")))
    return int(db.session.scalar(select(late.scalar_subquery() + refused.scalar_subquery())) or 0)


def note_refused(ref: str, person_id: int | None, reason: str, epoch: object, entries: object) -> bool:
    """Keep what a device sent and the server did not take, with the reason; the same thing again is kept once.

    `reason` is the name of the refusal. Returns whether all of it is kept now: then the device need not keep it any
    longer. A sitting that is not this person's keeps nothing. The candidate's words stay in this table; the log has a
    line with the reason and nothing else.
    """
    log.warning("answers refused", extra={"kind": reason})
    sitting_id = db.session.scalar(
        select(Sitting.id).where(Sitting.ref == ref, Sitting.person_id == person_id).with_for_update()
    )
    sent = entries if isinstance(entries, list) else [entries]
    if sitting_id is None or not sent:
        return False
    content = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace").decode()
    row = RefusedEntry(
        sitting_id=sitting_id, reason=reason[:24], epoch=_small(epoch), first_seq=_first(sent), count=len(sent),
        content=content, at=clock.now(),
    )  # fmt: skip
    same = select(RefusedEntry.id).where(
        RefusedEntry.sitting_id == sitting_id, RefusedEntry.reason == row.reason, RefusedEntry.epoch == row.epoch,
        RefusedEntry.first_seq == row.first_seq, RefusedEntry.content == content,
    )  # fmt: skip
    return db.session.scalar(same.limit(1)) is not None or _keep(row)


def _keep(row: RefusedEntry) -> bool:
    """Whether there was room for it; beyond that it is only counted."""
    kept = select(func.count(), func.coalesce(func.sum(func.length(RefusedEntry.content)), 0))
    count, characters = db.session.execute(kept.where(RefusedEntry.sitting_id == row.sitting_id)).one()
    size = len(row.content)
    if count < MOST_KEPT and size <= LONGEST_KEPT and characters + size <= MOST_CHARACTERS:
        db.session.add(row)
        return True
    flood = db.session.scalar(
        select(RefusedEntry).where(RefusedEntry.sitting_id == row.sitting_id, RefusedEntry.reason == FLOOD)
    )
    if flood is None:
        row.reason, row.content = FLOOD, ""
        db.session.add(row)
    else:
        flood.count, flood.at = flood.count + row.count, row.at
    return False


def _small(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else 0


def _first(sent: list[Any]) -> int:
    return _small(sent[0].get("seq")) if isinstance(sent[0], dict) else 0


def _get(ref: str) -> Sitting:
    found = db.session.scalar(select(Sitting).where(Sitting.ref == ref))
    if found is None:
        raise NotFound
    return found
