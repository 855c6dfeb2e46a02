"""Outages are measured and given back by rule, and a clock that steps closes nobody, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.exams import services, tasks
from app.exams.models import Answer, ClockAlarm, Outage, OutageCredit, Sitting
from app.jobs import services as jobs
from app.jobs.models import Job
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, writing
from tests.exams import rooms
from tests.exams.rooms import NOW, one_sitting

pytestmark = pytest.mark.usefixtures("now")
SECOND = timedelta(seconds=1)


def beat(at: datetime) -> None:
    with clock.frozen(at), writing():
        services.beat()


def outage(seconds: int = 300, since: datetime = NOW) -> None:
    beat(since)
    beat(since + seconds * SECOND)


def give_back() -> None:
    with clock.frozen(NOW + timedelta(hours=1)):
        with writing():
            ids = jobs.claim()
        for job in ids:
            jobs.run(job)


def facts(kind: str) -> list[dict[str, Any]]:
    db.session.rollback()
    return [row.facts for row in db.session.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.id))]


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_beats_that_follow_one_another_are_no_outage(db_app: Flask) -> None:
    for second in range(0, 60, 10):
        beat(NOW + second * SECOND)
    assert count(Outage) == 0 and count(Job) == 0


def test_an_outage_is_given_back_once_to_everybody_whom_it_touched(db_app: Flask) -> None:
    with writing():
        place = rooms.session(rooms.cohort(rooms.programme(rooms.base().id)))
        home = db.session.get_one(rooms.Cohort, place.cohort_id)
        people = [rooms.enrol(home, rooms.person(f"p{n}"), str(n)) for n in range(5)]
        hour = timedelta(hours=1)
        whole = rooms.sitting(place, people[0], started_at=NOW - hour, deadline_at=NOW + hour).ref
        begun_late = rooms.sitting(place, people[1], started_at=NOW + 200 * SECOND, deadline_at=NOW + hour).ref
        ended_in_it = rooms.sitting(place, people[2], started_at=NOW - hour, deadline_at=NOW + 100 * SECOND).ref
        closed = rooms.sitting(place, people[3], state="closed", closed_by="candidate", deadline_at=NOW + hour).ref
        over = rooms.sitting(place, people[4], started_at=NOW - 2 * hour, deadline_at=NOW - hour).ref
    outage(300)
    for _ in range(3):
        give_back()
    found = {row.ref: row for row in db.session.scalars(select(Sitting))}
    given = {ref: found[ref].outage_seconds for ref in (whole, begun_late, ended_in_it, closed, over)}
    assert given == {whole: 300, begun_late: 100, ended_in_it: 100, closed: 0, over: 0}
    assert found[whole].deadline_at == NOW + timedelta(hours=1, seconds=300)
    assert count(OutageCredit) == 3
    assert sorted(one["seconds"] for one in facts("sitting.credited")) == [100, 100, 300]
    with writing():
        assert services.credit_outage(1) == 0


def test_nobody_is_closed_by_time_before_an_outage_is_given_back_or_while_the_site_is_down(db_app: Flask) -> None:
    one_sitting(deadline_at=NOW + 100 * SECOND)
    assert services.may_close_by_time(NOW)  # nothing ever beat here
    beat(NOW)
    assert not services.may_close_by_time(NOW + timedelta(minutes=10))
    beat(NOW + timedelta(minutes=10))
    assert not services.may_close_by_time(NOW + timedelta(minutes=10))
    give_back()
    assert services.may_close_by_time(NOW + timedelta(minutes=10))
    assert not services.may_close_by_time(NOW + timedelta(hours=2))
    assert not services.may_close_by_time(NOW - timedelta(hours=2))


def test_the_page_learns_the_new_deadline_with_its_next_save(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    outage(60)
    give_back()
    assert services.record_answers(ref, person, 1, "w" * 32, []).deadline_at == NOW + timedelta(minutes=91)


def test_what_was_answered_before_the_time_was_given_back_stays(db_app: Flask) -> None:
    ref, person, sitting = one_sitting()
    services.record_answers(ref, person, 1, "w" * 32, [{"seq": 1, "slot": 1, "value": "A", "ms": 1}])
    outage(60)
    give_back()
    assert db.session.scalar(select(Answer.response).where(Answer.sitting_id == sitting)) == '"A"'


def test_a_step_of_the_clock_raises_one_alarm_until_it_agrees_again(db_app: Flask) -> None:
    for parted in (0, 7200, 7200.5, 7199):
        with writing():
            services.note_clock(timedelta(seconds=parted))
    (alarm,) = services.open_alarms()
    assert alarm.step_ms == 7_200_000
    with writing():
        services.note_clock(timedelta(seconds=-30))
    assert [one.step_ms for one in services.open_alarms()] == [-30_000]
    with writing():
        services.note_clock(timedelta(0))
    assert services.open_alarms() == []
    assert [one["step_ms"] for one in facts("clock.stepped")] == [7_200_000, -30_000]
    assert len(facts("clock.settled")) == 2


def test_staff_settle_an_alarm_once(db_app: Flask) -> None:
    with writing():
        who = rooms.person("officer").id
        services.note_clock(timedelta(hours=1))
    alarm = services.open_alarms()[0].id
    for _ in range(2):
        with writing():
            services.settle_clock(alarm, who)
    assert db.session.get_one(ClockAlarm, alarm).settled_by == who
    assert len(facts("clock.settled")) == 1
    with pytest.raises(NotFound), writing():
        services.settle_clock(alarm + 1, who)


def test_the_tick_says_nothing_while_all_is_well(db_app: Flask) -> None:
    tasks.watch_clock()
    assert count(ClockAlarm) == 0
    with writing():
        services.note_clock(timedelta(hours=1))
    tasks.watch_clock()  # here the clocks agree
    assert services.open_alarms() == []
