"""Use cases of cohorts 培训班: open a class, enrol people, know who taught whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, true

from app import clock
from app.accounts.services import people
from app.cohorts.models import Cohort, Enrolment, Programme, Teaching
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db, unscoped


@dataclass(frozen=True)
class CohortRow:
    """A cohort in a list, with the number of people in it."""

    cohort: Cohort
    programme: Programme
    people: int


def list_cohorts(only: frozenset[int] | None = None) -> Sequence[CohortRow]:
    """The cohorts that the session may see, or of them `only` these, the latest first."""
    count = (
        select(Enrolment.cohort_id, func.count().label("people"))
        .where(Enrolment.state == "active")
        .group_by(Enrolment.cohort_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Cohort, Programme, func.coalesce(count.c.people, 0))
        .join(Programme, Programme.id == Cohort.programme_id)
        .outerjoin(count, count.c.cohort_id == Cohort.id)
        .where(true() if only is None else Cohort.id.in_(sorted(only)))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    return [CohortRow(cohort, programme, total) for cohort, programme, total in rows]


def get_cohort(cohort_id: int) -> Cohort:
    """The cohort. Raises NotFound when there is none that the session may see."""
    found = db.session.scalar(select(Cohort).where(Cohort.id == cohort_id))
    if found is None:
        raise NotFound
    return found


def get_programme(programme_id: int) -> Programme:
    """The programme. Raises NotFound."""
    found = db.session.scalar(select(Programme).where(Programme.id == programme_id))
    if found is None:
        raise NotFound
    return found


class CodeTaken(Refusal):
    """The base has a programme or class with this code."""

    message = N_("The code %(code)s is already in use.")
    todo = N_("Choose another code.")


def add_programme(
    *,
    base_id: int,
    code: str,
    kind: str,
    title_zh: str,
    title_en: str,
    edition: str,
    course: str,
    bank: str,
    specification: str,
    hours: int,
    hours_required: int,
    validity_months: int,
    attempts: int,
    by: int | None,
) -> int:
    """Add a programme and return its id. Raises CodeTaken."""
    if db.session.scalar(select(Programme.id).where(Programme.base_id == base_id, Programme.code == code)) is not None:
        raise CodeTaken(code=code)
    row = Programme(
        base_id=base_id,
        code=code,
        kind=kind,
        title_zh=title_zh,
        title_en=title_en,
        edition=edition,
        course=course,
        bank=bank,
        specification=specification,
        hours=hours,
        hours_required=hours_required,
        validity_months=validity_months,
        attempts=attempts,
    )
    db.session.add(row)
    db.session.flush()
    facts = {"code": code, "specification": specification, "course": course, "hours": hours}
    record(kind="programme.added", base_id=base_id, actor_id=by, subject=f"programme:{row.id}", facts=facts)
    return row.id


def open_cohort(
    *, programme_id: int, code: str, title_zh: str, title_en: str, starts_on: date, ends_on: date, by: int | None
) -> int:
    """Open a class of a programme and return its id. Raises NotFound, CodeTaken."""
    programme = get_programme(programme_id)
    same = select(Cohort.id).where(Cohort.base_id == programme.base_id, Cohort.code == code)
    if db.session.scalar(same) is not None:
        raise CodeTaken(code=code)
    row = Cohort(
        base_id=programme.base_id,
        programme_id=programme.id,
        code=code,
        title_zh=title_zh,
        title_en=title_en,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(row)
    db.session.flush()
    facts = {"code": code, "programme": programme.id}
    record(kind="cohort.opened", base_id=programme.base_id, actor_id=by, subject=f"cohort:{row.id}", facts=facts)
    return row.id


def enrolments_of(person_id: int) -> Sequence[Enrolment]:
    """The active enrolments of a person, the latest first."""
    return db.session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.state == "active")
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    ).all()


def enrol(*, cohort_id: int, person_id: int, number: str, employer: str, by: int | None) -> int:
    """Enrol a person and give the learner's role in the base; enrolling twice changes nothing. Returns the enrolment's id."""
    cohort = get_cohort(cohort_id)
    found = db.session.scalar(
        select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
    )
    if found is not None:
        return found.id
    row = Enrolment(
        base_id=cohort.base_id,
        cohort_id=cohort_id,
        person_id=person_id,
        number=number,
        employer=employer,
        enrolled_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    programme = get_programme(cohort.programme_id)
    role = "auditor-trainee" if programme.kind == "auditor-trainee" else "trainee"
    people.grant(person_id=person_id, role=role, base_id=cohort.base_id, by=by)
    facts = {"cohort": cohort_id, "number": number}
    record(kind="enrolment.added", base_id=cohort.base_id, actor_id=by, subject=f"person:{person_id}", facts=facts)
    return row.id


def appoint_teacher(*, cohort_id: int, person_id: int, by: int | None) -> None:
    """Let a person teach a cohort; from then on he examines none of its members."""
    cohort = get_cohort(cohort_id)
    same = select(Teaching.id).where(Teaching.cohort_id == cohort_id, Teaching.person_id == person_id)
    if db.session.scalar(same) is not None:
        return
    db.session.add(Teaching(base_id=cohort.base_id, cohort_id=cohort_id, person_id=person_id))
    people.grant(person_id=person_id, role="teacher", base_id=cohort.base_id, cohort_id=cohort_id, by=by)


def taught_by(teacher_id: int, candidate_id: int) -> bool:
    """Whether the first person has taught a cohort in which the second is or was enrolled (in any base)."""
    statement = (
        select(Teaching.id)
        .join(Enrolment, Enrolment.cohort_id == Teaching.cohort_id)
        .where(Teaching.person_id == teacher_id, Enrolment.person_id == candidate_id)
        .limit(1)
    )
    with unscoped():
        return db.session.scalar(statement) is not None
