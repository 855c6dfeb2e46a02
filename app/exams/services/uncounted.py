"""What arrived and does not count: answers after deadline and grace 迟到作答, and entries that were refused 拒收."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.exams.models import AnswerEntry, RefusedEntry, Sitting
from app.refusals import NotFound
from app.store import db

MOST_KEPT = 100
"""How many refusals of one sitting are kept with what they refused; beyond that they are counted."""
LONGEST_KEPT = 20_000
FLOOD = "Flood"


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


def note_refused(ref: str, person_id: int, reason: str, epoch: object, entries: object) -> None:
    """Keep what a device sent and the server did not take, with the reason; the same thing again is kept once.

    `reason` is the name of the refusal. A sitting that is not this person's keeps nothing. The candidate's words stay
    in this table; no log has them.
    """
    sitting_id = db.session.scalar(
        select(Sitting.id).where(Sitting.ref == ref, Sitting.person_id == person_id).with_for_update()
    )
    sent = entries if isinstance(entries, list) else [entries]
    if sitting_id is None or not sent:
        return
    content = json.dumps(sent, ensure_ascii=True)[:LONGEST_KEPT]
    row = RefusedEntry(
        sitting_id=sitting_id, reason=reason[:24], epoch=_small(epoch), first_seq=_first(sent), count=len(sent),
        content=content, at=clock.now(),
    )  # fmt: skip
    same = select(RefusedEntry.id).where(
        RefusedEntry.sitting_id == sitting_id, RefusedEntry.reason == row.reason, RefusedEntry.epoch == row.epoch,
        RefusedEntry.first_seq == row.first_seq, RefusedEntry.content == content,
    )  # fmt: skip
    if db.session.scalar(same.limit(1)) is None:
        _keep(row)


def _keep(row: RefusedEntry) -> None:
    kept = select(func.count()).select_from(RefusedEntry).where(RefusedEntry.sitting_id == row.sitting_id)
    if (db.session.scalar(kept) or 0) < MOST_KEPT:
        db.session.add(row)
        return
    flood = db.session.scalar(
        select(RefusedEntry).where(RefusedEntry.sitting_id == row.sitting_id, RefusedEntry.reason == FLOOD)
    )
    if flood is None:
        row.reason, row.content = FLOOD, ""
        db.session.add(row)
    else:
        flood.count, flood.at = flood.count + row.count, row.at


def _small(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else 0


def _first(sent: list[Any]) -> int:
    return _small(sent[0].get("seq")) if isinstance(sent[0], dict) else 0


def _get(ref: str) -> Sitting:
    found = db.session.scalar(select(Sitting).where(Sitting.ref == ref))
    if found is None:
        raise NotFound
    return found
