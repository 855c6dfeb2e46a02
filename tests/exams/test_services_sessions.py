"""Sessions from announcing to the secret, and what lists of them say, on both databases."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import clock, create_app
from app.banks.stored import item_of
from app.cohorts import services as cohorts
from app.exams import services
from app.exams.models import Answer, Sitting
from app.exams.services.pools import is_in_force
from app.store import db, is_sqlite, writing
from tests.exams import rooms
from tests.exams.pools import SPECIFICATION, bank
from tests.exams.rooms import NOW, whole_room
from tests.exams.test_services_sitting import WRITER, begin, entry, kinds, ledger_rows, prepare

pytestmark = pytest.mark.usefixtures("now")


def test_two_officers_who_announce_at_once_make_one_session(db_app: Flask) -> None:
    room = whole_room()
    made: list[int] = []
    begun = threading.Barrier(2)

    def click() -> None:
        with db_app.app_context(), clock.frozen(NOW):
            with writing():
                cohorts.get_cohort(room.cohort)
                if not is_sqlite():
                    begun.wait()
                made.append(
                    services.create_session(
                        key="e" * 32, cohort_id=room.cohort, specification=SPECIFICATION.code, title_zh="补考",
                        title_en="Resit", opens_at=NOW, closes_at=NOW + timedelta(hours=3), by=None,
                    ).id
                )  # fmt: skip
            db.session.remove()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2 and len(set(made)) == 1
    assert kinds().count("session.created") == 1


def test_law_is_in_force_by_the_day_in_beijing(db_app: Flask) -> None:
    """An exam at 07:00 in Beijing lies on the day before by UTC."""
    early = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    item = item_of(rooms._content(bank(120)[0], 0))
    assert is_in_force(replace(item, valid_from="2026-12-01"), early)
    assert not is_in_force(replace(item, valid_to="2026-11-30"), early)


def test_answers_go_to_the_file_that_a_relative_address_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sqlite:///x.db lies in the instance folder for everybody, not in the folder that the process was started in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "instance").mkdir()
    app = create_app(
        instance_path=tmp_path / "instance", TESTING=True, origin="http://localhost", database_url="sqlite:///room.db"
    )
    with app.app_context():
        db.create_all()
        ref, person_id, _ = rooms.one_sitting()
        assert services.record_answers(ref, person_id, 1, "w" * 32, [entry(1, 1, "A")]).acked == (1,)
        assert db.session.scalar(select(func.count()).select_from(Answer)) == 1
        db.session.remove()
        db.engine.dispose()
    services.release_stores()


def test_my_sessions_say_what_can_be_done(db_app: Flask) -> None:
    room = whole_room()
    me = room.people[0]
    states = []

    def look() -> None:
        mine = services.my_sessions(me)
        states.append([(one.state, one.can_start, one.attempts_left) for one in mine])

    look()
    sitting = begin(room)
    look()
    with writing():
        services.close_sitting(sitting.id, "candidate", clock.now())
    look()
    assert states == [[("open", True, 2)], [("running", False, 1)], [("handed-in", False, 1)]]


def test_the_list_of_sessions_counts_sittings(db_app: Flask) -> None:
    room = whole_room(people=4)
    sitting, _ready = begin(room), prepare(room, 2)
    services.record_answers(sitting.ref, room.people[0], 1, WRITER, [entry(1, 1, "A"), entry(2, 0, [3])])
    rows = services.list_sessions(services.Reader(0, None))
    assert [(row.enrolled, row.sitting, row.closed, row.state(NOW)) for row in rows] == [(4, 1, 0, "open")]
    assert services.count_odd_papers(services.get_session(room.session)) == (0, 0)
    with writing():
        db.session.execute(update(Sitting).values(within_tolerance=False, repeats_allowed=True))
    assert services.count_odd_papers(services.get_session(room.session)) == (2, 2)


def test_the_journal_of_a_session_goes_from_commitment_to_secret(db_app: Flask) -> None:
    room = whole_room()
    with writing():
        session = services.create_session(
            key="e" * 32, cohort_id=room.cohort, specification=SPECIFICATION.code, title_zh="补考", title_en="Resit",
            opens_at=NOW, closes_at=NOW + timedelta(hours=2), by=room.people[2],
        )  # fmt: skip
        same = services.create_session(
            key="e" * 32, cohort_id=room.cohort, specification=SPECIFICATION.code, title_zh="补考", title_en="Resit",
            opens_at=NOW, closes_at=NOW + timedelta(hours=2), by=room.people[2],
        )  # fmt: skip
        assert same.id == session.id
        session_id = session.id
    after = NOW + timedelta(hours=2, seconds=1)
    assert services.sessions_to_reveal(NOW) == []
    assert services.sessions_to_reveal(after) == [session_id]
    for _ in range(2):
        with writing():
            services.reveal_secret(session_id)
    facts = {str(row["kind"]): row["facts"] for row in ledger_rows() if row["subject"] == f"session:{'e' * 32}"}

    revealed = json.loads(json.dumps(facts["session.revealed"]))
    created = json.loads(json.dumps(facts["session.created"]))
    assert hashlib.sha256(bytes.fromhex(revealed["secret"])).hexdigest() == created["commitment"]
    assert services.sessions_to_reveal(after) == []
