"""Time of practical audits, practice and mock exams on both databases: counted once, kept apart, credited to a bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock
from app.cohorts.models import Enrolment
from app.courses import services
from app.courses.credit import Share, Subject
from app.courses.services.standing import credited_hours, list_standings
from app.courses.services.study import study_tally
from app.courses.services.times import my_time
from app.courses.studytime import BadBeat, Signs
from app.refusals import NotFound
from app.store import db, writing
from tests.courses.samples import CODE, FIRST, Learner
from tests.courses.workshop import EXERCISE, base_of, cohort_of, join, workshop

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
AUDIT = Subject("exercise", EXERCISE)


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def audit(person: Learner, seconds: int, *, visit: str = "audit-page", idle: int = 0, exercise: str = EXERCISE) -> int:
    with clock.frozen(AT + timedelta(seconds=seconds)), writing():
        return services.beat_exercise(person.person_id, CODE, exercise, Signs(visit, idle=idle)).minutes


def practise(person: Learner, seconds: int, kind: str = "practice", *, visit: str = "") -> int:
    with clock.frozen(AT + timedelta(seconds=seconds)), writing():
        signs = Signs(visit or f"{kind}-page")
        return services.beat_practice(person.person_id, person.enrolment_id, kind, signs).minutes


def test_a_practical_audit_counts_to_the_class_hours_without_a_lesson(one: Learner) -> None:
    minutes = [audit(one, seconds) for seconds in range(0, 2701, 30)]
    assert minutes[-1] == 45
    assert credited_hours(one.enrolment_id) == Decimal("1.0")
    (taken,) = services.my_courses(one.person_id)
    assert (taken.hours, taken.tally.counted) == (Decimal("1.0"), 2700)


def test_an_idle_page_of_it_counts_nothing(one: Learner) -> None:
    audit(one, 0)
    audit(one, 30)
    assert audit(one, 930, idle=900) == 0
    tally = study_tally(one.enrolment_id, AUDIT)
    assert (tally.counted, tally.idle) == (30, 900)


def test_windows_on_a_lesson_an_audit_and_a_mock_exam_are_paid_once(one: Learner) -> None:
    with clock.frozen(AT), writing():
        services.open_lesson(one.person_id, FIRST)
    for seconds in range(0, 601, 30):
        with clock.frozen(AT + timedelta(seconds=seconds)), writing():
            services.beat(one.person_id, FIRST, CODE, Signs("lesson-page"))
        audit(one, seconds + 10)
        practise(one, seconds + 20, "mock")
    assert study_tally(one.enrolment_id).counted == 620
    parts = [study_tally(one.enrolment_id, one_of).counted for one_of in (AUDIT, Subject("mock"))]
    assert parts == [210, 210]


def test_what_is_above_the_bound_is_shown_and_adds_no_class_hours(one: Learner) -> None:
    for seconds in range(0, 241 * 60, 60):
        practise(one, seconds, "mock" if seconds < 7200 else "practice")
    for seconds in range(20_000, 20_000 + 3601, 60):
        practise(one, seconds, "mock", visit="second-mock")
    page = my_time(one.person_id, CODE)
    assert page.shares[-1] == Share("practice", 300 * 60, 240 * 60)
    assert page.standing.facts.studied == 240 * 60
    assert credited_hours(one.enrolment_id) == Decimal("5.3")


def test_a_day_names_each_subject(one: Learner) -> None:
    for seconds in (0, 60):
        audit(one, seconds)
        practise(one, 100 + seconds)
        practise(one, 200 + seconds, "mock")
    (day,) = my_time(one.person_id, CODE).days
    named = {entry.subject: entry.title for entry in day.subjects}
    assert set(named) == {AUDIT, Subject("practice"), Subject("mock")}
    assert named[AUDIT] is not None and named[Subject("mock")] is None


def test_the_list_of_a_class_knows_it(one: Learner) -> None:
    for seconds in range(0, 2701, 60):
        audit(one, seconds)
    _rules, (line,) = list_standings(cohort_of(one))
    assert line.standing.facts.self_hours == Decimal("1.0")
    assert line.tally.counted == 2700


def test_only_what_is_ones_own_can_be_studied(one: Learner) -> None:
    other = join(base_of(one), "other")
    with pytest.raises(NotFound):
        audit(one, 0, exercise="no-such-exercise")
    with pytest.raises(NotFound), writing():
        services.beat_practice(one.person_id, other.enrolment_id, "mock", Signs("visit-one"))
    with pytest.raises(BadBeat):
        practise(one, 0, "dreaming")
    with writing():
        db.session.execute(update(Enrolment).where(Enrolment.id == one.enrolment_id).values(state="left"))
    for act in (audit, practise):
        with pytest.raises(NotFound):
            act(one, 0)


def test_a_page_beats_for_one_subject_only(one: Learner) -> None:
    audit(one, 0, visit="visit-one")
    with pytest.raises(BadBeat):
        practise(one, 30, visit="visit-one")
