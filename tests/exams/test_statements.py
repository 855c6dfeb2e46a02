"""How often an exam asks the database: a statement more for everybody at the bell is felt by everybody at the bell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app import clock
from app.accounts import passwords
from app.accounts.models import Person
from app.accounts.services import people, sessions
from app.exams import services
from app.exams.services import release_stores
from app.store import db, scope_to, writing
from tests.exams.rooms import NOW, whole_room
from tests.exams.test_services_pulse import statements

OPENS = NOW + timedelta(minutes=4)
WRITER = "a" * 32
Ask = Callable[..., Any]


@pytest.fixture
def ready(db_app: Flask) -> Iterator[tuple[FlaskClient, str, int]]:
    """Somebody in the waiting room who has given all that is asked there, at the moment of the opening."""
    db_app.config["WTF_CSRF_ENABLED"] = False
    with clock.frozen(NOW):
        room = whole_room(opens_at=OPENS)
        client, who = db_app.test_client(), room.people[0]
        with writing():
            people.grant(person_id=who, role="trainee", base_id=room.base, by=None)
            client.set_cookie("auditorium", sessions.open_session(who, agent="test"))
        came = asked(client.post, f"/exams/{room.session}/sitting")
        ref = came.location.split("/")[2]
        assert asked(client.post, f"/sittings/{ref}/begin", data={"accept": "y", "mine": "y"}).status_code == 303
    with clock.frozen(OPENS):
        yield client, ref, who
    db_app.config["WTF_CSRF_ENABLED"] = True
    release_stores()


def asked(method: Ask, *args: Any, most: int | None = None, **kwargs: Any) -> Any:
    """Send a request and hold it to so many statements."""
    try:
        with statements() as seen:
            answer = method(*args, **kwargs)
    finally:
        db.session.rollback()
        scope_to(None)
    assert most is None or len(seen) <= most, "\n".join(seen)
    return answer


def test_start_save_hand_in_and_result_take_few_statements(ready: tuple[FlaskClient, str, int]) -> None:
    client, ref, who = ready
    words = next(row["slot"] for row in services.get_sitting(ref, who).form if row["kind"] == "short")
    asked(client.get, f"/sittings/{ref}/notice")  # items and specification are known to the process from here on
    assert asked(client.post, f"/sittings/{ref}/begin", most=4).location == f"/sittings/{ref}"
    assert 'data-kind="' in asked(client.get, f"/sittings/{ref}", most=3).text
    held = asked(client.post, f"/sittings/{ref}/lease", json={"writer": WRITER, "take_over": False}, most=4)
    assert held.json["granted"] is True
    for number, most in ((1, 1), (2, 0), (3, 0)):  # the first time the process learns what shape answers have
        saved = asked(save, client, ref, number, words, most=most)
        assert saved.status_code == 200 and saved.json["acked"] == [number]
    assert asked(client.post, f"/sittings/{ref}/hand-in", json={}, most=9).json["answered"] == 1
    assert asked(client.get, f"/sittings/{ref}/receipt", most=6).status_code == 200
    assert asked(client.get, f"/sittings/{ref}/result", most=3).status_code == 200


def save(client: FlaskClient, ref: str, number: int, slot: int) -> Any:
    """A plain save, which the fast lane takes; the answer store has a connection of its own."""
    body = {"epoch": 1, "writer": WRITER, "entries": [{"seq": number, "slot": slot, "value": "Words", "ms": 1}]}
    return client.post(
        f"/sittings/{ref}/answers", data=json.dumps(body), content_type="application/json",
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip


def test_signing_in_takes_few_statements(db_app: Flask) -> None:
    db_app.config["WTF_CSRF_ENABLED"] = False
    with writing():
        row = Person(account="zhang", name="张", password_hash=passwords.hash_password("long enough 1"), created_at=NOW)
        db.session.add(row)
    client = db_app.test_client()
    answer = asked(client.post, "/sign-in", data={"account": "zhang", "password": "long enough 1"}, most=8)
    db_app.config["WTF_CSRF_ENABLED"] = True
    assert answer.status_code == 303


def test_who_has_not_given_everything_goes_the_long_way(ready: tuple[FlaskClient, str, int]) -> None:
    client, ref, who = ready
    with writing():
        services.candidates.own_row(services.get_sitting(ref, who)).confirmed_at = None
    assert asked(client.post, f"/sittings/{ref}/begin").status_code == 422
    assert services.get_sitting(ref, who).state == "ready"
    with writing():
        db.session.execute(update(Person).where(Person.id == who).values(name="Somebody"))
    assert "Somebody" in asked(client.get, f"/sittings/{ref}/notice").text
