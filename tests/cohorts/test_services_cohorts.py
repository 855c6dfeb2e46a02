"""Programmes, classes and enrolments: made once, by command as well, and teaching keeps its distance from examining."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Grant
from app.accounts.services import people
from app.cohorts import services
from app.cohorts.models import Enrolment, Teaching
from app.refusals import NotFound
from app.store import db, scope_to, writing

FACTS = {
    "code": "NSY",
    "kind": "internal-auditor",
    "title_zh": "内审员培训",
    "title_en": "Internal auditors",
    "edition": "gbt29490-2013",
    "course": "c",
    "bank": "b",
    "specification": "s",
    "hours": 32,
    "hours_required": 0,
    "validity_months": 36,
    "attempts": 2,
}


def _base(code: str) -> int:
    return people.add_base(
        code=code, name_zh=code, name_en=code, credit_code=code, region="", signer_zh="", signer_en="", by=None
    )


@pytest.fixture
def cohort(db_app: Flask) -> int:
    with writing():
        programme = services.add_programme(base_id=_base("A"), by=None, **FACTS)
        return services.open_cohort(
            programme_id=programme, code="2026-01", title_zh="一班", title_en="One", starts_on=date(2026, 1, 1),
            ends_on=date(2026, 2, 1), by=None,
        )  # fmt: skip


def test_enrolling_twice_changes_nothing_and_gives_the_role(cohort: int) -> None:
    with writing():
        person = people.add_person(account="a", name="a", password=None)
        first = services.enrol(cohort_id=cohort, person_id=person, number="1", employer="", by=None)
    with writing():
        assert services.enrol(cohort_id=cohort, person_id=person, number="2", employer="x", by=None) == first
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert db.session.scalars(select(Grant.role)).all() == ["trainee"]
    assert [row.number for row in services.enrolments_of(person)] == ["1"]
    assert [row.people for row in services.list_cohorts()] == [1]


def test_a_code_is_used_once_in_a_base(cohort: int) -> None:
    programme = services.get_cohort(cohort).programme_id
    with pytest.raises(services.CodeTaken), writing():
        services.open_cohort(
            programme_id=programme, code="2026-01", title_zh="", title_en="", starts_on=date(2026, 1, 1),
            ends_on=date(2026, 2, 1), by=None,
        )  # fmt: skip
    base = services.get_programme(programme).base_id
    with pytest.raises(services.CodeTaken), writing():
        services.add_programme(base_id=base, by=None, **FACTS)


def test_teaching_is_known_across_bases_and_appointed_once(cohort: int) -> None:
    with writing():
        teacher = people.add_person(account="t", name="t", password=None)
        pupil = people.add_person(account="p", name="p", password=None)
        other = _base("B")
        services.appoint_teacher(cohort_id=cohort, person_id=teacher, by=None)
        services.appoint_teacher(cohort_id=cohort, person_id=teacher, by=None)
        services.enrol(cohort_id=cohort, person_id=pupil, number="1", employer="", by=None)
    assert db.session.scalar(select(func.count()).select_from(Teaching)) == 1
    db.session.rollback()
    scope_to((other,))
    assert services.taught_by(teacher, pupil)
    assert not services.taught_by(pupil, teacher)
    with pytest.raises(NotFound):
        services.get_cohort(cohort)


def test_a_class_is_made_by_commands(db_app: Flask) -> None:
    run = db_app.test_cli_runner()
    with writing():
        _base("C")
        people.add_person(account="li", name="李", password=None)
    wish = (
        "cohorts add-programme C NSY --kind internal-auditor --title-zh 内审员 --title-en Auditors --course c --bank b"
    )
    made = run.invoke(args=[*wish.split(), "--specification", "s", "--hours", "32"])
    assert made.exit_code == 0, made.output
    number = made.output.split()[1]
    opened = run.invoke(
        args=f"cohorts open {number} 2026-02 --title-zh 二班 --title-en Two --starts 2026-03-01 --ends 2026-04-01".split()
    )
    assert opened.exit_code == 0, opened.output
    cohort = opened.output.split()[1]
    assert run.invoke(args=["cohorts", "enrol", cohort, "li", "--number", "2026-02-0001"]).exit_code == 0
    assert run.invoke(args=["cohorts", "appoint-teacher", cohort, "li"]).exit_code == 0
    wrong = run.invoke(args=["cohorts", "enrol", cohort, "nobody", "--number", "2"])
    assert wrong.exit_code == 1 and "There is no account nobody." in wrong.output
    backwards = f"cohorts open {number} x --title-zh 二 --title-en Two --starts 2026-03-02 --ends 2026-03-01".split()
    assert "ends before it starts" in run.invoke(args=backwards).output
