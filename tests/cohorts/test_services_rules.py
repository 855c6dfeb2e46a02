"""Study rules of a class: versions with an entry in the ledger; attendance by list with its history; exceptions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.services import people
from app.cohorts import services
from app.cohorts.attendance import Sum
from app.cohorts.models import Admission, Attendance, StudyRules
from app.cohorts.services import Mark
from app.cohorts.study_rules import Rules
from app.ledger.models import Entry
from app.refusals import Conflict, NotFound
from app.store import db, scope_to, writing
from tests.courses.samples import Learner, base, learner
from tests.courses.workshop import base_of, cohort_of

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def one(db_app: Flask) -> Learner:
    return learner(base())


@pytest.fixture
def teacher(one: Learner) -> int:
    with writing():
        person = people.add_person(account="teacher", name="教师", password=None)
        services.appoint_teacher(cohort_id=cohort_of(one), person_id=person, by=None)
    return person


def entries(kind: str) -> list[dict[str, object]]:
    return [row.facts for row in db.session.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.id))]


def session_of(one: Learner, teacher: int, key: str = "a" * 32, minutes: int = 90) -> int:
    with clock.frozen(AT), writing():
        return services.add_live_session(
            cohort_id=cohort_of(one), title_zh="首次面授", title_en="First session", starts_at=AT, minutes=minutes,
            place="101", teacher_id=teacher, key=key, by=teacher,
        )  # fmt: skip


def record_at(session: int, marks: dict[int, Mark], seen: dict[int, int], by: int, minutes: int = 10) -> int:
    with clock.frozen(AT + timedelta(minutes=minutes)), writing():
        return services.record_attendance(session, marks, seen, by=by)


def test_before_anything_is_set_nothing_is_asked(one: Learner) -> None:
    found = services.get_rules(cohort_of(one))
    assert (found.version, found.rules, found.rules.any) == (0, Rules(), False)


def test_each_change_is_a_version_with_its_entry_and_the_same_rules_are_none(one: Learner, teacher: int) -> None:
    cohort, rules = cohort_of(one), Rules(order="lessons", hours=8, quiz=Fraction(3, 4))
    for _ in range(2):
        with writing():
            assert services.set_rules(cohort, rules, by=teacher).version == 1
    with writing():
        assert services.set_rules(cohort, Rules(), version=1, by=teacher).version == 2
    assert [one.rules for one in services.rules_history(cohort)] == [Rules(), rules]
    assert [facts["version"] for facts in entries("cohort.rules-set")] == [1, 2]
    assert entries("cohort.rules-set")[0]["study_rules"]["quiz"] == "3/4"  # type: ignore[index]


def test_rules_that_somebody_changed_meanwhile_are_not_overwritten(one: Learner, teacher: int) -> None:
    cohort = cohort_of(one)
    with writing():
        services.set_rules(cohort, Rules(hours=5), version=0, by=teacher)
    with pytest.raises(Conflict), writing():
        services.set_rules(cohort, Rules(hours=6), version=0, by=teacher)
    assert services.get_rules(cohort).rules.hours == 5


def test_another_base_neither_reads_nor_sets_rules(one: Learner) -> None:
    cohort = cohort_of(one)
    with writing():
        services.set_rules(cohort, Rules(hours=5), by=None)
    scope_to({base(2)})
    assert services.get_rules(cohort).version == 0
    with pytest.raises(NotFound), writing():
        services.set_rules(cohort, Rules(hours=1), by=None)
    scope_to(None)
    assert db.session.scalar(select(func.count()).select_from(StudyRules)) == 1


def test_the_same_announcement_twice_is_one_session(one: Learner, teacher: int) -> None:
    assert session_of(one, teacher) == session_of(one, teacher)
    assert len(services.list_live_sessions(cohort_of(one))) == 1
    stranger = learner(base_of(one), account="stranger")
    with pytest.raises(NotFound):
        session_of(one, stranger.person_id, key="b" * 32)


def test_attendance_is_recorded_and_a_correction_keeps_what_was_there(one: Learner, teacher: int) -> None:
    session, me = session_of(one, teacher), one.enrolment_id
    assert record_at(session, {me: Mark("present", 90)}, {me: 0}, teacher) == 1
    assert record_at(session, {me: Mark("present", 90)}, {me: 0}, teacher) == 0, "a double click records once"
    assert record_at(session, {me: Mark("absent", 30, "early")}, {me: 1}, teacher, 20) == 1
    (seat,) = services.seats(services.get_live_session(session))
    assert [(row.version, row.state, row.minutes, row.by_id) for row in seat.history] == [
        (2, "absent", 0, teacher), (1, "present", 90, teacher),
    ]  # fmt: skip
    assert [facts["corrected"] for facts in entries("attendance.recorded")] == [0, 1]
    (line,) = services.list_live_sessions(cohort_of(one))
    assert (line.recorded, line.present) == (1, 0)


def test_two_people_who_record_at_once_do_not_overwrite_each_other(one: Learner, teacher: int) -> None:
    session, me = session_of(one, teacher), one.enrolment_id
    record_at(session, {me: Mark("present", 90)}, {me: 0}, teacher)
    with pytest.raises(Conflict):
        record_at(session, {me: Mark("absent")}, {me: 0}, teacher)


def test_attendance_has_its_limits(one: Learner, teacher: int) -> None:
    session, me = session_of(one, teacher), one.enrolment_id
    with pytest.raises(services.NotBegun):
        record_at(session, {me: Mark("present", 90)}, {}, teacher, minutes=-1)
    with pytest.raises(services.MinutesOutside):
        record_at(session, {me: Mark("present", 91)}, {}, teacher)
    other = learner(base_of(one), account="other")
    for marks in ({other.enrolment_id: Mark("present", 1)}, {me: Mark("asleep")}, {99_999: Mark("absent")}):
        with pytest.raises(NotFound):
            record_at(session, marks, {}, teacher)
    assert db.session.scalar(select(func.count()).select_from(Attendance)) == 0


def test_the_length_is_not_cut_below_what_somebody_attended(one: Learner, teacher: int) -> None:
    session, me = session_of(one, teacher), one.enrolment_id
    record_at(session, {me: Mark("present", 80)}, {}, teacher)
    facts = {"starts_at": AT, "place": "102", "teacher_id": None, "title_zh": "面授", "title_en": "Session"}
    with pytest.raises(services.MinutesOutside), writing():
        services.change_live_session(session, minutes=79, by=teacher, **facts)  # type: ignore[arg-type]
    with writing():
        services.change_live_session(session, minutes=80, by=teacher, **facts)  # type: ignore[arg-type]
    assert services.get_live_session(session).minutes == 80


def test_sums_know_what_has_begun_and_who_was_excused(one: Learner, teacher: int) -> None:
    first, me, cohort = session_of(one, teacher), one.enrolment_id, cohort_of(one)
    second = session_of(one, teacher, key="b" * 32, minutes=60)
    with clock.frozen(AT - timedelta(hours=1)):
        assert services.attendance_sums(cohort)[me] == Sum(0, 0)
    record_at(first, {me: Mark("present", 45)}, {}, teacher)
    with clock.frozen(AT + timedelta(hours=1)):
        assert services.attendance_sums(cohort)[me] == Sum(45, 150)
    record_at(second, {me: Mark("excused")}, {}, teacher)
    with clock.frozen(AT + timedelta(hours=1)):
        assert services.attendance_sums(cohort, me) == {me: Sum(45, 90)}


def test_another_base_sees_no_live_session(one: Learner, teacher: int) -> None:
    session = session_of(one, teacher)
    scope_to({base(2)})
    with pytest.raises(NotFound):
        services.get_live_session(session)
    with pytest.raises(NotFound):
        record_at(session, {}, {}, teacher)
    assert services.list_live_sessions(1) == []


def test_an_exception_is_made_once_and_its_words_stay_out_of_the_ledger(one: Learner, teacher: int) -> None:
    for reason in ("因公出差，学时已核实", "第二次"):
        with writing():
            services.admit(one.enrolment_id, reason=reason, missing=["hours"], by=teacher)
    row = db.session.scalars(select(Admission)).one()
    assert (row.reason, row.missing) == ("因公出差，学时已核实", ["hours"])
    (facts,) = entries("enrolment.admitted")
    assert "出差" not in str(facts) and len(str(facts["reason_hash"])) == 64
    assert services.admissions_of(cohort_of(one)).keys() == {one.enrolment_id}
    with pytest.raises(NotFound), writing():
        services.admit(99_999, reason="x", missing=[], by=teacher)
