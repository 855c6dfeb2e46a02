"""A state machine: whatever pages, clocks and crashes do in any order, the store says and holds what a small model says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from app import clock
from app.exams import journal, services, timing
from app.exams.answer_store import AnswerStore
from app.exams.journal import Entry, Gap, Pen, Saved, TakenOver
from app.exams.models import Answer, AnswerEntry
from app.store import db, writing
from tests.exams.rooms import NOW, one_more_sitting

GRACE, MINUTES = timedelta(seconds=60), timedelta(minutes=90)
SLOTS = st.sampled_from([0, 1, 2, 3, -1])
WORDS = st.sampled_from(["A", "B", "C", "D"])


@dataclass
class Model:
    """What must be true: the journal by (epoch, number), the present answers, who holds the pen, what time it is."""

    at: datetime = NOW
    epoch: int = 1
    writer: str = "w" * 32
    state: str = "open"
    closed_by: str = ""
    kept: dict[tuple[int, int], tuple[int, str, bool]] = field(default_factory=dict)
    present: dict[int, str] = field(default_factory=dict)
    snapshot: dict[int, Any] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The highest number of the present epoch."""
        return max((seq for epoch, seq in self.kept if epoch == self.epoch), default=0)

    def expected(self, pen: Pen, entries: list[Entry]) -> type[Exception] | None:
        """The refusal that a save must meet, or None."""
        ends = NOW + MINUTES
        gone = self.state == "closed" and self.closed_by != "deadline"
        if gone:
            return timing.Closed
        if (pen.epoch, pen.writer) != (self.epoch, self.writer):
            return TakenOver
        if self.at > ends + timing.LATE_KEPT:
            return timing.Closed
        if entries and entries[0].seq > self.last + 1:
            return Gap
        taken = [self.kept.get((self.epoch, one.seq)) for one in entries]
        clash = any(held and held[:2] != (one.slot, one.response) for held, one in zip(taken, entries, strict=True))
        return Gap if clash else None

    def save(self, entries: list[Entry]) -> None:
        """Take what is new."""
        ends_ms = int((NOW + MINUTES).timestamp() * 1000)
        for one in entries:
            if one.seq <= self.last:
                continue
            after = self.at > NOW + MINUTES
            late = self.state == "closed" or (after and (self.at > NOW + MINUTES + GRACE or one.client_ms > ends_ms))
            self.kept[self.epoch, one.seq] = (one.slot, one.response, late)
            if not late:
                self.present[one.slot] = one.response


