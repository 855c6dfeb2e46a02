"""The form without a script: what is typed when it cannot be saved is kept, shown again, and saved when it can be."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.accounts.services import sessions
from app.exams import services
from app.store import scope_to, writing
from tests.exams.rooms import NOW, Room
from tests.exams.test_views import WRITER, Enter, begun, enter, room

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")
TEXT = "审核组发现培训记录缺少签字，" * 40
FORM = {"epoch": "1", "q1": "B", "q41": TEXT}
PASSWORD = "korrekt-pferd-9"


def answers(ref: str, person: int) -> dict[int, Any]:
    scope_to(None)
    asked = services.get_paper(services.get_sitting(ref, person), "en").questions
    return {one.slot: one.response for one in asked if one.response}


def kept(ref: str) -> list[tuple[str, Any]]:
    scope_to(None)
    return [(one.reason, json.loads(one.content)) for one in services.refused_entries(ref)]


def carried(page: str) -> dict[str, Any]:
    """The fields of the form on a page, as a browser sends them."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return fields | {name: text.lstrip("\n") for name, text in re.findall(r'name="(q[^"]+)" rows[^>]*>([^<]*)<', page)}


def test_after_the_hand_in_what_was_typed_is_kept_and_said_to_be(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/hand-in")
    page = client.post(f"/sittings/{ref}", data=FORM)
    assert page.status_code == 410
    assert "They are kept for the examiners to look at and are not counted." in page.text and TEXT in page.text
    assert kept(ref) == [("Closed", [{"slot": 1, "value": "B"}, {"slot": 41, "value": TEXT}])]


def test_after_the_time_it_is_kept_late(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    with clock.frozen(NOW + timedelta(minutes=95)):
        page = client.post(f"/sittings/{ref}", data=FORM)
        assert page.status_code == 410 and "not counted" in page.text and TEXT in page.text
        assert [(one.slot, one.answer) for one in services.late_answers(ref)] == [(1, "B"), (41, TEXT)]


def test_one_answer_that_cannot_be_read_holds_up_no_other(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    page = client.post(f"/sittings/{ref}", data=FORM | {"q42": "x" * 4001})
    assert page.status_code == 400 and "x" * 4001 in page.text and TEXT not in page.text
    assert "on this device" not in page.text
    assert answers(ref, room.people[0]) == {1: "B", 41: TEXT}
    assert kept(ref) == [("BadEntry", [{"slot": 42, "value": "x" * 4001}])]
    again = carried(page.text) | {"q42": "x" * 4000}
    assert client.post(f"/sittings/{ref}", data=again).location == f"/sittings/{ref}/check"
    assert answers(ref, room.people[0]) == {1: "B", 41: TEXT, 42: "x" * 4000}


def test_taken_over_elsewhere_it_can_still_be_saved_on_purpose(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    client.post(f"/sittings/{ref}/lease", json={"writer": WRITER})
    client.post(f"/sittings/{ref}/lease", json={"writer": "b" * 32, "take_over": True})
    page = client.post(f"/sittings/{ref}", data=FORM)
    assert page.status_code == 409 and TEXT in page.text
    assert [reason for reason, _ in kept(ref)] == ["TakenOver"] and answers(ref, room.people[0]) == {}
    assert client.post(f"/sittings/{ref}", data=carried(page.text)).location == f"/sittings/{ref}/check"
    assert answers(ref, room.people[0]) == {1: "B", 41: TEXT}


def test_signed_out_it_is_saved_after_signing_in_on_the_page(db_app: Flask, room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    with writing():
        sessions.change_password(room.people[0], PASSWORD)

    page = client.post(f"/sittings/{ref}", data=FORM)
    assert page.status_code == 401 and TEXT in page.text and 'name="password"' in page.text
    wrong = client.post(f"/sittings/{ref}", data=carried(page.text) | {"account": "p0", "password": "x"})
    assert wrong.status_code == 401 and TEXT in wrong.text and "Account or password is not right." in wrong.text
    right = client.post(f"/sittings/{ref}", data=carried(wrong.text) | {"account": "p0", "password": PASSWORD})
    assert right.location == f"/sittings/{ref}/check"
    assert answers(ref, room.people[0]) == {1: "B", 41: TEXT}
    assert client.get(f"/sittings/{ref}/check").status_code == 200


def test_a_token_that_does_not_fit_shows_what_was_typed(db_app: Flask, room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    db_app.config["WTF_CSRF_ENABLED"] = True
    page = client.post(f"/sittings/{ref}", data=FORM)
    assert page.status_code == 400 and TEXT in page.text and "Save these answers" in page.text
    assert [reason for reason, _ in kept(ref)] == ["CSRFError"] and answers(ref, room.people[0]) == {}
    token = {"csrf_token": carried(page.text)["csrf_token"]}
    assert client.post(f"/sittings/{ref}", data=carried(page.text) | token).location == f"/sittings/{ref}/check"
    assert answers(ref, room.people[0]) == {1: "B", 41: TEXT}
