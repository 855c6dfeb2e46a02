"""The screens on which staff take something back: a live session moved or cancelled, an exception withdrawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.cohorts import services as cohorts
from app.cohorts.services import Mark
from app.cohorts.study_rules import Rules
from app.courses.services import standing
from app.store import writing
from tests.courses.samples import Learner
from tests.courses.test_views import sign_in
from tests.courses.test_views_way import COURSE, post, staff
from tests.courses.workshop import cohort_of, workshop


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def session_of(one: Learner, days: int) -> int:
    with writing():
        return cohorts.add_live_session(
            cohort_id=cohort_of(one), title_zh="面授", title_en="Live",
            starts_at=(clock.now() + timedelta(days=days)).replace(second=0, microsecond=0), minutes=90, place="101",
            teacher_id=None, key=f"{days + 50:032}", by=None,
        )  # fmt: skip


def test_a_session_is_moved_and_then_cancelled_and_the_trainee_reads_it(one: Learner, db_app: Flask) -> None:
    session, cohort = session_of(one, 3), cohort_of(one)
    client, trainee = sign_in(db_app, staff(one, "teacher", teaches=True), "en"), sign_in(db_app, one.person_id, "en")
    page, change = f"/live-sessions/{session}", f"/live-sessions/{session}/change"
    fields = {"key": "c" * 32, "title_zh": "面授", "title_en": "Live", "minutes": "90", "place": "101", "teacher": "0"}
    assert post(client, change, {**fields, "starts": "2027-01-09T09:00"}, change).status_code == 303
    assert "Moved: it was to begin on" in client.get(page).text
    assert "was: " in client.get(f"/cohorts/{cohort}/live-sessions").text
    told = trainee.get(f"{COURSE}/time").text
    assert "2027-01-09 09:00" in told and "was: " in told
    cancel = f"{page}/cancel"
    assert f'href="{cancel}"' in client.get(page).text
    assert post(client, cancel, {"why": ""}, cancel).status_code == 422
    for _ in range(2):
        assert post(client, cancel, {"why": "教师生病，另行通知"}, cancel).status_code == 303
    assert "教师生病" in client.get(f"/cohorts/{cohort}/live-sessions").text
    told = trainee.get(f"{COURSE}/time").text
    assert "Cancelled" in told and "教师生病，另行通知" in told
    shown = client.get(page).text
    assert "was cancelled on" in shown and 'value="save"' not in shown and f'href="{cancel}"' not in shown
    assert client.get(change).status_code == 422
    mark = {f"state-{one.enrolment_id}": "present", f"seen-{one.enrolment_id}": "0", "act": "save"}
    assert post(client, page, mark, page).status_code == 422
    assert "was cancelled on" in client.get(cancel).text


def test_a_session_that_took_place_says_why_it_stays_and_what_was_typed_comes_back(one: Learner, db_app: Flask) -> None:
    session = session_of(one, -3)
    teacher = staff(one, "teacher", teaches=True)
    with writing():
        cohorts.record_attendance(session, {one.enrolment_id: Mark("present", 90)}, {}, by=teacher)
    client = sign_in(db_app, teacher, "en")
    cancel, change = f"/live-sessions/{session}/cancel", f"/live-sessions/{session}/change"
    refused = post(client, cancel, {"why": "no reason"}, cancel)
    assert refused.status_code == 422 and "this session took place" in refused.text and "no reason" in refused.text
    fields = {"key": "c" * 32, "title_zh": "面授", "title_en": "Live", "minutes": "90", "place": "205", "teacher": "0"}
    refused = post(client, change, {**fields, "starts": "2027-01-09T09:00"}, change)
    assert refused.status_code == 422 and "this session took place" in refused.text and 'value="205"' in refused.text


def test_an_exception_is_withdrawn_with_a_reason_and_the_trainee_is_told(one: Learner, db_app: Flask) -> None:
    cohort = cohort_of(one)
    with writing():
        cohorts.set_rules(cohort, Rules(hours=8), by=None)
    manager = staff(one, "base-administrator")
    client, study = sign_in(db_app, manager, "en"), f"/cohorts/{cohort}/study"
    address = f"{study}/{one.enrolment_id}/withdraw-exception"
    assert client.get(address).status_code == 404, "there is none"
    with writing():
        cohorts.admit(one.enrolment_id, reason="材料已核实", missing=["hours"], by=manager)
    assert f'href="{address}"' in client.get(study).text
    assert post(client, address, {"reason": ""}, address).status_code == 422
    for _ in range(2):
        assert post(client, address, {"reason": "材料是别人的"}, address).status_code == 303
    shown = client.get(study).text
    assert "1 exception withdrawn" in shown and "材料是别人的" in shown and f"{one.enrolment_id}/admit" in shown
    assert "was withdrawn on" in client.get(address).text
    assert not standing.standing_of(one.enrolment_id).admitted
    told = sign_in(db_app, one.person_id, "en").get("/learn").text
    assert "Your admission by exception was withdrawn on" in told and "材料是别人的" not in told
    teacher = sign_in(db_app, staff(one, "teacher", teaches=True), "en")
    assert teacher.get(address).status_code == 403 and f'href="{address}"' not in teacher.get(study).text
