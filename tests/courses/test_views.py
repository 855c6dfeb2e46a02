"""The screens of courses: what a learner sees, what nobody else sees, and that the key stays on the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.services import people, sessions
from app.courses import services
from app.courses.glossary import PAGE
from app.store import writing
from tests.courses.samples import (
    CODE,
    FIRST,
    LAST,
    SECOND,
    SHORT,
    Learner,
    also,
    base,
    change,
    course_folder,
    courses_folder,
    learner,
)

HERE = f"/learn/courses/{CODE}/lessons"
CHECK = f"{HERE}/{SECOND}/checks/2013-6.1.2-a"


@pytest.fixture
def one(db_app: Flask) -> Learner:
    with writing():
        services.load_courses(courses_folder())
    return learner(base())


def sign_in(app: Flask, person_id: int, language: str = "zh_CN") -> FlaskClient:
    with writing():
        token = sessions.open_session(person_id, agent="test")
    client = app.test_client()
    client.set_cookie("auditorium", token, domain="localhost")
    client.set_cookie("language", language, domain="localhost")
    return client


def token_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


@pytest.mark.parametrize("address", ["/learn", f"/learn/courses/{CODE}", f"{HERE}/{FIRST}"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_pages_show_and_say_that_the_edition_was_replaced(
    one: Learner, db_app: Flask, address: str, language: str
) -> None:
    answer = sign_in(db_app, one.person_id, language).get(address)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "GB/T 29490-2023" in answer.text
    assert "style=" not in answer.text


def test_the_key_is_not_on_the_page_before_the_answer(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    page = client.get(f"{HERE}/{SECOND}").text
    for check in services.read_lesson(one.person_id, SECOND).lesson.checks:
        assert check.stem["zh_CN"] in page
        for option in check.options:
            assert option.because["zh_CN"] not in page
    client.post(CHECK, data={"choice": "0", "csrf_token": token_of(client, f"{HERE}/{SECOND}")})
    told, asked = services.read_lesson(one.person_id, SECOND).lesson.checks
    page = client.get(f"{HERE}/{SECOND}").text
    assert all(option.because["zh_CN"] in page for option in told.options)
    assert not any(option.because["zh_CN"] in page for option in asked.options)


@pytest.mark.parametrize("choice", [None, "9", "x"])
def test_an_answer_that_is_none_is_refused_in_words(one: Learner, db_app: Flask, choice: str | None) -> None:
    client = sign_in(db_app, one.person_id, "en")
    data = {"csrf_token": token_of(client, f"{HERE}/{SECOND}"), **({"choice": choice} if choice else {})}
    answer = client.post(CHECK, data=data)
    assert answer.status_code == 422
    assert ("Choose an answer first." if choice is None else "This answer is not one of the options.") in answer.text
    assert services.read_lesson(one.person_id, SECOND).answers[0].right is None


def test_done_goes_on_and_ends_at_the_outline(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    token = {"csrf_token": token_of(client, f"{HERE}/{FIRST}")}
    answer = client.post(f"{HERE}/{FIRST}/done", data=token)
    assert (answer.status_code, answer.location) == (303, f"{HERE}/{SECOND}")
    assert client.post(f"{HERE}/{LAST}/done", data=token).location == f"/learn/courses/{CODE}"


@pytest.mark.parametrize("courses", [(CODE,), (CODE, SHORT)])
def test_former_addresses_lead_on(one: Learner, db_app: Flask, courses: tuple[str, ...]) -> None:
    if len(courses) > 1:
        also(one, SHORT)
        with writing():
            services.open_lesson(one.person_id, SECOND, SHORT)
    there = f"/learn/courses/{courses[-1]}/lessons/{SECOND}"
    client = sign_in(db_app, one.person_id)
    for tail, status, target in (
        ("", 302, ""), ("?again=x&code=y&_external=1", 302, "?again=x"), ("/checks/2013-6.1.2-a", 308, "/checks/2013-6.1.2-a"),
    ):  # fmt: skip
        answer = client.get(f"/learn/lessons/{SECOND}{tail}")
        assert (answer.status_code, answer.location) == (status, there + target)
    token = {"csrf_token": token_of(client, f"{HERE}/{FIRST}")}
    done = client.post(f"/learn/lessons/{SECOND}/done", data=token)
    assert (done.status_code, done.location) == (308, f"{there}/done")
    answered = client.post(f"/learn/lessons/{SECOND}/checks/2013-6.1.2-a", data=token)
    assert (answered.status_code, answered.location) == (308, f"{there}/checks/2013-6.1.2-a")
    old = client.get("/learn/courses/internal-auditor-2013")
    assert (old.status_code, old.location) == (301, f"/learn/courses/{CODE}")


def test_a_search_finds_lessons_of_own_courses_and_no_others(one: Learner, db_app: Flask) -> None:
    also(one, SHORT)
    stranger = learner(base(2), account="stranger", course="another-course")
    client = sign_in(db_app, one.person_id)
    page = client.get("/learn/search?q=入职").text
    assert page.count("<mark>入职</mark>") >= 1
    assert page.count(f'href="{HERE}/2013-6.1.4') == 1
    english = client.get("/learn/search?q=entry").text
    assert "见于英文版" in english and 'lang="en"' in english
    assert "<mark>" not in sign_in(db_app, stranger.person_id).get("/learn/search?q=入职").text


@pytest.mark.parametrize(
    "query", ["", "%00", "%F0%9F%98%80", "%", "'--", "甲" * 300, "<script>", "a" * 5000, "%ED%A0%80"]
)
def test_any_search_is_answered_with_a_page(one: Learner, db_app: Flask, query: str) -> None:
    answer = sign_in(db_app, one.person_id).get(f"/learn/search?q={query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.split("<h1", 1)[1]
    assert ("80" in answer.text) or len(query) < 81


def test_terms_lead_to_their_page(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    (target,) = set(re.findall(rf'href="{PAGE}#(term-inventor)"', client.get(f"{HERE}/{FIRST}").text)) or {
        "term-inventor"
    }
    page = client.get(PAGE).text
    assert f'id="{target}"' in page
    assert "inventor" in page and "创造性贡献" in page


def test_a_course_on_several_editions_says_so_and_each_lesson_names_its_own(db_app: Flask, tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    for language in ("zh_CN", "en"):
        file = f"modules/a4-resources/{SECOND}.{language}.md"
        change(folder, file, "edition: gbt29490-2013", "edition: gbt29490-2023")
        change(folder, file, 'clauses: ["6.1.2"]', 'clauses: ["7.2"]')
        change(folder, file, "laws: [专利法 2020]", "laws: [商标法 2019]")
    with writing():
        services.load_course(folder)
    client = sign_in(db_app, learner(base()).person_id)
    for address in ("/learn", f"/learn/courses/{CODE}"):
        page = client.get(address).text
        assert "依据的版本不止一个：GB/T 29490-2013、GB/T 29490-2023。" in page
        assert "GB/T 29490-2013 已于 2024 年 1 月 1 日被 GB/T 29490-2023 代替" in page
    old, new = (client.get(f"{HERE}/{lesson}").text for lesson in (FIRST, SECOND))
    assert "已被替代的版本" in old and "已被替代的版本" not in new
    assert "商标法（2019）适用至 2026 年 12 月 31 日" in new
    lines = services.get_course(1, CODE).outline.lines
    assert [line.number for line in lines][:2] == ["6.1.1", "7.2"]


def test_without_a_token_nothing_is_done(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    assert client.post(f"{HERE}/{FIRST}/done").status_code == 400
    assert services.get_course(one.person_id, CODE).outline.done == 0


def test_foreign_and_unknown_lessons_answer_alike(one: Learner, db_app: Flask) -> None:
    stranger = learner(base(2), account="stranger", course="another-course")
    client = sign_in(db_app, stranger.person_id)
    foreign, unknown = client.get(f"{HERE}/{FIRST}"), client.get(f"{HERE}/2013-9.9")
    assert foreign.status_code == unknown.status_code == 404
    assert "6.1.1" not in foreign.text.replace(f"{HERE}/{FIRST}", "")
    assert client.get(f"/learn/courses/{CODE}").status_code == 404
    assert client.get("/learn").status_code == 200


def test_staff_who_do_not_learn_are_kept_out(one: Learner, db_app: Flask) -> None:
    with writing():
        person = people.add_person(account="marker", name="阅卷", password=None)
        people.grant(person_id=person, role="marker", base_id=None, by=None)
    assert sign_in(db_app, person).get("/learn").status_code == 403
    assert db_app.test_client().get("/learn").status_code == 303


def test_a_heartbeat_is_heard(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    headers = {"X-CSRF-Token": token_of(client, f"{HERE}/{FIRST}")}
    body = {"lesson": FIRST, "visit": "visit-one", "idle": 0, "away": 0, "section": 2, "course": CODE}
    answer = client.post("/study/beat", json=body, headers=headers)
    assert (answer.status_code, answer.json) == (200, {"minutes": 0})
    assert client.post("/study/beat", json={**body, "lesson": "2013-9.9"}, headers=headers).status_code == 404
    for bad in (
        {**body, "idle": "0"},
        {**body, "visit": None},
        {"lesson": FIRST},
        {**body, "lesson": None, "exercise": "robots", "course": None},
        [],
        {**body, "section": True},
        {**body, "course": 1},
    ):
        assert client.post("/study/beat", json=bad, headers=headers).status_code == 422
    assert client.post("/study/beat", json=body).status_code == 400


def test_when_all_is_learned_the_page_leads_to_exams_and_certificates_and_claims_nothing(
    one: Learner, db_app: Flask
) -> None:
    client = sign_in(db_app, one.person_id, "en")
    track = re.compile(r'<ol class="track".*?</ol>', re.DOTALL)
    (before,) = track.findall(client.get("/learn").text)
    for line in services.get_course(one.person_id, CODE).outline.lines:
        with writing():
            services.complete_lesson(one.person_id, line.id)
    page = client.get("/learn").text
    (after,) = track.findall(page)
    assert "You can revise at any time." in page
    assert 'class="btn btn--primary" href="/practice"' in page
    assert "next step" not in page
    assert page.count('class="btn" href="/exams"') == page.count('class="btn" href="/my/certificates"') == 1
    # Only the first step knows whether it is done; the other two say the same before and after.
    steps = [[step.strip() for step in re.findall(r"<li.*?</li>", text, re.DOTALL)] for text in (before, after)]
    assert (len(steps[0]), before.count("is-now"), after.count("is-now")) == (3, 1, 0)
    assert steps[0][0] != steps[1][0]
    assert steps[0][1:] == steps[1][1:]


def test_a_diagram_opens_large_for_who_takes_the_course(db_app: Flask, tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    (tmp_path / "diagrams").mkdir()
    for language in ("zh_CN", "en"):
        svg = f'<svg viewBox="0 0 640 80"><text class="ink" x="9" y="40">Words {language}</text></svg>'
        (tmp_path / "diagrams" / f"plan.{language}.svg").write_text(svg, encoding="utf-8")
        change(folder, f"modules/a4-resources/{FIRST}.{language}.md", "\n## ", "\n![What & how](plan)\n\n## ")
    with writing():
        services.load_course(folder)
    person, stranger = learner(base()), learner(base(2), account="stranger", course="another-course")
    client = sign_in(db_app, person.person_id, "en")
    lesson = client.get(f"{HERE}/{FIRST}").text
    address = f"{HERE}/{FIRST}/diagrams/plan"
    assert f'<a href="{address}">Open the diagram large</a>' in lesson
    page = client.get(address)
    assert page.status_code == 200 and "Words en" in page.text and "style=" not in page.text
    assert page.text.count("What &amp; how") == 2, "its name, and in words below"
    assert client.get(f"{HERE}/{FIRST}/diagrams/other").status_code == 404
    assert client.get(f"{HERE}/{SECOND}/diagrams/plan").status_code == 404
    assert sign_in(db_app, stranger.person_id).get(address).status_code == 404
