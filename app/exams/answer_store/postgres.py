"""Answers in PostgreSQL: one statement, one round trip, with the sitting's row locked FOR SHARE.

The lock is what makes "acknowledged" mean "in the score": a hand-in waits for every save that began before it, and
a save that began after it finds the sitting closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from app.exams import journal, timing
from app.exams.answer_store import badge
from app.exams.answer_store.badge import HOLDS
from app.exams.answer_store.port import numbered, refuse
from app.exams.journal import Entry, Gap, Pen, Saved, StoreDown
from app.refusals import NotFound

_TIMEOUTS = "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"

_TURNS = 5
_SAVE = """
WITH RECURSIVE sitting AS (
    SELECT id, deadline_at, %(at)s > deadline_at AS after, state <> 'open' OR (%(at)s > deadline_at AND %(at)s >
        deadline_at + make_interval(secs => (SELECT grace_seconds FROM exam_sessions WHERE id = session_id))) AS over
    FROM sittings
    WHERE ref = %(ref)s AND {who} AND epoch = %(epoch)s
      AND (%(writer)s::text IS NULL OR writer = %(writer)s)
      AND (state = 'open' OR (state = 'closed' AND closed_by = 'deadline')) AND deadline_at >= %(oldest)s
    FOR SHARE
), head AS (
    SELECT epoch, seq, chain FROM answer_entries
    WHERE sitting_id = (SELECT id FROM sitting) ORDER BY epoch DESC, seq DESC LIMIT 1
), place AS (
    SELECT id, deadline_at, after, over, coalesce((SELECT seq FROM head WHERE epoch = %(epoch)s), 0) AS last,
           coalesce((SELECT chain FROM head), %(root)s) AS prior
    FROM sitting
), clash AS (
    SELECT FROM place, answer_entries AS old
    JOIN unnest(%(seqs)s::int[], %(slots)s::smallint[], %(responses)s::text[]) AS entry (seq, slot, response)
      ON old.seq = entry.seq
    WHERE old.sitting_id = place.id AND old.epoch = %(epoch)s
      AND (old.slot, old.response) <> (entry.slot, entry.response)
), fresh AS (
    SELECT row_number() OVER (ORDER BY seq) AS n, entry.*
    FROM place, unnest(%(seqs)s::int[], %(slots)s::smallint[], %(responses)s::text[], %(clients)s::bigint[],
                       %(lines)s::bytea[]) AS entry (seq, slot, response, client_ms, line)
    WHERE seq > last AND %(first)s <= last + 1 AND NOT EXISTS (SELECT FROM clash)
), linked AS (
    SELECT fresh.*, sha256(prior || line) AS chain FROM fresh, place WHERE n = 1
    UNION ALL
    SELECT fresh.*, sha256(linked.chain || fresh.line) FROM linked JOIN fresh ON fresh.n = linked.n + 1
), kept AS (
    INSERT INTO answer_entries (sitting_id, epoch, seq, slot, response, client_ms, saved_at, late, chain)
    SELECT place.id, %(epoch)s, seq, slot, response, client_ms, %(at)s,
           over OR (after AND client_ms * 1000 > extract(epoch FROM deadline_at) * 1000000), chain
    FROM linked, place
    RETURNING sitting_id, epoch, seq, slot, response, saved_at, late
), newest AS (
    INSERT INTO answers (sitting_id, slot, epoch, seq, response, saved_at)
    SELECT DISTINCT ON (slot) sitting_id, slot, epoch, seq, response, saved_at
    FROM kept WHERE NOT late ORDER BY slot, seq DESC
    ON CONFLICT (sitting_id, slot) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,
        response = excluded.response, saved_at = excluded.saved_at
    WHERE (excluded.epoch, excluded.seq) > (answers.epoch, answers.seq)
)
SELECT last, deadline_at, EXISTS (SELECT FROM kept WHERE late) OR ((after OR over) AND EXISTS (
    SELECT FROM answer_entries AS old
    WHERE sitting_id = place.id AND old.epoch = %(epoch)s AND seq = ANY (%(seqs)s::int[]) AND old.late
)), EXISTS (SELECT FROM clash) FROM place
"""
_BY_PERSON = _SAVE.replace("{who}", "person_id = %(person)s")
_BY_BADGE = _SAVE.replace(
    "{who}",
    HOLDS.format(
        session="%(session)s", at="%(at)s", seen="%(seen)s", today="%(today)s", roles="SELECT unnest(%(roles)s::text[])"
    ),
)
_STATE = "SELECT state, closed_by, epoch, writer FROM sittings WHERE ref = %(ref)s AND person_id = %(person)s"
_LOCK = "SELECT id FROM sittings WHERE ref = %(ref)s AND person_id = %(person)s FOR NO KEY UPDATE"
_LAST = "SELECT coalesce(max(seq), 0) FROM answer_entries WHERE sitting_id = %(id)s AND epoch = %(epoch)s"


class PostgresAnswers:
    """The answer store on PostgreSQL with a pool of its own; `address` is a libpq address, as text or in its parts.

    It may name several servers: then the one that takes writes is found, also after the standby was promoted.
    """

    def __init__(self, address: str | Mapping[str, Any], *, most: int = 8, options: str = _TIMEOUTS) -> None:
        self._pool = ConnectionPool(
            address if isinstance(address, str) else "", min_size=1, max_size=most, timeout=3, open=True,
            name="answers", kwargs={**({} if isinstance(address, str) else address), "autocommit": True, "options": options},
        )  # fmt: skip

    def save(self, pen: Pen, entries: Sequence[Entry], at: datetime) -> Saved:
        """See AnswerStore.save. A connection that died is tried once more: saving twice changes nothing."""
        journal.check_order(entries)
        try:
            with self._connection() as connection:
                return _save(connection, pen, entries, at)
        except StoreDown:
            with self._connection() as connection:
                return _save(connection, pen, entries, at)

    def append(self, pen: Pen, responses: Mapping[int, str], at: datetime) -> Saved:
        """See AnswerStore.append."""
        with self._connection() as connection, connection.transaction():
            found = connection.execute(_LOCK, {"ref": pen.ref, "person": pen.person_id}).fetchone()
            # A statement of its own: only one that begins after the wait for the lock sees what was saved meanwhile.
            row = connection.execute(_LAST, {"id": found[0], "epoch": pen.epoch}).fetchone() if found else None
            return _save(connection, pen, numbered(responses, row[0] if row else 0, at), at)

    def close(self) -> None:
        """Close the pool."""
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreDown from error


def _save(connection: psycopg.Connection[Any], pen: Pen, entries: Sequence[Entry], at: datetime) -> Saved:
    """Save in one statement; when another request puts the same numbers in meanwhile, nothing happens: look again."""
    for _ in range(_TURNS):
        try:
            return _try(connection, pen, entries, at)
        except psycopg.errors.UniqueViolation:
            continue
    raise StoreDown


def _try(connection: psycopg.Connection[Any], pen: Pen, entries: Sequence[Entry], at: datetime) -> Saved:
    who = badge.values(pen.badge, at) | {"roles": list(pen.badge.roles)} if pen.badge else {"person": pen.person_id}
    row = connection.execute(
        _BY_BADGE if pen.badge else _BY_PERSON,
        who
        | {
            "ref": pen.ref, "epoch": pen.epoch, "writer": pen.writer, "at": at,
            "oldest": at - timing.LATE_KEPT, "root": journal.root(pen.ref),
            "first": entries[0].seq if entries else 1,
            "seqs": [entry.seq for entry in entries],
            "slots": [entry.slot for entry in entries],
            "responses": [entry.response for entry in entries],
            "clients": [entry.client_ms for entry in entries],
            "lines": [journal.line(pen.epoch, entry) for entry in entries],
        },
    ).fetchone()  # fmt: skip
    if row is None and pen.badge:
        raise NotFound  # for whatever reason; whoever asks without a badge is told which
    if row is None:
        refuse(connection.execute(_STATE, {"ref": pen.ref, "person": pen.person_id}).fetchone(), pen)
    last, deadline_at, late, clash = row
    if clash or (entries and entries[0].seq > last + 1):
        raise Gap(expected=last + 1)
    acked = tuple(entry.seq for entry in entries)
    return Saved(acked, max((last, *acked)), deadline_at, late)
