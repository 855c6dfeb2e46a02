"""Practice on both databases: what may be asked, what is kept, when it comes back, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app import clock
from app.banks import services as banks
from app.banks.items import content_of
from app.banks.models import ItemRow, ItemVersion
from app.practice import services
from app.practice.asking import order_of
from app.practice.choosing import Scope
from app.practice.models import PracticeAnswer, PracticeCard, PracticeReview
from app.practice.recall import local_day
from app.refusals import Conflict, NotFound
from app.store import db, scope_to, writing
from tests.practice.world import DAY, EXAM, NOW, PRACTICE, Place, find, give, make_place, store_items

GOOD_CASE = {"facts": "抽查5份", "clause": "6.1.3", "requirement": "约定权属", "grade": "minor", "reason": "个别"}


@pytest.fixture
def place(db_app: Flask) -> Place:
    return make_place()


def due_of(place: Place, item_id: str) -> int:
    """In how many days the item comes back."""
    card = db.session.scalars(select(PracticeCard).where(PracticeCard.item == item_id)).one()
    return (card.due_on - local_day(clock.now())).days


def count(model: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_only_approved_practice_items_are_asked(place: Place) -> None:
    assert [item.id for item in banks.practice_pool("trial", "gbt29490-2013")] == sorted(item.id for item in PRACTICE)
    asked = set()
    with clock.frozen(NOW):
        while (found := services.next_question(place.learner, Scope("all"))).item is not None:
            asked.add(found.item.id)
            give(place, found.item.id, response="一二三" if found.item.kind == "short" else GOOD_CASE)
            answer = db.session.scalars(select(PracticeAnswer).order_by(PracticeAnswer.id.desc())).first()
            if answer is not None and answer.share is None:
                with writing():
                    services.self_mark(place.learner, answer.ref, [])
    assert asked == {item.id for item in PRACTICE}


@pytest.mark.parametrize("number", ["5.2-90", "5.2-80", "5.2-81"])
def test_an_exam_item_or_one_not_approved_can_neither_be_shown_nor_answered(place: Place, number: str) -> None:
    row = db.session.scalars(select(ItemRow).where(ItemRow.code == number)).one()
    with pytest.raises(services.NotToBePractised):
        services.get_shown_item(place.learner, number, row.hash)
    item = banks.get_item_version(row.hash)
    with pytest.raises(services.NotToBePractised), writing():
        services.answer(place.learner, item, key="0" * 32, order=order_of("0" * 32, item), response=None)
    assert count(PracticeAnswer) == 0


def test_the_version_of_an_exam_item_is_not_shown_under_the_name_of_a_practice_item(place: Place) -> None:
    with pytest.raises(NotFound):
        services.get_shown_item(place.learner, "5.2-01", EXAM[0].hash)


def test_a_missed_item_comes_back_the_next_day_and_is_asked_first(place: Place) -> None:
    with clock.frozen(NOW):
        give(place, "5.2-01", right=False)
        give(place, "6.1.2-01", right=True)
        assert due_of(place, "5.2-01") == 1 and due_of(place, "6.1.2-01") == 2
        assert services.due_today(place.person) == 0
    with clock.frozen(NOW + DAY):
        assert services.due_today(place.person) == 1
        found = services.next_question(place.learner, Scope("due"))
        assert found.item is not None and found.item.id == "5.2-01" and found.left == 1
        give(place, "5.2-01", right=True)
        assert services.next_question(place.learner, Scope("due")).item is None


def test_no_answer_counts_as_missed(place: Place) -> None:
    item = find("5.2-04")
    with clock.frozen(NOW):
        give(place, "5.2-04", response=None)
        assert due_of(place, item.id) == 1
    assert services.feedback(place.learner, _last()).marked.share == 0


def _last() -> str:
    return db.session.scalars(select(PracticeAnswer.ref).order_by(PracticeAnswer.id.desc())).first() or ""


def test_a_right_answer_can_be_rated_otherwise_until_the_item_is_answered_again(place: Place) -> None:
    with clock.frozen(NOW):
        ref = give(place, "5.2-01")
        told = services.feedback(place.learner, ref)
        assert told.rating == "good" and told.days == {"hard": 1, "good": 2, "easy": 8}
        for rating in ("easy", "easy", "hard"):
            with writing():
                services.rate(place.learner, ref, rating)
            assert due_of(place, "5.2-01") == told.days[rating]
        assert count(PracticeReview) == 3 and count(PracticeAnswer) == 1
    with clock.frozen(NOW + DAY):
        give(place, "5.2-01")
        assert services.feedback(place.learner, ref).days == {}
        with pytest.raises(Conflict), writing():
            services.rate(place.learner, ref, "good")


@pytest.mark.parametrize(("right", "rating"), [(False, "good"), (True, "again"), (True, "")])
def test_a_wrong_answer_and_an_unknown_rating_are_refused(place: Place, right: bool, rating: str) -> None:
    ref = give(place, "5.2-01", right=right)
    with pytest.raises(NotFound), writing():
        services.rate(place.learner, ref, rating)


def test_the_same_key_changes_nothing_twice(place: Place) -> None:
    with clock.frozen(NOW):
        give(place, "5.2-01", right=False, key="a" * 32)
        give(place, "5.2-01", right=True, key="a" * 32)
    assert count(PracticeAnswer) == count(PracticeReview) == count(PracticeCard) == 1
    assert not services.feedback(place.learner, "a" * 32).marked.right


def test_an_own_text_waits_for_its_writers_marks_and_they_decide_when_it_comes_back(place: Place) -> None:
    with clock.frozen(NOW):
        ref = give(place, "5.2-04", response="一二三")
        assert services.feedback(place.learner, ref).marked.share is None and count(PracticeCard) == 0
        for ticked, share, days in (([], Fraction(0), 1), (["point-1", "point-2", "point-3"], Fraction(1), 8)):
            with writing():
                services.self_mark(place.learner, ref, ticked)
            assert services.feedback(place.learner, ref).marked.share == share
            assert due_of(place, "5.2-04") == days
        assert count(PracticeReview) == 2 and count(PracticeCard) == 1
    with pytest.raises(NotFound), writing():
        services.rate(place.learner, ref, "hard")


def test_the_key_decides_clause_and_grade_of_a_case(place: Place) -> None:
    ref = give(place, "6.1.3-01", response={**GOOD_CASE, "clause": "6.1"})
    with writing():
        services.self_mark(place.learner, ref, ["facts", "clause", "grade", "nonsense"])
    # Half of the clause, all of the facts, nothing of the requirement, all of the grade.
    assert services.feedback(place.learner, ref).marked.share == Fraction(1, 6) + Fraction(2, 6) + Fraction(1, 6)


def test_a_changed_item_is_shown_anew_and_history_keeps_what_was_answered(place: Place) -> None:
    with clock.frozen(NOW):
        ref = give(place, "5.2-01", right=False)
        new = replace(find("5.2-01"), stem={"zh_CN": "新题干", "en": "New stem"})
        with writing():
            row = db.session.scalars(select(ItemRow).where(ItemRow.code == "5.2-01")).one()
            row.versions.append(ItemVersion(hash=new.hash, content=content_of(new), made_at=NOW))
            row.hash = new.hash
    with clock.frozen(NOW + DAY):
        found = services.next_question(place.learner, Scope("due")).item
        assert found is not None and found.stem["en"] == "New stem"
        assert services.feedback(place.learner, ref).marked.item.stem == find("5.2-01").stem
        # Who still has the old page open is marked by what he saw.
        assert services.get_shown_item(place.learner, "5.2-01", find("5.2-01").hash).stem == find("5.2-01").stem
        with writing():
            row = db.session.scalars(select(ItemRow).where(ItemRow.code == "5.2-01")).one()
            row.status = "retired"
        assert services.next_question(place.learner, Scope("due")).item is None
        assert not services.feedback(place.learner, ref).marked.right


def test_an_item_on_a_law_is_asked_while_the_law_is_in_force(db_app: Flask) -> None:
    old = replace(find("5.2-01"), valid_to="2026-11-23")
    place = make_place(items=[old])
    with clock.frozen(NOW):
        assert services.desk(place.learner).items == 1
    with clock.frozen(NOW + DAY):
        assert services.desk(place.learner).items == 0 and services.due_today(place.person) is None


def test_an_item_lent_by_the_bank_of_another_edition_stands_at_its_clause_here(place: Place) -> None:
    lent = replace(
        find("7.1-01"), id="2023-7.2-01", clause="7.2", edition="gbt29490-2023", also={"gbt29490-2013": "6.1.2"}
    )
    own = replace(find("7.1-01"), id="2023-7.3-01", clause="7.3", edition="gbt29490-2023")
    with writing():
        store_items("later", "gbt29490-2023", [lent, own])
    with clock.frozen(NOW):
        assert {item.id for item in banks.practice_pool("trial", "gbt29490-2013")} - {item.id for item in PRACTICE} == {
            lent.id
        }
        with writing():
            services.answer(place.learner, lent, key="c" * 32, order=(), response="correct")
        told = services.feedback(place.learner, "c" * 32)
        assert told.clause is not None and told.clause.no == "6.1.2"
        assert services.mastery(place.learner)["6.1.2"].n == 1


@pytest.mark.parametrize("right", [True, False])
def test_blanks_are_held_to_the_key(place: Place, right: bool) -> None:
    ref = give(place, "4.1-01", right=right)
    told = services.feedback(place.learner, ref)
    assert told.marked.share == (1 if right else Fraction(1, 2)) and told.rating == ("good" if right else "again")


def test_mastery_counts_first_sight_only_and_nothing_that_people_mark_themselves(place: Place) -> None:
    with clock.frozen(NOW):
        give(place, "5.2-01", right=False)
        give(place, "5.2-02")
        give(place, "5.2-03")
        ref = give(place, "5.2-04", response="一二三")
        with writing():
            services.self_mark(place.learner, ref, ["point-1"])
    with clock.frozen(NOW + DAY):
        give(place, "5.2-01")
        found = services.mastery(place.learner)
    assert (found["5.2"].n, found["5.2"].right) == (3, 2) and found["5"].n == 3
    assert found["5.2"].recall is not None and 0.8 < found["5.2"].recall <= 1
    assert "4.2" not in found and found["6.1.2"].n == 0


def test_the_desk_counts_what_there_is(place: Place) -> None:
    with clock.frozen(NOW):
        give(place, "5.2-01", right=False)
        give(place, "6.1.2-01")
        desk = services.desk(place.learner)
        assert (desk.items, desk.answered, desk.due, desk.missed) == (len(PRACTICE), 2, 0, 1)
        assert desk.next_on == local_day(NOW + DAY)
        chapters = {
            head.clause.no: (head.items, [shelf.items for shelf in below])
            for head, below in desk.chapters
            if head.clause
        }
        assert chapters == {"4": (1, [1]), "5": (4, [4]), "6": (6, [2, 2, 2]), "7": (1, [1]), "9": (2, [2])}
        assert {shelf.topic: shelf.items for shelf in desk.topics} == {"standard": 11, "audit": 2, "law": 1}


def test_practice_belongs_to_one_person(place: Place) -> None:
    ref = give(place, "5.2-01", right=False)
    stranger = services.get_learner(place.other)
    assert services.desk(stranger).answered == 0
    for act in (
        lambda: services.feedback(stranger, ref),
        lambda: services.rate(stranger, ref, "easy"),
        lambda: services.self_mark(stranger, ref, []),
        lambda: services.get_learner(place.other, place.learner.enrolment_id),
    ):
        with pytest.raises(NotFound):
            act()


def test_practice_stays_in_its_base(place: Place) -> None:
    ref = give(place, "5.2-01", right=False)
    learner = place.learner
    other = make_place("other")
    scope_to({other.base})
    assert count(PracticeAnswer) == 0 or not db.session.scalars(select(PracticeAnswer)).all()
    assert services.find_learner(place.person) is None
    with pytest.raises(NotFound):
        services.feedback(learner, ref)


def test_the_number_of_queries_does_not_grow_with_the_answers(place: Place) -> None:
    def queries() -> int:
        seen: list[str] = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            learner = place.learner
            services.desk(learner)
            services.mastery(learner)
            services.next_question(learner, Scope("all"))
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    with clock.frozen(NOW):
        give(place, "5.2-01")
        first = queries()
        for item_id in ("5.2-02", "5.2-03", "6.1.2-01", "6.1.2-02", "6.3-01", "7.1-01"):
            give(place, item_id)
        assert queries() == first <= 10


def test_an_interval_grows_with_every_right_answer(place: Place) -> None:
    at, gaps = NOW, []
    for _turn in range(4):
        with clock.frozen(at):
            give(place, "5.2-01")
            gaps.append(due_of(place, "5.2-01"))
        at += timedelta(days=gaps[-1])
    assert gaps == sorted(set(gaps)) and gaps[-1] > 14