class Sitting(RuleBasedStateMachine):
    """`make` gives a fresh store on the database of the running application; set by the test."""

    make: Callable[[], AnswerStore]

    @initialize()
    def begin(self) -> None:
        """A sitting of its own for each run."""
        self.ref, self.person, self.sitting = one_more_sitting(MINUTES)
        self.model, self.store = Model(), type(self).make()
        self.old: list[list[Entry]] = []

    def teardown(self) -> None:
        """Give the connections back."""
        if hasattr(self, "store"):
            self.store.close()

    def _save(self, entries: list[Entry], epoch: int | None = None, writer: str | None = None) -> None:
        pen = Pen(self.ref, self.person, epoch or self.model.epoch, writer or self.model.writer)
        wanted = self.model.expected(pen, entries)
        try:
            saved: Saved | None = self.store.save(pen, entries, self.model.at)
        except (Gap, TakenOver, timing.Closed) as refusal:
            assert type(refusal) is wanted, (refusal, wanted)
            if isinstance(refusal, Gap):
                assert refusal.parameters == {"expected": self.model.last + 1}
            return
        assert wanted is None and saved is not None, wanted
        self.model.save(entries)
        assert saved.acked == tuple(one.seq for one in entries)
        assert saved.last == self.model.last
        mine = [self.model.kept[self.model.epoch, one.seq] for one in entries]
        assert saved.late == any(late for *_, late in mine)

    def _entries(self, first: int, said: list[tuple[int, str]]) -> list[Entry]:
        ms = int(self.model.at.timestamp() * 1000)
        return [Entry(first + n, slot, journal.canonical(word), ms) for n, (slot, word) in enumerate(said)]

    @rule(said=st.lists(st.tuples(SLOTS, WORDS), min_size=0, max_size=5))
    def answer(self, said: list[tuple[int, str]]) -> None:
        """The next answers, or a beat."""
        entries = self._entries(self.model.last + 1, said)
        self.old.append(entries)
        self._save(entries)

    @precondition(lambda self: self.old)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """Something old once more, as after a lost reply."""
        self._save(data.draw(st.sampled_from(self.old)))

    @rule(said=st.lists(st.tuples(SLOTS, WORDS), min_size=1, max_size=3), ahead=st.integers(2, 4))
    def out_of_order(self, said: list[tuple[int, str]], ahead: int) -> None:
        """A later request overtakes an earlier one."""
        self._save(self._entries(self.model.last + ahead, said))

    @rule(said=st.lists(st.tuples(SLOTS, WORDS), min_size=1, max_size=3), back=st.integers(0, 3))
    def other_words(self, said: list[tuple[int, str]], back: int) -> None:
        """Numbers that are taken, perhaps by other answers."""
        self._save(self._entries(max(1, self.model.last - back), said))

    @rule(said=st.lists(st.tuples(SLOTS, WORDS), min_size=1, max_size=3), wrong=st.sampled_from(["epoch", "writer"]))
    def stranger(self, said: list[tuple[int, str]], wrong: str) -> None:
        """A device that does not hold the pen."""
        entries = self._entries(self.model.last + 1, said)
        self._save(entries, *((self.model.epoch + 1, None) if wrong == "epoch" else (None, "x" * 32)))

    @precondition(lambda self: self.model.state == "open")
    @rule(device=st.sampled_from(["v", "w"]))
    def take_over(self, device: str) -> None:
        """Another device, or the same one, takes the pen."""
        with clock.frozen(self.model.at), writing():
            held = services.lease(self.ref, self.person, device * 32, take_over=True)
        if self.model.writer != device * 32:
            self.model.writer, self.model.epoch = device * 32, self.model.epoch + 1
        assert (held.granted, held.epoch, held.last) == (True, self.model.epoch, self.model.last)

    @rule(seconds=st.sampled_from([1, 600, 5400, 5430, 30, 86400]))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.model.at += timedelta(seconds=seconds)

    @rule()
    def crash(self) -> None:
        """All connections are gone; a new process goes on."""
        self.store.close()
        self.store = type(self).make()

    @precondition(lambda self: self.model.state == "open")
    @rule(by=st.sampled_from(["candidate", "staff", "deadline"]))
    def close(self, by: str) -> None:
        """Hand in, or be handed in."""
        if by == "deadline" and self.model.at <= NOW + MINUTES + GRACE:
            return
        with clock.frozen(self.model.at), writing():
            closed = services.close_sitting(self.sitting, by, self.model.at)
        self.model.state = "closed"
        late = by == "candidate" and self.model.at > NOW + MINUTES
        self.model.closed_by = "deadline" if late else by
        self.model.snapshot = dict(closed.snapshot)
        assert closed.sitting.closed_by == self.model.closed_by

    @invariant()
    def agrees(self) -> None:
        """Journal, chain, present answers and snapshot are the model's."""
        if not hasattr(self, "model"):
            return
        db.session.rollback()
        rows = db.session.scalars(
            select(AnswerEntry)
            .where(AnswerEntry.sitting_id == self.sitting)
            .order_by(AnswerEntry.epoch, AnswerEntry.seq)
        ).all()
        assert {(row.epoch, row.seq): (row.slot, row.response, row.late) for row in rows} == self.model.kept
        lines = [(row.epoch, Entry(row.seq, row.slot, row.response, row.client_ms), row.chain) for row in rows]
        assert journal.broken_at(self.ref, lines) is None
        present = db.session.execute(select(Answer.slot, Answer.response).where(Answer.sitting_id == self.sitting))
        found = dict(present.all())
        assert found == self.model.present
        if self.model.state == "closed":
            wanted = {slot: json.loads(found.get(slot, "null")) for slot in self.model.snapshot}
            assert self.model.snapshot == wanted
        db.session.rollback()
