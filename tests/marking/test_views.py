"""The screens as their people get them: who is let in, what is never shown, what a second click does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts.services import people, sessions
from app.banks import services as banks
from app.marking import services
from app.marking.models import Decision, Mark, Result
from app.store import db, scope_to, writing
from tests.marking.world import ALL_RIGHT, FULL, NOW, Sat, World, make_world, scripts_of, sit

Enter = Callable[[int], FlaskClient]
KEYS = re.compile(r"SECRET|机密|rubric|because", re.IGNORECASE)


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    db_app.config["WTF_CSRF_ENABLED"] = False
    with clock.frozen(NOW):
        yield make_world()
    db_app.config["WTF_CSRF_ENABLED"] = True


class Visitor(FlaskClient):
    """A browser whose requests leave nothing behind in the session that the test itself uses."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().open(*args, **kwargs)
        finally:
            db.session.rollback()
            scope_to(None)


@pytest.fixture
def enter(db_app: Flask) -> Enter:
    def client_of(person_id: int) -> FlaskClient:
        client = Visitor(db_app, db_app.response_class)
        with writing():
            client.set_cookie("auditorium", sessions.open_session(person_id, agent="test"))
        client.set_cookie("language", "en")
        return client

    return client_of


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def handed(world: World, account: str = "zhang") -> Sat:
    sat = sit(world, ALL_RIGHT, account=account)
    with writing():
        services.hand_in(sat.ref, "candidate", NOW, person_id=sat.person)
    return sat


def marked(world: World, account: str = "zhang") -> Sat:
    sat = handed(world, account)
    with writing():
        for kind, ref in scripts_of(sat).items():
            services.mark(ref, world.marker, FULL[kind], "")
    return sat


def test_handing_in_leads_to_the_receipt_however_often(world: World, enter: Enter) -> None:
    sat = sit(world, ALL_RIGHT)
    client = enter(sat.person)
    for _ in range(3):
        answer = client.post(f"/sittings/{sat.ref}/hand-in")
        assert (answer.status_code, answer.location) == (303, f"/sittings/{sat.ref}/receipt")
    page = client.get(f"/sittings/{sat.ref}/receipt").text
    assert "(5 answered)." in page
    assert "not answered" not in page
    assert "2026-11-23 09:00:00" in page  # Beijing time
    assert count(Result) == 1


def test_a_script_is_told_where_the_receipt_is(world: World, enter: Enter) -> None:
    sat = sit(world, {1: "B"})
    answer = enter(sat.person).post(f"/sittings/{sat.ref}/hand-in", json={})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["location"] == f"/sittings/{sat.ref}/receipt"
    assert (answer.json["answered"], answer.json["questions"]) == (1, 5)
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", answer.json["receipt"])
    assert set(answer.json) == {"receipt", "closed_at", "answered", "questions", "location"}


def test_a_device_that_shows_other_answers_is_told_what_the_server_has(world: World, enter: Enter) -> None:
    sat = sit(world, {1: "B", 0: [2]})
    client, address = enter(sat.person), f"/sittings/{sat.ref}/hand-in"
    shown = "0" * 64
    for _ in range(2):
        answer = client.post(address, json={"digest": shown})
        assert answer.status_code == 409 and answer.json is not None
        assert (answer.json["code"], answer.json["answers"]) == ("Differs", {"1": "B"})
        assert set(answer.json) == {"code", "digest", "answers", "epoch", "last"}
    assert count(Result) == 0
    assert client.post(address, json={"digest": shown, "accepted": answer.json["digest"]}).status_code == 200
    assert count(Result) > 0


@pytest.mark.parametrize("body", [[], {"digest": "x"}, {"digest": 5}, {"digest": "A" * 64}, {"accepted": "0" * 63}])
def test_a_digest_of_another_shape_closes_nothing(world: World, enter: Enter, body: object) -> None:
    sat = sit(world, {1: "B"})
    assert enter(sat.person).post(f"/sittings/{sat.ref}/hand-in", json=body).status_code == 400
    assert count(Result) == 0


@pytest.mark.parametrize("page", ["receipt", "result"])
def test_another_persons_paper_does_not_exist(world: World, enter: Enter, page: str) -> None:
    sat, other = handed(world), handed(world, "li")
    client = enter(other.person)
    unknown = client.get(f"/sittings/{'0' * 32}/{page}")
    foreign = client.get(f"/sittings/{sat.ref}/{page}")
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    assert client.post(f"/sittings/{sat.ref}/hand-in").status_code == 404


