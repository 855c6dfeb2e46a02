"""The screens of the exam on paper: who is let in, what a PDF is made of, what is kept of what was typed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.services import people, sessions
from app.exams import services as exams
from app.exams.models import SessionInvigilator, Sitting, SittingChange
from app.ledger.models import Entry
from app.store import db, scope_to, writing
from tests.exams import rooms
from tests.marking.test_services_sheets import save, to_paper
from tests.marking.world import NOW, Sat, World, make_world, sit


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    db_app.config["WTF_CSRF_ENABLED"] = False
    with clock.frozen(NOW):
        yield make_world()
    db_app.config["WTF_CSRF_ENABLED"] = True
    exams.release_stores()


class Visitor(FlaskClient):
    """A browser whose requests leave nothing behind in the session that the test itself uses."""

    def open(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        try:
            return super().open(*args, **kwargs)  # type: ignore[arg-type]
        finally:
            db.session.rollback()
            scope_to(None)


def enter(app: Flask, person_id: int) -> FlaskClient:
    client = Visitor(app, app.response_class)
    with writing():
        client.set_cookie("auditorium", sessions.open_session(person_id, agent="test"))
    client.set_cookie("language", "en")
    return client


def invigilator(world: World, *, watches: bool = True) -> int:
    with writing():
        who = rooms.person("jiankao" if watches else "fern").id
        people.grant(person_id=who, role="invigilator", base_id=world.base, by=None)
        if watches:
            db.session.add(SessionInvigilator(base_id=world.base, session_id=world.session, person_id=who))
        return who


def test_the_officer_moves_prints_and_the_ledger_has_the_digest(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    save(sat, {1: "B"})
    officer = enter(db_app, world.officer)
    page = f"/exam-sessions/{world.session_ref}/paper"
    assert officer.get(page).status_code == 200
    assert officer.post(f"{page}/switch", data={"reason": "power", "minutes": "5"}).status_code == 422
    assert officer.post(f"{page}/switch", data={"person": sat.person, "minutes": "5"}).status_code == 422
    moved = officer.post(f"{page}/switch", data={"person": sat.person, "reason": "power", "minutes": "5"})
    assert moved.status_code == 303
    made = officer.post(f"{page}/print", data={"person": sat.person, "what": "sheet", "language": "both"})
    assert (made.status_code, made.mimetype) == (200, "application/pdf")
    entry = db.session.scalars(select(Entry).where(Entry.kind == "paper.printed")).one()
    assert entry.facts == {"what": "sheet", "sittings": [sat.ref], "file": hashlib.sha256(made.data).hexdigest()}
    assert officer.post(f"{page}/print", data={"person": sat.person, "what": "key"}).status_code == 422


def test_the_key_waits_for_the_end_or_a_reason(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    officer = enter(db_app, world.officer)
    page = f"/exam-sessions/{world.session_ref}/paper"
    form = {"person": str(sat.person), "what": "key", "language": "en"}
    early = officer.post(f"{page}/key", data=form)
    assert early.status_code == 422
    assert b"a reason is needed" in early.data
    assert officer.post(f"{page}/key", data=form | {"key_reason": "the marker is here today"}).status_code == 200
    entry = db.session.scalars(select(Entry).where(Entry.kind == "paper.printed")).one()
    assert entry.facts["early"] is True
    assert "marker" not in repr(entry.facts)
    assert db.session.scalars(select(SittingChange.kind)).all() == ["key-printed"]
    with clock.frozen(NOW.replace(day=24)):
        later = enter(db_app, world.officer)
        assert later.post(f"{page}/key", data=form).status_code == 200


def test_who_may_not_print_may_not_print(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    page = f"/exam-sessions/{world.session_ref}/paper"
    for person in (invigilator(world), world.marker, world.teacher, sat.person):
        client = enter(db_app, person)
        for path in (page, f"{page}/print", f"{page}/key", f"{page}/switch", f"{page}/start"):
            assert client.open(path, method="GET" if path == page else "POST").status_code == 403


def test_an_invigilator_keys_the_sheets_that_he_watches(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    here, other = enter(db_app, invigilator(world)), enter(db_app, invigilator(world, watches=False))
    address = f"/exam-sessions/sittings/{sat.ref}/sheet"
    assert here.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert other.get(f"/exam-sessions/{world.session_ref}/sheets").status_code == 404
    assert other.post(address, data={"f-1": "A", "act": "done"}).status_code == 404


def test_a_sheet_goes_from_two_drafts_to_the_receipt(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    save(sat, {1: "A"})
    to_paper(world, sat.person)
    one, other = enter(db_app, world.officer), enter(db_app, invigilator(world))
    address = f"/exam-sessions/sittings/{sat.ref}/sheet"
    draft = one.post(address, data={"f-1": "Z"}, headers={"Accept": "application/json"})
    assert draft.json == {"kept": True}
    assert one.post(address, data={"f-1": "Z"}).status_code == 303
    wrong = one.post(address, data={"f-1": "Z", "f-4": "kept words", "act": "done"})
    assert wrong.status_code == 422
    assert b"kept words" in wrong.data
    assert b"kept words" not in other.get(address).data
    assert one.post(address, data={"f-1": "b", "f-3": "t", "act": "done"}).status_code == 303
    assert other.post(address, data={"f-1": "b", "f-3": "f", "act": "done"}).status_code == 303
    differences = other.get(f"{address}/differences")
    assert b"First reading" in differences.data
    assert other.post(f"{address}/differences", data={}).status_code == 422
    assert other.post(f"{address}/differences", data={"c-3": "3", "f-3": "maybe"}).status_code == 422
    assert other.post(f"{address}/differences", data={"c-3": "1"}).status_code == 303
    own = db.session.scalars(select(Sitting).where(Sitting.id == sat.id)).one()
    assert (own.state, own.closed_by) == ("closed", "paper")
    listed = one.get(f"/exam-sessions/{world.session_ref}/sheets")
    assert (own.receipt or "none").encode() in listed.data
    assert other.get(f"{address}/differences").status_code == 303
    _candidate_sees_the_receipt(db_app, sat)


def _candidate_sees_the_receipt(app: Flask, sat: Sat) -> None:
    page = enter(app, sat.person).get(f"/sittings/{sat.ref}/receipt")
    assert b"Your answer sheet was taken in" in page.data


def test_the_candidate_on_paper_is_told_so(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    client = enter(db_app, sat.person)
    for path in ("", "/check", "/notice"):
        page = client.get(f"/sittings/{sat.ref}{path}")
        assert page.status_code == 200
        assert b"This exam goes on on paper" in page.data
    assert client.get(f"/sittings/{sat.ref}/receipt").status_code == 303
    sent = {"epoch": 1, "writer": "w" * 32, "entries": [{"seq": 1, "slot": 1, "value": "A", "ms": 1}]}
    refused = client.post(f"/sittings/{sat.ref}/answers", json=sent)
    assert refused.status_code == 410
    assert "goes on on paper" in refused.get_data(as_text=True)
    kept = exams.refused_entries(sat.ref)
    assert [(row.reason, row.count) for row in kept] == [("OnPaper", 1)]


def test_back_to_the_screen_asks_for_a_reason(db_app: Flask, world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    officer = enter(db_app, world.officer)
    address = f"/exam-sessions/sittings/{sat.ref}/screen"
    assert officer.get(address).status_code == 200
    assert officer.post(address, data={}).status_code == 422
    assert officer.post(address, data={"reason": "the power is back"}).status_code == 303
    assert db.session.scalars(select(Sitting.medium).where(Sitting.id == sat.id)).one() == "screen"
