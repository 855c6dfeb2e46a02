"""What an acknowledgement was worth: every one against the journal, the present answers, and the snapshot that is scored."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock
from app.exams import journal, services
from app.exams.journal import Entry
from app.exams.models import Answer, AnswerEntry
from app.store import db, scope_to, writing
from tests.torture.clients import Key, Writer

Acked = Mapping[Key, tuple[int, Any]]


@dataclass
class Count:
    """Acknowledged answers, and how many of them were found wanting."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    stale: int = 0
    unscored: int = 0
    broken: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Count)))

    @property
    def harm(self) -> int:
        """Everything that must be nought."""
        return self.lost + self.doubled + self.stale + self.unscored + self.broken


def by_sitting(writers: Iterable[Writer]) -> dict[int, dict[Key, tuple[int, Any]]]:
    """What the pages had acknowledged, by sitting."""
    found: dict[int, dict[Key, tuple[int, Any]]] = defaultdict(dict)
    for writer in writers:
        found[writer.seat.sitting].update(writer.acked)
    return found


def audit(app: Flask, acked: Mapping[int, Acked], *, closed: Mapping[int, Mapping[int, Any]] | None = None) -> Count:
    """Compare. Sittings that are still open are closed here; `closed` gives the snapshots of those that were."""
    total = Count()
    with app.app_context():
        scope_to(None)
        for sitting, mine in acked.items():
            total += _one(sitting, mine, (closed or {}).get(sitting))
        db.session.remove()
    return total


def _one(sitting: int, mine: Acked, snapshot: Mapping[int, Any] | None) -> Count:
    rows = db.session.scalars(
        select(AnswerEntry).where(AnswerEntry.sitting_id == sitting).order_by(AnswerEntry.epoch, AnswerEntry.seq)
    ).all()
    kept = {(row.epoch, row.seq): (row.slot, json.loads(row.response)) for row in rows}
    lost = sum(kept.get(key) != told for key, told in mine.items())
    # In one epoch nothing is there twice. A device that takes the exam back sends again what was not acknowledged to it.
    told = Counter((epoch, json.dumps(answer, ensure_ascii=False)) for (epoch, _), (_, answer) in kept.items())
    doubled = sum(times - 1 for (_, text), times in told.items() if " " in text)
    counted = [row for row in rows if not row.late]
    newest = {row.slot: row.response for row in counted}
    present = dict(db.session.execute(select(Answer.slot, Answer.response).where(Answer.sitting_id == sitting)).all())
    stale = sum(present.get(slot) != response for slot, response in newest.items())
    return Count(
        acknowledged=len(mine), lost=lost, doubled=doubled, stale=stale,
        unscored=_unscored(sitting, mine, counted, snapshot), broken=_broken(sitting, rows),
    )  # fmt: skip


def _unscored(
    sitting: int, mine: Acked, counted: Sequence[AnswerEntry], snapshot: Mapping[int, Any] | None
) -> int:  # fmt: skip
    """Slots whose last acknowledged answer is neither in the snapshot nor replaced there by a later one."""
    if snapshot is None:
        with writing():
            snapshot = dict(services.close_sitting(sitting, "staff", clock.now()).snapshot)
    places: dict[int, list[tuple[Key, Any]]] = defaultdict(list)
    for row in counted:
        places[row.slot].append(((row.epoch, row.seq), json.loads(row.response)))
    last: dict[int, Key] = {}
    for key, (slot, _) in mine.items():
        last[slot] = max(key, last.get(slot, (0, 0)))
    return sum(
        snapshot.get(slot) not in [answer for place, answer in places[slot] if place >= key]
        for slot, key in last.items()
    )


def _broken(sitting: int, rows: Sequence[AnswerEntry]) -> int:
    from app.exams.models import Sitting

    ref = db.session.scalars(select(Sitting.ref).where(Sitting.id == sitting)).one()
    lines = [(row.epoch, Entry(row.seq, row.slot, row.response, row.client_ms), row.chain) for row in rows]
    return int(journal.broken_at(ref, lines) is not None)
