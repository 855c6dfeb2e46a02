"""The screens and requests of the exam room as their people get them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app import clock
from app.accounts.services import people, sessions
from app.exams import services
from app.exams.models import ExamSession, Sitting
from app.exams.services import arrange
from app.store import db, scope_to, writing
from tests.exams import rooms
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room, whole_room
from tests.exams.test_services_materials import open_books

pytestmark = pytest.mark.usefixtures("now")
Enter = Callable[[int], FlaskClient]
WRITER = "a" * 32
SCRIPTS = Path(__file__).resolve().parents[2] / "app" / "static" / "js"


class Visitor(FlaskClient):
    """A browser whose requests leave nothing behind in the session that the test itself uses."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().open(*args, **kwargs)
        finally:
            db.session.rollback()
            scope_to(None)


@pytest.fixture
def room(db_app: Flask) -> Iterator[Room]:
    db_app.config["WTF_CSRF_ENABLED"] = False
    made = whole_room()
    with writing():
        for person in made.people:
            people.grant(person_id=person, role="trainee", base_id=made.base, by=None)
    yield made
    db_app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def enter(db_app: Flask) -> Enter:
    def client_of(person_id: int) -> FlaskClient:
        client = Visitor(db_app, db_app.response_class)
        with writing():
            client.set_cookie("auditorium", sessions.open_session(person_id, agent="test"))
        client.set_cookie("language", "en")
        return client

    return client_of


def officer(room: Room, role: str = "exam-officer", base: int | None = None) -> int:
    with writing():
        who = rooms.person(f"{role}{base or room.base}").id
        people.grant(person_id=who, role=role, base_id=base or room.base, by=None)
        return who


def admitted(room: Room, enter: Enter, person: int = 0) -> tuple[FlaskClient, str]:
    client = enter(room.people[person])
    answer = client.post(f"/exams/{room.session}/sitting")
    assert answer.status_code == 303
    return client, answer.location.split("/")[2]


def begun(room: Room, enter: Enter, person: int = 0) -> tuple[FlaskClient, str]:
    client, ref = admitted(room, enter, person)
    assert client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"}).location == f"/sittings/{ref}"
    return client, ref


def save(client: FlaskClient, ref: str, *entries: dict[str, Any], epoch: int = 1, writer: str = WRITER) -> Any:
    return client.post(f"/sittings/{ref}/answers", json={"epoch": epoch, "writer": writer, "entries": list(entries)})


def entry(seq: int, slot: int, value: Any) -> dict[str, Any]:
    return {"seq": seq, "slot": slot, "value": value, "ms": 1}


def test_the_way_from_the_list_to_the_exam_page(room: Room, enter: Enter) -> None:
    client = enter(room.people[0])
    assert "Go to the waiting room" in client.get("/exams").text
    client, ref = admitted(room, enter)
    notice = client.get(f"/sittings/{ref}/notice").text
    assert "Statement of confidentiality and honesty" in notice and "100 marks, 70 to pass" in notice
    assert client.get(f"/sittings/{ref}").location == f"/sittings/{ref}/notice"
    refused = client.post(f"/sittings/{ref}/begin")
    assert refused.status_code == 422
    assert "Accept the statement to begin" in refused.text
    client, ref = begun(room, enter)
    page = client.get(f"/sittings/{ref}")
    assert page.status_code == 200
    assert page.text.count('<section class="q"') == SPECIFICATION.count
    assert page.headers["Cache-Control"] == "no-store"
    assert "Continue the exam" in client.get("/exams").text


def test_clicking_twice_makes_one_sitting(room: Room, enter: Enter) -> None:
    _, first = admitted(room, enter)
    _, second = admitted(room, enter)
    assert first == second
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 1


