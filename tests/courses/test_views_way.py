"""The screens of rules, quizzes and practical audits: what each person sees, and that nothing typed is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.services import people
from app.cohorts import services as cohorts
from app.cohorts.models import Admission, Attendance
from app.cohorts.study_rules import Rules
from app.courses import services
from app.courses.models import QuizTry, TaskAnswer
from app.courses.services import exercises, quizzes
from app.store import db, writing
from tests.courses.samples import CODE, FIRST, SECOND, Learner
from tests.courses.test_services_exercises import ANSWERS
from tests.courses.test_views import sign_in, token_of
from tests.courses.workshop import A4, EXERCISE, TASKS, base_of, cohort_of, workshop

COURSE = f"/learn/courses/{CODE}"
WORK = f"{COURSE}/exercises/{EXERCISE}"
QUIZ = f"{COURSE}/modules/{A4}/quiz"


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def staff(one: Learner, role: str, *, teaches: bool = False) -> int:
    with writing():
        person = people.add_person(account=f"{role}-{one.person_id}", name="工作人员", password=None)
        if teaches:
            cohorts.appoint_teacher(cohort_id=cohort_of(one), person_id=person, by=None)
        else:
            people.grant(person_id=person, role=role, base_id=base_of(one), by=None)
    return person


def post(client: FlaskClient, address: str, data: dict[str, object], page: str = "/learn", **more: object):  # type: ignore[no-untyped-def]
    return client.post(address, data={"csrf_token": token_of(client, page), **data}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_of_a_trainee_shows(one: Learner, db_app: Flask, language: str) -> None:
    client = sign_in(db_app, one.person_id, language)
    assert client.get(QUIZ).status_code == 200
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(order="lessons", lessons=True, hours=3, attendance=50), by=None)
    for address in ("/learn", COURSE, f"{COURSE}/time", WORK, f"{WORK}/tasks/plan"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.text.count("<h1") == 1 and "style=" not in answer.text, address


def test_the_card_says_what_is_missing_and_what_to_do_next(one: Learner, db_app: Flask) -> None:
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(order="lessons", lessons=True, exercise=True), by=None)
    client = sign_in(db_app, one.person_id, "en")
    page = client.get("/learn").text
    card = page[page.index('id="study-rules"') : page.index("</section>", page.index('id="study-rules"'))]
    assert "2 missing" in card and "0 of 7 lessons done" in card
    assert f'href="{COURSE}/lessons/{FIRST}"' in card and f'href="{WORK}"' in card
    outline = client.get(COURSE).text
    assert "Closed until" in outline and f'href="{COURSE}/lessons/{SECOND}"' not in outline


def test_a_closed_lesson_says_why_and_links_to_what_opens_it(one: Learner, db_app: Flask) -> None:
    with writing():
        cohorts.set_rules(cohort_of(one), Rules(order="lessons"), by=None)
    client = sign_in(db_app, one.person_id, "en")
    answer = client.get(f"{COURSE}/lessons/{SECOND}")
    assert answer.status_code == 403
    assert f'href="{COURSE}/lessons/{FIRST}"' in answer.text
    assert client.get(f"{COURSE}/lessons/{SECOND}/diagrams/any").status_code == 403, "nor its diagrams"
    text = services.read_lesson(one.person_id, SECOND).lesson.body["en"][:60]
    assert text not in answer.text
    refused = post(client, f"{COURSE}/lessons/{SECOND}/checks/2013-6.1.2-a", {"choice": "9"})
    assert refused.status_code == 403 and text not in refused.text


def test_without_rules_there_is_no_card(one: Learner, db_app: Flask) -> None:
    assert "study-rules" not in sign_in(db_app, one.person_id).get("/learn").text


def test_a_quiz_is_taken_on_one_page_and_explained(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id, "en")
    begun = post(client, QUIZ, {}, QUIZ)
    assert begun.status_code == 303
    page = client.get(begun.location).text
    found = quizzes.read_try(one.person_id, int(begun.location.rsplit("/", 1)[1]))
    assert page.count("<fieldset") == 4
    assert "Just so." not in page
    for question in found.questions:
        assert question.item.why["en"] not in page  # type: ignore[index]
    first = found.questions[0].drawn
    given = {"q1": "correct" if first.kind == "judge" else "A", "kind-1": first.kind}
    asked = post(client, begun.location, given, QUIZ)
    assert asked.status_code == 422 and "3 questions are not answered" in asked.text and "checked" in asked.text
    assert db.session.scalars(select(QuizTry)).one().handed_in_at is None
    done = post(client, begun.location, {**given, "act": "anyway"}, QUIZ)
    assert done.status_code == 303
    result = client.get(begun.location).text
    assert "Not passed" in result and "Not answered." in result
    assert "Just so." in result, "a right option says why it is right"
    for question in found.questions:
        assert question.item.why["en"] in result  # type: ignore[index]
    again = post(client, begun.location, {"q1": "B"}, QUIZ)
    assert again.status_code == 303


def test_a_quiz_that_is_too_thin_says_so(db_app: Flask, tmp_path: Path) -> None:
    person = workshop(tmp_path, items=1)
    client = sign_in(db_app, person.person_id, "en")
    assert "not enough practice questions" in client.get(QUIZ).text
    assert post(client, QUIZ, {}).status_code == 422


def test_an_exercise_from_the_first_draft_to_the_model_answer(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id, "en")
    task = f"{WORK}/tasks/plan"
    page = client.get(task).text
    assert "Nobody audits" in page and "Lin Lan" not in page, "the model answer is not on the page"
    fields = {"revision": "0", "writer": "page-one-1", "r0-time": "9:00", "r0-place": "IP office", "r3-time": "10:00"}
    assert post(client, task, {**fields, "act": "save"}, task).status_code == 303
    page = client.get(task).text
    assert 'value="IP office"' in page and 'value="10:00"' in page
    assert post(client, task, {**fields, "act": "hand-in"}, task).status_code == 303
    shown = client.get(task, follow_redirects=True)
    assert shown.request.path == f"{task}/comparison/1"
    assert "Lin Lan" in shown.text and "IP office" in shown.text and "No auditor audits" in shown.text
    assert post(client, f"{task}/comparison/1", {"point": ["meetings"]}).status_code == 303
    assert 'value="meetings" checked' in client.get(f"{task}/comparison/1").text
    again = post(client, f"{task}/again", {"act": "last"}, f"{task}/comparison/1")
    assert (again.status_code, again.location) == (303, task)
    assert 'value="IP office"' in client.get(task).text


def test_more_rows_are_given_and_what_stood_there_stays(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    task = f"{WORK}/tasks/plan"
    before = client.get(task).text.count('-time"')
    answer = post(client, task, {"r0-time": "9:00", "act": "rows", "writer": "page-one-1"}, task)
    page = client.get(answer.location).text
    assert 'value="9:00"' in page and page.count('-time"') > before


def test_what_is_too_long_is_refused_with_everything_still_on_the_page(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id, "en")
    task = f"{WORK}/tasks/plan"
    answer = post(client, task, {"r0-method": "x" * 2001, "r0-place": "IP office", "act": "save"}, task)
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text and "IP office" in answer.text and "2000" in answer.text
    empty = post(client, task, {"act": "hand-in"}, task)
    assert empty.status_code == 422 and "nothing to compare" in empty.text


def test_a_draft_saves_itself_and_tells_of_another_page(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    task = f"{WORK}/tasks/plan"
    headers = {"Accept": "application/json"}

    def draft(writer: str, text: str, revision: str = "0"):  # type: ignore[no-untyped-def]
        data = {"r0-place": text, "writer": writer, "revision": revision}
        return post(client, f"{task}/draft", data, headers=headers)

    first = draft("page-one-1", "甲")
    assert (first.status_code, first.json["state"], first.json["revision"]) == (200, "saved", 1)
    assert draft("page-two-2", "乙").json["state"] == "copied"
    page = client.get(task).text
    assert "另一个版本" in page and "甲" in page and "乙" in page
    used = post(client, f"{task}/versions/page-two-2", {"act": "use", "revision": "1"}, task)
    assert used.status_code == 303
    assert 'value="乙"' in client.get(task).text
    assert draft("page-one-1", "x" * 301, "2").status_code == 422
    with writing():
        exercises.hand_in(one.person_id, CODE, EXERCISE, "plan")
    assert draft("page-one-1", "丙", "2").json["state"] == "late"
    assert client.post(f"{task}/draft", data={"r0-place": "丁"}, headers=headers).status_code == 400
    assert db_app.test_client().post(f"{task}/draft", headers=headers).status_code in {400, 401}


def test_a_task_out_of_order_and_a_foreign_one_are_kept_shut(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    assert client.get(f"{WORK}/tasks/report").status_code == 403
    for address in (f"{WORK}/tasks/dance", f"{COURSE}/exercises/nowhere", f"{WORK}/tasks/plan/comparison/1"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("task", TASKS)
def test_every_kind_of_task_shows_its_form_and_its_comparison(one: Learner, db_app: Flask, task: str) -> None:
    for name in TASKS[: TASKS.index(task) + 1]:
        for act in ("save", "hand-in"):
            if name == task and act == "hand-in":
                break
            with writing():
                exercises.save_draft(
                    one.person_id,
                    CODE,
                    EXERCISE,
                    name,
                    ANSWERS[name],
                    revision=0,
                    writer="page-one-1",
                    language="zh_CN",
                )
                if act == "hand-in":
                    exercises.hand_in(one.person_id, CODE, EXERCISE, name)
    client = sign_in(db_app, one.person_id)
    assert client.get(f"{WORK}/tasks/{task}").status_code == 200
    with writing():
        answer = exercises.hand_in(one.person_id, CODE, EXERCISE, task)
    shown = client.get(f"{WORK}/tasks/{task}/comparison/1")
    assert shown.status_code == 200 and "参考答案" in shown.text
    teacher = sign_in(db_app, staff(one, "teacher", teaches=True))
    assert teacher.get(f"/cohorts/{cohort_of(one)}/exercises/{answer.id}").status_code == 200


def test_a_teacher_comments_and_the_trainee_reads_it(one: Learner, db_app: Flask) -> None:
    with writing():
        exercises.save_draft(
            one.person_id, CODE, EXERCISE, "plan", ANSWERS["plan"], revision=0, writer="page-one-1", language="zh_CN"
        )
        answer = exercises.hand_in(one.person_id, CODE, EXERCISE, "plan")
    cohort = cohort_of(one)
    teacher = sign_in(db_app, staff(one, "teacher", teaches=True), "en")
    address = f"/cohorts/{cohort}/exercises/{answer.id}"
    assert f'href="{address}"' in teacher.get(f"/cohorts/{cohort}/exercises").text
    assert post(teacher, address, {"text": ""}, address).status_code == 422
    assert post(teacher, address, {"text": "写得清楚"}, address).status_code == 303
    assert "写得清楚" in sign_in(db_app, one.person_id).get(f"{WORK}/tasks/plan/comparison/1").text
    assert db.session.scalars(select(TaskAnswer)).one().content == ANSWERS["plan"] | {
        "rows": [{"time": "9:00", "place": "知识产权办公室", "clauses": "7.1、7.2", "auditor": "", "method": ""}]
    }


def test_rules_are_set_on_the_page_and_a_wrong_number_comes_back(one: Learner, db_app: Flask) -> None:
    cohort = cohort_of(one)
    client = sign_in(db_app, staff(one, "base-administrator"), "en")
    address = f"/cohorts/{cohort}/rules"
    wrong = post(client, address, {"version": "0", "order": "lessons", "hours": "-3", "attendance": "200"}, address)
    assert wrong.status_code == 422 and 'value="-3"' in wrong.text and 'value="200"' in wrong.text
    fields = {
        "version": "0",
        "order": "modules",
        "lessons": "y",
        "hours": "8",
        "quiz": "y",
        "share": "75",
        "tries": "2",
    }
    assert post(client, address, fields, address).status_code == 303
    rules = cohorts.get_rules(cohort).rules
    assert (rules.order, rules.lessons, rules.hours, str(rules.quiz), rules.tries) == ("modules", True, 8, "3/4", 2)
    assert post(client, address, {**fields, "hours": "9"}, address).status_code == 409
    page = client.get(f"/cohorts/{cohort}/study").text
    assert "8 class hours" in page and "75%" in page


def test_somebody_is_admitted_by_exception_with_a_reason(one: Learner, db_app: Flask) -> None:
    cohort = cohort_of(one)
    with writing():
        cohorts.set_rules(cohort, Rules(hours=8), by=None)
    client = sign_in(db_app, staff(one, "base-administrator"), "en")
    address = f"/cohorts/{cohort}/study/{one.enrolment_id}/admit"
    assert f'href="{address}"' in client.get(f"/cohorts/{cohort}/study").text
    assert post(client, address, {"reason": ""}, address).status_code == 422
    assert post(client, address, {"reason": "材料已核实"}, address).status_code == 303
    assert db.session.scalars(select(Admission)).one().missing == ["hours"]
    assert "材料已核实" in client.get(f"/cohorts/{cohort}/study").text


def test_attendance_is_taken_by_list(one: Learner, db_app: Flask) -> None:
    cohort, now = cohort_of(one), (clock.now() - timedelta(days=2)).replace(hour=1, minute=0, second=0, microsecond=0)
    day = now.date().isoformat()
    client = sign_in(db_app, staff(one, "teacher", teaches=True), "en")
    new = f"/cohorts/{cohort}/live-sessions/new"
    fields = {"key": "c" * 32, "title_zh": "面授", "title_en": "Live", "minutes": "90", "place": "101", "teacher": "0"}
    assert post(client, new, {**fields, "starts": ""}, new).status_code == 422
    assert post(client, new, {**fields, "starts": f"{day}T09:00"}, new).status_code == 303
    (line,) = cohorts.list_live_sessions(cohort)
    assert line.session.starts_at == now
    address, me = f"/live-sessions/{line.session.id}", one.enrolment_id
    rest = post(client, address, {"act": "rest", f"seen-{me}": "0"}, address)
    assert rest.status_code == 200 and re.search(r'value="present" checked', rest.text)
    mark = {f"state-{me}": "present", f"seen-{me}": "0", "act": "save"}
    bad = post(client, address, {**mark, f"minutes-{me}": "900"}, address)
    assert bad.status_code == 422 and "between 0 and that" in bad.text
    assert post(client, address, {**mark, f"minutes-{me}": "80"}, address).status_code == 303
    assert post(client, address, {**mark, f"minutes-{me}": "70"}, address).status_code == 409
    correction = {f"state-{me}": "absent", f"seen-{me}": "1", "act": "save"}
    assert post(client, address, correction, address).status_code == 303
    assert [row.state for row in db.session.scalars(select(Attendance).order_by(Attendance.version))] == [
        "present",
        "absent",
    ]
    change = f"{address}/change"
    fields = {**fields, "starts": f"{day}T09:30", "place": "202"}
    assert post(client, change, fields, change).status_code == 303
    assert cohorts.get_live_session(line.session.id).place == "202"
    assert "202" in sign_in(db_app, one.person_id).get(f"{COURSE}/time").text


def test_a_teacher_of_another_class_comes_nowhere(one: Learner, db_app: Flask) -> None:
    cohort = cohort_of(one)
    with writing():
        session = cohorts.add_live_session(
            cohort_id=cohort, title_zh="面授", title_en="Live", starts_at=datetime(2026, 11, 23, tzinfo=UTC), minutes=60,
            place="1", teacher_id=None, key="d" * 32, by=None,
        )  # fmt: skip
        other = people.add_person(account="other-teacher", name="他班教师", password=None)
        made = cohorts.open_cohort(
            programme_id=cohorts.get_cohort(cohort).programme_id, code="other", title_zh="他班", title_en="Other",
            starts_on=cohorts.get_cohort(cohort).starts_on, ends_on=cohorts.get_cohort(cohort).ends_on, by=None,
        )  # fmt: skip
        cohorts.appoint_teacher(cohort_id=made, person_id=other, by=None)
    client = sign_in(db_app, other)
    for address in (
        f"/cohorts/{cohort}/study", f"/cohorts/{cohort}/live-sessions", f"/cohorts/{cohort}/live-sessions/new",
        f"/live-sessions/{session}", f"/live-sessions/{session}/change", f"/cohorts/{cohort}/exercises",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert client.get(f"/cohorts/{cohort}/rules").status_code == 403
