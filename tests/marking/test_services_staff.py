"""What staff end for a candidate: forced hand-ins, and void sittings that lead to no certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.exams.models import ExamSession, Sitting, SittingChange
from app.exams.services import incidents
from app.exams.services.passed import has_passed
from app.ledger.models import Entry
from app.marking import services
from app.marking.models import Result
from app.store import db, writing
from tests.marking.test_services_marking import mark_all
from tests.marking.world import ALL_RIGHT, FULL, NOW, Sat, World, make_world, sit

KEY = "a" * 32


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    with clock.frozen(NOW):
        yield make_world()


def passed(world: World) -> Sat:
    """A sitting that was handed in, marked and passed."""
    sat = sit(world, ALL_RIGHT)
    with writing():
        services.hand_in(sat.ref, "candidate", clock.now(), person_id=sat.person)
    mark_all(sat, world.marker, FULL)
    return sat


def void(world: World, sat: Sat) -> None:
    """Somebody reports the sitting, and three days later an officer declares it void."""
    with writing():
        session = db.session.get_one(ExamSession, world.session)
        incidents.report_incident(session, key=KEY, sitting_ref=sat.ref, kind="aid", body="x", by=world.teacher)
    with clock.frozen(NOW + timedelta(days=3)), writing():
        services.decide_incident(KEY, decision="void", why="x", seen="", by=world.officer)


def test_a_forced_hand_in_is_scored_once_with_its_reason_sealed(world: World) -> None:
    sat = sit(world, ALL_RIGHT)
    for _ in range(2):
        with writing():
            services.force_hand_in(sat.ref, reason="Taken ill", at=clock.now(), by=world.officer)
    sitting = db.session.scalars(select(Sitting).where(Sitting.ref == sat.ref)).one()
    assert (sitting.state, sitting.closed_by, sitting.closed_reason) == ("closed", "staff", "Taken ill")
    assert db.session.scalar(select(func.count()).select_from(Result)) == 1
    assert db.session.scalars(select(SittingChange.kind)).all() == ["forced"]
    entry = db.session.scalars(select(Entry).where(Entry.kind == "sitting.forced")).one()
    assert "ill" not in str(entry.facts)


def test_a_void_sitting_is_certified_by_nobody_and_counts_as_not_passed(world: World) -> None:
    sat = passed(world)
    enrolment = db.session.scalars(select(Sitting.enrolment_id).where(Sitting.ref == sat.ref)).one()
    assert has_passed(enrolment)
    void(world, sat)
    assert not has_passed(enrolment)
    found = services.get_candidacy(sat.ref, world.decider)
    assert not found.complete
    assert next(one.name for one in found.requirements if not one.met) == "valid"
    with pytest.raises(services.MissingRequirement), writing():
        services.decide(sat.ref, version=found.result.version, certify=True, reason="", by=world.decider)
    assert services.get_own_result(sat.ref, sat.person).void
    assert services.get_session_results(world.session_ref).counts["void"] == 1
    with writing():
        services.decide(sat.ref, version=found.result.version, certify=False, reason="Void.", by=world.decider)


def test_a_certified_sitting_is_not_declared_void(world: World) -> None:
    sat = passed(world)
    found = services.get_candidacy(sat.ref, world.decider)
    assert found.complete
    with writing():
        services.decide(sat.ref, version=found.result.version, certify=True, reason="", by=world.decider)
    with pytest.raises(services.CertifiedAlready):
        void(world, sat)
    assert not incidents.void_among([db.session.scalars(select(Sitting.id).where(Sitting.ref == sat.ref)).one()])
