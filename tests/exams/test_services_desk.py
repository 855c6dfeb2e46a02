"""The desk: what it sees, how few statements that takes, and what an invigilator does, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.exams import services, timing
from app.exams.models import (
    Announcement,
    Answer,
    AnswerEntry,
    ExamCandidate,
    ExamSession,
    Presence,
    Sitting,
    SittingChange,
    SittingEvent,
)
from app.exams.services import candidates, incidents, steer, watch
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.exams import rooms
from tests.exams.rooms import NOW, Room, whole_room
from tests.exams.test_services_pulse import statements

pytestmark = pytest.mark.usefixtures("now", "db_app")


def seated(people: int = 4) -> tuple[Room, ExamSession, list[Sitting], int]:
    """A room of people who sit, in two rooms by turns, with answers and signs; and an invigilator."""
    room = whole_room(people)
    session = db.session.scalars(select(ExamSession)).one()
    session_id, base = session.id, session.base_id
    with writing():
        watcher = rooms.person("watcher").id
        for number, who in enumerate(room.people):
            by = db.session.scalars(select(rooms.Enrolment).where(rooms.Enrolment.person_id == who)).one()
            place = "A" if number % 2 else "B"
            db.session.add(
                ExamCandidate(
                    base_id=base, session_id=session_id, enrolment_id=by.id, person_id=who, room=place,
                    seat=f"{number + 1}",
                )
            )  # fmt: skip
            own = rooms.sitting(db.session.get_one(ExamSession, session_id), by)
            for slot in (1, 2):
                db.session.add(Answer(sitting_id=own.id, slot=slot, epoch=1, seq=slot, response='"A"', saved_at=NOW))
            db.session.add(Presence(sitting_id=own.id, seen_at=NOW, slot=3, hidden=False))
            for no in (1, 2):
                db.session.add(
                    SittingEvent(
                        base_id=base, sitting_id=own.id, writer="w" * 32, no=no, kind="left", slot=1, ms=6000,
                        client_ms=1, at=NOW,
                    )
                )  # fmt: skip
    sittings = list(db.session.scalars(select(Sitting).order_by(Sitting.id)))
    return room, db.session.get_one(ExamSession, session_id), sittings, watcher


def test_every_place_is_seen_with_its_state() -> None:
    _, session, sittings, watcher = seated()
    with writing():
        incidents.report_incident(
            session, key="a" * 32, sitting_ref=sittings[0].ref, kind="aid", body="A book.", by=watcher
        )
    places = watch.watch(session)
    assert [(place.room, place.seat) for place in places] == [("A", "2"), ("A", "4"), ("B", "1"), ("B", "3")]
    first = next(place for place in places if place.ref == sittings[0].ref)
    assert (first.slot, first.answered, first.left, first.left_ms, first.incidents) == (3, 2, 2, 12_000, 1)
    assert first.needs_attention(NOW) and not places[0].needs_attention(NOW)
    with clock.frozen(NOW + timedelta(seconds=61)):
        assert all(place.is_lost(clock.now()) for place in watch.watch(session))


def test_a_paper_made_beforehand_does_not_make_anybody_present() -> None:
    room = rooms.whole_room()
    for person in room.people[:2]:
        with writing():
            made = services.prepare_sitting(room.session, person, by="staff").ref
    with writing():
        candidates.confirm_identity(services.get_sitting(made, room.people[1]))
    places = watch.watch(services.get_session(room.session))
    assert [(place.state, bool(place.ref)) for place in places] == [
        ("absent", True),
        ("ready", True),
        ("absent", False),
    ]
    assert watch.get_seat_view(made).place.state == "ready"


def test_the_number_of_statements_does_not_grow_with_the_seats() -> None:
    _, session, _, _ = seated(2)
    watch.watch(session)
    with statements() as few:
        watch.watch(session)
    db.session.rollback()
    with writing():
        for number in range(12):
            who = rooms.person(f"more{number}")
            by = rooms.enrol(db.session.get_one(rooms.Cohort, session.cohort_id), who, f"2027-{number:04d}")
            rooms.sitting(session, by)
    session = db.session.scalars(select(ExamSession)).one()
    with statements() as many:
        assert len(watch.watch(session)) == 14
    assert len(many) == len(few) <= 7, many


def test_late_answers_and_absent_people_are_seen() -> None:
    room, session, sittings, _ = seated(2)
    with writing():
        session = db.session.scalars(select(ExamSession)).one()
        rooms.enrol(db.session.get_one(rooms.Cohort, room.cohort), rooms.person("absent"), "2026-02-0001")
        late = AnswerEntry(
            sitting_id=sittings[0].id, epoch=1, seq=9, slot=1, response='"B"', client_ms=1, late=True, chain=b"x",
            saved_at=NOW + timedelta(minutes=92),
        )  # fmt: skip
        db.session.add(late)
    with clock.frozen(NOW + timedelta(minutes=100)):
        places = watch.watch(session)
    assert sum(place.late for place in places) == 1
    assert [place.state for place in places].count("absent") == 1


def test_an_announcement_is_said_once_and_numbered() -> None:
    _, session, _, watcher = seated(1)
    for _ in range(2):
        with writing():
            steer.announce(session, after=0, room="", body="Ten minutes more.", by=watcher)
    with writing():
        second = steer.announce(session, after=1, room="A", body="Ten minutes more.", by=watcher)
    assert (second.no, db.session.scalar(select(func.count()).select_from(Announcement))) == (2, 2)
    with writing():
        again = steer.announce(session, after=2, room="", body="Ten minutes more.", by=watcher)
    assert again.no == 3, "the same words said again on purpose are said again"
    entries = db.session.scalars(select(Entry).where(Entry.kind == "session.announced")).all()
    assert len(entries) == 3 and "Ten minutes" not in str([entry.facts for entry in entries])
    assert [one.no for one in steer.announcements_of(session)] == [3, 2, 1]


def test_a_room_gets_extra_time_once_and_others_do_not() -> None:
    _, session, sittings, watcher = seated()
    for _ in range(2):
        with writing():
            count = steer.extend_all(session, key="k" * 32, room="A", minutes=10, reason="Power", by=watcher)
        assert count == 2
    rows = {row.ref: row for row in db.session.scalars(select(Sitting))}
    extra = [rows[one.ref].extra_minutes for one in sittings]
    assert extra == [0, 10, 0, 10]
    assert rows[sittings[1].ref].deadline_at == NOW + timedelta(minutes=100)
    assert db.session.scalar(select(func.count()).select_from(SittingChange)) == 2
    assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.kind == "sitting.extended")) == 2
    with writing():
        assert steer.extend_all(session, key="m" * 32, room="", minutes=5, reason="Alarm", by=watcher) == 4


def test_a_room_where_nobody_sits_gets_none() -> None:
    _, session, _, watcher = seated(1)
    with pytest.raises(steer.NobodySits), writing():
        steer.extend_all(session, key="k" * 32, room="C", minutes=10, reason="x", by=watcher)


def test_unlocking_has_a_reason_and_happens_once() -> None:
    _, _, sittings, watcher = seated(1)
    with writing():
        db.session.get_one(Sitting, sittings[0].id).locked = "seb"
    for _ in range(2):
        with writing():
            steer.unlock_sitting(sittings[0].ref, reason="Checked", by=watcher)
    assert [one.kind for one in watch.get_seat_view(sittings[0].ref).changes] == ["unlocked"]
    with writing():
        db.session.get_one(Sitting, sittings[0].id).state = "closed"
    with pytest.raises(timing.Closed), writing():
        steer.unlock_sitting(sittings[0].ref, reason="Checked", by=watcher)


def test_a_second_device_that_asks_for_the_pen_is_noted_once() -> None:
    room, _, sittings, _ = seated(1)
    for _ in range(3):
        with writing():
            services.lease(sittings[0].ref, room.people[0], "d" * 32, take_over=False)
    assert watch.get_seat_view(sittings[0].ref).place.signs == {"second-device": 1}


def test_another_base_sees_no_seat(db_app: Flask) -> None:
    _, session, sittings, _ = seated(1)
    scope_to({session.base_id + 1})
    with pytest.raises(NotFound):
        watch.get_seat_view(sittings[0].ref)
