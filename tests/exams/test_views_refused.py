"""Answers that the server refuses: every one is kept for staff with its reason, and the device is told so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.exams import services
from app.exams.naming import REFUSED
from app.refusals import Refusal
from app.store import scope_to
from tests.exams.rooms import Room
from tests.exams.test_views import WRITER, Enter, begun, enter, entry, officer, room, save

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")


def kept(ref: str) -> list[tuple[str, Any]]:
    """Reason and content of what was refused."""
    scope_to(None)
    return [(one.reason, json.loads(one.content)) for one in services.refused_entries(ref)]


def held(room: Room, enter: Enter) -> tuple[FlaskClient, str]:
    client, ref = begun(room, enter)
    assert client.post(f"/sittings/{ref}/lease", json={"writer": WRITER}).status_code == 200
    return client, ref


def kinds_of(refusal: type[Refusal]) -> set[str]:
    """The names of a refusal and of all that are its kind and may come from the exam room."""
    below = {name for one in refusal.__subclasses__() if "exams" in one.__module__ for name in kinds_of(one)}
    return {refusal.__name__} | below


def test_staff_have_words_for_every_refusal_of_an_answer() -> None:
    names = {name for refusal in services.REFUSED for name in kinds_of(refusal)}
    assert {"BadEntry", "TakenOver", "Closed", "OnPaper", "NotAllowed"} <= names
    assert names | {services.FLOOD, "CSRFError"} == set(REFUSED)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b'{"epoch": 1, "writer": "aaaa", "entries": [{"seq": 1, "slot": 41, "value": "\xe5\xae\xa1', None),
        (b"[1, 2]", None),
        (b"q41=what+was+typed", None),
        (b"[" * 100_000, None),
        (b'{"epoch": 1}', [{"epoch": 1}]),
        (b'{"entries": "x"}', ["x"]),
        (b"\xff", ["\ufffd"]),
    ],
)
def test_what_is_no_entry_is_kept_as_it_came(room: Room, enter: Enter, body: bytes, content: Any) -> None:
    client, ref = held(room, enter)
    refused = client.post(f"/sittings/{ref}/answers", data=body, content_type="application/json")
    assert refused.status_code == 400 and refused.json is not None
    assert (refused.json["code"], refused.json["noted"]) == ("BadEntry", True)
    assert kept(ref) == [("BadEntry", content or [body.decode()])]


def test_a_body_that_ends_too_early_is_refused_and_kept(room: Room, enter: Enter) -> None:
    client, ref = held(room, enter)
    sent = json.dumps({"epoch": 1, "writer": WRITER, "entries": [entry(1, 1, "A")]})[:60]
    headers = {"Content-Length": "500", "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    refused = client.post(f"/sittings/{ref}/answers", data=sent, headers=headers)
    assert refused.status_code == 400
    assert kept(ref) == [("BadEntry", [sent])]


def test_a_closed_sitting_keeps_what_still_comes_and_says_so(room: Room, enter: Enter) -> None:
    client, ref = held(room, enter)
    assert client.post(f"/sittings/{ref}/hand-in").status_code == 303
    late = [entry(1, 41, "还没有传完的回答" * 500), entry(2, 1, "B")]
    refused = save(client, ref, *late)
    assert refused.status_code == 410 and refused.json is not None
    assert (refused.json["code"], refused.json["noted"]) == ("Closed", True)
    assert refused.json["todo"] == "The receipt stands under “My exams”."
    assert kept(ref) == [("Closed", late)]
    page = enter(officer(room)).get(f"/exam-sessions/sittings/{ref}/uncounted").text
    assert "还没有传完的回答" in page and "\\u" not in page


def test_a_foreign_page_is_refused_with_a_trace(room: Room, enter: Enter) -> None:
    client, ref = held(room, enter)
    body = {"epoch": 1, "writer": WRITER, "entries": [entry(1, 1, "A")]}
    foreign = client.post(f"/sittings/{ref}/answers", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert kept(ref) == [("NotAllowed", body["entries"])]


def test_a_form_token_that_does_not_fit_leaves_a_trace(db_app: Flask, room: Room, enter: Enter) -> None:
    client, ref = held(room, enter)
    db_app.config["WTF_CSRF_ENABLED"] = True
    body = {"epoch": 1, "writer": WRITER, "entries": [entry(1, 1, "A")]}
    assert client.post(f"/sittings/{ref}/answers", json=body).status_code == 400
    assert client.post(f"/sittings/{ref}/lease", json={"writer": WRITER}).status_code == 400
    assert enter(room.people[1]).post(f"/sittings/{ref}/answers", json=body).status_code == 400
    signed_out = db_app.test_client().post(f"/sittings/{ref}/answers", json=body)
    assert signed_out.status_code == 400 and signed_out.json is not None and signed_out.json["noted"] is False
    assert kept(ref) == [("CSRFError", body["entries"])]


def test_the_receipt_says_what_came_after_the_end(room: Room, enter: Enter) -> None:
    client, ref = held(room, enter)
    client.post(f"/sittings/{ref}/hand-in")
    assert "arrived after the end" not in client.get(f"/sittings/{ref}/receipt").text
    save(client, ref, entry(1, 1, "A"), entry(2, 2, "B"))
    page = client.get(f"/sittings/{ref}/receipt").text
    assert "2 answers arrived after the end." in page
    assert f'data-ref="{ref}" data-save="/sittings/{ref}/answers" hidden' in page
