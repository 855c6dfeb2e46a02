"""Taking answers in 收卷: who holds the pen, and what was written."""

from __future__ import annotations

import atexit
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import defer

from app import clock
from app.accounts.permissions import PERMISSIONS
from app.accounts.services.sessions import SEEN_EVERY
from app.exams import timing
from app.exams.answer_store import AnswerStore, PostgresAnswers, SqliteAnswers, connector
from app.exams.journal import BadEntry, Badge, Entry, Pen, Saved, TakenOver, canonical
from app.exams.models import AnswerEntry, Sitting
from app.exams.paper import checked
from app.exams.services.pulse import note_second_device
from app.ledger.services import record
from app.refusals import NotFound, Refusal
from app.store import db, settings, table_of

_FORM = select(table_of(Sitting).c.form).where(table_of(Sitting).c.ref == bindparam("ref"))
_stores: dict[tuple[int, str], AnswerStore] = {}
_MOST_MS = 2**53
_MOST_KNOWN = 20_000
_SITS = tuple(sorted(PERMISSIONS["sit"]))


class _Known(dict[str, tuple[tuple[str, int], ...]]):
    """(kind, options shown) of the slots of sittings by ref; emptied when it grows beyond reason."""

    def __setitem__(self, ref: str, kinds: tuple[tuple[str, int], ...]) -> None:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        super().__setitem__(ref, kinds)


_known = _Known()


@dataclass(frozen=True)
class Lease:
    """Whether this device holds the pen, in which epoch, and the highest number that the server has of it."""

    granted: bool
    epoch: int
    last: int


def lease(ref: str, person_id: int, writer: str, *, take_over: bool) -> Lease:
    """Ask for the pen. A sitting without a device gives it; from another device it is taken only on purpose.

    Raises NotFound, timing.Closed, timing.OnPaper.
    """
    sitting = db.session.scalar(
        select(Sitting)
        .where(Sitting.ref == ref, Sitting.person_id == person_id)
        .options(defer(Sitting.form), defer(Sitting.excluded))
        .with_for_update()
    )
    if sitting is None or sitting.state == "ready":
        raise NotFound
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.medium == timing.PAPER:
        raise timing.OnPaper
    if sitting.writer not in {None, writer}:
        note_second_device(sitting, writer)
    if sitting.writer is None:
        sitting.writer = writer
    elif sitting.writer != writer and take_over:
        sitting.writer, sitting.epoch = writer, sitting.epoch + 1
        record(
            kind="sitting.taken-over", base_id=sitting.base_id, actor_id=person_id, subject=f"sitting:{ref}",
            facts={"epoch": sitting.epoch},
        )  # fmt: skip
    return Lease(sitting.writer == writer, sitting.epoch, last_number(sitting.id, sitting.epoch))


def last_number(sitting_id: int, epoch: int) -> int:
    """The highest number of the epoch in the journal, 0 for none."""
    statement = select(func.max(AnswerEntry.seq)).where(
        AnswerEntry.sitting_id == sitting_id, AnswerEntry.epoch == epoch
    )
    return db.session.scalar(statement) or 0


def record_answers(ref: str, person_id: int, epoch: int, writer: str, raw: Sequence[Mapping[str, Any]]) -> Saved:
    """Save what a device sent: [{"seq", "slot", "value", "ms"}]. Commits by itself; not inside a transaction.

    Raises NotFound, journal.BadEntry, journal.TakenOver, journal.Gap, journal.StoreDown, timing.Closed.
    """
    kinds = _known[ref] = _kinds(ref, person_id)
    entries = [_entry(kinds, one) for one in raw]
    db.session.rollback()  # no reading transaction stays open while the answer store writes
    try:
        return store().save(Pen(ref, person_id, epoch, writer), entries, clock.now())
    except TakenOver:
        _check_medium(ref, person_id)
        raise


def record_at_once(ref: str, token: str, epoch: int, writer: str, raw: Sequence[Mapping[str, Any]]) -> Saved | None:
    """Save for the holder of a session's token in one transaction that also looks at session and role.

    None for everything that is not plainly acknowledged: the caller goes the usual way, which says why, and saving
    twice changes nothing. The kinds of the slots are nobody's secret here: they only say what shape an answer has, and
    whose sitting it is is looked at by the statement that saves.
    """
    kinds = _known.get(ref) or _look_up(ref)
    if kinds is None or not raw:
        return None
    at = clock.now()
    badge = Badge(hashlib.sha256(token.encode()).hexdigest(), _SITS, at - SEEN_EVERY)
    try:
        return store().save(Pen(ref, 0, epoch, writer, badge), [_entry(kinds, one) for one in raw], at)
    except Refusal:
        return None


def _look_up(ref: str) -> tuple[tuple[str, int], ...] | None:
    """The slots of a sitting that this process has not met yet, by a statement that is built once."""
    form = db.session.connection().execute(_FORM, {"ref": ref}).scalar()
    db.session.rollback()  # no reading transaction stays open while the answer store writes
    if form is None:
        return None
    kinds = _known[ref] = tuple((row["kind"], len(row["options"])) for row in form)
    return kinds


def record_form(ref: str, person_id: int, epoch: int, values: Mapping[int, Any]) -> Saved:
    """Save the form that was sent without a script: {slot: value}, only what differs from what is there.

    Commits by itself; not inside a transaction. Raises as record_answers.
    """
    kinds = _kinds(ref, person_id)
    made = {slot: canonical(checked(kinds, slot, value)) for slot, value in values.items()}
    db.session.rollback()
    try:
        return store().append(Pen(ref, person_id, epoch), made, clock.now())
    except TakenOver:
        _check_medium(ref, person_id)
        raise


def _check_medium(ref: str, person_id: int) -> None:
    """Raises timing.OnPaper where it is not another device but the answer sheet that holds the pen."""
    asked = select(Sitting.medium).where(Sitting.ref == ref, Sitting.person_id == person_id)
    if db.session.scalar(asked) == timing.PAPER:
        raise timing.OnPaper


def release_stores() -> None:
    """Close the answer stores of this process."""
    for key in list(_stores):
        _stores.pop(key).close()


def store() -> AnswerStore:
    """The answer store of the running application; one for each process, because connections do not survive a fork."""
    url = settings().database_url
    key = (os.getpid(), url)
    if key not in _stores:
        _stores[key] = (
            SqliteAnswers(connector(db.engine.url.database or ""))  # the very file that the other rows are in
            if url.startswith("sqlite")
            else PostgresAnswers(
                db.engine.dialect.create_connect_args(db.engine.url)[1]
            )  # the parts that the driver takes
        )
    return _stores[key]


@lru_cache(maxsize=4096)
def _kinds(ref: str, person_id: int) -> tuple[tuple[str, int], ...]:
    """(kind, options shown) of each slot; kept, because a form never changes and saving must not read it each time."""
    form = db.session.scalar(select(Sitting.form).where(Sitting.ref == ref, Sitting.person_id == person_id))
    if form is None:
        raise NotFound
    return tuple((row["kind"], len(row["options"])) for row in form)


def _entry(kinds: Sequence[tuple[str, int]], raw: Mapping[str, Any]) -> Entry:
    seq, slot, ms = raw.get("seq"), raw.get("slot"), raw.get("ms")
    if type(seq) is not int or type(slot) is not int or type(ms) is not int or not 0 <= ms < _MOST_MS:
        raise BadEntry
    return Entry(seq, slot, canonical(checked(kinds, slot, raw.get("value"))), ms)


atexit.register(release_stores)
