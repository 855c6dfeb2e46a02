"""What a learner does: open, answer, finish; own courses only; and study time by heartbeat."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import clock
from app.cohorts.models import Enrolment
from app.courses import services
from app.courses.models import LessonProgress, StudyVisit
from app.courses.services.standing import credited_hours
from app.courses.studytime import BadBeat, Signs
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.courses.samples import CODE, FIRST, LAST, SECOND, SHORT, Learner, also, base, courses_folder, learner

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def one(db_app: Flask) -> Learner:
    with writing():
        services.load_courses(courses_folder())
    return learner(base())


def open_at(person: Learner, lesson: str = FIRST, seconds: int = 0, course: str | None = None) -> services.LessonPage:
    with clock.frozen(AT + timedelta(seconds=seconds)), writing():
        return services.open_lesson(person.person_id, lesson, course)


def beat_at(
    person: Learner,
    seconds: int,
    *,
    visit: str = "visit-one",
    lesson: str = FIRST,
    course: str | None = None,
    **more: int,
) -> int:
    with clock.frozen(AT + timedelta(seconds=seconds)), writing():
        return services.beat(person.person_id, lesson, course, Signs(visit, **more)).minutes


def test_a_new_learner_has_everything_before_them(one: Learner) -> None:
    (taken,) = services.my_courses(one.person_id)
    assert (taken.code, taken.outline.done, taken.outline.total) == (CODE, 0, 7)
    following = taken.outline.next_line()
    assert following is not None and following.id == FIRST


def test_opening_is_noted_once_and_continues_there(one: Learner) -> None:
    open_at(one, SECOND)
    open_at(one, SECOND, 60)
    row = db.session.scalars(select(LessonProgress)).one()
    assert (row.opened_at, row.seen_at) == (AT, AT + timedelta(seconds=60))
    following = services.get_course(one.person_id, CODE).outline.next_line()
    assert following is not None and following.id == SECOND


def test_finishing_twice_keeps_the_first_time(one: Learner) -> None:
    for seconds in (0, 100):
        with clock.frozen(AT + timedelta(seconds=seconds)), writing():
            page = services.complete_lesson(one.person_id, FIRST)
    assert page.completed_at == AT
    assert page.taken.outline.done == 1
    assert page.after is not None and page.after.id == SECOND


def test_the_last_lesson_has_none_after_it(one: Learner) -> None:
    assert open_at(one, LAST).after is None


def test_an_answer_is_kept_and_the_first_result_with_it(one: Learner) -> None:
    with writing():
        assert services.answer_check(one.person_id, FIRST, "2013-6.1.1-a", [0]) is False
    with writing():
        assert services.answer_check(one.person_id, FIRST, "2013-6.1.1-a", [2]) is True
    row = db.session.scalars(select(LessonProgress)).one()
    assert row.checks["2013-6.1.1-a"] == {"chosen": [2], "right": True, "first": False, "tries": 2}
    first, second = services.read_lesson(one.person_id, FIRST).answers
    assert (first.chosen, first.right) == ((2,), True)
    assert (second.chosen, second.right) == ((), None)


def test_a_lesson_of_two_courses_is_read_in_the_one_from_which_it_was_opened(one: Learner) -> None:
    short = also(one, SHORT)
    with clock.frozen(AT), writing():
        page = services.open_lesson(one.person_id, SECOND, SHORT)
        services.complete_lesson(one.person_id, SECOND, SHORT)
    assert (page.taken.code, page.taken.outline.total) == (SHORT, 4)
    assert page.after is not None and page.after.id == "2013-6.1.3"
    assert services.get_course(one.person_id, SHORT).outline.done == 1
    assert services.get_course(one.person_id, CODE).outline.done == 0
    assert services.read_lesson(one.person_id, SECOND).taken.code == SHORT, "where it was read last"
    assert [taken.code for taken in services.my_courses(one.person_id)] == [SHORT, CODE]
    assert services.read_lesson(one.person_id, SECOND, CODE).completed_at is None
    open_at(one, SECOND, 60, CODE)
    assert [taken.code for taken in services.my_courses(one.person_id)] == [CODE, SHORT]
    assert services.read_lesson(one.person_id, SECOND).taken.code == CODE
    assert services.find_taken(one.person_id, FIRST, SHORT) is None
    beat_at(one, 90, lesson=SECOND, course=SHORT)
    beat_at(one, 120, lesson=SECOND, course=SHORT)
    assert (services.study_tally(short).counted, services.study_tally(one.enrolment_id).counted) == (30, 0)


def test_an_unknown_question_is_not_found(one: Learner) -> None:
    with pytest.raises(NotFound), writing():
        services.answer_check(one.person_id, FIRST, "2013-6.1.2-a", [0])


def test_lessons_of_courses_not_taken_are_not_found(one: Learner) -> None:
    stranger = learner(base(2), account="stranger", course="another-course")
    for act in (services.read_lesson, services.open_lesson, services.complete_lesson):
        with pytest.raises(NotFound), writing():
            act(stranger.person_id, FIRST)
    with pytest.raises(NotFound):
        services.get_course(stranger.person_id, CODE)
    with pytest.raises(NotFound):
        beat_at(stranger, 0)
    assert db.session.scalar(select(func.count()).select_from(LessonProgress)) == 0


def test_who_has_left_the_class_has_left_the_course(one: Learner) -> None:
    open_at(one)
    with writing():
        db.session.execute(update(Enrolment).values(state="left"))
    with pytest.raises(NotFound):
        open_at(one)
    with pytest.raises(NotFound):
        beat_at(one, 30)


def test_another_base_sees_nothing_of_it(one: Learner) -> None:
    open_at(one)
    elsewhere = base(2)
    scope_to({elsewhere})
    assert services.my_courses(one.person_id) == []
    with pytest.raises(NotFound):
        services.read_lesson(one.person_id, FIRST)


def test_a_course_that_is_not_loaded_is_shown_without_lessons(db_app: Flask) -> None:
    person = learner(base(), course="not-loaded")
    (taken,) = services.my_courses(person.person_id)
    assert (taken.outline.total, taken.title["en"]) == (0, "Internal auditor")
    with pytest.raises(NotFound):
        services.get_course(person.person_id, "not-loaded")


def test_beats_become_class_hours(one: Learner) -> None:
    open_at(one)
    minutes = [beat_at(one, seconds) for seconds in range(0, 2701, 30)]
    assert minutes[-1] == 45
    assert credited_hours(one.enrolment_id) == Decimal("1.0")


def test_the_length_of_a_class_hour_is_the_cohorts(db_app: Flask) -> None:
    with writing():
        services.load_courses(courses_folder())
    person = learner(base(), minutes=60)
    open_at(person)
    for seconds in range(0, 1801, 30):
        beat_at(person, seconds)
    assert credited_hours(person.enrolment_id) == Decimal("0.5")


def test_two_windows_on_two_lessons_never_count_twice(one: Learner) -> None:
    open_at(one, FIRST)
    open_at(one, SECOND)
    for seconds in range(0, 301, 30):
        beat_at(one, seconds, visit="window-one", lesson=FIRST)
        beat_at(one, seconds + 10, visit="window-two", lesson=SECOND)
    assert services.study_tally(one.enrolment_id).counted == 310


def test_a_replayed_beat_brings_nothing(one: Learner) -> None:
    open_at(one)
    for seconds in (0, 30, 30, 30):
        beat_at(one, seconds)
    assert services.study_tally(one.enrolment_id).counted == 30
    assert db.session.scalar(select(func.count()).select_from(StudyVisit)) == 1


def test_what_was_not_counted_is_kept_with_its_reason(one: Learner) -> None:
    open_at(one)
    beat_at(one, 0)
    beat_at(one, 30)
    beat_at(one, 30 + 720, idle=720)
    assert services.study_tally(one.enrolment_id).reasons() == (("idle", 12),)
    assert services.my_courses(one.person_id)[0].tally.counted == 30


def test_the_section_in_view_is_where_to_go_on(one: Learner) -> None:
    open_at(one)
    beat_at(one, 0, section=3)
    following = services.get_course(one.person_id, CODE).outline.next_line()
    assert following is not None and following.section is not None
    assert following.section["en"] == "How to audit it"


def test_a_beat_without_an_opened_lesson_is_not_found(one: Learner) -> None:
    with pytest.raises(NotFound):
        beat_at(one, 0)


def test_a_page_that_named_itself_on_one_lesson_cannot_beat_for_another(one: Learner) -> None:
    open_at(one, FIRST)
    open_at(one, SECOND)
    beat_at(one, 0, lesson=FIRST)
    with pytest.raises(BadBeat):
        beat_at(one, 30, lesson=SECOND)


def test_windows_that_beat_at_the_same_moment_are_paid_once(one: Learner, db_app: Flask) -> None:
    open_at(one)
    beat_at(one, 0)

    def send(visit: str) -> None:
        with db_app.app_context():
            scope_to(None)
            with writing():
                services.beat(one.person_id, FIRST, None, Signs(visit))
            db.session.remove()

    with clock.frozen(AT + timedelta(seconds=30)), ThreadPoolExecutor(4) as pool:
        list(pool.map(send, [f"window-{number}" for number in range(4)]))
    assert services.study_tally(one.enrolment_id).counted == 30
