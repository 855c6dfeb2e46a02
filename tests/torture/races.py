"""Races: hand-ins against saves, with the lock and without it, and more starts at once than attempts are allowed."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.exams import journal, services, timing
from app.exams.answer_store import AnswerStore, PostgresAnswers, SqliteAnswers, connector
from app.exams.answer_store import postgres as statements
from app.exams.journal import Entry, Pen, StoreDown
from app.exams.models import Sitting
from app.refusals import Refusal
from app.store import Unreachable, db, is_sqlite, scope_to, writing
from tests.torture.audit import Count, audit
from tests.torture.kills import Outcome
from tests.torture.world import WRITER, Seat, World

SAVERS = 4


def store_of(here: World) -> AnswerStore:
    """An answer store on the installation's database."""
    with here.app.app_context():
        if is_sqlite():
            return SqliteAnswers(connector(here.database))
        return PostgresAnswers(db.engine.dialect.create_connect_args(db.engine.url)[1])


@contextmanager
def without_lock(here: World) -> Iterator[AnswerStore]:
    """A negative control: the same store without the lock on the sitting's row."""
    kept = statements._BY_PERSON
    statements._BY_PERSON = kept.replace("FOR SHARE", "")
    store = store_of(here)
    if isinstance(store, SqliteAnswers):
        store = _Unlocked(connector(here.database))
    try:
        yield store
    finally:
        store.close()
        statements._BY_PERSON = kept


class _Unlocked(SqliteAnswers):
    """Each statement for itself, as a program does that forgets to begin a transaction."""

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        try:
            yield self._connection()
        except sqlite3.Error as error:
            raise StoreDown from error


def hand_ins(here: World, store: AnswerStore, *, rounds: int, seed: str, name: str) -> Outcome:
    """In each round four windows of one sitting save while it is closed; sittings must be as many as rounds."""
    dice, total = random.Random(seed), Count()
    for seat in here.seats[:rounds]:
        race = _Race(here, store, seat, dice.uniform(0.005, 0.06))
        jobs: list[Callable[[], None]] = [partial(race.window, name) for name in "abcd"]
        together([*jobs, race.close])
        total += audit(here.app, {seat.sitting: race.acked}, closed={seat.sitting: race.snapshot})
    return Outcome(name, total, min(rounds, len(here.seats)))


class _Race:
    """One sitting with its windows; `acked` and `snapshot` are what it is judged by."""

    def __init__(self, here: World, store: AnswerStore, seat: Seat, after: float) -> None:
        self.here, self.store, self.seat, self.after = here, store, seat, after
        self.acked: dict[tuple[int, int], tuple[int, Any]] = {}
        self.snapshot: dict[int, Any] = {}
        self.begun, self.until = threading.Barrier(SAVERS + 1), time.monotonic() + 40
        self.slot = seat.kinds.index("short") + 1

    def window(self, name: str) -> None:
        """Save one answer after another until the sitting is closed."""
        self.begun.wait()
        number = 1
        while time.monotonic() < self.until:
            text = f"{name} {number}"
            entry = Entry(number, self.slot, journal.canonical(text), 1)
            try:
                self.store.save(Pen(self.seat.ref, self.seat.person, 1, WRITER), [entry], clock.now())
            except journal.Gap as gap:
                number = int(str(gap.parameters["expected"]))
            except timing.Closed:
                return
            except (StoreDown, TypeError):
                continue
            else:
                self.acked[1, number] = (self.slot, text)
                number += 1
                time.sleep(0.0005)

    def close(self) -> None:
        """Close it in the midst; a busy database is asked again, as a page asks again."""
        self.begun.wait()
        time.sleep(self.after)
        with self.here.app.app_context():
            scope_to(None)
            while not self.snapshot:
                with suppress(Unreachable), writing():
                    closed = services.close_sitting(self.seat.sitting, "candidate", clock.now())
                    self.snapshot.update(closed.snapshot)
            db.session.remove()


def starts(here: World, engine: str, *, at_once: int = 6) -> Outcome:
    """Everybody hands in and then asks for a paper several times at once, with one attempt left or none."""
    over = 0
    with here.app.app_context():
        scope_to(None)
        for seat in here.seats:
            with writing():
                services.close_sitting(seat.sitting, "candidate", clock.now())
        db.session.remove()
    for seat in here.seats:

        def ask(person: int = seat.person) -> None:
            with here.app.app_context():
                scope_to(None)
                try:
                    with writing():
                        services.prepare_sitting(here.room.session, person)
                except Refusal:
                    return
                finally:
                    db.session.remove()

        together([ask] * at_once)
    with here.app.app_context():
        scope_to(None)
        rows = db.session.execute(select(Sitting.person_id, func.count()).group_by(Sitting.person_id))
        over = sum(count > ALLOWED for _, count in rows)
        db.session.remove()
    return Outcome(f"parallel starts ({engine})", Count(doubled=over), len(here.seats) * at_once)


ALLOWED = 2
"""Attempts of the session in the race of starts: the one that was used, and one more."""


def together(jobs: list[Callable[[], None]]) -> None:
    """Run at the same time; what one raises is raised."""
    failed: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise failed[0]