def test_before_the_end_the_receipt_leads_back_to_the_exam(world: World, enter: Enter) -> None:
    sat = sit(world, {})
    answer = enter(sat.person).get(f"/sittings/{sat.ref}/receipt")
    assert (answer.status_code, answer.location) == (303, f"/sittings/{sat.ref}/check")


def test_between_deadline_and_closing_the_page_waits_for_the_worker(world: World, enter: Enter) -> None:
    sat = sit(world, {}, deadline=NOW - timedelta(seconds=1))
    answer = enter(sat.person).get(f"/sittings/{sat.ref}/receipt")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "2")
    assert "Time is up" in answer.text


def test_the_result_page_never_shows_an_item(world: World, enter: Enter) -> None:
    sat = handed(world)
    client = enter(sat.person)
    waiting = client.get(f"/sittings/{sat.ref}/result").text
    assert "Marking is not finished yet." in waiting
    assert "cchart" not in waiting
    marked_sat = marked(world, "li")
    page = enter(marked_sat.person).get(f"/sittings/{marked_sat.ref}/result").text
    assert "Passed: 20 of 20 marks." in page
    assert page.count("<tr") == 3
    for text in (waiting, page):
        assert not KEYS.search(text)
        assert "5.2-0" not in text and "stem" not in text


def test_a_script_page_is_blind(world: World, enter: Enter) -> None:
    sat = handed(world)
    client = enter(world.marker)
    desk = client.get("/marking").text
    page = client.get(f"/marking/scripts/{scripts_of(sat)['case']}").text
    for text in (desk, page):
        assert sat.ref not in text and "考生zhang" not in text and "2026-01-" not in text and "基地" not in text
    assert "proposed from the key" in page


def test_marking_goes_on_to_the_next_and_a_second_click_is_no_error(world: World, enter: Enter) -> None:
    sat = handed(world)
    client = enter(world.marker)
    script = scripts_of(sat)["case"]
    data = {"clause": "1", "facts": "1/2", "requirement": "0", "grade": "1", "comment": "fine"}
    for _ in range(2):
        answer = client.post(f"/marking/scripts/{script}", data=data)
        assert (answer.status_code, answer.location) == (303, "/marking/next")
    assert client.get("/marking/next").location == f"/marking/scripts/{scripts_of(sat)['short']}"
    assert db.session.execute(select(Mark.points, Mark.comment)).all() == [("20/3", "fine")]
    taken = enter(world.other_marker).post(f"/marking/scripts/{script}", data=data)
    assert taken.status_code == 409
    assert "Somebody else has marked this answer" in taken.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"clause": "1", "facts": "1/2", "requirement": "0"},
        {"clause": "2", "facts": "1/2", "requirement": "0", "grade": "1"},
        {"clause": "x", "facts": "1/2", "requirement": "0", "grade": "1"},
        {"clause": "1", "facts": "1", "requirement": "0", "grade": "1", "comment": "y" * 1001},
    ],
)
def test_bad_marks_come_back_with_what_was_chosen(world: World, enter: Enter, data: dict[str, str]) -> None:
    sat = handed(world)
    answer = enter(world.marker).post(f"/marking/scripts/{scripts_of(sat)['case']}", data=data)
    assert answer.status_code == 422
    assert "err-summary" in answer.text
    if data.get("comment"):
        assert data["comment"] in answer.text
    assert count(Mark) == 0


def test_a_teacher_who_also_marks_finds_nothing_of_his_people(world: World, enter: Enter) -> None:
    sat = handed(world)
    with writing():
        people.grant(person_id=world.teacher, role="marker", base_id=world.base, by=None)
    client = enter(world.teacher)
    assert "Nothing waits for you." in client.get("/marking").text
    assert client.get("/marking/next").location == "/marking"
    assert client.get(f"/marking/scripts/{scripts_of(sat)['case']}").status_code == 404
    assert client.post(f"/marking/scripts/{scripts_of(sat)['case']}", data={}).status_code == 404


