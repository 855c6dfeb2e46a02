"""The exam stays shut until the study rules of the class are met, and nothing is used up by asking."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.cohorts import services as cohorts
from app.cohorts.models import Enrolment
from app.cohorts.study_rules import Rules
from app.courses.services.standing import RulesNotMet
from app.exams import services
from app.exams.models import Sitting
from app.store import db, writing
from tests.exams.rooms import NOW, Room, whole_room


@pytest.fixture
def room(db_app: Flask) -> Room:
    return whole_room()


def prepare(room: Room, place: int = 0) -> Sitting:
    with clock.frozen(NOW), writing():
        return services.prepare_sitting(room.session, room.people[place])


def rule(room: Room, **facts: object) -> None:
    with writing():
        cohorts.set_rules(room.cohort, Rules(**facts), by=None)  # type: ignore[arg-type]


def test_rules_that_are_not_met_refuse_and_use_nothing_up(room: Room) -> None:
    rule(room, hours=8)
    with pytest.raises(RulesNotMet) as refused:
        prepare(room)
    assert [one.kind for one in refused.value.standing.missing] == ["hours"]
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 0
    rule(room)
    assert prepare(room).attempt_no == 1


def test_a_paper_that_was_made_before_stays_when_rules_come_later(room: Room) -> None:
    first = prepare(room)
    rule(room, hours=8)
    assert prepare(room).ref == first.ref


def test_an_exception_is_for_one_person(room: Room) -> None:
    rule(room, hours=8)
    enrolment = db.session.scalar(select(Enrolment.id).where(Enrolment.person_id == room.people[0]))
    assert enrolment is not None
    with writing():
        cohorts.admit(enrolment, reason="材料已核实", missing=["hours"], by=room.people[2])
    assert prepare(room).person_id == room.people[0]
    with pytest.raises(RulesNotMet):
        prepare(room, 1)


def test_rules_of_another_class_mean_nothing_here(room: Room) -> None:
    with writing():
        programme = cohorts.get_cohort(room.cohort).programme_id
        day = cohorts.get_cohort(room.cohort).starts_on
        other = cohorts.open_cohort(
            programme_id=programme, code="other", title_zh="他班", title_en="Other", starts_on=day, ends_on=day, by=None
        )
        cohorts.set_rules(other, Rules(hours=40), by=None)
    assert prepare(room).state == "ready"
