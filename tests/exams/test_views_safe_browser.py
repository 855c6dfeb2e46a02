"""Safe Exam Browser on screen: the officer's page, the file, the door before the paper, the pulse, the desk."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app import clock
from app.exams import seb
from app.exams.models import ExamSession, Incident, Sitting, SittingChange
from app.store import db, writing
from tests.exams import rooms
from tests.exams.rooms import NOW, Room
from tests.exams.test_views import WRITER, Enter, admitted, begun, enter, entry, officer, room, save
from tests.exams.test_views_desk import pulse, staff

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")
SITE = "http://localhost"
SETTINGS = seb.own_settings(f"{SITE}/exams", f"{SITE}/exams/close-browser", seb.Wishes())
KEY = seb.config_key(SETTINGS)


def coming(room: Room) -> str:
    with writing():
        session = db.session.scalars(select(ExamSession)).one()
        session.opens_at = NOW + timedelta(hours=1)
    return f"/exam-sessions/{room.session}/safe-exam-browser"


def ask() -> None:
    with writing():
        session = db.session.scalars(select(ExamSession)).one()
        session.seb_key, session.seb_config = KEY, seb.stored(SETTINGS)


def shows(path: str, key: str = KEY) -> dict[str, str]:
    return {seb.HEADER: seb.proof(SITE + path, key)}


def get(client: FlaskClient, path: str, key: str | None = KEY) -> Any:
    return client.get(path, headers=shows(path, key) if key else {})


def state() -> tuple[str, str | None, int]:
    sitting = db.session.scalars(select(Sitting)).one()
    return sitting.state, sitting.locked, db.session.scalar(select(func.count()).select_from(Incident)) or 0


def test_the_officer_switches_it_on_and_off(room: Room, enter: Enter) -> None:
    address = coming(room)
    client = enter(officer(room))
    page = client.get(address).text
    assert "not asked for" in page and "Ask for Safe Exam Browser" in page and f"{SITE}/exams" in page
    assert client.post(address, data={"do": "own", "own-password": "x" * 61}).status_code == 422
    done = client.post(address, data={"do": "own", "own-password": "raus", "own-full_screen": "y"})
    assert done.status_code == 303
    session = db.session.scalars(select(ExamSession)).one()
    file = client.get(f"/exam-sessions/{room.session}/exam.seb")
    settings = seb.read_settings(file.data)
    assert seb.config_key(settings) == session.seb_key
    assert (settings["startURL"], settings["quitURL"]) == (f"{SITE}/exams", f"{SITE}/exams/close-browser")
    assert file.headers["Content-Disposition"] == "attachment; filename=exam.seb"
    page = client.get(address).text
    assert session.seb_key is not None and session.seb_key in page and "Make new settings" in page
    assert client.post(address, data={"do": "off"}).status_code == 303
    assert "not asked for" in client.get(address).text
    assert client.get(f"/exam-sessions/{room.session}/exam.seb").status_code == 404


def test_an_own_file_is_taken_or_refused_in_words(room: Room, enter: Enter) -> None:
    address = coming(room)
    client = enter(officer(room))

    def send(data: bytes) -> Any:
        return client.post(address, data={"do": "file", "file-file": (io.BytesIO(data), "own.seb")})

    assert "Choose a file." in client.post(address, data={"do": "file"}).text
    for data, words in (
        (b"pswd" + bytes(40), "without a password and without encryption"),
        (seb.settings_file(SETTINGS | {"startURL": "https://elsewhere.example/"}), "do not start at this site"),
        (seb.settings_file({"startURL": f"{SITE}/exams"}), "do not switch on the browser and config keys"),
        (b"<?xml" + b" " * seb.MOST_BYTES, "larger than 512 kB"),
    ):
        refused = send(data)
        assert refused.status_code == 422 and words in refused.text
    assert db.session.scalars(select(ExamSession.seb_key)).one() is None
    own = SETTINGS | {"originatorVersion": "SEB_Win_3.9", "allowWlan": True}
    assert send(seb.settings_file(own)).status_code == 303
    assert db.session.scalars(select(ExamSession.seb_key)).one() == seb.config_key(own) != KEY
    kept = client.get(f"/exam-sessions/{room.session}/exam.seb").data
    assert seb.read_settings(kept) == own


def test_once_open_nothing_changes(room: Room, enter: Enter) -> None:
    address = f"/exam-sessions/{room.session}/safe-exam-browser"
    client = enter(officer(room))
    page = client.get(address).text
    assert "can no longer be changed" in page and "Make new settings" not in page
    refused = client.post(address, data={"do": "own"})
    assert refused.status_code == 422 and "This session has opened" in refused.text
    assert db.session.scalars(select(ExamSession.seb_key)).one() is None


@pytest.mark.parametrize("role", ["invigilator", "auditor", "trainee"])
def test_only_officers_settle_it(room: Room, enter: Enter, role: str) -> None:
    address = coming(room)
    client = enter(officer(room, role))
    assert client.get(address).status_code == 403
    assert client.post(address, data={"do": "own"}).status_code == 403


def test_another_base_finds_nothing(room: Room, enter: Enter) -> None:
    address = coming(room)
    with writing():
        other = rooms.base("other").id
    assert enter(officer(room, base=other)).get(address).status_code == 404


def test_the_door_before_the_waiting_room(room: Room, enter: Enter) -> None:
    ask()
    client, ref = admitted(room, enter)
    notice = f"/sittings/{ref}/notice"
    closed = client.get(notice)
    assert closed.status_code == 403 and "This exam needs Safe Exam Browser" in closed.text
    assert f"seb://localhost/exam-sessions/{room.session}/exam.seb" in closed.text
    assert "The exam is locked" in closed.text and 'role="alert" hidden' in closed.text
    wrong = get(client, notice, "ab" * 32)
    assert wrong.status_code == 403 and "other settings than this exam asks for" in wrong.text
    assert client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"}).location == notice
    assert state() == ("ready", None, 0), "nothing has begun and nothing is noted"
    assert get(client, notice).status_code == 200
    path = f"/sittings/{ref}/begin"
    begun = client.post(path, data={"accept": "y", "mine": "y"}, headers=shows(path))
    assert begun.location == f"/sittings/{ref}" and state() == ("open", None, 0)
    assert get(client, f"/sittings/{ref}").text.count('<section class="q"') > 1


def test_at_the_bell_it_is_asked_for_too(room: Room, enter: Enter) -> None:
    coming(room)
    ask()
    with clock.frozen(NOW + timedelta(minutes=30)):
        client, ref = admitted(room, enter)
        path = f"/sittings/{ref}/begin"
        client.post(path, data={"accept": "y", "mine": "y"}, headers=shows(path))
    with clock.frozen(NOW + timedelta(hours=1)):
        assert enter(room.people[0]).post(path).location == f"/sittings/{ref}/notice"
        assert state() == ("ready", None, 0)
        assert client.post(path, headers=shows(path)).location == f"/sittings/{ref}"
        assert state() == ("open", None, 0)


def test_a_proof_holds_for_one_page_and_query(room: Room, enter: Enter) -> None:
    ask()
    client, ref = admitted(room, enter)
    notice = f"/sittings/{ref}/notice"
    assert client.get(f"{notice}?lang=en", headers=shows(notice)).status_code == 403
    assert get(client, f"{notice}?lang=en").status_code == 200
    fresh, port = enter(room.people[0]), "http://localhost:81"
    asked = fresh.get(notice, base_url=port, headers={seb.HEADER: seb.proof(port + notice, KEY)})
    assert asked.status_code == 403, "the host is the one of the settings, not the one of the request"
    assert fresh.get(notice, base_url=port, headers=shows(notice)).status_code == 200


def test_the_proof_is_remembered_for_this_browser_and_these_settings(room: Room, enter: Enter) -> None:
    ask()
    client, ref = admitted(room, enter)
    notice = f"/sittings/{ref}/notice"
    assert get(client, notice).status_code == 200
    assert client.get(notice).status_code == 200, "no header, but proved before"
    assert enter(room.people[0]).get(notice).status_code == 403
    with writing():
        db.session.scalars(select(ExamSession)).one().seb_key = "ef" * 32
    assert client.get(notice).status_code == 403


def test_another_browser_locks_a_running_exam(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    ask()
    page = f"/sittings/{ref}"
    assert get(client, page).status_code == 200
    assert client.post(f"{page}/lease", json={"writer": WRITER, "take_over": False}).status_code == 200
    assert save(client, ref, entry(1, 1, "A")).status_code == 200
    other = enter(room.people[0])
    seen = other.get(page)
    assert seen.status_code == 403 and state() == ("open", None, 0), "the script has not looked yet"
    told = other.post(f"{page}/browser", json={"proof": None}).json
    assert told == {"ok": False, "locked": True} and state() == ("open", "seb", 1)
    locked = get(client, page)
    assert locked.status_code == 403 and "goes on by itself" in locked.text
    assert pulse(client, ref, 0)["locked"] == "seb"
    assert save(client, ref, entry(2, 1, "B")).status_code == 200, "answers are taken whatever the browser"
    assert get(client, f"{page}/check").status_code == 403


def test_a_header_of_other_settings_locks_at_once(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    ask()
    page = f"/sittings/{ref}"
    seen = get(client, page, "ab" * 32)
    assert seen.status_code == 403 and "The exam is locked on this device" in seen.text
    assert state() == ("open", "seb", 1)
    said = pulse(client, ref, 0)
    assert said["locked"] == "seb" and "without Safe Exam Browser" in said["incidents"][0]["text"]


def test_the_pulse_of_another_browser_locks(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    ask()
    assert get(client, f"/sittings/{ref}").status_code == 200
    path = f"/sittings/{ref}/pulse"
    body = {"writer": WRITER, "slot": 1, "events": []}
    assert client.post(path, json=body, headers=shows(path)).json["locked"] is None  # type: ignore[index]
    assert pulse(client, ref, 0)["locked"] is None, "an engine without headers has proved itself at the door"
    assert pulse(enter(room.people[0]), ref, 0)["locked"] == "seb"
    assert state() == ("open", "seb", 1)


def test_the_script_interface_proves(room: Room, enter: Enter) -> None:
    ask()
    client, ref = admitted(room, enter)
    notice, prove = f"/sittings/{ref}/notice", f"/sittings/{ref}/browser"
    for address, key in ((f"{SITE}{notice}", "ab" * 32), (f"{SITE}/exams", KEY), (f"http://other{notice}", KEY)):
        said = client.post(prove, json={"address": address, "proof": seb.proof(address, key)}).json
        assert said == {"ok": False, "locked": False}
    address = f"{SITE}{notice}"
    assert client.post(prove, json={"address": 5, "proof": "x"}).status_code == 400
    said = client.post(prove, json={"address": address, "proof": seb.proof(address, KEY)}).json
    assert said == {"ok": True, "locked": False}
    assert client.get(notice).status_code == 200
    assert enter(room.people[1]).post(prove, json={"proof": None}).status_code == 404


def test_without_the_option_nothing_is_asked_and_nothing_costs_a_query(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    said = client.post(f"/sittings/{ref}/browser", json={"proof": None}).json
    assert said == {"ok": True, "locked": False}
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert get(client, f"/sittings/{ref}", None).status_code == 200
        assert pulse(client, ref, 0)["locked"] is None
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert statements and not [one for one in statements if "sitting_changes" in one]


def test_the_desk_unlocks_or_lets_go_on_without(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    ask()
    watcher = staff(room, enter, "invigilator")
    seat = f"/exam-sessions/sittings/{ref}/seat"
    assert "This session asks for it." in watcher.get(seat).text
    get(client, f"/sittings/{ref}", "ab" * 32)
    page = watcher.get(seat).text
    assert "Safe Exam Browser does not fit" in page and "Go on without Safe Exam Browser" in page
    assert watcher.post(f"/exam-sessions/sittings/{ref}/unlock", data={"reason": "Started again"}).status_code == 303
    assert get(client, f"/sittings/{ref}").status_code == 200
    without = f"/exam-sessions/sittings/{ref}/without-browser"
    refused = watcher.post(without, data={"reason": "long " * 50})
    assert refused.status_code == 422 and "At most 200 characters." in refused.text and "long long" in refused.text
    assert state()[1] is None
    assert watcher.post(without, data={"reason": "It crashes"}).status_code == 303
    page = watcher.get(seat).text
    assert "may sit without Safe Exam Browser" in page and "It crashes" in page
    assert enter(room.people[0]).get(f"/sittings/{ref}").status_code == 200
    assert enter(room.people[0]).post(without, data={"reason": "x"}).status_code == 403
    assert db.session.scalars(select(SittingChange.kind).order_by(SittingChange.id)).all() == ["unlocked", "no-browser"]


def test_an_invigilator_of_another_session_lets_nobody_off(room: Room, enter: Enter) -> None:
    _, ref = begun(room, enter)
    ask()
    stranger = enter(officer(room, "invigilator"))
    assert stranger.post(f"/exam-sessions/sittings/{ref}/without-browser", data={"reason": "x"}).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(SittingChange)) == 0


def test_who_cannot_run_it_is_let_in_before_the_bell(room: Room, enter: Enter) -> None:
    ask()
    client, ref = admitted(room, enter)
    watcher = staff(room, enter, "exam-officer")
    assert watcher.post(f"/exam-sessions/sittings/{ref}/without-browser", data={"reason": "Linux"}).status_code == 303
    assert client.get(f"/sittings/{ref}/notice").status_code == 200
    assert client.post(f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"}).location == f"/sittings/{ref}"


def test_the_list_and_the_receipt_tell_of_it(room: Room, enter: Enter) -> None:
    ask()
    client = enter(room.people[0])
    assert f"/exam-sessions/{room.session}/exam.seb" in client.get("/exams").text
    anybody = enter(room.people[1])
    anybody.delete_cookie("auditorium")
    assert "closes here" in anybody.get("/exams/close-browser").text
    assert anybody.get(f"/exam-sessions/{room.session}/exam.seb").status_code == 200
