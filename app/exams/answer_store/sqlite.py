"""Answers in SQLite: BEGIN IMMEDIATE, write-ahead log, and a sync before the acknowledgement."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.exams import journal, timing
from app.exams.answer_store import badge
from app.exams.answer_store.badge import HOLDS
from app.exams.answer_store.port import numbered, refuse
from app.exams.journal import Entry, Gap, Pen, Saved, StoreDown

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
_FORMAT = "%Y-%m-%d %H:%M:%S.%f"

_SITTING = "SELECT id, state, closed_by, epoch, writer, deadline_at, session_id FROM sittings WHERE ref = ? AND "
_BY_PERSON = _SITTING + "person_id = ?"
_BY_BADGE = _SITTING.replace("?", ":ref") + HOLDS.format(
    session=":session", at=":at", seen=":seen", today=":today", roles="SELECT value FROM json_each(:roles)"
)
_GRACE = "SELECT grace_seconds FROM exam_sessions WHERE id = ?"
_HEAD = "SELECT epoch, seq, chain FROM answer_entries WHERE sitting_id = ? ORDER BY epoch DESC, seq DESC LIMIT 1"
_TAKEN = (
    "SELECT seq, slot, response, late FROM answer_entries WHERE sitting_id = ? AND epoch = ? AND seq BETWEEN ? AND ?"
)
_ENTRY = (
    "INSERT INTO answer_entries (sitting_id, epoch, seq, slot, response, client_ms, saved_at, late, chain)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ANSWER = (
    "INSERT INTO answers (sitting_id, slot, epoch, seq, response, saved_at) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (sitting_id, slot) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,"
    " response = excluded.response, saved_at = excluded.saved_at"
    " WHERE (excluded.epoch, excluded.seq) > (answers.epoch, answers.seq)"
)


def connector(path: str) -> Callable[[], sqlite3.Connection]:
    """A maker of connections to a database file, with the settings under which a commit survives a power cut."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
        return connection

    return connect


class SqliteAnswers:
    """The answer store on SQLite; each thread keeps one connection of `connect`."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []

    def save(self, pen: Pen, entries: Sequence[Entry], at: datetime) -> Saved:
        """See AnswerStore.save."""
        journal.check_order(entries)
        with self._transaction() as connection:
            place = _place(connection, pen, at)
            return _save(connection, pen, place, entries, at)

    def append(self, pen: Pen, responses: Mapping[int, str], at: datetime) -> Saved:
        """See AnswerStore.append."""
        with self._transaction() as connection:
            place = _place(connection, pen, at)
            return _save(connection, pen, place, numbered(responses, place.last, at), at)

    def close(self) -> None:
        """Close every connection of every thread."""
        while self._all:
            self._all.pop().close()
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._connect()
            for name, value in PRAGMAS.items():
                held = found.execute(f"PRAGMA {name}").fetchone()[0]
                if held != value:
                    found.close()
                    raise StoreDown(setting=name)
            self._local.connection = found
            self._all.append(found)
        return found

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StoreDown from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the next entry goes; `closed` and `grace` (seconds) decide what is late."""

    sitting: int
    deadline_at: datetime
    closed: bool
    grace: int
    last: int
    chain: bytes

    def late(self, entry: Entry, at: datetime) -> bool:
        """Whether the entry is kept and not counted."""
        return self.closed or timing.is_late(self.deadline_at, self.grace, at, entry.client_ms)


def _sitting(connection: sqlite3.Connection, pen: Pen, at: datetime) -> Any:
    if pen.badge is None:
        return connection.execute(_BY_PERSON, (pen.ref, pen.person_id)).fetchone()
    known = badge.values(pen.badge, at)
    known |= {name: known[name].astimezone(UTC).strftime(_FORMAT) for name in ("at", "seen")}
    known |= {"ref": pen.ref, "roles": json.dumps(pen.badge.roles), "today": known["today"].isoformat()}
    return connection.execute(_BY_BADGE, known).fetchone()


def _place(connection: sqlite3.Connection, pen: Pen, at: datetime) -> _Place:
    """Find the sitting's place for new entries, or refuse."""
    row = _sitting(connection, pen, at)
    if row is None or row[5] is None:
        refuse(None, pen)
    sitting, state, closed_by, epoch, writer, ends, session = row
    deadline_at = datetime.strptime(ends, _FORMAT).replace(tzinfo=UTC)
    takes = state == "open" or (state == "closed" and closed_by == "deadline")
    mine = epoch == pen.epoch and pen.writer in {None, writer}
    if not takes or not mine or not timing.is_kept(deadline_at, at):
        refuse((state, closed_by, epoch, writer), pen)
    head = connection.execute(_HEAD, (sitting,)).fetchone()
    over = not timing.counts(deadline_at, at)  # only then it matters how long the grace is
    return _Place(
        sitting=sitting,
        deadline_at=deadline_at,
        closed=state != "open",
        grace=connection.execute(_GRACE, (session,)).fetchone()[0] if over else 0,
        last=head[1] if head and head[0] == epoch else 0,
        chain=head[2] if head else journal.root(pen.ref),
    )


def _save(connection: sqlite3.Connection, pen: Pen, place: _Place, entries: Sequence[Entry], at: datetime) -> Saved:
    if entries and entries[0].seq > place.last + 1:
        raise Gap(expected=place.last + 1)
    late = _late_already(connection, pen, place, entries) if entries and entries[0].seq <= place.last else False
    chain, saved_at = place.chain, at.astimezone(UTC).strftime(_FORMAT)
    for entry in entries:
        if entry.seq <= place.last:
            continue
        chain, too_late = journal.link(chain, journal.line(pen.epoch, entry)), place.late(entry, at)
        late |= too_late
        connection.execute(
            _ENTRY,
            (place.sitting, pen.epoch, entry.seq, entry.slot, entry.response, entry.client_ms, saved_at, too_late,
             chain),
        )  # fmt: skip
        if not too_late:
            connection.execute(_ANSWER, (place.sitting, entry.slot, pen.epoch, entry.seq, entry.response, saved_at))
    acked = tuple(entry.seq for entry in entries)
    return Saved(acked, max((place.last, *acked)), place.deadline_at, late)


def _late_already(connection: sqlite3.Connection, pen: Pen, place: _Place, entries: Sequence[Entry]) -> bool:
    """Whether any of the entries that are there already is late. Raises Gap if one holds something else."""
    rows = connection.execute(_TAKEN, (place.sitting, pen.epoch, entries[0].seq, entries[-1].seq)).fetchall()
    sent = {entry.seq: (entry.slot, entry.response) for entry in entries}
    if any(sent[seq] != (slot, response) for seq, slot, response, _ in rows):
        raise Gap(expected=place.last + 1)
    return any(late for *_, late in rows)
