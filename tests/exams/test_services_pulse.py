"""The pulse of the exam page: presence, signs, and what the candidate hears, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app import clock
from app.exams import services
from app.exams.models import Announcement, ExamCandidate, ExamSession, Incident, Presence, Sitting, SittingEvent
from app.exams.services.incidents import decide_incident
from app.exams.signs import Sign
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, writing
from tests.exams.rooms import NOW, one_sitting, person

pytestmark = pytest.mark.usefixtures("now", "db_app")
WRITER = "w" * 32


def left(no: int, ms: int = 60_000) -> Sign:
    return Sign(no, "left", 3, ms, 1)


def beat(ref: str, who: int, *signs: Sign, **changes: Any) -> services.Heard:
    facts: dict[str, Any] = {"writer": WRITER, "slot": 2, "hidden": False, "seen_no": 0} | changes
    with writing():
        return services.take_pulse(ref, who, services.Pulse(signs=signs, **facts))


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent, without those that begin and end a transaction."""
    seen: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_pulse_says_where_somebody_is_and_hears_the_deadline() -> None:
    ref, who, sitting = one_sitting()
    heard = beat(ref, who)
    assert (heard.deadline_at, heard.state, heard.held, heard.left) == (NOW + timedelta(minutes=90), "open", True, 0)
    assert (heard.announcements, heard.incidents, heard.locked) == ((), (), None)
    beat(ref, who, slot=5, hidden=True)
    row = db.session.get_one(Presence, sitting)
    assert (row.slot, row.hidden, row.seen_at) == (5, True, NOW)


def test_a_pulse_without_news_takes_two_statements() -> None:
    ref, who, _ = one_sitting()
    beat(ref, who)
    with statements() as seen:
        beat(ref, who)
    assert len(seen) == 2, seen


def test_nobody_else_and_no_other_device_moves_the_presence() -> None:
    ref, who, sitting = one_sitting()
    beat(ref, who, slot=2)
    assert beat(ref, who, writer="v" * 32, slot=9).held is False
    assert db.session.get_one(Presence, sitting).slot == 2
    with pytest.raises(NotFound):
        beat(ref, who + 1)


def test_signs_are_kept_once_whatever_is_sent_again() -> None:
    ref, who, _ = one_sitting()
    first = beat(ref, who, left(1), Sign(2, "paste", 1, 0, 5))
    again = beat(ref, who, left(1), Sign(2, "paste", 1, 0, 5), left(3))
    assert (first.left, again.left, again.acked) == (1, 2, [1, 2, 3])
    assert db.session.scalar(select(func.count()).select_from(SittingEvent)) == 3
    assert beat(ref, who, left(1), writer="v" * 32).left == 3, "another device numbers on its own"


def test_a_short_look_away_is_acknowledged_and_not_kept() -> None:
    ref, who, _ = one_sitting()
    heard = beat(ref, who, left(1, 4_999))
    assert (heard.acked, heard.left) == ([1], 0)
    assert beat(ref, who, left(2, 19_999), phone=True).left == 0
    assert beat(ref, who, left(3, 20_000), phone=True).left == 1


def test_the_third_time_raises_one_incident_and_nothing_else_happens() -> None:
    ref, who, sitting = one_sitting()
    assert beat(ref, who, left(1), left(2)).incidents == []
    heard = beat(ref, who, left(3))
    assert [(one.kind, one.source, one.decision) for one in heard.incidents] == [("left", "system", None)]
    beat(ref, who, left(4))
    assert db.session.scalar(select(func.count()).select_from(Incident)) == 1
    assert db.session.get_one(Sitting, sitting).state == "open"
    kinds = db.session.scalars(select(Entry.kind).where(Entry.subject == f"sitting:{ref}")).all()
    assert kinds == ["incident.raised"]


def test_after_a_decision_it_takes_as_many_again() -> None:
    ref, who, _ = one_sitting()
    first = beat(ref, who, left(1), left(2), left(3)).incidents[0].ref
    with writing():
        judge = person("officer").id
        decide_incident(first, decision="warned", why="Talked to him.", seen="", by=judge)
    with clock.frozen(NOW + timedelta(minutes=1)):
        assert beat(ref, who, left(4), left(5)).incidents == []
        second = beat(ref, who, left(6)).incidents
    assert len(second) == 1 and second[0].ref != first


def test_a_session_without_warnings_raises_nothing() -> None:
    ref, who, _ = one_sitting()
    with writing():
        db.session.scalars(select(ExamSession)).one().leave_warnings = 0
    assert beat(ref, who, *[left(n) for n in range(1, 9)]).incidents == []


def test_announcements_reach_the_room_they_are_for() -> None:
    ref, who, sitting = one_sitting()
    with writing():
        own = db.session.get_one(Sitting, sitting)
        db.session.add(
            ExamCandidate(
                base_id=own.base_id, session_id=own.session_id, enrolment_id=own.enrolment_id, person_id=who, room="A"
            )
        )
        for no, room in enumerate(("", "A", "B", ""), 1):
            db.session.add(
                Announcement(
                    base_id=own.base_id, session_id=own.session_id, no=no, room=room, body=f"{no}", by_id=who, at=NOW
                )
            )
    assert [one.no for one in beat(ref, who).announcements] == [1, 2, 4]
    assert [one.no for one in beat(ref, who, seen_no=2).announcements] == [4]
    assert beat(ref, who, seen_no=4).announcements == ()


def test_a_closed_sitting_says_so_and_leaves_no_trace() -> None:
    ref, who, sitting = one_sitting(state="closed", closed_by="staff", closed_reason="Fire alarm")
    heard = beat(ref, who)
    assert (heard.state, heard.closed_by, heard.closed_reason) == ("closed", "staff", "Fire alarm")
    assert db.session.get(Presence, sitting) is None


def test_a_waiting_room_has_a_pulse_too(db_app: Flask) -> None:
    ref, who, sitting = one_sitting(state="ready", deadline_at=None, started_at=None, writer=None)
    assert beat(ref, who, slot=None).deadline_at is None
    assert db.session.get_one(Presence, sitting).slot is None
