"""What was announced may change: sessions moved or cancelled, exceptions withdrawn, each told and entered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.services import people
from app.cohorts import services
from app.cohorts.attendance import Sum
from app.cohorts.models import Admission
from app.cohorts.services import Mark
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.cohorts.test_services_rules import AT, entries, record_at, session_of
from tests.courses.samples import Learner, base, learner
from tests.courses.workshop import cohort_of

LATER = AT + timedelta(days=7)


@pytest.fixture
def one(db_app: Flask) -> Learner:
    return learner(base())


@pytest.fixture
def teacher(one: Learner) -> int:
    with writing():
        person = people.add_person(account="teacher", name="教师", password=None)
        services.appoint_teacher(cohort_id=cohort_of(one), person_id=person, by=None)
    return person


def change(session: int, by: int, starts_at: datetime, minutes: int = 90, at: datetime = AT) -> None:
    with clock.frozen(at), writing():
        services.change_live_session(
            session, starts_at=starts_at, minutes=minutes, place="101", teacher_id=by, title_zh="首次面授",
            title_en="First session", by=by,
        )  # fmt: skip


def cancel(session: int, by: int, why: str = "教师生病", at: datetime = AT) -> None:
    with clock.frozen(at), writing():
        services.cancel_live_session(session, why=why, by=by)


def test_a_session_that_is_moved_says_when_it_was_to_be(one: Learner, teacher: int) -> None:
    session = session_of(one, teacher)
    for _ in range(2):
        change(session, teacher, LATER)
    row = services.get_live_session(session)
    assert (row.starts_at, row.moved_from) == (LATER, AT)
    (facts,) = entries("live.moved")
    assert (facts["from"], facts["to"]) == (AT.isoformat(), LATER.isoformat())
    change(session, teacher, LATER, minutes=60)
    assert len(entries("live.moved")) == len(entries("live.changed")) == 1
    with clock.frozen(AT + timedelta(hours=2)):
        assert services.attendance_sums(cohort_of(one))[one.enrolment_id] == Sum(0, 0), "it is still to come"


def test_a_session_that_took_place_is_neither_put_off_nor_cancelled(one: Learner, teacher: int) -> None:
    session, me = session_of(one, teacher), one.enrolment_id
    record_at(session, {me: Mark("present", 90)}, {}, teacher)
    with pytest.raises(services.TookPlace):
        change(session, teacher, LATER)
    with pytest.raises(services.TookPlace):
        cancel(session, teacher)
    assert (services.get_live_session(session).starts_at, entries("live.moved")) == (AT, [])
    change(session, teacher, AT - timedelta(minutes=30))  # it began earlier than was announced
    assert services.get_live_session(session).starts_at == AT - timedelta(minutes=30)
    record_at(session, {me: Mark("absent")}, {me: 1}, teacher)
    cancel(session, teacher)
    assert services.get_live_session(session).cancelled_at == AT


def test_a_cancelled_session_is_asked_about_of_nobody_and_stays_so(one: Learner, teacher: int) -> None:
    session, me, cohort = session_of(one, teacher), one.enrolment_id, cohort_of(one)
    record_at(session, {me: Mark("absent")}, {}, teacher)
    with clock.frozen(AT + timedelta(hours=2)):
        assert services.attendance_sums(cohort)[me] == Sum(0, 90)
    cancel(session, teacher)
    cancel(session, teacher, "again", AT + timedelta(hours=1))
    with clock.frozen(AT + timedelta(hours=2)):
        assert services.attendance_sums(cohort)[me] == Sum(0, 0)
    row = services.get_live_session(session)
    assert (row.cancelled_why, row.cancelled_by, row.cancelled_at) == ("教师生病", teacher, AT)
    assert len(entries("live.cancelled")) == 1 and "生病" not in str(entries("live.cancelled"))
    with pytest.raises(services.Cancelled):
        record_at(session, {me: Mark("present", 90)}, {me: 1}, teacher)
    with pytest.raises(services.Cancelled):
        change(session, teacher, LATER)
    assert [found.id for found, _ in services.my_live_sessions(services.enrolments_of(one.person_id)[0])] == [session]


def test_another_base_neither_moves_nor_cancels(one: Learner, teacher: int) -> None:
    session = session_of(one, teacher)
    with writing():
        services.admit(one.enrolment_id, reason="材料已核实", missing=[], by=teacher)
    scope_to({base(2)})
    with pytest.raises(NotFound):
        cancel(session, teacher)
    with pytest.raises(NotFound):
        change(session, teacher, LATER)
    with pytest.raises(NotFound), writing():
        services.withdraw_admission(one.enrolment_id, reason="看错了", by=teacher)


def test_an_exception_is_withdrawn_once_and_can_be_made_anew(one: Learner, teacher: int) -> None:
    me = one.enrolment_id
    with pytest.raises(NotFound), writing():
        services.withdraw_admission(me, reason="没有", by=teacher)
    with writing():
        services.admit(me, reason="材料已核实", missing=["hours"], by=teacher)
    for reason in ("材料是别人的", "第二次"):
        with clock.frozen(AT), writing():
            services.withdraw_admission(me, reason=reason, by=teacher)
    row = db.session.scalars(select(Admission)).one()
    assert (row.withdrawn_why, row.withdrawn_by, row.withdrawn_at) == ("材料是别人的", teacher, AT)
    assert services.find_admission(me) is None and services.latest_admission(me) is row
    (facts,) = entries("enrolment.exception-withdrawn")
    assert "别人" not in str(facts) and len(str(facts["reason_hash"])) == 64
    with writing():
        again = services.admit(me, reason="补交了材料", missing=["hours"], by=teacher)
    assert services.find_admission(me) is again
    assert [one.reason for one in services.admissions_of(cohort_of(one))[me]] == ["补交了材料", "材料已核实"]
    assert len(entries("enrolment.admitted")) == 2


def test_of_two_exceptions_the_database_itself_keeps_one_in_force(one: Learner, teacher: int) -> None:
    with writing():
        first = services.admit(one.enrolment_id, reason="材料已核实", missing=[], by=teacher)
    facts = {"reason": "x", "salt": "s", "missing": [], "by_id": teacher, "at": AT}
    with pytest.raises(IntegrityError), writing():
        db.session.add(Admission(base_id=first.base_id, enrolment_id=one.enrolment_id, **facts))
        db.session.flush()
