"""Handing in: one sitting, one first result, whoever closes it and however often."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.exams import services as exams
from app.exams.models import Answer, Sitting
from app.ledger.models import Entry
from app.marking import services, tasks
from app.marking.models import Mark, Result, Script
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.marking.world import ALL_RIGHT, GOOD_CASE, NOW, Sat, World, make_world, sit


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    with clock.frozen(NOW):
        yield make_world()


def hand_in(sat: Sat, by: str = "candidate") -> Result:
    with writing():
        return services.hand_in(sat.ref, by, clock.now(), person_id=sat.person)


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def results() -> list[tuple[int, str, str]]:
    rows = db.session.execute(select(Result.version, Result.state, Result.total).order_by(Result.id))
    return [tuple(row) for row in rows]  # type: ignore[misc]


def test_objective_questions_are_scored_at_once_and_the_rest_waits(world: World) -> None:
    sat = sit(world, ALL_RIGHT)
    result = hand_in(sat)
    assert (result.state, result.total, result.marks, result.cut, result.passed) == ("provisional", "5", 20, "14", None)
    assert [(row["slot"], row["points"]) for row in result.scores] == [(1, "2"), (2, "2"), (3, "1")]
    waiting = db.session.scalars(select(Script).order_by(Script.slot)).all()
    assert [(script.slot, script.kind, script.marks, script.state) for script in waiting] == [
        (4, "short", 5, "waiting"),
        (5, "case", 10, "waiting"),
    ]
    assert waiting[1].response == GOOD_CASE


def test_what_was_not_answered_in_words_needs_no_marker(world: World) -> None:
    sat = sit(world, {1: "A", 2: ["A"], 3: "incorrect", 5: None})
    result = hand_in(sat)
    assert (result.state, result.total, result.passed) == ("final", "0", False)
    assert count(Script) == 0
    assert results() == [(1, "provisional", "0"), (2, "final", "0")]


def test_an_empty_paper_can_be_handed_in(world: World) -> None:
    assert hand_in(sit(world, {})).passed is False


def test_handing_in_again_changes_nothing(world: World) -> None:
    sat = sit(world, ALL_RIGHT)
    first = hand_in(sat).id
    with clock.frozen(NOW + timedelta(minutes=5)):
        assert hand_in(sat).id == first
        assert hand_in(sat, "deadline").id == first
    assert (count(Result), count(Script)) == (1, 2)
    kinds = db.session.scalars(select(Entry.kind).where(Entry.subject == f"sitting:{sat.ref}")).all()
    assert sorted(kinds) == ["result.provisional", "sitting.closed"]


def test_two_hand_ins_at_the_same_moment_make_one_result(world: World, db_app: Flask) -> None:
    sat = sit(world, ALL_RIGHT)
    start, made, failed = Barrier(6), [], []

    def try_it(by: str) -> None:
        with db_app.app_context():
            scope_to(None)
            start.wait()
            try:
                with writing():
                    made.append(services.hand_in(sat.ref, by, NOW).id)
            except Exception as error:  # shown by the assertion below
                failed.append(repr(error))
            db.session.remove()

    threads = [Thread(target=try_it, args=(by,)) for by in ("candidate", "deadline") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(set(made)) == 1
    db.session.rollback()
    assert (count(Result), count(Script)) == (1, 2)


def test_a_stranger_cannot_hand_in_for_somebody(world: World) -> None:
    sat, other = sit(world, ALL_RIGHT), sit(world, {}, account="li")
    with pytest.raises(NotFound), writing():
        services.hand_in(sat.ref, "candidate", NOW, person_id=other.person)
    with pytest.raises(NotFound), writing():
        services.hand_in("0" * 32, "candidate", NOW, person_id=other.person)
    assert db.session.scalar(select(Sitting.state).where(Sitting.id == sat.id)) == "open"


def test_a_sitting_that_never_began_is_not_handed_in(world: World) -> None:
    sat = sit(world, {})
    with writing():
        sitting = db.session.get(Sitting, sat.id)
        assert sitting is not None
        sitting.state, sitting.deadline_at = "ready", None
    with pytest.raises(NotFound):
        hand_in(sat)


def test_the_receipt_says_what_was_handed_in(world: World) -> None:
    sat = sit(world, {1: "B", 4: "一二三", 0: [2]})
    with pytest.raises(NotFound):
        services.get_receipt(sat.ref, sat.person)
    hand_in(sat)
    receipt = services.get_receipt(sat.ref, sat.person)
    assert (receipt.answered, receipt.questions, receipt.by, receipt.final) == (2, 5, "candidate", False)
    assert receipt.closed_at == NOW
    assert len(receipt.receipt) == 14
    with pytest.raises(NotFound):
        services.get_receipt(sat.ref, world.teacher)


def test_the_worker_closes_what_is_due_and_nothing_else(world: World) -> None:
    due = sit(world, ALL_RIGHT, deadline=NOW - timedelta(seconds=61))
    running = sit(world, ALL_RIGHT, account="li")
    tasks.close_due()
    states = dict(db.session.execute(select(Sitting.id, Sitting.state)).all())
    assert states == {due.id: "closed", running.id: "open"}
    sitting = db.session.get(Sitting, due.id)
    assert sitting is not None
    assert (sitting.closed_by, sitting.closed_at) == ("deadline", NOW - timedelta(seconds=61))
    tasks.close_due()
    assert results() == [(1, "provisional", "5")]


def test_the_worker_closes_late_what_it_missed_and_counts_to_the_deadline(world: World) -> None:
    sat = sit(world, ALL_RIGHT)
    with clock.frozen(NOW + timedelta(hours=5)):
        tasks.close_due()
    assert services.get_receipt(sat.ref, sat.person).closed_at == NOW + timedelta(minutes=60)


def test_extra_time_given_in_the_last_moment_is_not_cut_off(world: World) -> None:
    sat = sit(world, ALL_RIGHT, deadline=NOW - timedelta(seconds=61))
    assert exams.sittings_due(NOW) == [sat.id]
    with writing():
        sitting = db.session.get(Sitting, sat.id)
        assert sitting is not None
        sitting.deadline_at = NOW + timedelta(minutes=10)
    with writing():
        assert services.hand_in_due(sat.id, NOW) is None
    assert db.session.scalar(select(Sitting.state)) == "open"


def test_one_that_fails_does_not_hold_up_the_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    before = NOW - timedelta(minutes=2)
    bad, good = sit(world, {}, deadline=before - timedelta(minutes=1)), sit(world, {}, account="li", deadline=before)
    with writing():
        db.session.add(Answer(sitting_id=bad.id, slot=1, epoch=1, seq=1, response="{no json", saved_at=NOW))
    with caplog.at_level(logging.ERROR):
        tasks.close_due()
    states = dict(db.session.execute(select(Sitting.id, Sitting.state)).all())
    assert states == {bad.id: "open", good.id: "closed"}
    assert "could not be closed" in caplog.text
    with writing():
        answer = db.session.scalar(select(Answer).where(Answer.sitting_id == bad.id))
        assert answer is not None
        answer.response = '"B"'
    tasks.close_due()
    assert db.session.scalars(select(Result.total).where(Result.sitting_id == bad.id)).all() == ["2", "2"]


def test_what_staff_closed_is_scored_by_the_worker(world: World) -> None:
    sat = sit(world, ALL_RIGHT)
    with writing():
        exams.close_sitting(sat.id, "staff", NOW, reason="alarm")
    assert count(Result) == 0
    tasks.close_due()
    assert results() == [(1, "provisional", "5")]
    assert count(Mark) == 0


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ({1: "B"}, Fraction(2)),
        ({1: "A"}, Fraction(0)),
        ({2: ["A", "D"]}, Fraction(2)),
        ({2: ["A"]}, Fraction(0)),
        ({3: "correct"}, Fraction(1)),
        ({1: "B", 2: ["A", "B", "D"], 3: "incorrect"}, Fraction(2)),
    ],
)
def test_answers_are_scored_by_the_letters_of_this_paper(
    world: World, answers: dict[int, Any], total: Fraction
) -> None:
    assert Fraction(hand_in(sit(world, answers)).total) == total
