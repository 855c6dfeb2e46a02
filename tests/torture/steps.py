"""The server's clock steps by up to two hours, both ways, while answers are saved and due sittings are closed."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.exams import journal, services, timing
from app.exams.answer_store import AnswerStore
from app.exams.journal import Entry, Pen
from app.exams.models import ClockAlarm, Outage, Sitting
from app.marking.tasks import close_due
from app.store import db, scope_to, writing
from tests.torture.audit import Count, audit
from tests.torture.kills import Outcome
from tests.torture.races import together
from tests.torture.world import WRITER, Seat, World

Acked = dict[tuple[int, int], tuple[int, Any]]


class Wall:
    """The machine's clock as somebody sets it: `ahead` is by how much it is wrong."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """What the machine says."""
        return datetime.now(UTC) + self.ahead


@contextmanager
def stepping(*, steady: bool = True) -> Iterator[Wall]:
    """Let the house read a wall clock that can be set; without `steady` it believes it, as a negative control."""
    wall, kept = Wall(), clock._steady
    clock._steady = clock.Steady(wall.now, clock._running)
    if not steady:
        clock._steady.LIMIT = timedelta(days=1)  # type: ignore[misc]  # of this one clock alone
    try:
        yield wall
    finally:
        clock._steady = kept


def clock_steps(here: World, store: AnswerStore, *, steps: int, seed: str, name: str, steady: bool = True) -> Outcome:
    """Each seat saves on and on while the clock is set; a sitting that closed or moved for it counts as broken."""
    dice, done, count = random.Random(seed), threading.Event(), Count()
    acked: dict[int, Acked] = {seat.sitting: {} for seat in here.seats}
    with stepping(steady=steady) as wall:
        before = _deadlines(here)
        pages = [partial(_page, store, seat, acked[seat.sitting], done) for seat in here.seats]
        together([*pages, partial(_set, here, wall, dice, steps, done)])
        wall.ahead = timedelta(0)
        moved = sum(one != before[key] for key, one in _deadlines(here).items())
        alarms = _alarms(here)
    count += audit(here.app, acked)
    count.broken += moved + (steady and not alarms)
    return Outcome(name, count, steps, notes=f"{alarms} alarms, {moved} sittings touched")


def _page(store: AnswerStore, seat: Seat, acked: Acked, done: threading.Event) -> None:
    slot, number = seat.kinds.index("short") + 1, 0
    while not done.wait(0.01):
        number += 1
        text = f"step {number}"
        entry = Entry(number, slot, journal.canonical(text), 1)
        try:
            saved = store.save(Pen(seat.ref, seat.person, 1, WRITER), [entry], clock.now())
        except timing.Closed:
            return
        if not saved.late:
            acked[1, number] = (slot, text)


def _set(here: World, wall: Wall, dice: random.Random, steps: int, done: threading.Event) -> None:
    """Set the clock again and again, and each time do what web process and worker do every few seconds."""
    try:
        with here.app.app_context():
            scope_to(None)
            for _ in range(steps):
                done.wait(dice.uniform(0.02, 0.06))
                wall.ahead = timedelta(seconds=dice.choice((-1, 1)) * dice.uniform(3, 7200))
                with writing():
                    services.beat()
                    services.note_clock(clock.parted())
                with writing():
                    for outage in db.session.scalars(select(Outage.id).where(Outage.credited_at.is_(None))).all():
                        services.credit_outage(outage)
                db.session.remove()
                close_due()
                db.session.remove()
    finally:
        done.set()


def _deadlines(here: World) -> dict[int, tuple[str, datetime | None]]:
    with here.app.app_context():
        scope_to(None)
        rows = db.session.execute(select(Sitting.id, Sitting.state, Sitting.deadline_at)).all()
        db.session.remove()
        return {row[0]: (row[1], row[2]) for row in rows if row[0] in {seat.sitting for seat in here.seats}}


def _alarms(here: World) -> int:
    with here.app.app_context():
        scope_to(None)
        found = db.session.scalar(select(func.count()).select_from(ClockAlarm)) or 0
        db.session.remove()
        return found
