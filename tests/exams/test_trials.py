"""Dry draws of specifications: made by the worker when they are published, kept, and shown before a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app import clock
from app.banks.models import BankRow, ItemRow, SpecificationRow
from app.exams import services, tasks
from app.exams.models import ExamPool, Feasibility
from app.jobs import services as jobs
from app.store import db, writing
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room, whole_room
from tests.exams.test_views import Enter, enter, officer, room

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")
PAGE = f"/dry-draws/{SPECIFICATION.code}"


def work() -> int:
    tasks.ask_for_trials()
    ran = jobs.run_everything_due()
    db.session.rollback()
    return ran


def without(kind: str) -> None:
    with writing():
        for row in db.session.scalars(select(ItemRow).where(ItemRow.kind == kind)):
            row.status = "draft"


def test_a_published_specification_is_tried_once_until_its_bank_changes(db_app: Flask) -> None:
    whole_room()
    assert [trial.report for trial in services.list_trials()] == [None]
    assert (work(), work()) == (1, 0)
    (trial,) = services.list_trials()
    assert trial.report is not None and trial.report["draws"] == 1000 and trial.made_at == NOW and not trial.stale
    with clock.frozen(NOW + timedelta(hours=1)):
        with writing():
            for bank in db.session.scalars(select(BankRow)):
                bank.loaded_at = clock.now()
        with clock.frozen(NOW + timedelta(hours=2)):
            assert services.get_trial(SPECIFICATION.code).stale
            assert work() == 1
            assert not services.get_trial(SPECIFICATION.code).stale
    assert db.session.scalar(select(func.count()).select_from(Feasibility)) == 1  # the same pool as before


def test_what_cannot_be_filled_is_kept_with_what_stands_in_the_way(db_app: Flask) -> None:
    whole_room()
    without("case")
    assert work() == 1
    trial = services.get_trial(SPECIFICATION.code)
    assert trial.report is not None
    assert trial.report["refusal"] == {"missing": 2, "dimension": "kind", "value": "case"}
    said = db_app.test_cli_runner().invoke(args=["exams", "feasibility", SPECIFICATION.code])
    assert said.exit_code == 1 and "cannot be filled: 2 missing for kind case" in said.output


def test_a_specification_that_was_retired_meanwhile_is_passed_over(db_app: Flask) -> None:
    whole_room()
    tasks.ask_for_trials()
    with writing():
        db.session.scalars(select(SpecificationRow)).one().state = "retired"
    assert jobs.run_everything_due() == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Feasibility)) == 0
    assert services.list_trials() == []


def test_a_session_announced_from_the_same_pool_finds_the_report(db_app: Flask) -> None:
    room = whole_room()
    work()
    with writing():
        session = services.create_session(
            key="e" * 32, cohort_id=room.cohort, specification=SPECIFICATION.code, title_zh="结业考试", title_en="Exam",
            opens_at=NOW + timedelta(hours=1), closes_at=NOW + timedelta(hours=3), by=None,
        )  # fmt: skip
    assert services.session_record(session).feasibility is not None
    assert db.session.scalar(select(func.count()).select_from(ExamPool).where(ExamPool.hash == session.pool_hash)) == 1


def test_whoever_announces_a_session_sees_before_what_its_papers_will_be_like(room: Room, enter: Enter) -> None:
    client = enter(officer(room))
    assert "/dry-draws" in client.get("/exam-sessions/new").text
    assert "Not tried yet" in client.get("/dry-draws").text
    assert "No dry draws were made yet" in client.get(PAGE).text
    assert client.post(PAGE).headers["Location"].endswith(PAGE)
    client.post(PAGE)
    assert jobs.run_everything_due() == 1
    listed, page = client.get("/dry-draws").text, client.get(PAGE).text
    assert PAGE in listed and "Can be filled" in listed
    assert "1000 dry draws" in page and "Items that two papers share" in page and "Computing time" in page


def test_the_page_names_what_stands_in_the_way_in_words(room: Room, enter: Enter) -> None:
    without("case")
    work()
    client = enter(officer(room))
    assert "Cannot be filled" in client.get("/dry-draws").text
    assert "Kind of item Case, where items are missing: 2." in client.get(PAGE).text


def test_writers_of_items_read_it_and_ask_for_nothing(room: Room, enter: Enter) -> None:
    client = enter(officer(room, role="item-writer"))
    page = client.get(PAGE)
    assert page.status_code == 200 and "Make the dry draws now" not in page.text
    assert client.post(PAGE).status_code == 403
    assert enter(room.people[0]).get("/dry-draws").status_code == 403
    assert client.get("/dry-draws/nothing").status_code == 404


def test_the_list_asks_the_database_as_often_for_many_as_for_one(db_app: Flask, room: Room, enter: Enter) -> None:
    from dataclasses import replace

    from app.banks.models import SpecificationVersion
    from app.banks.specification import content_of

    client, counts, seen = enter(officer(room)), [0], []

    def count(*_: object) -> None:
        counts[0] += 1

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        for number in range(2):
            client.get("/dry-draws")
            counts[0] = 0
            client.get("/dry-draws")
            seen.append(counts[0])
            other = replace(SPECIFICATION, code=f"other-{number}")
            with writing():
                first = db.session.scalars(select(SpecificationRow)).first()
                assert first is not None
                row = SpecificationRow(bank_id=first.bank_id, code=other.code, state="active", hash=other.hash)
                db.session.add(row)
                db.session.flush()
                db.session.add(
                    SpecificationVersion(
                        specification_id=row.id, hash=other.hash, content=content_of(other), made_at=NOW
                    )
                )
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert seen[0] == seen[1] < 10
