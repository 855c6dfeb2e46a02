"""Mock exams on both databases: drawn from practice items, timed, scored by the pass rule, fed into practice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app import clock
from app.courses.services import study_tally
from app.courses.studytime import Signs
from app.exams.assembly import CannotFill, FormItem
from app.exams.journal import BadEntry
from app.exams.paper import form_of
from app.practice import services
from app.practice.models import MockExam, PracticeAnswer, PracticeCard
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.practice.world import EXAM, NOW, PAPER, PRACTICE, Place, find, letters, make_place

KEY = "a" * 32
GOOD_CASE = {"facts": "抽查5份", "clause": "6.1.3", "requirement": "约定权属", "grade": "minor", "reason": "个别"}
OWN = {"short": ["point-1", "point-2", "point-3"], "case": ["facts", "requirement"]}


@pytest.fixture
def place(db_app: Flask) -> Place:
    return make_place()


def start(place: Place, key: str = KEY, specification: str = "trial") -> str:
    with writing():
        return services.start(place.learner, key=key, specification=specification)


def form(ref: str) -> tuple[FormItem, ...]:
    return form_of(db.session.scalars(select(MockExam).where(MockExam.ref == ref)).one().form)


def answers(ref: str, *, right: bool) -> Mapping[int, object]:
    own = {"short": "一二三", "case": GOOD_CASE}
    return {one.slot: own.get(one.kind) or letters(find(one.id), one.options, right=right) for one in form(ref)}


def sit(place: Place, key: str = KEY, *, right: bool = True) -> str:
    ref = start(place, key)
    with writing():
        services.save(place.learner, ref, answers(ref, right=right))
    with writing():
        services.close(place.learner, ref)
    return ref


def test_a_paper_follows_the_specification_and_holds_practice_items_only(place: Place) -> None:
    with clock.frozen(NOW):
        ref = start(place)
        paper = services.get_paper(place.learner, ref, "en")
    assert paper is not None and paper.deadline_at == NOW + timedelta(minutes=PAPER.minutes)
    assert [part.kind for part in paper.parts] == ["single", "multiple", "judge", "short", "case"]
    exam = {item.id for item in EXAM} | {"5.2-80", "5.2-81"}
    assert not exam & {one.id for one in form(ref)}
    assert "SECRET" not in repr(paper.questions)


def test_offers_name_what_is_missing(place: Place) -> None:
    first, second = services.list_offers(place.learner)
    assert (first.specification.code, first.problem) == ("trial", None)
    assert isinstance(second.problem, CannotFill)
    assert second.problem.parameters == {"missing": 36, "dimension": "kind", "value": "single"}
    with pytest.raises(CannotFill):
        start(place, specification="too-large")


@pytest.mark.parametrize("code", ["nothing", ""])
def test_an_unknown_specification_is_not_found(place: Place, code: str) -> None:
    with pytest.raises(NotFound):
        start(place, specification=code)


def test_the_same_key_or_a_running_paper_makes_no_second(place: Place) -> None:
    with clock.frozen(NOW):
        assert start(place) == start(place) == start(place, "b" * 32) == KEY
    with clock.frozen(NOW + timedelta(hours=2)):
        assert start(place, "b" * 32) == "b" * 32


def test_all_right_is_passed_after_own_marks_and_every_item_is_explained(place: Place) -> None:
    with clock.frozen(NOW):
        ref = sit(place)
        result = services.get_result(place.learner, ref)
        assert result is not None and [one.slot for one in form(ref) if one.kind in OWN] == list(result.waiting)
        assert result.outcome.total == 7 and services.list_mocks(place.learner)[0].state == "marking"
        for slot in result.waiting:
            with writing():
                services.mark_own(place.learner, ref, slot, OWN[form(ref)[slot - 1].kind])
        result = services.get_result(place.learner, ref)
    assert result is not None and result.outcome.total == PAPER.max_marks and result.outcome.passed
    assert not result.waiting and all(told.right for _question, told in result.answers)
    (line,) = services.list_mocks(place.learner)
    assert (line.state, line.total, line.marks) == ("passed", Fraction(22), 22)


def test_all_wrong_is_failed_and_comes_back_in_practice(place: Place) -> None:
    with clock.frozen(NOW):
        ref = sit(place, right=False)
        for slot in (5, 6):
            with writing():
                services.mark_own(place.learner, ref, slot, [])
    (line,) = services.list_mocks(place.learner)
    assert line.state == "failed"
    cards = db.session.scalars(select(PracticeCard)).all()
    assert len(cards) == 6
    machine = {one.id for one in form(ref) if one.kind not in OWN}
    assert {card.item for card in cards if not card.right} >= machine
    with clock.frozen(NOW + timedelta(days=1)):
        assert services.due_today(place.person) == 6


def test_closing_and_marking_again_change_nothing(place: Place) -> None:
    ref = sit(place)
    with writing():
        services.close(place.learner, ref)
    for ticked in ([], ["point-1"]):
        with writing():
            services.mark_own(place.learner, ref, 5, ticked)
    rows = db.session.scalar(select(func.count()).select_from(PracticeAnswer))
    assert rows == 5
    result = services.get_result(place.learner, ref)
    assert result is not None and result.answers[4][1].share == 0


def test_questions_left_out_earn_nothing_and_say_nothing(place: Place) -> None:
    ref = start(place)
    with writing():
        services.save(place.learner, ref, {1: answers(ref, right=True)[1], 5: "  "})
        services.close(place.learner, ref)
    result = services.get_result(place.learner, ref)
    assert result is not None and result.outcome.total == 2 and not result.waiting
    assert db.session.scalar(select(func.count()).select_from(PracticeAnswer)) == 1


def test_after_the_deadline_nothing_is_taken_and_what_was_saved_counts(place: Place) -> None:
    with clock.frozen(NOW):
        ref = start(place)
        right = answers(ref, right=True)
        with writing():
            services.save(place.learner, ref, {1: right[1]})
    late = NOW + timedelta(minutes=PAPER.minutes)
    with clock.frozen(late + timedelta(minutes=1)), writing():
        services.save(place.learner, ref, {2: right[2]})
    with clock.frozen(late + timedelta(minutes=3)):
        with pytest.raises(services.TimeIsUp), writing():
            services.save(place.learner, ref, {3: right[3]})
        assert services.get_paper(place.learner, ref, "en") is None
        assert services.list_mocks(place.learner)[0].state == "over"
        with writing():
            services.close(place.learner, ref)
        result = services.get_result(place.learner, ref)
    assert result is not None and result.outcome.total == 4 and result.closed_at == late


@pytest.mark.parametrize("values", [{0: [1]}, {7: "A"}, {1: "Z"}, {1: ["A"]}, {3: "A"}, {6: {"x": "y"}}])
def test_what_the_page_cannot_have_sent_is_refused(place: Place, values: dict[int, object]) -> None:
    ref = start(place)
    with pytest.raises(BadEntry), writing():
        services.save(place.learner, ref, values)


def test_a_second_paper_is_another_one_of_unseen_items_as_far_as_they_go(place: Place) -> None:
    first = sit(place)
    second = sit(place, "b" * 32)
    one, two = ({item.id for item in form(ref)} for ref in (first, second))
    singles = {item.id for item in PRACTICE if item.kind == "single"}
    assert one != two
    assert {"5.2-04", "6.3-02", "6.1.3-01", "6.1.3-02"} <= one | two
    assert not (one - singles) & (two - singles) - {item.id for item in PRACTICE if item.kind in {"multiple", "judge"}}


def test_the_list_takes_the_same_queries_for_one_paper_as_for_three(place: Place) -> None:
    counts = []
    for number in range(3):
        sit(place, f"{number:032x}")
        seen: list[object] = []
        listen = lambda *args, heard=seen: heard.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        learner = place.learner
        assert len(services.list_mocks(learner)) == number + 1
        services.list_offers(learner)
        event.remove(db.engine, "before_cursor_execute", listen)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 7


def test_a_mock_exam_belongs_to_one_person_and_base(place: Place) -> None:
    ref = sit(place)
    stranger = services.get_learner(place.other)
    assert services.list_mocks(stranger) == []
    for act in (
        lambda: services.get_result(stranger, ref),
        lambda: services.get_paper(stranger, ref, "en"),
        lambda: services.save(stranger, ref, {}),
        lambda: services.close(stranger, ref),
        lambda: services.mark_own(stranger, ref, 5, []),
    ):
        with pytest.raises(NotFound):
            act()
    learner = place.learner
    scope_to({make_place("other").base})
    with pytest.raises(NotFound):
        services.get_result(learner, ref)


def test_time_on_ones_own_mock_exam_counts_while_it_runs_and_on_its_result(place: Place) -> None:
    ref = sit(place)
    for seconds in (0, 30, 60):
        with clock.frozen(NOW + timedelta(seconds=seconds)), writing():
            minutes = services.beat_mock(place.learner, ref, Signs("mock-page"))
            services.beat(place.learner, Signs("practice-page"))
    assert minutes == 1
    assert study_tally(place.learner.enrolment_id).counted == 60
    with pytest.raises(NotFound), writing():
        services.beat_mock(services.get_learner(place.other), ref, Signs("another-page"))
