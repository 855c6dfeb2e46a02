"""The officer's screens around a session, and the candidate's waiting room, as their people get them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app import clock
from app.accounts.services import people
from app.cohorts.models import Cohort
from app.exams import services
from app.exams.models import Accommodation, ExamCandidate, ExamSession, Incident, Outage, Sitting
from app.exams.services import arrange, candidates
from app.store import db, writing
from tests.exams import rooms
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room
from tests.exams.test_views import Enter, admitted, enter, officer, room

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")
HOUR = timedelta(hours=1)
NONCE = "ab" * 16


def session_row() -> ExamSession:
    return db.session.scalars(select(ExamSession)).one()


def change(**facts: object) -> None:
    with writing():
        for name, value in facts.items():
            setattr(session_row(), name, value)


def rows() -> list[ExamCandidate]:
    return list(db.session.scalars(select(ExamCandidate).order_by(ExamCandidate.id)))


def form(**facts: str) -> dict[str, str]:
    return {
        "title_zh": "结业考试", "title_en": "Final exam", "opens": "2026-11-24T09:00", "closes": "2026-11-24T12:00",
        "place_kind": "room", "place": "Example Road 1", "with_code": "y", "late_minutes": "30",
    } | facts  # fmt: skip


def test_a_session_is_announced_with_place_code_and_invigilators(room: Room, enter: Enter) -> None:
    watching = [officer(room, role="invigilator")]
    client = enter(officer(room))
    sent = form(key="f" * 32, cohort=str(room.cohort), specification=SPECIFICATION.code, waiting_days="3")
    answer = client.post("/exam-sessions", data=sent | {"invigilators": [str(one) for one in watching]})
    assert answer.status_code == 303
    made = services.get_session("f" * 32)
    assert (made.place, made.late_minutes, made.waiting_days, made.grace_seconds) == ("Example Road 1", 30, 3, 60)
    assert made.access_code is not None and len(made.access_code) == 6
    assert list(services.invigilators_of(made.id)) == watching
    shown = f"{made.access_code[:3]} {made.access_code[3:]}"
    page = client.get(answer.location).text
    assert shown in page and "Example Road 1" in page
    assert shown in enter(watching[0]).get(answer.location).text
    assert shown not in enter(officer(room, role="base-administrator")).get(answer.location).text
    assert len(rows()) == 3


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"place": " "}, "Enter the address"), ({"grace_seconds": "9999"}, "Between 0 and 600"), ({"attempts": "0"}, "Between 1 and 9"),
     ({"closes": "2026-11-24T10:00"}, "The window is shorter than the exam")],
)  # fmt: skip
def test_what_is_wrong_comes_back_with_what_was_typed(
    room: Room, enter: Enter, wrong: dict[str, str], says: str
) -> None:
    change(opens_at=NOW + HOUR)
    client = enter(officer(room))
    answer = client.post(f"/exam-sessions/{room.session}/edit", data=form(title_en="Typed by me", **wrong))
    assert answer.status_code == 422
    assert says in answer.text and "Typed by me" in answer.text
    assert session_row().title_en == "Final exam"


def test_a_session_is_changed_and_cancelled_until_it_opens(room: Room, enter: Enter) -> None:
    client, base = enter(officer(room)), f"/exam-sessions/{room.session}"
    assert client.get(f"{base}/edit").status_code == client.get(f"{base}/cancel").status_code == 422, "it is open"
    change(opens_at=NOW + HOUR)
    assert "Final exam" in client.get(f"{base}/edit").text
    assert client.post(f"{base}/edit", data=form(title_en="Moved")).status_code == 303
    made = session_row()
    assert (made.title_en, made.opens_at) == ("Moved", NOW + 24 * HOUR)
    code = made.access_code
    assert client.post(f"{base}/access-code").status_code == 303
    assert session_row().access_code != code
    assert client.post(f"{base}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"{base}/cancel", data={"reason": "a typhoon"}).status_code == 303
    assert "a typhoon" in client.get(base).text
    assert "a typhoon" in enter(room.people[0]).get("/exams").text
    assert "cancelled" in enter(room.people[0]).post(f"/exams/{room.session}/sitting", follow_redirects=True).text
    assert client.post(f"{base}/admission-cards").status_code == 410


def test_seats_by_number_and_by_hand(room: Room, enter: Enter) -> None:
    client, base = enter(officer(room)), f"/exam-sessions/{room.session}"
    assert client.get(f"{base}/candidates").status_code == 200
    refused = client.post(f"{base}/rooms", data={"rooms": "Room 301  2"})
    assert refused.status_code == 422 and "2 seats for 3 people" in refused.text and "Room 301  2" in refused.text
    assert client.post(f"{base}/rooms", data={"rooms": "Room 301  2\nRoom 302  5"}).status_code == 303
    assert [(one.room, one.seat) for one in rows()] == [("Room 301", "01"), ("Room 301", "02"), ("Room 302", "01")]
    data = {f"room-{rows()[0].id}": "Room 9", f"seat-{rows()[0].id}": "7", "room-x": "no", "room-99999": "no"}
    assert client.post(f"{base}/candidates", data=data).status_code == 303
    assert (rows()[0].room, rows()[0].seat) == ("Room 9", "7")
    assert "Room 9" in client.get(f"{base}/candidates").text


def test_an_accommodation_is_given_and_its_reason_stays_with_the_officers(room: Room, enter: Enter) -> None:
    watching = officer(room, role="invigilator")
    with writing():
        arrange.set_invigilators(room.session, [watching], by=watching)
    client, base = enter(officer(room)), f"/exam-sessions/{room.session}"
    client.get(f"{base}/candidates")
    page = f"{base}/candidates/{rows()[0].id}/accommodation"
    given = {"scope": "standing", "percent": "150", "font": "125", "separate_room": "y", "reason": "a broken hand"}
    assert client.post(page, data=given | {"reason": ""}).status_code == 422
    assert (
        client.post(page, data={"scope": "standing", "percent": "100", "font": "100", "reason": "r"}).status_code == 422
    )
    assert client.post(page, data=given).status_code == 303
    assert "a broken hand" in client.get(page).text
    for who in (watching, officer(room, role="base-administrator")):
        seen = enter(who).get(f"{base}/candidates").text
        assert "150% of the time" in seen and "a broken hand" not in seen
        assert enter(who).get(page).status_code == 403
    assert "135 minutes" in enter(room.people[0]).get("/exams").text
    standing = db.session.scalars(select(Accommodation)).one().id
    assert client.post(f"{page}/end", data={"standing": str(standing)}).status_code == 303
    assert "135 minutes" not in enter(room.people[0]).get("/exams").text
    assert client.post(page, data=given | {"scope": "session", "percent": "200"}).status_code == 303
    assert "180 minutes" in enter(room.people[0]).get("/exams").text
    assert client.post(f"{page}/end").status_code == 303
    assert "180 minutes" not in enter(room.people[0]).get("/exams").text


def test_cards_and_lists_are_tagged_files_and_fix_the_draw_number(room: Room, enter: Enter) -> None:
    client, base = enter(officer(room)), f"/exam-sessions/{room.session}"
    made = client.post(f"{base}/admission-cards")
    assert made.status_code == 200 and made.data.startswith(b"%PDF-1.7") and b"/Marked true" in made.data
    assert all(one.nonce and one.nonce_by == "staff" for one in rows())
    again = client.post(f"{base}/admission-cards")
    assert again.status_code == 200
    for name in ("candidates", "door"):
        answer = client.get(f"{base}/{name}.pdf")
        assert answer.data.startswith(b"%PDF-1.7") and "attachment" in answer.headers["Content-Disposition"]
    mine = enter(room.people[0])
    assert mine.get(f"/exams/{room.session}/admission-card.pdf").data.startswith(b"%PDF-1.7")
    with writing():
        stranger = rooms.person("stranger").id
        people.grant(person_id=stranger, role="trainee", base_id=room.base, by=None)
    assert enter(stranger).get(f"/exams/{room.session}/admission-card.pdf").status_code == 404
    assert enter(stranger).post(f"/exams/{room.session}/admission-card").status_code == 404


def test_a_candidate_who_prints_his_card_gives_the_draw_number(room: Room, enter: Enter) -> None:
    client = enter(room.people[0])
    assert client.get(f"/exams/{room.session}/admission-card.pdf").status_code == 404
    answer = client.post(f"/exams/{room.session}/admission-card", data={"nonce": NONCE})
    assert answer.location == f"/exams/{room.session}/admission-card.pdf"
    assert client.get(answer.location).status_code == 200
    assert (rows()[0].nonce, rows()[0].nonce_by) == (NONCE, "candidate")
    client.post(f"/exams/{room.session}/sitting", data={"nonce": "cd" * 16})
    assert db.session.scalars(select(Sitting)).one().nonce == NONCE


def test_the_waiting_room_asks_for_what_is_missing_and_for_nothing_twice(room: Room, enter: Enter) -> None:
    change(access_code="K7M4QX", opens_at=NOW + HOUR / 2)
    client, ref = admitted(room, enter)
    page = client.get(f"/sittings/{ref}/notice").text
    assert all(f'name="{name}"' in page for name in ("mine", "accept", "code")) and "某公司" in page
    begin = f"/sittings/{ref}/begin"
    assert client.post(begin, data={"accept": "y", "code": "K7M4QX"}).status_code == 422
    wrong = client.post(begin, data={"accept": "y", "mine": "y", "code": "AAAAAA"})
    assert wrong.status_code == 422 and "This is not the access code. 5 tries are left." in wrong.text
    assert client.post(begin, data={"code": "k7m 4qx"}).location == f"/sittings/{ref}/notice#start"
    page = client.get(f"/sittings/{ref}/notice").text
    assert not any(f'name="{name}"' in page for name in ("mine", "accept", "code")) and "You are ready" in page
    assert services.get_sitting(ref, room.people[0]).state == "ready"
    with clock.frozen(NOW + HOUR / 2):
        assert client.post(begin).location == f"/sittings/{ref}"
    sitting = services.get_sitting(ref, room.people[0])
    assert (sitting.state, sitting.statement_at, sitting.started_at) == ("open", NOW, NOW + HOUR / 2)


def test_a_code_cannot_be_guessed(room: Room, enter: Enter) -> None:
    change(access_code="K7M4QX")
    client, ref = admitted(room, enter)
    for _ in range(6):
        answer = client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y", "code": "AAAAAA"})
        assert answer.status_code == 422
    answer = client.post(f"/sittings/{ref}/begin", data={"code": "K7M4QX"})
    assert answer.status_code == 422 and "Too many tries. Wait" in answer.text
    with clock.frozen(NOW + timedelta(minutes=11)):
        assert client.post(f"/sittings/{ref}/begin", data={"code": "K7M4QX"}).location == f"/sittings/{ref}"


def test_not_me_and_the_device_check(room: Room, enter: Enter) -> None:
    client, ref = admitted(room, enter)
    answer = client.post(f"/sittings/{ref}/device-check", json={"storage": True, "clock": False})
    assert answer.json == {"opens_in": 0, "called_off": None}
    assert rows()[0].checks is not None and rows()[0].checks["storage"] is True
    assert client.post(f"/sittings/{ref}/device-check", json=[1]).status_code == 200
    cross = client.post(f"/sittings/{ref}/device-check", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    said = client.post(f"/sittings/{ref}/not-me", follow_redirects=True)
    assert "Do not begin" in said.text
    assert db.session.scalars(select(Incident)).one().kind == "identity"
    other = enter(room.people[1])
    for path in ("not-me", "device-check", "begin"):
        assert other.post(f"/sittings/{ref}/{path}", json={}).status_code == 404


def test_a_late_one_and_one_who_must_wait_are_told_in_words(room: Room, enter: Enter) -> None:
    change(late_minutes=15, opens_at=NOW - HOUR)
    client = enter(room.people[0])
    assert "Too late to begin" in client.get("/exams").text
    told = client.post(f"/exams/{room.session}/sitting", follow_redirects=True).text
    assert "Nobody may begin this exam after 2026-11-23 08:15." in told and "No attempt was used up." in told
    change(late_minutes=None, waiting_days=2, attempts=2)
    _, ref = admitted(room, enter)
    client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"})
    with writing():
        services.close_sitting(services.get_sitting(ref, room.people[0]).id, "candidate", clock.now())
    told = client.post(f"/exams/{room.session}/sitting", follow_redirects=True).text
    assert "You can sit again from" in told and "25" in told


def test_the_waiting_room_is_closed_long_before_the_session(room: Room, enter: Enter) -> None:
    change(opens_at=NOW + 3 * HOUR)
    client = enter(room.people[0])
    assert "The waiting room opens at 2026-11-23 11:00." in client.get("/exams").text
    assert client.post(f"/exams/{room.session}/sitting").location == "/exams"
    assert db.session.scalar(select(Sitting)) is None


def test_an_invigilator_sees_nothing_of_a_session_that_is_not_his(room: Room, enter: Enter) -> None:
    watcher = officer(room, role="invigilator")
    client, base = enter(watcher), f"/exam-sessions/{room.session}"
    addresses = ("", "/desk", "/candidates", "/candidates.pdf", "/door.pdf")
    assert {client.get(base + one).status_code for one in addresses} == {404}
    with writing():
        arrange.set_invigilators(room.session, [watcher], by=watcher)
    assert {client.get(base + one).status_code for one in addresses} == {200}
    for path in ("/edit", "/cancel", "/rooms", "/invigilators"):
        assert client.get(base + path).status_code == 403
    for path in ("/admission-cards", "/access-code", "/candidates"):
        assert client.post(base + path).status_code == 403


def test_the_list_of_candidates_takes_the_same_queries_for_many(room: Room, enter: Enter) -> None:
    client = enter(officer(room))
    counts = [_queries(client, f"/exam-sessions/{room.session}/candidates")]
    with writing():
        place = db.session.get_one(Cohort, room.cohort)
        for number in range(10, 30):
            rooms.enrol(place, rooms.person(f"more{number}"), f"2026-01-{number:04d}")
    client.get(f"/exam-sessions/{room.session}/candidates")
    counts.append(_queries(client, f"/exam-sessions/{room.session}/candidates"))
    assert counts[1] <= counts[0] and counts[1] <= 12
    with writing():
        assert len(candidates.list_candidates(session_row())) == 23


def _queries(client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    client.get(address)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if not re.match(r"(BEGIN|COMMIT|ROLLBACK|PRAGMA)", one)])


def test_who_waits_is_told_that_the_session_is_cancelled_and_why(room: Room, enter: Enter) -> None:
    change(opens_at=NOW + HOUR / 2)
    client, ref = admitted(room, enter)
    client.post(f"/exams/{room.session}/admission-card", data={"nonce": NONCE})
    check, begin, notice = (f"/sittings/{ref}/{path}" for path in ("device-check", "begin", "notice"))
    assert client.post(check, json={}).json == {"opens_in": 30 * 60_000, "called_off": None}
    client.post(begin, data={"accept": "y", "mine": "y"})
    assert "You are ready" in client.get(notice).text
    with writing():
        arrange.cancel_session(room.session, reason="a typhoon", by=room.people[2])
    page = client.get(notice)
    assert page.status_code == 410
    assert "This exam does not take place." in page.text and "a typhoon" in page.text
    assert "Ask your training base" in page.text and "No attempt was used up" in page.text
    assert not any(words in page.text for words in ("The exam opens at", "You are ready", "bell-left", 'id="begin"'))
    assert client.post(check, json={}).json == {"opens_in": 30 * 60_000, "called_off": "a typhoon"}
    card = client.get(f"/exams/{room.session}/admission-card.pdf")
    assert card.status_code == 410 and "This exam session was cancelled." in card.text
    with clock.frozen(NOW + HOUR / 2):
        assert client.post(begin).location == notice
    assert services.get_sitting(ref, room.people[0]).state == "ready"


def test_a_form_that_is_sent_into_a_cancelled_session_is_answered_with_the_reason(room: Room, enter: Enter) -> None:
    change(opens_at=NOW + HOUR / 2)
    client, ref = admitted(room, enter)
    with writing():
        arrange.cancel_session(room.session, reason="a typhoon", by=room.people[2])
    answer = client.post(f"/sittings/{ref}/begin", data={"accept": "y"})
    assert answer.status_code == 410 and "a typhoon" in answer.text
    with writing():
        services.get_sitting(ref, room.people[0]).medium = "paper"
    assert "a typhoon" in client.get(f"/sittings/{ref}", follow_redirects=True).text


def test_an_accommodation_given_to_somebody_who_sits_says_that_the_running_exam_is_not_changed(
    room: Room, enter: Enter
) -> None:
    _, ref = admitted(room, enter)
    enter(room.people[0]).post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"})
    client, base = enter(officer(room)), f"/exam-sessions/{room.session}"
    client.get(f"{base}/candidates")
    page, seat = f"{base}/candidates/{rows()[0].id}/accommodation", f"/exam-sessions/sittings/{ref}/seat"
    shown = client.get(page).text
    assert "The exam of this candidate runs now." in shown and seat in shown
    given = {"scope": "session", "percent": "150", "font": "125", "separate_room": "y", "reason": "a broken hand"}
    refused = client.post(page, data=given)
    assert refused.status_code == 422
    assert "This candidate has begun already." in refused.text and "a broken hand" in refused.text
    assert refused.text.count("selected") >= 2 and "What you typed is still in the form." in refused.text
    assert seat in refused.text and rows()[0].percent is None
    kept = client.post(page, data=given | {"scope": "standing"}, follow_redirects=True).text
    assert "kept for later exams. The exam that runs now is not changed by it." in kept and seat in kept
    sitting = services.get_sitting(ref, room.people[0])
    assert (sitting.percent, sitting.deadline_at) == (100, NOW + 1.5 * HOUR)
    refused = client.post(f"{page}/end", follow_redirects=True).text
    assert "This candidate has begun already." in refused and seat in refused
    standing = db.session.scalars(select(Accommodation)).one().id
    ended = client.post(f"{page}/end", data={"standing": str(standing)}, follow_redirects=True).text
    assert "The accommodation is ended. The exam that runs now is not changed by it." in ended
    other = f"{base}/candidates/{rows()[1].id}/accommodation"
    assert "runs now" not in client.post(other, data=given, follow_redirects=True).text


def test_a_candidate_sees_the_time_that_was_given_back_for_downtime(room: Room, enter: Enter) -> None:
    client, ref = admitted(room, enter)
    client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"})
    before = client.post(f"/sittings/{ref}/pulse", json={"writer": "a" * 32}).json
    assert before is not None and 'data-deadline="' in client.get(f"/sittings/{ref}").text
    for minutes in (10, 15):
        with clock.frozen(NOW + timedelta(minutes=minutes)), writing():
            services.beat()
    with writing():
        assert services.credit_outage(db.session.scalars(select(Outage.id)).one()) == 1
    after = client.post(f"/sittings/{ref}/pulse", json={"writer": "a" * 32}).json
    assert after is not None and after["deadline"] - before["deadline"] == 5 * 60_000
    ends = int((NOW + 1.5 * HOUR + timedelta(minutes=5)).timestamp() * 1000)
    assert f'data-deadline="{ends}"' in client.get(f"/sittings/{ref}").text
    assert "10:35:00" in client.get("/exams").text