def test_the_page_holds_no_key_no_clause_and_no_id(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    form = services.get_sitting(ref, room.people[0]).form
    for language in ("zh_CN", "en"):
        page = client.get(f"/sittings/{ref}?lang={language}").text
        assert "SECRET" not in page and "机密" not in page and "because" not in page
        for row in form:
            assert row["version"] not in page
            assert f'"{row["id"]}"' not in page


def test_the_page_travels_compressed(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    answer = client.get(f"/sittings/{ref}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data).count(b'<section class="q"') == SPECIFICATION.count


def test_the_script_keeps_to_its_budget() -> None:
    """28.5 kB of script for the exam, as it travels; all of it lies ready in the browser before the exam opens."""
    found = re.findall(r"'([a-z-]+)'", (SCRIPTS.parents[1] / "exams/templates/_scripts.html").read_text("utf-8"))
    names = [
        "site.js",
        "sign-in.js",
        "exam.js",
        *(f"exam-{part}.js" for part in found if (SCRIPTS / f"exam-{part}.js").exists()),
    ]
    assert len(names) == 17
    assert sum(len(gzip.compress((SCRIPTS / name).read_bytes(), 9)) for name in names) <= 28_500


def test_saving_answers_and_asking_for_the_pen(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    held = client.post(f"/sittings/{ref}/lease", json={"writer": WRITER, "take_over": False})
    assert held.json == {"granted": True, "epoch": 1, "last": 0}
    saved = save(client, ref, entry(1, 1, "A"), entry(2, 0, [3]))
    assert saved.status_code == 200
    assert saved.json is not None
    assert (saved.json["acked"], saved.json["late"]) == ([1, 2], False)
    assert saved.json["deadline"] - saved.json["now"] == 90 * 60_000
    gap = save(client, ref, entry(5, 1, "B"))
    assert (gap.status_code, gap.json) == (409, {"code": "Gap", "expected": 3})
    other = client.post(f"/sittings/{ref}/lease", json={"writer": "b" * 32, "take_over": False})
    assert other.json is not None and other.json["granted"] is False
    client.post(f"/sittings/{ref}/lease", json={"writer": "b" * 32, "take_over": True})
    taken = save(client, ref, entry(3, 1, "B"))
    assert taken.status_code == 409 and taken.json is not None and taken.json["code"] == "TakenOver"


def test_refusals_have_their_status(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/lease", json={"writer": WRITER})
    assert save(enter(room.people[1]), ref, entry(1, 1, "A")).status_code == 404
    assert save(client, "0" * 32, entry(1, 1, "A")).status_code == 404
    signed_out = client.application.test_client()
    assert save(signed_out, ref, entry(1, 1, "A")).status_code == 401
    db.session.rollback()
    assert client.post(f"/sittings/{ref}/hand-in").status_code == 303
    closed = save(client, ref, entry(1, 1, "A"))
    assert closed.status_code == 410 and closed.json is not None and closed.json["code"] == "Closed"
    assert client.post(f"/sittings/{ref}/lease", json={"writer": WRITER}).status_code == 410


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"epoch": 1, "writer": WRITER},
        {"epoch": "1", "writer": WRITER, "entries": []},
        {"epoch": 1, "writer": WRITER, "entries": ["x"]},
        {"epoch": 1, "writer": WRITER, "entries": [{"seq": True, "slot": 1, "value": "A", "ms": 1}]},
        {"epoch": 1, "writer": WRITER, "entries": [{"seq": 1, "slot": 1, "value": "A", "ms": -1}]},
        {"epoch": 1, "writer": WRITER, "entries": [{"seq": 1, "slot": 99, "value": "A", "ms": 1}]},
        {"epoch": 1, "writer": WRITER, "entries": [entry(n, 1, "A") for n in range(1, 66)]},
    ],
)
def test_what_no_page_sends_is_a_400_and_changes_nothing(room: Room, enter: Enter, body: Any) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/lease", json={"writer": WRITER})
    assert client.post(f"/sittings/{ref}/answers", json=body).status_code == 400
    assert services.get_paper(services.get_sitting(ref, room.people[0]), "en").answered == 0


@pytest.mark.parametrize("address", ["answers", "lease"])
def test_json_nested_beyond_reason_is_a_400(room: Room, enter: Enter, address: str) -> None:
    client, ref = begun(room, enter)
    deep = "[" * 200_000 + "]" * 200_000
    answer = client.post(f"/sittings/{ref}/{address}", data=deep, content_type="application/json")
    assert answer.status_code == 400


def test_half_a_character_costs_no_answer(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/lease", json={"writer": WRITER})
    assert save(client, ref, entry(1, 41, "cut off\ud83d"), entry(2, 1, "A")).status_code == 200
    asked = services.get_paper(services.get_sitting(ref, room.people[0]), "en").questions
    assert (asked[40].response, asked[0].response) == ("cut off", "A")


def test_another_site_cannot_send_answers(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    body = {"epoch": 1, "writer": WRITER, "entries": []}
    foreign = client.post(f"/sittings/{ref}/answers", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    client.application.config["WTF_CSRF_ENABLED"] = True
    assert client.post(f"/sittings/{ref}/answers", json=body).status_code == 400


def test_foreign_and_unknown_sittings_answer_alike(room: Room, enter: Enter) -> None:
    _, ref = begun(room, enter)
    other = enter(room.people[1])
    for address in ("", "/notice", "/check"):
        pages = [other.get(f"/sittings/{one}{address}") for one in (ref, "0" * 32)]
        assert [page.status_code for page in pages] == [404, 404]
        assert re.sub(r"[0-9a-f]{32}", "", pages[0].text) == re.sub(r"[0-9a-f]{32}", "", pages[1].text)
    assert other.post(f"/exams/{'0' * 32}/sitting").status_code == 404


def test_the_check_page_lists_what_is_open_and_flagged(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/lease", json={"writer": WRITER})
    save(client, ref, *[entry(n, n, "A") for n in range(1, 21)], entry(21, 0, [5]))
    page = client.get(f"/sittings/{ref}/check").text
    assert "24 unanswered, 1 flagged." in page
    assert f'href="/sittings/{ref}#q5"' in page and f'href="/sittings/{ref}#q44"' in page
    assert f'href="/sittings/{ref}#q6"' not in page
    assert "Hand in now (24 unanswered)" in page


def test_after_the_time_the_page_says_so(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    with clock.frozen(NOW + timedelta(minutes=90, seconds=1)):
        page = client.get(f"/sittings/{ref}")
        assert page.status_code == 200 and "The time is over" in page.text
        assert "data-save" not in page.text


def test_before_the_window_opens_the_paper_waits(room: Room, enter: Enter) -> None:
    with writing():
        db.session.scalars(select(ExamSession)).one().opens_at = NOW + timedelta(minutes=30)
    client, ref = admitted(room, enter)
    assert "The exam opens at 2026-11-23 09:30" in client.get(f"/sittings/{ref}/notice").text
    waits = f"/sittings/{ref}/notice#start"
    assert client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"}).location == waits
    assert "You are ready" in client.get(waits).text
    assert client.post(f"/sittings/{ref}/begin").location == waits
    assert "The exam opens at 2026-11-23 09:30" in client.get(waits).text
    assert services.get_sitting(ref, room.people[0]).state == "ready"


def test_the_long_form_saves_what_changed(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    form = {"epoch": "1", "q1": "B", "q21": ["A", "C"], "q41": "a\r\nb", "q43.clause": "5.2", "q43.facts": " "}
    assert client.post(f"/sittings/{ref}", data=form).location == f"/sittings/{ref}/check"
    paper = services.get_paper(services.get_sitting(ref, room.people[0]), "en")
    found = {question.slot: question.response for question in paper.questions if question.answered}
    assert found == {1: "B", 21: ["A", "C"], 41: "a\nb", 43: {"clause": "5.2"}}
    client.post(f"/sittings/{ref}", data=form)
    assert services.get_paper(services.get_sitting(ref, room.people[0]), "en").last == paper.last


def test_an_officer_announces_a_session_once(room: Room, enter: Enter) -> None:
    client = enter(officer(room))
    assert client.get("/exam-sessions/new").status_code == 200
    form = {
        "key": "d" * 32, "cohort": str(room.cohort), "specification": SPECIFICATION.code, "title_zh": "补考",
        "title_en": "Resit", "opens": "2026-11-24T09:00", "closes": "2026-11-24T12:00",
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/exam-sessions", data=form).location == f"/exam-sessions/{'d' * 32}"
    made = services.get_session("d" * 32)
    assert (made.opens_at.hour, made.closes_at.hour) == (1, 4)
    assert db.session.scalar(select(func.count()).select_from(ExamSession)) == 2
    page = client.get(f"/exam-sessions/{'d' * 32}").text
    assert made.commitment in page and made.secret.hex() not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title_en": ""}, "Enter the English title."),
        ({"closes": "2026-11-24T09:00"}, "The closing time is not after the opening time."),
        ({"closes": "2026-11-24T10:00"}, "The window is shorter than the exam, which takes 90 minutes."),
        ({"opens": "2026-11-01T09:00", "closes": "2026-11-01T12:00"}, "The opening has to lie in the future."),
        ({"opens": "soon"}, "Not a valid datetime value."),
    ],
)
def test_a_session_that_makes_no_sense_is_refused_with_a_reason_and_keeps_what_was_typed(
    room: Room, enter: Enter, change: dict[str, str], said: str
) -> None:
    client = enter(officer(room))
    form = {
        "key": "d" * 32, "cohort": str(room.cohort), "specification": SPECIFICATION.code, "title_zh": "补考甲",
        "title_en": "Resit", "opens": "2026-11-24T09:00", "closes": "2026-11-24T12:00",
    }  # fmt: skip
    answer = client.post("/exam-sessions", data=form | change)
    assert answer.status_code == 422
    assert said in answer.text and "补考甲" in answer.text


def test_seats_are_shown_and_extra_time_is_given_once(room: Room, enter: Enter) -> None:
    _, ref = begun(room, enter)
    client = enter(officer(room))
    shown = re.findall(r'figures__v">(\d+)<', client.get(f"/exam-sessions/{room.session}").text)
    assert shown == ["3", "1", "1", "0"], "expected, came, sitting, handed in"
    address = f"/exam-sessions/sittings/{ref}/extra-time"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"before": "0", "minutes": "500", "reason": ""}).status_code == 422
    broken = client.post(address, data={"before": "abc", "minutes": "15", "reason": "fire drill"})
    assert broken.status_code == 422 and "Reload the page." in broken.text
    for _ in range(2):
        done = client.post(address, data={"before": "0", "minutes": "15", "reason": "fire drill"})
        assert done.location == f"/exam-sessions/sittings/{ref}/seat"
    assert services.get_sitting(ref, room.people[0]).deadline_at == NOW + timedelta(minutes=105)
    seats = client.get(f"/exam-sessions/{room.session}/desk/seats").json
    assert seats is not None
    assert [(seat["tags"], seat["ends"]) for seat in seats["seats"]] == [
        ("open", "10:45:00"), ("absent", ""), ("absent", ""),
    ]  # fmt: skip


def test_staff_of_another_base_and_those_who_only_watch(room: Room, enter: Enter) -> None:
    _, ref = begun(room, enter)
    with writing():
        elsewhere = rooms.base("other").id
    stranger = enter(officer(room, base=elsewhere))
    addresses = (f"/exam-sessions/{room.session}", f"/exam-sessions/{room.session}/desk/seats",
                 f"/exam-sessions/sittings/{ref}/extra-time")  # fmt: skip
    assert [stranger.get(address).status_code for address in addresses] == [404, 404, 404]
    watching = officer(room, role="invigilator")
    watcher = enter(watching)
    assert [watcher.get(address).status_code for address in addresses] == [404, 404, 404], "not appointed"
    assert "Final exam" not in watcher.get("/exam-sessions").text
    with writing():
        arrange.set_invigilators(room.session, [watching], by=watching)
    assert "Final exam" in watcher.get("/exam-sessions").text
    assert [watcher.get(address).status_code for address in addresses] == [200, 200, 200]
    assert watcher.get("/exam-sessions/new").status_code == 403
    assert enter(room.people[0]).get("/exam-sessions").status_code == 403


def test_staff_see_what_arrived_and_does_not_count_and_nothing_of_the_key(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/lease", json={"writer": WRITER})
    save(client, ref, entry(1, 1, "A"))
    assert save(client, ref, entry(2, 1, "Z")).status_code == 400
    with writing():
        sitting = db.session.scalars(select(Sitting)).one()
        sitting.deadline_at = NOW - timedelta(minutes=5)
    assert save(client, ref, entry(2, 1, "D")).json["late"]
    address = f"/exam-sessions/sittings/{ref}/uncounted"
    desk = enter(officer(room))
    page = desk.get(address)
    assert page.status_code == 200
    assert "Late, not counted" in page.text and "Question 1" in page.text
    assert "It did not have the shape of an answer" in page.text
    with writing():
        services.note_refused(ref, room.people[0], "OnPaper", 1, [entry(9, 1, "A")])
    assert "The exam went on on paper" in desk.get(address).text
    assert "SECRET" not in page.text
    assert client.get(address).status_code == 403
    with writing():
        other = rooms.base("other").id
    assert enter(officer(room, base=other)).get(address).status_code == 404
    with writing():
        watching = officer(room, role="invigilator")
    assert enter(watching).get(address).status_code == 404, "not appointed to this session"
    seat = desk.get(f"/exam-sessions/sittings/{ref}/seat").text
    assert "2 sendings were refused" in seat and f"/exam-sessions/sittings/{ref}/uncounted" in seat


def test_an_officer_appoints_the_invigilators(room: Room, enter: Enter) -> None:
    watching = officer(room, role="invigilator")
    client, address = enter(officer(room)), f"/exam-sessions/{room.session}/invigilators"
    assert "nobody yet" in client.get(f"/exam-sessions/{room.session}").text
    assert f'value="{watching}"' in client.get(address).text
    assert client.post(address, data={"invigilators": str(watching)}).status_code == 303
    assert "nobody yet" not in client.get(f"/exam-sessions/{room.session}").text
    assert "Final exam" in enter(watching).get("/exam-sessions").text
    assert client.post(address, data={"invigilators": "999999"}).status_code == 422
    assert "Final exam" in enter(watching).get("/exam-sessions").text
    assert client.post(address, data={}).status_code == 303
    assert "Final exam" not in enter(watching).get("/exam-sessions").text
    assert enter(watching).get(address).status_code == 403


def test_staff_see_that_the_clock_stepped_and_say_that_it_was_seen_to(room: Room, enter: Enter) -> None:
    with writing():
        services.note_clock(timedelta(hours=2))
    alarm = services.open_alarms()[0].id
    officers, watchers = enter(officer(room)), enter(officer(room, "invigilator"))
    page = officers.get("/exam-sessions").text
    assert "stepped by 7200.0 seconds" in page and f"clock-alarms/{alarm}/settled" in page
    assert "stepped by" in watchers.get("/exam-sessions").text
    assert watchers.post(f"/exam-sessions/clock-alarms/{alarm}/settled").status_code == 403
    for _ in range(2):
        assert officers.post(f"/exam-sessions/clock-alarms/{alarm}/settled").status_code == 303
    assert services.open_alarms() == []
    assert "stepped by" not in officers.get("/exam-sessions").text
    assert officers.post("/exam-sessions/clock-alarms/999999/settled").status_code == 404


def test_materials_are_added_by_the_officer_and_read_beside_the_questions(room: Room, enter: Enter) -> None:
    with writing():
        row = db.session.scalar(select(ExamSession))
        assert row is not None
        row.opens_at = NOW + timedelta(minutes=5)
    open_books(room)
    desk = enter(officer(room))
    address = f"/exam-sessions/{room.session}/materials"
    sent = {"no": "1", "title_zh": "制度", "title_en": "Rules", "body_zh": "正文", "body_en": "Some **words**"}
    bad = desk.post(address, data=sent | {"body_zh": ""})
    assert bad.status_code == 422 and "Some **words**" in bad.text and "Enter the Chinese text." in bad.text
    assert desk.post(address, data=sent).status_code == 303
    assert "Remove Rules" in desk.get(address).text
    with writing():
        db.session.execute(update(ExamSession).values(opens_at=NOW))
    assert "Remove Rules" not in desk.get(address).text
    assert desk.post(f"{address}/1/remove").status_code == 409
    client, ref = admitted(room, enter)
    assert client.get(f"/sittings/{ref}/materials").status_code == 404
    client.post(f"/sittings/{ref}/begin", data={"mine": "1", "accept": "1"})
    page = client.get(f"/sittings/{ref}/materials")
    assert page.status_code == 200 and "<strong>words</strong>" in page.text and "csrf" not in page.text
    assert "data-materials" in client.get(f"/sittings/{ref}").text
    assert enter(room.people[1]).get(f"/sittings/{ref}/materials").status_code == 404


def test_closed_books_show_no_materials(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    assert client.get(f"/sittings/{ref}/materials").status_code == 404
    assert "data-materials" not in client.get(f"/sittings/{ref}").text
    assert "allows no materials" in enter(officer(room)).get(f"/exam-sessions/{room.session}/materials").text
