"""The quiz as a page: what is ticked is kept while one answers, by script and without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.cohorts import services as cohorts
from app.cohorts.study_rules import Rules
from app.courses.services import quizzes
from app.store import writing
from tests.courses.samples import Learner
from tests.courses.test_views import sign_in, token_of
from tests.courses.test_views_way import QUIZ, post
from tests.courses.workshop import cohort_of, workshop


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def letter(question: quizzes.Question) -> str:
    return "correct" if question.drawn.kind == "judge" else "A"


def test_a_quiz_that_the_order_keeps_closed_cannot_be_begun(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id, "en")
    token = {"csrf_token": token_of(client, QUIZ)}
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(order="lessons"), by=None)
    for answer in (client.get(QUIZ), client.post(QUIZ, data=token)):
        assert answer.status_code == 403 and "This quiz is still closed" in answer.text


def test_ticks_are_kept_by_script_and_stand_there_again(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id, "en")
    address = post(client, QUIZ, {}, QUIZ).location
    first, second = quizzes.read_try(one.person_id, int(address.rsplit("/", 1)[1])).questions[:2]
    headers = {"X-CSRF-Token": token_of(client, address), "Accept": "application/json"}

    def keep(body: object):  # type: ignore[no-untyped-def]
        return client.post(f"{address}/answers", json=body, headers=headers)

    assert keep({"answers": {"1": letter(first)}}).json["state"] == "saved"
    assert keep({"answers": {"2": letter(second)}}).json["state"] == "saved"
    assert client.get(address).text.count(" checked") == 2
    for odd in ([], {"answers": [1]}, {"answers": {"x": "A", "99": "A", "²": "A"}}, {"answers": {"3": {"a": 1}}}):
        assert keep(odd).json["state"] == "saved"
    assert client.get(address).text.count(" checked") == 2
    assert client.post(f"{address}/answers", json={}, headers={"Accept": "application/json"}).status_code == 400
    with writing():
        quizzes.hand_in_try(one.person_id, int(address.rsplit("/", 1)[1]))
    assert keep({"answers": {"1": "B"}}).json["state"] == "late"


def test_without_a_script_a_button_keeps_them(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id, "en")
    address = post(client, QUIZ, {}, QUIZ).location
    first = quizzes.read_try(one.person_id, int(address.rsplit("/", 1)[1])).questions[0]
    given = {"q1": letter(first), "kind-1": first.drawn.kind, "act": "save"}
    assert post(client, address, given, QUIZ).status_code == 303
    page = client.get(address).text
    assert "Your answers are kept" in page and page.count(" checked") == 1
