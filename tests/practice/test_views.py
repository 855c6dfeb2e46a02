"""The screens of practice: nothing of the key before the answer, everything after it, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.accounts.services import sessions
from app.banks.items import Choice
from app.practice.models import MockExam, PracticeAnswer
from app.store import db, writing
from tests.practice.world import NOW, Place, make_place


@pytest.fixture
def place(db_app: Flask) -> Iterator[Place]:
    with clock.frozen(NOW):
        yield make_place()


def client_of(app: Flask, person_id: int, language: str = "en") -> FlaskClient:
    with writing():
        token = sessions.open_session(person_id, agent="test")
    client = app.test_client()
    client.set_cookie("auditorium", token, domain="localhost")
    client.set_cookie("language", language, domain="localhost")
    return client


@pytest.fixture
def client(db_app: Flask, place: Place) -> FlaskClient:
    return client_of(db_app, place.person)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the first form that has a key."""
    return dict(re.findall(r'name="(csrf_token|key|item|version)"[^>]* value="([^"]*)"', page))


def ask(client: FlaskClient, on: str) -> tuple[str, dict[str, str]]:
    page = client.get(f"/practice/question?on={on}").text
    return page, hidden(page)


def send(client: FlaskClient, on: str, fields: dict[str, str], **more: object) -> TestResponse:
    return client.post(f"/practice/question?on={on}", data={**fields, **more})


