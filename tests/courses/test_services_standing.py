"""Where trainees stand: rules keep lessons and the exam closed until what they ask for is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from app import clock
from app.accounts.services import people
from app.cohorts import services as cohorts
from app.cohorts.services import Mark
from app.cohorts.study_rules import Rules
from app.courses import services
from app.courses.services import standing, times
from app.courses.studytime import Signs
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.courses.samples import CODE, FIRST, LAST, SECOND, Learner, base
from tests.courses.workshop import A4, base_of, cohort_of, join, workshop

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def rule(one: Learner, **facts: object) -> None:
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(**facts), by=None)  # type: ignore[arg-type]


def study(one: Learner, lesson: str, seconds: int, *, start: datetime = AT, idle: int = 0) -> None:
    """Read a lesson for so many seconds; with `idle` the last beat comes after a break without activity."""
    with clock.frozen(start), writing():
        services.open_lesson(one.person_id, lesson)
    for at in [*range(0, seconds + 1, 30), *([seconds + idle] if idle else [])]:
        with clock.frozen(start + timedelta(seconds=at)), writing():
            signs = Signs(f"visit-{start:%m%d%H%M}", idle=idle if at > seconds else 0)
            services.beat(one.person_id, lesson, None, signs)


def live(one: Learner, minutes: int, attended: int) -> None:
    with clock.frozen(AT), writing():
        by = people.add_person(account=f"t{minutes}", name="教师", password=None)
        session = cohorts.add_live_session(
            cohort_id=cohort_of(one), title_zh="面授", title_en="Live", starts_at=AT, minutes=minutes, place="101",
            teacher_id=None, key=f"{minutes:032}", by=by,
        )  # fmt: skip
    with clock.frozen(AT + timedelta(minutes=5)), writing():
        cohorts.record_attendance(session, {one.enrolment_id: Mark("present", attended)}, {}, by=by)


def test_without_rules_everybody_is_admitted(one: Learner) -> None:
    found = standing.standing_of(one.enrolment_id)
    assert found.admitted and not found.closed
    standing.check_admission(one.enrolment_id)
    (module,) = found.facts.modules
    assert (module.code, len(module.lessons)) == (A4, 7)
    assert module.quiz is not None and module.exercise is not None


def test_what_is_missing_is_named_and_an_exception_admits(one: Learner) -> None:
    rule(one, lessons=True, hours=2, quiz=Fraction(1, 2), exercise=True, attendance=50)
    found = standing.standing_of(one.enrolment_id)
    assert [(need.kind, need.met) for need in found.requirements] == [
        ("lessons", False), ("hours", False), ("quiz", False), ("exercise", False), ("attendance", True),
    ]  # fmt: skip
    with pytest.raises(standing.RulesNotMet) as refused:
        standing.check_admission(one.enrolment_id)
    assert refused.value.parameters == {"count": 4} and refused.value.standing.course == CODE
    with writing():
        by = people.add_person(account="admin", name="管理员", password=None)
        cohorts.admit(one.enrolment_id, reason="材料已核实", missing=["hours"], by=by)
    standing.check_admission(one.enrolment_id)
    found = standing.standing_of(one.enrolment_id)
    assert found.excepted and len(found.missing) == 4


def test_lessons_open_one_after_the_other(one: Learner) -> None:
    rule(one, order="lessons")
    with pytest.raises(standing.LessonClosed) as refused, writing():
        services.open_lesson(one.person_id, SECOND)
    assert refused.value.gate.id == FIRST
    for act in (services.complete_lesson, services.open_lesson):
        with pytest.raises(standing.LessonClosed), writing():
            act(one.person_id, LAST)
    with pytest.raises(standing.LessonClosed), writing():
        services.answer_check(one.person_id, SECOND, "2013-6.1.2-a", [0])
    with writing():
        services.complete_lesson(one.person_id, FIRST)
    with writing():
        assert services.open_lesson(one.person_id, SECOND).lesson.id == SECOND


def test_a_lesson_that_was_done_stays_open_when_rules_come_later(one: Learner) -> None:
    with writing():
        services.complete_lesson(one.person_id, LAST)
    rule(one, order="lessons")
    with writing():
        services.open_lesson(one.person_id, LAST)


def test_live_sessions_count_towards_the_hours_where_the_rule_says_so(one: Learner) -> None:
    study(one, FIRST, 2700)
    live(one, 90, 45)
    for counts, hours, admitted in ((False, "1.0", False), (True, "2.0", True)):
        rule(one, hours=2, live_counts=counts)
        with clock.frozen(AT + timedelta(hours=3)):
            assert standing.credited_hours(one.enrolment_id) == Decimal(hours)
            assert standing.standing_of(one.enrolment_id).admitted is admitted
            facts = standing.standing_of(one.enrolment_id).facts
        assert (facts.self_hours, facts.live_hours) == (Decimal("1.0"), Decimal("1.0"))


def test_attendance_that_is_too_low_is_missing(one: Learner) -> None:
    live(one, 100, 79)
    rule(one, attendance=80)
    with clock.frozen(AT + timedelta(hours=3)):
        (need,) = standing.standing_of(one.enrolment_id).missing
    assert (need.kind, need.have, need.need) == ("attendance", 79, 80)


def test_a_quiz_that_cannot_be_drawn_blocks_nobody(db_app: Flask, tmp_path: Path) -> None:
    person = workshop(tmp_path, items=2)
    rule(person, quiz=Fraction(1, 2))
    found = standing.standing_of(person.enrolment_id)
    assert found.facts.modules[0].quiz is None
    assert found.admitted


def test_study_time_is_told_by_day_and_lesson_with_what_did_not_count(one: Learner) -> None:
    study(one, FIRST, 600, idle=900)
    study(one, SECOND, 300, start=AT + timedelta(days=1))
    study(one, FIRST, 60, start=AT + timedelta(days=1, hours=2))
    with clock.frozen(AT + timedelta(days=2)):
        page = times.my_time(one.person_id, CODE)
    assert [str(day.day) for day in page.days] == ["2026-11-24", "2026-11-23"]
    later, first = page.days
    assert {entry.subject.about: entry.tally.counted for entry in later.subjects} == {SECOND: 300, FIRST: 60}
    assert first.tally.counted == 600 and first.tally.reasons() == (("idle", 15),)
    assert page.tally.counted == 960
    assert first.subjects[0].title is not None
    with pytest.raises(NotFound):
        times.my_time(one.person_id, "another")


def test_a_day_begins_at_midnight_in_beijing(one: Learner) -> None:
    study(one, FIRST, 60, start=datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    study(one, SECOND, 60, start=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    assert [str(day.day) for day in times.my_time(one.person_id, CODE).days] == ["2026-11-24", "2026-11-23"]


def test_the_list_of_a_class_asks_as_often_for_many_as_for_one(one: Learner) -> None:
    cohort = cohort_of(one)
    rule(one, hours=1, quiz=Fraction(1, 2))

    def asked() -> int:
        count = 0

        def heard(*_args: object) -> None:
            nonlocal count
            count += 1

        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", heard)
        try:
            standing.list_standings(cohort)
        finally:
            event.remove(db.engine, "before_cursor_execute", heard)
        return count

    asked()  # the course's content is kept from here on
    few = asked()
    with writing():
        for number in range(5):
            person = people.add_person(account=f"m{number}", name=f"学员{number}", password=None)
            cohorts.enrol(cohort_id=cohort, person_id=person, number=f"N{number}", employer="", by=None)
    assert asked() == few
    rules, lines = standing.list_standings(cohort)
    assert rules.hours == 1 and len(lines) == 6
    assert standing.get_line(cohort, one.enrolment_id).person.id == one.person_id
    with pytest.raises(NotFound):
        standing.get_line(cohort, 99_999)


def test_another_base_sees_nobody(one: Learner) -> None:
    cohort, other = cohort_of(one), base(2)
    join(base_of(one), "second")
    scope_to({other})
    with pytest.raises(NotFound):
        standing.list_standings(cohort)
    with pytest.raises(NotFound):
        standing.standing_of(one.enrolment_id)


def test_who_has_a_paper_is_looked_at_again_when_the_exception_is_withdrawn_after_it(one: Learner) -> None:
    rule(one, hours=8)
    with writing():
        by = people.add_person(account="admin", name="管理员", password=None)
        cohorts.admit(one.enrolment_id, reason="材料已核实", missing=["hours"], by=by)
    made = clock.now()
    standing.recheck_admission(one.enrolment_id, made)
    with writing():
        cohorts.withdraw_admission(one.enrolment_id, reason="材料是别人的", by=by)
    found = standing.standing_of(one.enrolment_id)
    assert not found.admitted and found.exception_ended is not None
    with pytest.raises(standing.RulesNotMet):
        standing.recheck_admission(one.enrolment_id, made)
    rule(one, hours=0)
    standing.recheck_admission(one.enrolment_id, made)
