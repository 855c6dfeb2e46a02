"""The quiz of a module: only practice items, another draw at each try, tries per day, and a pass that stays noted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.banks.items import LETTERS, Choice, Judge
from app.banks.services import practice_pool
from app.cohorts import services as cohorts
from app.cohorts.study_rules import Rules
from app.courses.models import QuizTry
from app.courses.services import quizzes, standing
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.courses.samples import CODE, Learner, base
from tests.courses.workshop import A4, BANK, base_of, cohort_of, join, workshop

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def begin(one: Learner, at: datetime = AT) -> int:
    with clock.frozen(at), writing():
        return quizzes.begin_try(one.person_id, CODE, A4)


def key(question: quizzes.Question) -> object:
    """The right answer to a question, in letters as shown."""
    item = question.item
    if isinstance(item, Judge):
        return item.answer
    assert isinstance(item, Choice)
    letters = [LETTERS[shown] for shown, place in enumerate(question.drawn.options) if item.options[place].right]
    return letters if item.kind == "multiple" else letters[0]


def answer(one: Learner, try_id: int, right: int, at: datetime = AT) -> quizzes.TryPage:
    """Answer so many questions right, the others not at all, and hand in."""
    page = quizzes.read_try(one.person_id, try_id)
    with clock.frozen(at), writing():
        quizzes.save_answers(one.person_id, try_id, {q.no: key(q) for q in page.questions[:right]})
        return quizzes.hand_in_try(one.person_id, try_id)


def test_only_approved_practice_items_of_the_module_are_drawn(one: Learner) -> None:
    ids = {item.id for item in practice_pool(BANK, "gbt29490-2013")}
    assert "6.1.1-90" not in ids and "6.1.1-91" not in ids and "7.2-01" in ids
    drawn: set[str] = set()
    for day in range(6):
        at = AT + timedelta(days=day)
        try_id = begin(one, at)
        drawn |= {row["id"] for row in db.session.get_one(QuizTry, try_id).form}
        answer(one, try_id, 0, at)
    assert drawn == {*(f"6.1.1-{n:02}" for n in range(1, 7)), "6.1.2-01"}, "never of the exam, of a draft, of chapter 7"


def test_a_second_click_gives_the_same_try_and_the_next_try_is_another(one: Learner) -> None:
    first = begin(one)
    assert begin(one) == first
    answer(one, first, 1)
    second = begin(one)
    forms = [{row["id"] for row in db.session.get_one(QuizTry, id).form} for id in (first, second)]
    assert second != first and forms[0] != forms[1]
    assert len(forms[0] & forms[1]) == 1, "of seven items, three unseen come before the seen ones"


def test_three_of_four_pass_and_the_pass_is_noted_with_its_time(one: Learner) -> None:
    page = answer(one, begin(one), 2)
    assert (page.row.correct, page.row.passed, page.page.passed_at) == (2, False, None)
    at = AT + timedelta(hours=1)
    page = answer(one, begin(one, at), 3, at)
    assert (page.row.correct, page.row.passed, page.row.needed) == (3, True, "3/4")
    assert page.page.passed_at == at and len(page.missed) == 1
    answer(one, begin(one, at), 0, at)
    assert quizzes.read_quiz(one.person_id, CODE, A4).passed_at == at, "a later failure takes nothing away"


def test_the_rules_of_the_class_set_share_and_tries(one: Learner) -> None:
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(quiz=Fraction(1), tries=2), by=None)
    with clock.frozen(AT):
        page = quizzes.read_quiz(one.person_id, CODE, A4)
    assert (page.needed, page.least, page.left_today, page.asked) == (1, 4, 2, True)
    assert not answer(one, begin(one), 3).row.passed
    assert not standing.standing_of(one.enrolment_id).admitted
    answer(one, begin(one), 4)
    assert standing.standing_of(one.enrolment_id).admitted
    with pytest.raises(quizzes.NoTriesLeft):
        begin(one)
    with pytest.raises(quizzes.NoTriesLeft):
        begin(one, datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    begin(one, datetime(2026, 11, 23, 16, 0, tzinfo=UTC))  # midnight in Beijing


def test_what_was_handed_in_stays_as_it_is(one: Learner) -> None:
    try_id = begin(one)
    before = answer(one, try_id, 1).row.answers
    again = answer(one, try_id, 4, AT + timedelta(hours=1))
    assert (again.row.answers, again.row.correct, again.row.handed_in_at) == (before, 1, AT)


def test_answers_that_no_page_sends_are_none(one: Learner) -> None:
    try_id = begin(one)
    with writing():
        page = quizzes.save_answers(one.person_id, try_id, {1: "Z", 2: ["A"], 3: {"x": 1}, 4: None, 9: "A"})
    assert len(page.unanswered) == 4 and all(question.right is None for question in page.questions)


def test_too_few_items_are_said_and_ask_for_nothing(db_app: Flask, tmp_path: Path) -> None:
    person = workshop(tmp_path, items=2)
    assert not quizzes.read_quiz(person.person_id, CODE, A4).drawable
    with pytest.raises(quizzes.TooFewItems):
        begin(person)
    assert db.session.scalar(select(func.count()).select_from(QuizTry)) == 0


def test_a_quiz_asks_what_its_module_names_and_nothing_of_the_exam(db_app: Flask, tmp_path: Path) -> None:
    """7.2-01 is of another chapter, which does not matter; the others are of the exam, a draft, and not there."""
    person = workshop(tmp_path, named="6.1.1-01, 6.1.1-02, 7.2-01, 6.1.1-90, 6.1.1-91, 9.9-99")
    drawn: set[str] = set()
    for day in range(4):
        at = AT + timedelta(days=day)
        try_id = begin(person, at)
        drawn |= {row["id"] for row in db.session.get_one(QuizTry, try_id).form}
        answer(person, try_id, 0, at)
    assert drawn == {"6.1.1-01", "6.1.1-02", "7.2-01"}


def test_nobody_elses_try_is_found(one: Learner) -> None:
    try_id, other = begin(one), join(base_of(one), "other")
    for act in (quizzes.read_try, quizzes.hand_in_try):
        with pytest.raises(NotFound), writing():
            act(other.person_id, try_id)
    with pytest.raises(NotFound):
        quizzes.read_quiz(one.person_id, CODE, "A99")
    scope_to({base(2)})
    with pytest.raises(NotFound):
        quizzes.read_try(one.person_id, try_id)


def test_what_is_ticked_is_kept_question_by_question_until_it_is_handed_in(one: Learner) -> None:
    try_id = begin(one)
    questions = quizzes.read_try(one.person_id, try_id).questions
    for question in questions[:3]:
        with writing():
            assert quizzes.keep_answers(one.person_id, try_id, {question.no: key(question)})
    with writing():
        quizzes.keep_answers(one.person_id, try_id, {questions[0].no: None, 99: "A"})
    assert [q.response for q in quizzes.read_try(one.person_id, try_id).questions] == [
        None, key(questions[1]), key(questions[2]), None,
    ]  # fmt: skip
    with writing():
        quizzes.hand_in_try(one.person_id, try_id)
    with writing():
        assert not quizzes.keep_answers(one.person_id, try_id, {1: key(questions[0])})
    page = quizzes.read_try(one.person_id, try_id)
    assert (page.row.correct, page.questions[0].response) == (2, None)
    other = join(base_of(one), "other")
    with pytest.raises(NotFound), writing():
        quizzes.keep_answers(other.person_id, try_id, {1: "A"})


def test_the_order_of_the_class_keeps_a_quiz_closed(one: Learner) -> None:
    standing.check_quiz_open(one.person_id, CODE, A4)
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(order="lessons"), by=None)
    with pytest.raises(standing.QuizClosed):
        standing.check_quiz_open(one.person_id, CODE, A4)
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(), by=None)
    standing.check_quiz_open(one.person_id, CODE, A4)