@pytest.mark.parametrize(
    "address", ["/practice", "/practice/question?on=all", "/practice/question?on=due", "/practice/mastery", "/practice/mock", "/learn"]
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_pages_show(db_app: Flask, place: Place, address: str, language: str) -> None:
    answer = client_of(db_app, place.person, language).get(address)
    assert answer.status_code == 200 and answer.text.count("<h1") == 1 and "style=" not in answer.text


def test_a_person_without_a_class_is_told_so(db_app: Flask, place: Place) -> None:
    from app.accounts.services import people
    from tests.exams.rooms import person

    with writing():
        lonely = person("lonely").id
        people.grant(person_id=lonely, role="trainee", base_id=place.base, by=None)
    client = client_of(db_app, lonely)
    assert "No course yet" in client.get("/practice").text
    assert client.get("/practice/question").status_code == 404


@pytest.mark.parametrize("kind", ["clause:5.2", "clause:6.1.3", "clause:6.3", "topic:law"])
def test_the_key_is_on_no_page_before_the_answer_and_on_the_next_after_it(client: FlaskClient, kind: str) -> None:
    page, fields = ask(client, kind)
    assert "SECRET" not in page and "Source" not in page
    answer = send(client, kind, fields, act="unknown")
    assert answer.status_code == 303 and answer.headers["Location"].startswith(f"/practice/answers/{fields['key']}")
    told = client.get(answer.headers["Location"]).text
    assert "SECRET" in told and "Source: GB/T 29490-2013" in told and "No answer." in told


def test_every_option_says_why_the_right_ones_too(client: FlaskClient, place: Place) -> None:
    from tests.practice.world import find, give

    item = find("5.2-02")
    assert isinstance(item, Choice)
    told = client.get(f"/practice/answers/{give(place, item.id, right=False)}").text
    assert sum(option.right for option in item.options) == 2
    assert all(option.because and option.because["en"] in told for option in item.options)


def test_the_clause_of_a_mixed_question_is_told_with_the_answer_only(client: FlaskClient) -> None:
    page, fields = ask(client, "topic:law")
    heads = re.findall(r"<(?:h1|title)\b.*?</(?:h1|title)>", page, re.S)
    assert len(heads) == 2 and "7.1" not in "".join(heads)
    told = client.get(send(client, "topic:law", fields, act="unknown").headers["Location"]).text
    assert "7.1" in re.sub(r"<[^>]+>", "", re.findall(r"<h1\b.*?</h1>", told, re.S)[0])


def test_an_empty_answer_comes_back_with_the_same_question(client: FlaskClient) -> None:
    _page, fields = ask(client, "clause:5.2")
    answer = send(client, "clause:5.2", fields, act="answer")
    assert answer.status_code == 422 and "Choose or write an answer first." in answer.text
    assert hidden(answer.text)["key"] == fields["key"] and hidden(answer.text)["item"] == fields["item"]
    assert db.session.scalars(select(PracticeAnswer)).first() is None


def test_a_right_answer_is_rated_and_leads_on(client: FlaskClient) -> None:
    _page, fields = ask(client, "topic:law")
    told = client.get(send(client, "topic:law", fields, act="answer", q1="correct").headers["Location"])
    assert "Right." in told.text and "again in 8 days" in told.text
    address = re.search(r'action="(/practice/answers/[^"]+/rating[^"]*)"', told.text)
    assert address
    on = client.post(address[1].replace("&amp;", "&"), data={"rating": "easy", "csrf_token": fields["csrf_token"]})
    assert on.status_code == 303 and on.headers["Location"] == "/practice/question?on=topic:law"
    assert "Done for today" in client.get(on.headers["Location"]).text
    assert "Repeat anyway" in client.get(on.headers["Location"]).text


@pytest.mark.parametrize("fields", [{"q1": "Z"}, {"q1": "incorrect"}])
def test_what_the_page_cannot_have_sent_is_refused(client: FlaskClient, fields: dict[str, str]) -> None:
    _page, form = ask(client, "clause:6.1.2")
    assert send(client, "clause:6.1.2", form, act="answer", **fields).status_code == 400


def test_an_item_taken_out_meanwhile_is_said_in_a_sentence(client: FlaskClient) -> None:
    from app.banks.models import ItemRow

    _page, fields = ask(client, "topic:law")
    with writing():
        db.session.scalars(select(ItemRow).where(ItemRow.code == "7.1-01")).one().status = "retired"
    answer = send(client, "topic:law", fields, act="answer", q1="correct")
    assert answer.status_code == 422 and "has been taken out of practice" in answer.text


def test_own_marks_are_ticked_on_the_page(client: FlaskClient, place: Place) -> None:
    from tests.practice.world import give

    ref = give(place, "5.2-04", response="one two three")
    page = client.get(f"/practice/answers/{ref}").text
    assert "one two three" in page and "SECRET model" in page
    address = re.search(r'action="(/practice/answers/[^"]+/own-marks[^"]*)"', page)
    assert address
    data = {"has": ["point-1", "point-2"], "csrf_token": re.findall(r'csrf_token" value="([^"]+)"', page)[0]}
    answer = client.post(address[1].replace("&amp;", "&"), data=data)
    assert answer.status_code == 303
    assert "80% of the marks." in client.get(answer.headers["Location"]).text


def test_a_mock_exam_without_a_script(client: FlaskClient, place: Place) -> None:
    page = client.get("/practice/mock").text
    assert "36 practice questions are missing for Single choice" in page
    started = client.post("/practice/mock", data={**hidden(page), "specification": "trial"})
    assert started.status_code == 303
    address = started.headers["Location"]
    paper = client.get(address).text
    assert "SECRET" not in paper and paper.count('class="q card"') == 6
    token = {"csrf_token": hidden(paper)["csrf_token"]}
    saved = client.post(address, data={**token, "q1": "A", "q4": "correct", "q5": "my words", "q6.clause": "6.1.3"})
    assert saved.headers["Location"] == f"{address}/check"
    assert "2 unanswered." in client.get(f"{address}/check").text
    assert 'value="A" checked' in client.get(address).text and "my words" in client.get(address).text
    assert client.get(f"{address}/result").headers["Location"] == address
    ended = client.post(f"{address}/hand-in", data=token)
    assert ended.headers["Location"] == f"{address}/result"
    result = client.get(f"{address}/result").text
    assert "marks so far" in result and "SECRET why" in result and "my words" in result
    for slot in (5, 6):
        marked = client.post(f"{address}/questions/{slot}/own-marks", data={**token, "has": ["point-1"]})
        assert marked.status_code == 303
    assert "The mock exam is not passed" in client.get(f"{address}/result").text
    assert client.get(address).headers["Location"] == f"{address}/result"
    assert "Not passed" in client.get("/practice/mock").text


def test_the_page_saves_answers_one_by_one(client: FlaskClient, place: Place) -> None:
    page = client.get("/practice/mock").text
    address = client.post("/practice/mock", data={**hidden(page), "specification": "trial"}).headers["Location"]
    token = {"X-CSRF-Token": hidden(page)["csrf_token"]}
    good = client.post(f"{address}/answers", json={"answers": [{"slot": 4, "value": "correct"}]}, headers=token)
    assert good.status_code == 200 and good.json == {"saved": int(NOW.timestamp() * 1000)}
    for body in (
        {},
        {"answers": "x"},
        {"answers": [1]},
        {"answers": [{"slot": "4"}]},
        {"answers": [{"slot": 4, "value": 7}]},
    ):
        assert client.post(f"{address}/answers", json=body, headers=token).status_code == 400
    with clock.frozen(NOW + timedelta(minutes=63)):
        late = client.post(f"{address}/answers", json={"answers": [{"slot": 4, "value": "correct"}]}, headers=token)
        assert late.status_code == 422 and late.json["code"] == "TimeIsUp"
        assert client.get(address).headers["Location"] == f"{address}/result"


def test_nobody_else_opens_what_a_person_practised(db_app: Flask, place: Place, client: FlaskClient) -> None:
    from tests.practice.world import give

    ref = give(place, "5.2-01", right=False)
    page = client.get("/practice/mock").text
    mock = client.post("/practice/mock", data={**hidden(page), "specification": "trial"}).headers["Location"]
    stranger = client_of(db_app, place.other)
    own_class = place.learner.enrolment_id
    for address in (
        f"/practice/answers/{ref}",
        mock,
        f"{mock}/check",
        f"{mock}/result",
        f"/practice?class={own_class}",
    ):
        assert client.get(address).status_code in {200, 303}
        assert stranger.get(address).status_code == 404
    assert db.session.scalars(select(MockExam)).one().closed_at is None


def test_the_pages_of_practice_name_themselves_and_beat(client: FlaskClient) -> None:
    page = client.get("/practice/question?on=all").text
    found = re.search(r'data-study="([^"]+)" data-visit="([^"]+)"', page)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found is not None and token is not None
    headers, body = {"X-CSRF-Token": token[1]}, {"visit": found[2], "idle": 0, "away": 0, "section": 0}
    for seconds, minutes in ((0, 0), (60, 1)):
        with clock.frozen(NOW + timedelta(seconds=seconds)):
            answer = client.post(found[1], json=body, headers=headers)
        assert (answer.status_code, answer.json) == (200, {"minutes": minutes})
    assert client.post(found[1], json={"visit": found[2]}, headers=headers).status_code == 422
    assert client.post(found[1], json=[], headers=headers).status_code == 422
    nothing = client.post(f"/practice/mock/{'0' * 32}/beat", json=body, headers=headers)
    assert nothing.status_code == 404
    assert client.post(found[1], json=body).status_code == 400
