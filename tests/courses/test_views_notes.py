"""Notes on pages: with and without a script, after signing out, and never on anybody else's page."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.accounts.services import people, sessions
from app.courses import services
from app.store import db, writing
from tests.courses.samples import CODE, FIRST, Learner, base, courses_folder, learner

LESSON = f"/learn/courses/{CODE}/lessons/{FIRST}"
SAVE = f"{LESSON}/notes"
BODY = {"key": "key-0001", "version": 0, "section": 1, "text": "记一笔"}


@pytest.fixture
def one(db_app: Flask) -> Learner:
    with writing():
        services.load_courses(courses_folder())
    return learner(base())


def sign_in(app: Flask, person_id: int) -> FlaskClient:
    with writing():
        token = sessions.open_session(person_id, agent="test")
    client = app.test_client()
    client.set_cookie("auditorium", token, domain="localhost")
    return client


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(LESSON).text)
    assert found
    return found[1]


def test_a_note_is_written_changed_deleted_and_brought_back_without_a_script(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    token = {"csrf_token": token_of(client)}
    answer = client.post(SAVE, data={**BODY, **token})
    (note,) = services.notes_of(one.person_id, FIRST)
    assert (answer.status_code, answer.location) == (303, f"{LESSON}#note-{note.id}")
    page = client.get(LESSON).text
    assert ">记一笔</textarea>" in page and f'id="note-{note.id}"' in page and "我的笔记：1 条" in page
    client.post(SAVE, data={**BODY, **token, "version": 1, "text": "改过"})
    assert (
        "两份内容都保留"
        in client.post(SAVE, data={**BODY, **token, "version": 1, "text": "另写"}, follow_redirects=True).text
    )
    assert len(services.notes_of(one.person_id, FIRST)) == 2
    answer = client.post(f"/learn/notes/{note.id}/delete", data={**token, "from": "lesson"})
    assert answer.location == f"{LESSON}?deleted={note.id}#notes"
    assert "30 天内可以恢复" in client.get(f"{LESSON}?deleted={note.id}").text
    assert client.post(f"/learn/notes/{note.id}/delete", data=token).location == f"/learn/notes?deleted={note.id}"
    answer = client.post(f"/learn/notes/{note.id}/restore", data={**token, "from": "lesson"})
    assert answer.location == f"{LESSON}#note-{note.id}"


@pytest.mark.parametrize(("text", "words"), [("  ", "还没有内容"), ("长" * 4001, "最多 4000")])
def test_a_note_that_is_refused_comes_back_with_its_text(one: Learner, db_app: Flask, text: str, words: str) -> None:
    client = sign_in(db_app, one.person_id)
    answer = client.post(SAVE, data={**BODY, "text": text, "csrf_token": token_of(client)})
    assert answer.status_code == 422
    assert words in answer.text and f">{text}</textarea>" in answer.text
    assert answer.text.count("<h1") == 1


def test_the_page_saves_by_itself(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    headers = {"X-CSRF-Token": token_of(client)}
    first = client.post(SAVE, json=BODY, headers=headers)
    assert first.json is not None and first.json["version"] == 1 and first.json["apart"] is False
    assert re.fullmatch(r"\d\d:\d\d", first.json["saved"])
    other = client.post(SAVE, json={**BODY, "version": 7, "text": "另写"}, headers=headers).json
    assert other is not None and other["apart"] is True and other["key"] != BODY["key"]
    for bad in (
        {},
        [],
        {**BODY, "version": "1"},
        {**BODY, "key": None},
        {**BODY, "section": True},
        {**BODY, "text": " "},
    ):
        assert client.post(SAVE, json=bad, headers=headers).status_code == 422
    assert (
        client.post(SAVE, json={**BODY, "key": "key-0002", "text": "a\x00\ud800b"}, headers=headers).status_code == 200
    )
    assert client.post(SAVE, json=BODY).status_code == 400


def test_who_was_signed_out_gets_the_text_back(one: Learner, db_app: Flask) -> None:
    db_app.config["WTF_CSRF_ENABLED"] = False
    try:
        stranger = db_app.test_client()
        kept = stranger.post(SAVE, data=BODY)
        assert kept.status_code == 401 and "记一笔" in kept.text and "<h1" in kept.text
        assert stranger.post(SAVE, data={**BODY, "text": ""}).status_code == 303
        told = stranger.post(SAVE, json=BODY)
        assert (told.status_code, told.json and told.json["code"]) == (401, "SignInNeeded")
    finally:
        db_app.config["WTF_CSRF_ENABLED"] = True
    assert services.notes_of(one.person_id, FIRST) == []


def test_nobody_else_sees_a_note(one: Learner, db_app: Flask) -> None:
    with writing():
        note = services.save_note(one.person_id, FIRST, "key-0001", text="只给自己", section=0, version=0).note
        staff = people.add_person(account="teacher", name="教师", password=None)
        people.grant(person_id=staff, role="platform-administrator", base_id=None, by=None)
    other = learner(base(2), account="other")
    for person in (other.person_id, staff):
        client = sign_in(db_app, person)
        for address in ("/learn/notes", LESSON, f"{LESSON}?deleted={note.id}", f"/learn/notes?deleted={note.id}"):
            assert "只给自己" not in client.get(address).text
    client = sign_in(db_app, other.person_id)
    for act in ("delete", "restore"):
        db_app.config["WTF_CSRF_ENABLED"] = False
        answer = client.post(f"/learn/notes/{note.id}/{act}")
        db_app.config["WTF_CSRF_ENABLED"] = True
        assert answer.status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_few_and_for_many(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    asked: list[str] = []

    def listen(*given: object) -> None:
        asked.append(str(given[2]))

    def count(notes: int) -> int:
        for number in range(notes):
            with writing():
                lesson = (FIRST, "2013-6.1.2", "2013-6.4")[number % 3]
                key = f"key-{number % 3}-{number:04}"
                services.save_note(one.person_id, lesson, key, text="起", section=0, version=0)
        client.get("/learn/notes")
        asked.clear()
        assert "我的笔记" in client.get("/learn/notes").text
        return len(asked)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert count(3) == count(30)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
