"""The fast lane answers what Flask's route would have acknowledged, in the same words, and hands on everything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.services import people, sessions
from app.exams import services
from app.exams.models import RefusedEntry, Sitting
from app.exams.services import release_stores
from app.store import db, scope_to, writing
from app.web.headers import FIXED
from app.web.lane import cookie_value
from tests.exams.rooms import NOW, one_sitting

WRITER = "w" * 32
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def sat(db_app: Flask) -> Iterator[tuple[FlaskClient, str, int]]:
    """A signed-in candidate with an open sitting; the test's forms have no token, so only the lane can say 200."""
    with clock.frozen(NOW):
        ref, person, sitting = one_sitting()
        with writing():
            base = db.session.get_one(Sitting, sitting).base_id
            people.grant(person_id=person, role="trainee", base_id=base, by=None)
            token = sessions.open_session(person, agent="test")
        client = db_app.test_client()
        client.set_cookie("auditorium", token)
        services.record_answers(ref, person, 1, WRITER, [])
        yield client, ref, person
    release_stores()


def entry(seq: int, value: Any = "A") -> dict[str, Any]:
    return {"seq": seq, "slot": 1, "value": value, "ms": 5}


def send(client: FlaskClient, ref: str, *entries: dict[str, Any], **options: Any) -> Any:
    body = options.pop("data", json.dumps({"epoch": 1, "writer": WRITER, "entries": list(entries)}))
    headers = {"Accept": "application/json"} | options.pop("headers", SAME)
    kind = options.pop("content_type", "application/json")
    try:
        return client.post(f"/sittings/{ref}/answers", data=body, headers=headers, content_type=kind, **options)
    finally:
        db.session.rollback()
        scope_to(None)


def test_the_lane_says_what_the_route_says_with_its_headers(sat: tuple[FlaskClient, str, int], db_app: Flask) -> None:
    client, ref, person = sat
    fast = send(client, ref, entry(1))
    db_app.config["WTF_CSRF_ENABLED"] = False
    slow = send(client, ref, entry(1), headers={})
    db_app.config["WTF_CSRF_ENABLED"] = True
    assert (fast.status_code, fast.json) == (slow.status_code, slow.json) == (200, fast.json)
    assert fast.json["acked"] == [1] and set(fast.json) == {"acked", "late", "now", "deadline"}
    for name in (*FIXED, "Content-Type", "Cache-Control"):
        assert fast.headers[name] == slow.headers[name], name
    assert {part.strip() for part in fast.headers["Vary"].split(",")} >= {"Cookie"}
    assert services.present_answers(ref, person) == {1: "A"}


@pytest.mark.parametrize(
    "headers",
    [SAME, {"Origin": "http://localhost"}, SAME | {"Origin": "http://localhost"}],
)
def test_a_page_of_this_site_is_known_by_what_its_browser_says(
    sat: tuple[FlaskClient, str, int], headers: dict[str, str]
) -> None:
    client, ref, _ = sat
    assert send(client, ref, entry(1), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),  # nobody says where it comes from, and there is no token either
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        (SAME | {"Origin": "http://evil.example"}, 400),
        (SAME | {"Host": "evil.example"}, 400),
    ],
)
def test_other_sites_and_hosts_get_no_answer_from_the_lane(
    sat: tuple[FlaskClient, str, int], headers: dict[str, str], status: int
) -> None:
    client, ref, person = sat
    assert send(client, ref, entry(1), headers=headers).status_code == status
    assert services.present_answers(ref, person) == {}


@pytest.mark.parametrize(
    "options",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"data": b"{"},
        {"data": b"[" * 100_000},
        {"data": b"\xff"},
        {"data": b"[]"},
        {"data": b'{"epoch": 1, "writer": "w", "entries": [1]}'},
        {"data": b'{"epoch": true, "writer": "w", "entries": []}'},
    ],
)
def test_odd_bodies_are_left_to_the_route(sat: tuple[FlaskClient, str, int], options: dict[str, Any]) -> None:
    client, ref, person = sat
    assert send(client, ref, **options).status_code == 400
    assert services.present_answers(ref, person) == {}


def test_without_a_session_the_route_asks_to_sign_in(sat: tuple[FlaskClient, str, int], db_app: Flask) -> None:
    client, ref, _ = sat
    client.delete_cookie("auditorium")
    db_app.config["WTF_CSRF_ENABLED"] = False
    assert send(client, ref, entry(1)).status_code == 401
    client.set_cookie("auditorium", "not a token")
    assert send(client, ref, entry(1)).status_code == 401
    db_app.config["WTF_CSRF_ENABLED"] = True


def test_what_is_refused_is_kept_with_its_reason_and_told_as_before(
    sat: tuple[FlaskClient, str, int], db_app: Flask
) -> None:
    client, ref, _ = sat
    db_app.config["WTF_CSRF_ENABLED"] = False
    send(client, ref, entry(1))
    other = json.dumps({"epoch": 1, "writer": "x" * 32, "entries": [entry(2, "B")]})
    for _ in range(2):
        answer = send(client, ref, data=other)
        assert (answer.status_code, answer.json["code"]) == (409, "TakenOver")
    assert send(client, ref, entry(2, "Z")).status_code == 400
    assert send(client, ref, data='{"epoch": 1}').status_code == 400
    gap = send(client, ref, entry(5))
    assert (gap.status_code, gap.json) == (409, {"code": "Gap", "expected": 2})
    with writing():
        row = db.session.scalars(select(Sitting)).one()
        row.state, row.closed_by = "closed", "candidate"
    assert send(client, ref, entry(2, "C")).status_code == 410
    db_app.config["WTF_CSRF_ENABLED"] = True
    kept = db.session.scalars(select(RefusedEntry).order_by(RefusedEntry.id)).all()
    assert [(one.reason, one.epoch, one.first_seq, one.count) for one in kept] == [
        ("TakenOver", 1, 2, 1), ("BadEntry", 1, 2, 1), ("BadEntry", 1, 0, 1), ("Closed", 1, 2, 1),
    ]  # fmt: skip
    assert json.loads(kept[0].content) == [entry(2, "B")]


def test_one_cookie_is_found_among_others() -> None:
    assert cookie_value("a=1; auditorium=abc; b=2", "auditorium") == "abc"
    assert cookie_value("xauditorium=1;auditorium=", "auditorium") == ""
    assert cookie_value('auditorium="a b"', "auditorium") == "a b"
    assert cookie_value("", "auditorium") == ""
