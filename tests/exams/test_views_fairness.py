"""The officer's page on the fairness of a session, and the random number of the candidate's device."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import clock
from app.exams import services
from app.exams.models import ExamCandidate, ExamSession, Sitting
from app.jobs import services as jobs
from app.store import db, writing
from tests.exams.rooms import Room
from tests.exams.test_views import Enter, enter, officer, room

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")


def sat(room: Room) -> list[str]:
    with writing():
        return [services.prepare_sitting(room.session, one, f"{one:032x}").ref for one in room.people]


def test_the_device_of_the_candidate_brings_a_random_number(room: Room, enter: Enter) -> None:
    client = enter(room.people[0])
    page = client.get("/exams").text
    assert "data-nonce" in page and "js/exam-nonce" in page
    assert client.post(f"/exams/{room.session}/sitting", data={"nonce": "7" * 32}).status_code == 303
    row = db.session.scalars(select(ExamCandidate)).one()
    assert (row.nonce, row.nonce_by) == ("7" * 32, "candidate")
    assert enter(room.people[1]).post(f"/exams/{room.session}/sitting", data={"nonce": "7"}).status_code == 303
    assert enter(room.people[2]).post(f"/exams/{room.session}/sitting", data={}).status_code == 303
    drawn = db.session.scalars(select(ExamCandidate)).all()
    assert sorted(str(one.nonce_by) for one in drawn) == ["candidate", "staff", "staff"]
    assert {len(one.nonce) for one in drawn if one.nonce} == {32}


def test_the_page_has_each_paper_with_its_error_and_no_key(room: Room, enter: Enter) -> None:
    sat(room)
    client = enter(officer(room))
    assert f"/exam-sessions/{room.session}/fairness" in client.get(f"/exam-sessions/{room.session}").text
    page = client.get(f"/exam-sessions/{room.session}/fairness").text
    for sitting in db.session.scalars(select(Sitting)):
        assert f"{sitting.expected_at_cut / 1e4:.2f} ± {sitting.se / 1e4:.2f}" in page
    assert "A thousand dry draws are being made" in page and "SECRET" not in page


def test_the_report_of_the_dry_draws_stands_on_the_page(room: Room, enter: Enter) -> None:
    session = db.session.scalars(select(ExamSession)).one()
    facts = services.make_report(session.specification_hash, session.pool_hash)
    with writing():
        services.keep_report(session.specification_hash, session.pool_hash, facts)
    page = enter(officer(room)).get(f"/exam-sessions/{room.session}/fairness").text
    assert "1000 dry draws" in page and "Thin margins and cells" in page and "No paper has been drawn yet." in page


def test_an_officer_has_all_papers_drawn_again_and_sees_what_differs(room: Room, enter: Enter) -> None:
    from tests.exams.test_services_fairness import KEY, announce

    announce(room)
    room.session = KEY
    refs = sat(room)
    client = enter(officer(room))
    assert "3 papers were drawn again and are equal." in client.post(f"/exam-sessions/{KEY}/redraw").text
    with writing():
        row = db.session.scalars(select(Sitting).where(Sitting.ref == refs[1])).one()
        row.nonce = "0" * 32
    page = client.post(f"/exam-sessions/{KEY}/redraw").text
    assert "Not everything is equal" in page and refs[1] in page and refs[0] not in page
    assert "the random number of the candidate is not the one of the admission" in page


def test_before_the_secret_is_out_those_who_only_watch_must_wait(room: Room, enter: Enter) -> None:
    from tests.exams.test_services_fairness import KEY, announce

    announce(room)
    watcher = enter(officer(room, role="auditor"))
    assert "Draw all papers again" not in watcher.get(f"/exam-sessions/{KEY}/fairness").text
    assert watcher.post(f"/exam-sessions/{KEY}/redraw").status_code == 422
    assert watcher.get(f"/exam-sessions/{KEY}/snapshot.json").status_code == 422
    with clock.frozen(clock.now() + timedelta(hours=3)), writing():
        services.reveal_secret(services.get_session(KEY).id)
    assert "are equal" in watcher.post(f"/exam-sessions/{KEY}/redraw").text
    file = watcher.get(f"/exam-sessions/{KEY}/snapshot.json")
    assert file.headers["Content-Disposition"].endswith(f"session-{KEY}.json")
    assert json.loads(file.text)["session"]["ref"] == KEY


def test_the_page_asks_the_database_as_often_for_many_papers_as_for_one(
    db_app: Flask, room: Room, enter: Enter
) -> None:
    client, counts, seen = enter(officer(room)), [0], []

    def count(*_: object) -> None:
        counts[0] += 1

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        for people in ([0], [1, 2]):
            with writing():
                for one in people:
                    services.prepare_sitting(room.session, room.people[one])
            counts[0] = 0
            client.get(f"/exam-sessions/{room.session}/fairness")
            seen.append(counts[0])
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert seen[0] == seen[1] < 12


def test_another_base_finds_nothing(room: Room, enter: Enter) -> None:
    from tests.exams import rooms

    with writing():
        elsewhere = rooms.base("other").id
    stranger = enter(officer(room, base=elsewhere))
    assert stranger.get(f"/exam-sessions/{room.session}/fairness").status_code == 404
    assert stranger.post(f"/exam-sessions/{room.session}/redraw").status_code == 404


def test_a_specification_that_cannot_be_filled_is_refused_in_words(room: Room, enter: Enter) -> None:
    from app.banks.models import ItemRow
    from tests.exams.pools import SPECIFICATION

    with writing():
        for row in db.session.scalars(select(ItemRow).where(ItemRow.kind == "case")):
            row.status = "draft"
    form = {
        "key": "d" * 32, "cohort": str(room.cohort), "specification": SPECIFICATION.code, "title_zh": "补考",
        "title_en": "Resit", "opens": "2026-11-24T09:00", "closes": "2026-11-24T12:00",
    }  # fmt: skip
    answer = enter(officer(room)).post("/exam-sessions", data=form)
    assert answer.status_code == 422
    assert "2 items are missing for Kind of item Case" in answer.text
    assert jobs.run_everything_due() == 0