def test_a_decision_is_made_on_its_page(world: World, enter: Enter) -> None:
    sat = marked(world)
    client = enter(world.decider)
    assert "考生zhang" in client.get("/decisions").text
    page = client.get(f"/decisions/{sat.ref}").text
    assert 'value="certify"' in page
    data = {"version": "2", "act": "certify", "reason": ""}
    for _ in range(2):
        answer = client.post(f"/decisions/{sat.ref}", data=data)
        assert (answer.status_code, answer.location) == (303, "/decisions")
    assert count(Decision) == 1
    assert client.get(f"/decisions/{sat.ref}").status_code == 404
    assert client.post(f"/decisions/{sat.ref}", data={**data, "act": "refuse", "reason": "no"}).status_code == 409
    own = enter(sat.person).get(f"/sittings/{sat.ref}/result").text
    assert "has decided to issue the certificate" in own


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"version": "2", "act": "refuse", "reason": "  "}, "Write why no certificate is given."),
        ({"version": "2", "act": "burn"}, "Choose “Certify” or “Do not certify”."),
        ({"version": "2", "act": "refuse", "reason": "r" * 501}, "A reason has at most 500 characters."),
    ],
)
def test_a_bad_decision_is_refused_in_words(world: World, enter: Enter, data: dict[str, str], words: str) -> None:
    sat = marked(world)
    answer = enter(world.decider).post(f"/decisions/{sat.ref}", data=data)
    assert answer.status_code == 422
    assert words in answer.text.replace("&#39;", "'")
    assert data.get("reason", "") in answer.text
    assert count(Decision) == 0


def test_who_marked_sees_no_button(world: World, enter: Enter) -> None:
    sat = marked(world)
    with writing():
        people.grant(person_id=world.marker, role="decision-maker", base_id=world.base, by=None)
    client = enter(world.marker)
    page = client.get(f"/decisions/{sat.ref}").text
    assert "You cannot decide here." in page and 'name="act"' not in page
    answer = client.post(f"/decisions/{sat.ref}", data={"version": "2", "act": "certify"})
    assert answer.status_code == 422
    assert "Somebody else has to decide" in answer.text
    assert count(Decision) == 0


def test_another_bases_papers_do_not_exist_for_its_staff(world: World, enter: Enter) -> None:
    sat = marked(world)
    waiting = handed(world, "li")
    other = make_world("zju")
    assert enter(other.decider).get(f"/decisions/{sat.ref}").status_code == 404
    assert (
        enter(other.decider).post(f"/decisions/{sat.ref}", data={"act": "certify", "version": "2"}).status_code == 404
    )
    assert enter(other.marker).get(f"/marking/scripts/{scripts_of(waiting)['case']}").status_code == 404
    assert enter(other.officer).get(f"/exam-sessions/{world.session_ref}/results").status_code == 404
    assert "考生zhang" not in enter(other.decider).get("/decisions").text


def test_the_officer_sees_the_session(world: World, enter: Enter) -> None:
    marked(world)
    handed(world, "li")
    page = enter(world.officer).get(f"/exam-sessions/{world.session_ref}/results")
    assert page.status_code == 200
    assert "考生zhang" in page.text and "Being marked, 2 answers wait" in page.text
    assert enter(world.marker).get(f"/exam-sessions/{world.session_ref}/results").status_code == 403


def test_the_bank_is_shown_to_those_who_may_read_keys(world: World, enter: Enter) -> None:
    client = enter(world.officer)
    for address in ("/banks", "/banks/trial", "/banks/trial/items", "/banks/trial/items?kind=case&group=6&page=x"):
        assert client.get(address).status_code == 200, address
    for item in ("5.2-01", "5.2-02", "5.2-03", "5.2-04", "6.1.3-01"):
        page = client.get(f"/banks/trial/items/{item}")
        assert page.status_code == 200
        assert "SECRET" in page.text
    told = client.get("/banks/trial/items/5.2-02?lang=en").text
    assert all(f"SECRET because {place}" in told for place in range(4)), "right options say why, wrong ones too"
    for address in ("/banks/other", "/banks/other/items", "/banks/trial/items/9.9-99"):
        assert client.get(address).status_code == 404, address
    trainee = sit(world, {})
    assert enter(trainee.person).get("/banks/trial/items/5.2-01").status_code == 403
    assert "No item fits" in client.get("/banks/trial/items?q=zzz").text
    assert banks.get_bank("trial").total == 5
