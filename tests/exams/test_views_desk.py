"""The screens of the desk: seats, acts, incidents, reports and minutes, as their people get them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts.services import people
from app.accounts.services.people import add_person
from app.exams.models import (
    Announcement,
    ExamSession,
    Incident,
    QuestionReport,
    SessionInvigilator,
    Sitting,
    SittingChange,
)
from app.exams.services import incidents
from app.store import db, writing
from tests.exams.rooms import NOW, Room
from tests.exams.test_views import WRITER, Enter, begun, enter, officer, room

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")
PASSWORD = "correct horse 9"


def staff(room: Room, enter: Enter, role: str) -> FlaskClient:
    """A person of the staff; an invigilator is appointed for the session."""
    return enter(appointed(room, officer(room, role)) if role == "invigilator" else officer(room, role))


def appointed(room: Room, who: int) -> int:
    with writing():
        session = db.session.scalars(select(ExamSession)).one()
        db.session.add(SessionInvigilator(base_id=session.base_id, session_id=session.id, person_id=who))
    return who


def signer(room: Room, role: str, account: str) -> int:
    """A person of the staff with a password."""
    with writing():
        who = add_person(account=account, name=account.title(), password=PASSWORD)
        people.grant(person_id=who, role=role, base_id=room.base, by=None)
    return appointed(room, who)


def pulse(client: FlaskClient, ref: str, times: int = 3, **changes: Any) -> Any:
    events = [{"no": n, "kind": "left", "slot": 1, "ms": 60_000, "client_ms": 5} for n in range(1, times + 1)]
    return client.post(f"/sittings/{ref}/pulse", json={"writer": WRITER, "slot": 2, "events": events} | changes).json


def test_the_desk_shows_every_seat_and_its_json_says_the_same(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    pulse(client, ref)
    watcher = staff(room, enter, "invigilator")
    page = watcher.get(f"/exam-sessions/{room.session}/desk").text
    assert page.count('<tr id="seat-') == 3 and "Question 2" in page and "left 3 times (3 min 0 s)" in page
    found = watcher.get(f"/exam-sessions/{room.session}/desk/seats").json
    assert found is not None and found["counts"] == {
        "all": 3, "attention": 1, "sitting": 1, "waiting": 0, "absent": 2, "closed": 0, "lost": 0,
    }  # fmt: skip
    seat = next(one for one in found["seats"] if one["ref"] == ref)
    told = (seat["where"], seat["tags"], seat["attention"], seat["notes"])
    assert told == ("Question 2", "open incident", True, "1 incident")
    assert seat["shows"] == "all attention sitting"
    hidden = watcher.get(f"/exam-sessions/{room.session}/desk?show=attention").text
    assert hidden.count(" hidden>\n<th") == 2, "the filter works without a script"
    with clock.frozen(NOW + timedelta(minutes=2)):
        again = watcher.get(f"/exam-sessions/{room.session}/desk/seats").json
    assert again is not None and again["counts"]["lost"] == 1


def test_an_announcement_reaches_the_exam_page(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    watcher = staff(room, enter, "invigilator")
    address = f"/exam-sessions/{room.session}/announcements"
    empty = watcher.post(address, data={"after": "0", "body": ""})
    assert empty.status_code == 422 and "Write what the candidates should know." in empty.text
    for _ in range(2):
        assert watcher.post(address, data={"after": "0", "body": "Question 3: read 2019."}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Announcement)) == 1
    heard = pulse(client, ref, 0)
    assert [one["text"] for one in heard["announcements"]] == ["Question 3: read 2019."]
    assert "Question 3: read 2019." in watcher.get(f"/exam-sessions/{room.session}/desk").text


def test_extra_time_for_everybody_reaches_the_page(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    watcher = staff(room, enter, "invigilator")
    address = f"/exam-sessions/{room.session}/extra-time"
    assert "1 candidate is sitting" in watcher.get(address).text
    data = {"key": "a" * 32, "room": "", "minutes": "10", "reason": "Power"}
    assert watcher.post(address, data=data | {"reason": ""}).status_code == 422
    for _ in range(2):
        assert watcher.post(address, data=data).status_code == 303
    heard = pulse(client, ref, 0)
    assert heard["deadline"] - heard["now"] == 100 * 60_000


def test_a_seat_has_its_page_and_its_acts(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    pulse(client, ref)
    with writing():
        db.session.scalars(select(Sitting)).one().locked = "seb"
    assert pulse(client, ref, 0)["locked"] == "seb"
    watcher = staff(room, enter, "invigilator")
    seat = f"/exam-sessions/sittings/{ref}/seat"
    page = watcher.get(seat).text
    assert "The exam page is locked" in page and "Hand in for the candidate" in page and "Unlock" in page
    unlock = f"/exam-sessions/sittings/{ref}/unlock"
    assert watcher.post(unlock, data={"reason": ""}).status_code == 422
    assert watcher.post(unlock, data={"reason": "Looked at it"}).status_code == 303
    assert pulse(client, ref, 0)["locked"] is None
    reader = staff(room, enter, "auditor").get(seat).text
    assert "Hand in for the candidate" not in reader and "Note an incident" not in reader


def test_a_forced_hand_in_says_why_and_is_scored(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    watcher = staff(room, enter, "invigilator")
    address = f"/exam-sessions/sittings/{ref}/hand-in"
    assert watcher.get(address).status_code == 200
    assert watcher.post(address, data={"reason": ""}).status_code == 422
    for _ in range(2):
        assert watcher.post(address, data={"reason": "Taken ill"}).status_code == 303
    assert watcher.get(address).status_code == 410
    heard = pulse(client, ref, 0)
    assert heard["closed"] == {"by": "staff", "reason": "Taken ill"}
    assert db.session.scalar(select(func.count()).select_from(SittingChange)) == 1
    assert "handed in by the invigilator" in client.get(f"/sittings/{ref}/receipt").text


def test_an_incident_from_report_to_decision(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    watcher, judge = staff(room, enter, "invigilator"), staff(room, enter, "exam-officer")
    address = f"/exam-sessions/{room.session}/incidents/new?sitting={ref}"
    data = {"key": "b" * 32, "kind": "aid", "body": "A book on the knees."}
    assert watcher.post(address, data=data | {"body": ""}).status_code == 422
    for _ in range(2):
        assert watcher.post(address, data=data).location == f"/exam-sessions/sittings/{ref}/seat"
    own = client.get(f"/sittings/{ref}/incidents").text
    assert "A book on the knees." in own and "cannot be declared void before 2026-11-26 09:00" in own
    assert "1 incident to decide" in judge.get("/exam-sessions").text
    assert "1 incident waits for a decision." in judge.get(f"/exam-sessions/{room.session}").text
    decision = f"/incidents/{'b' * 32}/decision"
    void = {"seen": "", "decision": "void", "why": "A book lay open."}
    early = judge.post(decision, data=void)
    assert early.status_code == 422 and "has not answered yet" in early.text and "A book lay open." in early.text
    answer = f"/sittings/{ref}/incidents/{'b' * 32}"
    assert client.post(answer, data={"body": ""}).status_code == 422
    assert client.post(answer, data={"body": "It was the allowed copy."}).status_code == 303
    unread = judge.post(decision, data=void)
    assert unread.status_code == 422 and "has answered meanwhile" in unread.text
    assert "It was the allowed copy." in unread.text
    seen = incidents.get_incident("b" * 32).seen
    db.session.rollback()
    assert judge.post(decision, data=void | {"seen": seen}).status_code == 303
    assert "to decide" not in judge.get("/exam-sessions").text
    assert "waits for a decision" not in judge.get(f"/exam-sessions/{room.session}").text
    told = client.get(f"/sittings/{ref}/incidents").text
    assert "The sitting is void" in told and "A book lay open." in told
    assert watcher.get(f"/incidents/{'b' * 32}").status_code == 200
    assert watcher.get(decision).status_code == 403
    listed = staff(room, enter, "auditor").get(f"/exam-sessions/{room.session}/incidents").text
    assert "The sitting is void" in listed


def test_who_never_answers_is_waited_for_and_not_for_ever(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    watcher = staff(room, enter, "invigilator")
    data = {"key": "b" * 32, "kind": "aid", "body": "A book on the knees."}
    watcher.post(f"/exam-sessions/{room.session}/incidents/new?sitting={ref}", data=data)
    client.post(f"/sittings/{ref}/hand-in")
    void = {"seen": "", "decision": "void", "why": "A book lay open."}
    judge_id = officer(room, "exam-officer")
    for hours, status in ((71, 422), (73, 303)):
        with clock.frozen(NOW + timedelta(hours=hours)):
            judge = enter(judge_id)
            page = judge.get(f"/incidents/{'b' * 32}/decision").text
            assert ("has not answered. A sitting can be declared void" in page) == (status == 422)
            assert judge.post(f"/incidents/{'b' * 32}/decision", data=void).status_code == status


def test_an_invigilator_of_another_session_sees_no_desk(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    pulse(client, ref)
    incident = db.session.scalars(select(Incident.ref)).one()
    db.session.rollback()
    other = enter(officer(room, "invigilator"))
    for path in ("desk", "desk/seats", "incidents", "minutes", "minutes.pdf", "extra-time", "incidents/new"):
        assert other.get(f"/exam-sessions/{room.session}/{path}").status_code == 404, path
    for path in (
        f"/exam-sessions/sittings/{ref}/seat",
        f"/exam-sessions/sittings/{ref}/hand-in",
        f"/incidents/{incident}",
    ):
        assert other.get(path).status_code == 404, path
    assert other.post(f"/exam-sessions/sittings/{ref}/unlock", data={"reason": "x"}).status_code == 404
    assert (
        other.post(f"/exam-sessions/{room.session}/announcements", data={"after": "0", "body": "x"}).status_code == 404
    )


def test_another_candidate_reads_no_incident(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    pulse(client, ref)
    incident = db.session.scalars(select(Incident.ref)).one()
    other, own = begun(room, enter, 1)
    assert other.get(f"/sittings/{ref}/incidents").status_code == 404
    assert other.post(f"/sittings/{own}/incidents/{incident}", data={"body": "x"}).status_code == 404


def test_a_reported_question_is_answered(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/reports", json={"key": "c" * 32, "slot": 1, "body": "No option is right."})
    report = db.session.scalars(select(QuestionReport)).one()
    item, number = report.item, report.id
    db.session.rollback()
    judge = staff(room, enter, "exam-officer")
    listed = judge.get(f"/exam-sessions/{room.session}/reports").text
    assert "No option is right." in listed and f"/items/{item}" in listed
    address = f"/exam-sessions/{room.session}/reports/{number}"
    assert judge.post(address, data={"body": ""}).status_code == 422
    assert judge.post(address, data={"body": "The second is."}).status_code == 303
    assert "The second is." not in client.get(f"/sittings/{ref}/incidents").text, "not before the end"
    client.post(f"/sittings/{ref}/hand-in")
    assert "The second is." in client.get(f"/sittings/{ref}/incidents").text
    assert staff(room, enter, "invigilator").get(f"/exam-sessions/{room.session}/reports").status_code == 403


def test_two_people_sign_the_minutes_with_their_passwords(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    first, second = enter(signer(room, "invigilator", "anna")), enter(signer(room, "exam-officer", "bert"))
    page = f"/exam-sessions/{room.session}/minutes"
    assert "The session is not over." in first.get(page).text
    client.post(f"/sittings/{ref}/hand-in")
    with clock.frozen(NOW + timedelta(hours=9)):
        first, second = enter(signer(room, "invigilator", "carl")), enter(signer(room, "exam-officer", "dora"))
        seen = first.get(page).text.split('name="seen" type="hidden" value="')[1][:64]
        data = {"seen": seen, "remarks": "Quiet.", "password": PASSWORD}
        wrong = first.post(f"{page}/first", data=data | {"password": "nothing"})
        assert wrong.status_code == 422 and "This is not your password. 4 tries are left." in wrong.text
        assert "Quiet." in wrong.text
        stale = first.post(f"{page}/first", data=data | {"seen": "0" * 64})
        assert stale.status_code == 409 and "Quiet." in stale.text
        assert first.post(f"{page}/first", data=data).status_code == 303
        assert "has to be another person" in first.get(page).text
        assert first.post(f"{page}/second", data=data).status_code == 422
        assert second.post(f"{page}/second", data=data).status_code == 303
        sealed = second.get(page).text
        assert "Sealed." in sealed and "Carl" in sealed and "Dora" in sealed and "Quiet." in sealed
        for language in ("zh_CN", "en"):
            file = (
                staff(room, enter, "auditor").get(f"{page}.pdf?lang={language}")
                if language == "en"
                else second.get(f"{page}.pdf?lang={language}")
            )
            assert file.data.startswith(b"%PDF-") and b"/StructTreeRoot" in file.data
        assert first.post(f"{page}/first", data=data).status_code == 409


def test_the_pages_of_the_desk_take_few_statements(room: Room, enter: Enter, db_app: Flask) -> None:
    from tests.exams.test_services_pulse import statements

    begun(room, enter)
    watcher = staff(room, enter, "invigilator")
    for path in ("desk", "desk/seats", "incidents", "minutes"):
        with statements() as seen:
            assert watcher.get(f"/exam-sessions/{room.session}/{path}").status_code == 200
        assert len(seen) <= 26, (path, len(seen), seen)
