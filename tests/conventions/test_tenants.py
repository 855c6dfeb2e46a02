"""A second base with a person of every role sees nothing of the first: not by list, not by guessing an address."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock, create_app
from app.accounts.models import Person
from app.accounts.permissions import ROLES
from app.accounts.services import people, sessions
from app.banks.models import ItemRow
from app.certificates.models import Certificate
from app.cohorts.models import Cohort, Enrolment, LiveSession
from app.exams.models import ExamCandidate, ExamSession, Incident, Sitting
from app.marking.models import Decision, Result, Script
from app.office.services.demonstration import exercise
from app.practice.models import MockExam, PracticeAnswer
from app.store import db, scope_to, writing
from tests.journeys.site import prepared_instance


@dataclass(frozen=True)
class Foreign:
    """An application with two bases; `everything` and `learner` belong to the second, `objects` to the first."""

    app: Flask
    everything: str
    learner: str
    objects: dict[str, object]

    def client(self, token: str) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie("auditorium", token)
        return client


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Foreign]:
    base = tmp_path_factory.getbasetemp()
    prepared = prepared_instance(base if worker_id == "master" else base.parent)
    folder: Path = tmp_path_factory.mktemp("two-bases") / "instance"
    shutil.copytree(prepared, folder)
    app = create_app(instance_path=folder, TESTING=True, origin="http://localhost")
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        scope_to(None)
        with writing():
            other = people.add_base(
                code="OTHER",
                name_zh="另一基地",
                name_en="Other",
                credit_code="Y",
                region="",
                signer_zh="",
                signer_en="",
                by=None,
            )
            staff = people.add_person(account="other-staff", name="外人", password=None)
            learner = people.add_person(account="other-learner", name="外来学员", password=None)
            for role in ROLES:
                if role != "platform-administrator":
                    people.grant(person_id=staff, role=role, base_id=other, by=None)
            people.grant(person_id=learner, role="trainee", base_id=other, by=None)
        with writing():
            tokens = [sessions.open_session(person, agent="test") for person in (staff, learner)]
        _practise()
        objects = _objects()
        db.session.remove()
    yield Foreign(app, *tokens, objects)
    with app.app_context():
        db.engine.dispose()


def _practise() -> None:
    """A trainee of the first base practises the items that are there, and sits a mock exam."""
    person = db.session.scalars(select(Person.id).where(Person.account == "xueyuan20")).one()
    with writing():
        for item in db.session.scalars(select(ItemRow).where(ItemRow.status == "approved")):
            item.pool = "practice"
    exercise.exercise(person, clock.now(), Random(1), ability=0.5, each=2)
    exercise.mock_exam(person, clock.now(), Random(1), ability=0.5)


def _objects() -> dict[str, object]:
    def one(statement: object) -> object:
        return db.session.scalars(statement).first()  # type: ignore[call-overload]

    decided = select(Decision.enrolment_id)
    return {
        "cohort": one(select(Cohort.id).where(Cohort.code == "2026-03")),
        "ruled": one(select(Cohort.id).where(Cohort.code == "2026-04")),
        "ruled_enrolment": one(
            select(Enrolment.id).join(Cohort, Cohort.id == Enrolment.cohort_id).where(Cohort.code == "2026-04")
        ),
        "live": one(select(LiveSession.id).order_by(LiveSession.id)),
        "session": one(select(ExamSession.ref).order_by(ExamSession.id.desc())),
        "candidate": one(select(ExamCandidate.id).order_by(ExamCandidate.session_id.desc())),
        "open": one(select(Sitting.ref).where(Sitting.state == "open")),
        "closed": one(select(Sitting.ref).where(Sitting.state == "closed")),
        "incident": one(select(Incident.ref)),
        "script": one(select(Script.ref).where(Script.state == "waiting")),
        "candidacy": one(
            select(Sitting.ref)
            .join(Result, Result.sitting_id == Sitting.id)
            .where(Result.passed.is_(True), Sitting.enrolment_id.not_in(decided))
        ),
        "answer": one(select(PracticeAnswer.ref)),
        "mock": one(select(MockExam.ref)),
        "certificate": one(
            select(Certificate.id).where(Certificate.state == "granted").order_by(Certificate.id.desc())
        ),
    }


OFFICE = [
    "/cohorts/{cohort}",
    "/cohorts/{ruled}/study",
    "/cohorts/{ruled}/study/{ruled_enrolment}/admit",
    "/cohorts/{ruled}/rules",
    "/cohorts/{ruled}/live-sessions",
    "/cohorts/{ruled}/live-sessions/new",
    "/cohorts/{ruled}/exercises",
    "/live-sessions/{live}",
    "/live-sessions/{live}/change",
    "/exam-sessions/{session}",
    "/exam-sessions/{session}/candidates",
    "/exam-sessions/{session}/candidates.pdf",
    "/exam-sessions/{session}/candidates/{candidate}/accommodation",
    "/exam-sessions/{session}/door.pdf",
    "/exam-sessions/{session}/edit",
    "/exam-sessions/{session}/cancel",
    "/exam-sessions/{session}/invigilators",
    "/exam-sessions/{session}/rooms",
    "/exam-sessions/{session}/results",
    "/exam-sessions/sittings/{open}/extra-time",
    "/exam-sessions/{session}/desk",
    "/exam-sessions/{session}/desk/seats",
    "/exam-sessions/{session}/extra-time",
    "/exam-sessions/{session}/incidents",
    "/exam-sessions/{session}/incidents/new",
    "/exam-sessions/{session}/minutes",
    "/exam-sessions/{session}/minutes.pdf",
    "/exam-sessions/{session}/reports",
    "/exam-sessions/sittings/{open}/seat",
    "/exam-sessions/sittings/{open}/hand-in",
    "/incidents/{incident}",
    "/incidents/{incident}/decision",
    "/marking/scripts/{script}",
    "/decisions/{candidacy}",
    "/certificates/{certificate}",
    "/certificates/{certificate}/file",
    "/certificates/{certificate}/withdraw",
    "/certificates/{certificate}/suspend",
]
OWN = [
    "/sittings/{open}",
    "/sittings/{open}/check",
    "/sittings/{open}/incidents",
    "/sittings/{open}/notice",
    "/exams/{session}/admission-card.pdf",
    "/sittings/{closed}/receipt",
    "/sittings/{closed}/result",
    "/my/certificates/{certificate}",
    "/my/certificates/{certificate}/file",
    "/practice/answers/{answer}",
    "/practice/mock/{mock}",
    "/practice/mock/{mock}/check",
    "/practice/mock/{mock}/result",
    "/learn/lessons/2013-6.1.2",
    "/learn/courses/internal-auditor",
    "/learn/courses/internal-auditor/lessons/2013-6.1.2",
]
POSTS = [
    "/cohorts/{ruled}/rules",
    "/cohorts/{ruled}/study/{ruled_enrolment}/admit",
    "/live-sessions/{live}",
    "/live-sessions/{live}/change",
    "/exams/{session}/sitting",
    "/exams/{session}/admission-card",
    "/exam-sessions/{session}/access-code",
    "/exam-sessions/{session}/admission-cards",
    "/exam-sessions/{session}/cancel",
    "/exam-sessions/{session}/candidates",
    "/exam-sessions/{session}/candidates/{candidate}/accommodation",
    "/exam-sessions/{session}/candidates/{candidate}/accommodation/end",
    "/exam-sessions/{session}/edit",
    "/exam-sessions/{session}/invigilators",
    "/exam-sessions/{session}/rooms",
    "/sittings/{open}/begin",
    "/sittings/{open}/not-me",
    "/sittings/{open}/device-check",
    "/sittings/{open}/hand-in",
    "/sittings/{open}",
    "/practice/answers/{answer}/rating",
    "/practice/answers/{answer}/own-marks",
    "/practice/mock/{mock}",
    "/practice/mock/{mock}/hand-in",
    "/practice/mock/{mock}/questions/41/own-marks",
    "/certificates/{certificate}/try-again",
    "/certificates/{certificate}/withdraw",
    "/decisions/{candidacy}",
    "/marking/scripts/{script}",
    "/exam-sessions/sittings/{open}/extra-time",
    "/exam-sessions/{session}/announcements",
    "/exam-sessions/{session}/extra-time",
    "/exam-sessions/{session}/incidents/new",
    "/exam-sessions/{session}/minutes/first",
    "/exam-sessions/sittings/{open}/hand-in",
    "/exam-sessions/sittings/{open}/unlock",
    "/incidents/{incident}/decision",
    "/sittings/{open}/incidents/{incident}",
]


@pytest.mark.parametrize("pattern", [*OFFICE, *OWN])
@pytest.mark.parametrize("who", ["everything", "learner"])
def test_an_address_of_another_base_leads_nowhere(foreign: Foreign, pattern: str, who: str) -> None:
    answer = foreign.client(getattr(foreign, who)).get(pattern.format(**foreign.objects))
    assert answer.status_code == (403 if who == "learner" and pattern in OFFICE else 404)
    assert "例" not in answer.text, "no name of the other base"


@pytest.mark.parametrize("pattern", POSTS)
def test_a_post_to_another_base_changes_nothing(foreign: Foreign, pattern: str) -> None:
    data = {"reason": "issued-in-error", "act": "certify", "version": "2", "accept": "y", "minutes": "5", "sure": "1"}
    answer = foreign.client(foreign.everything).post(pattern.format(**foreign.objects), data=data)
    assert answer.status_code == 404
    with foreign.app.app_context():
        scope_to(None)
        assert db.session.scalar(select(Sitting.state).where(Sitting.ref == foreign.objects["open"])) == "open"
        assert db.session.get_one(Certificate, foreign.objects["certificate"]).state == "granted"
        db.session.remove()


@pytest.mark.parametrize(
    "address",
    ["/cohorts", "/exam-sessions", "/marking", "/marking/next", "/decisions", "/certificates", "/certificates?q=DEM0", "/ledger",
     "/staff", "/exams", "/my/certificates", "/learn", "/exam-sessions/new"],
)  # fmt: skip
def test_lists_of_another_base_are_empty(foreign: Foreign, address: str) -> None:
    answer = foreign.client(foreign.everything).get(address, follow_redirects=True)
    assert answer.status_code == 200
    text = answer.text
    assert "DEM0-" not in text.replace("q=DEM0", "").replace('value="DEM0"', "")
    assert "2026-03" not in text and "内审员班" not in text


def test_a_teacher_sees_the_classes_that_he_teaches_and_no_others(foreign: Foreign) -> None:
    with foreign.app.app_context():
        scope_to(None)
        taught, other = db.session.scalars(select(Cohort.id).order_by(Cohort.id).limit(2)).all()
        base = db.session.get_one(Cohort, taught).base_id
        with writing():
            teacher = people.add_person(account="one-class", name="单班教师", password=None)
            people.grant(person_id=teacher, role="teacher", base_id=base, cohort_id=taught, by=None)
            token = sessions.open_session(teacher, agent="test")
        db.session.remove()
    client = foreign.client(token)
    assert client.get(f"/cohorts/{taught}").status_code == 200
    assert client.get(f"/cohorts/{other}").status_code == 404
    listed = client.get("/cohorts").text
    assert f"/cohorts/{taught}" in listed and f"/cohorts/{other}" not in listed
