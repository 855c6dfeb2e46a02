"""The short form of the torture, and that its negative controls bite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import update

from app import clock
from app.exams.answer_store import PostgresAnswers, SqliteAnswers, connector
from app.exams.models import Sitting as ExamSitting
from app.exams.services import release_stores
from app.store import db, is_sqlite, writing
from tests.torture import network, power, races, steps, world
from tests.torture.__main__ import between_marks, report
from tests.torture.audit import Count
from tests.torture.kills import Outcome, failover, kills
from tests.torture.machine import Sitting
from tests.torture.servers import Cluster, url_of
from tests.torture.world import World

ENGINES = ["sqlite", "postgresql"]


@pytest.mark.parametrize("engine", ENGINES)
def test_after_kill_9_every_acknowledged_answer_is_there(tmp_path: Path, engine: str) -> None:
    found = kills(tmp_path, engine, faults=4, acks=300, seed="short", minutes=2)
    assert found.faults == 4 and found.count.acknowledged >= 300
    assert found.count.harm == 0, found
    assert all(times[0] < 60 for times in found.recovery.values()), found


@pytest.mark.parametrize("engine", ENGINES)
def test_behind_a_bad_network_every_acknowledged_answer_is_there(tmp_path: Path, engine: str) -> None:
    found = network.network(tmp_path, engine, acks=200, seed="short", minutes=2)
    assert found.count.acknowledged >= 200
    assert found.count.harm == 0, found


@pytest.fixture(scope="module", params=ENGINES)
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    cluster = Cluster.make() if request.param == "postgresql" else None
    try:
        if cluster:
            cluster.fresh()
        url = url_of(cluster) if cluster else None
        here = world.make(tmp_path_factory.mktemp("races"), 8000, url, 24, attempts=races.ALLOWED)
        yield here
        with here.app.app_context():
            db.engine.dispose()
    finally:
        if cluster:
            cluster.remove()


def taken(room: World, count: int) -> World:
    """Some of the seats, which nobody uses again."""
    mine, room.seats = room.seats[:count], room.seats[count:]
    return World(room.app, room.room, mine)


def test_what_is_acknowledged_while_somebody_hands_in_is_scored(room: World) -> None:
    store = races.store_of(room)
    found = races.hand_ins(taken(room, 4), store, rounds=4, seed="short", name="races")
    store.close()
    assert found.count.acknowledged > 0 and found.count.harm == 0, found


def test_without_the_lock_acknowledged_answers_are_not_scored(room: World) -> None:
    """The negative control: the race above proves something."""
    here = taken(room, 10)
    with races.without_lock(here) as store:
        found = races.hand_ins(here, store, rounds=10, seed="short", name="control")
    assert found.count.unscored > 0, found


def test_parallel_starts_never_make_more_sittings_than_attempts(room: World) -> None:
    assert races.starts(taken(room, 6), "").count.harm == 0


def test_steps_of_the_clock_close_and_move_nothing(room: World) -> None:
    store = races.store_of(room)
    found = steps.clock_steps(taken(room, 2), store, steps=8, seed="short", name="clock")
    store.close()
    assert found.count.acknowledged > 0 and found.count.harm == 0, found


def test_a_clock_that_is_believed_closes_sittings_early(room: World) -> None:
    """The negative control: the steps above are felt by a house without a steady clock."""
    here, store = taken(room, 2), races.store_of(room)
    with here.app.app_context(), writing():
        change = update(ExamSitting).where(ExamSitting.id.in_([seat.sitting for seat in here.seats]))
        db.session.execute(change.values(deadline_at=clock.now() + timedelta(minutes=5)))
    found = steps.clock_steps(here, store, steps=8, seed="short", name="control", steady=False)
    store.close()
    assert found.count.broken > 0, found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world.make(tmp_path_factory.mktemp("power"), 8000, None, 3)


def test_a_power_cut_takes_nothing_that_was_acknowledged(desk: World, tmp_path: Path) -> None:
    found = power.power_cuts(tmp_path, desk, cuts=30, seed="short")
    assert found.count.acknowledged > 500 and found.count.harm == 0, found


def test_with_weaker_syncing_a_power_cut_takes_acknowledged_answers(desk: World, tmp_path: Path) -> None:
    """The negative control: the disk of these tests forgets what was not synced."""
    assert power.power_cuts(tmp_path, desk, cuts=5, seed="short", synchronous=1).count.lost > 0


def test_failing_writes_and_a_full_disk_are_never_acknowledged(desk: World, tmp_path: Path) -> None:
    errors = power.io_errors(tmp_path / "io", desk, saves=200, seed="short")
    assert errors.faults > 0 and errors.count.harm == 0, errors
    full = power.full_disk(tmp_path / "full", desk, seed="short")
    assert full.faults > 0 and full.count.harm == 0, full


@pytest.mark.long
def test_the_promoted_standby_has_every_acknowledged_answer(tmp_path: Path) -> None:
    found = failover(tmp_path, rounds=1, acks=300, seed="short")
    assert found.count.acknowledged >= 300 and found.count.harm == 0, found


def _machine(app: Flask, examples: int, steps: int) -> None:
    database = db.engine.url.database or ""
    parts = None if is_sqlite() else db.engine.dialect.create_connect_args(db.engine.url)[1]

    class Here(Sitting):
        make = staticmethod(  # type: ignore[assignment]
            lambda: SqliteAnswers(connector(database)) if parts is None else PostgresAnswers(parts, most=1)
        )

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    release_stores()


def test_any_order_of_events_leaves_what_the_model_says(db_app: Flask) -> None:
    _machine(db_app, 15, 20)


@pytest.mark.long
def test_any_order_of_events_leaves_what_the_model_says_in_500_runs(db_app: Flask) -> None:
    _machine(db_app, 500, 50)


def test_the_report_goes_between_its_marks() -> None:
    text = report([Outcome("x", Count(1200, lost=1), 3, {"web server": [1.0, 3.0]}, "n")], 61, markdown=True)
    assert "| x | 3 | 1,200 | 1 |" in text and "web server 2.0 / 3.0 s" in text
    page = "a\n<!-- begin: make torture -->\nold\n<!-- end: make torture -->\nz"
    assert "old" not in between_marks(page, text) and between_marks(page, text).endswith("z")
    with pytest.raises(ValueError, match="marks"):
        between_marks("nothing", text)
