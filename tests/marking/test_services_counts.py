"""What candidates earned goes into the counts of their items: once, first attempts only, corrected with the result."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.exams.models import ItemFacility, Sitting
from app.marking import services, tasks
from app.marking.models import Result
from app.store import db, writing
from tests.marking.world import NOW, World, make_world, sit

PARTLY = {1: "A", 2: ["A"], 3: "incorrect", 5: None}


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    with clock.frozen(NOW):
        yield make_world()


def counts() -> dict[str, tuple[int, int]]:
    db.session.rollback()
    return {row.version: (row.answers, row.earned) for row in db.session.scalars(select(ItemFacility))}


def hand_in(world: World, answers: dict[int, object]) -> Result:
    sat = sit(world, answers)
    with writing():
        return services.hand_in(sat.ref, "candidate", clock.now(), person_id=sat.person)


def test_a_final_result_is_counted_once(world: World) -> None:
    hand_in(world, PARTLY)
    for _ in range(2):
        tasks.count_items()
    form = db.session.scalars(select(Sitting.form)).one()
    assert counts() == {row["version"]: (1, 0) for row in form}
    assert services.uncounted() == []


def test_a_provisional_result_waits(world: World) -> None:
    hand_in(world, {1: "A", 4: "words that a person marks"})
    tasks.count_items()
    assert counts() == {}


def test_a_corrected_result_takes_the_place_of_the_older_one(world: World) -> None:
    first = hand_in(world, PARTLY)
    tasks.count_items()
    with writing():
        old = db.session.get_one(Result, first.id)
        scores = [{**row, "points": str(row["marks"])} if row["slot"] == 1 else row for row in old.scores]
        db.session.add(
            Result(
                base_id=old.base_id, sitting_id=old.sitting_id, person_id=old.person_id, enrolment_id=old.enrolment_id,
                version=old.version + 9, state="final", reason="review", specification_hash=old.specification_hash,
                scores=scores, sections=[], groups=[], missed=[], total="2", marks=old.marks, cut=old.cut,
                passed=False, made_by=None, made_at=NOW,
            )
        )  # fmt: skip
    tasks.count_items()
    form = db.session.scalars(select(Sitting.form)).one()
    assert counts()[form[0]["version"]] == (1, 10_000)
    assert all(counts()[row["version"]] == (1, 0) for row in form[1:])


def test_a_retake_is_not_counted(world: World) -> None:
    hand_in(world, PARTLY)
    tasks.count_items()
    before = counts()
    with writing():
        first = db.session.scalars(select(Sitting)).one()
        facts = {
            column.key: getattr(first, column.key)
            for column in Sitting.__table__.columns
            if column.key not in {"id", "ref", "attempt_no"}
        }
        again = Sitting(**facts, ref="9" * 32, attempt_no=2)
        db.session.add(again)
        db.session.flush()
        result = db.session.scalars(select(Result).where(Result.state == "final")).one()
        copied = {
            column.key: getattr(result, column.key)
            for column in Result.__table__.columns
            if column.key not in {"id", "sitting_id"}
        }
        db.session.add(Result(**copied, sitting_id=again.id))
    assert services.uncounted() == []
    tasks.count_items()
    assert counts() == before
