"""Where a person stands in a course: enrolment, class, programme and the present content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses.lessons import Module
from app.courses.services.contents import Contents, find_contents
from app.refusals import NotFound
from app.store import db


@dataclass(frozen=True)
class Place:
    """One enrolment with its class and programme; `contents` is None while the course has not been loaded."""

    enrolment: Enrolment
    cohort: Cohort
    programme: Programme
    contents: Contents | None

    def get_module(self, code: str) -> Module:
        """The module of the course. Raises NotFound."""
        modules = self.contents.course.modules if self.contents else ()
        found = next((module for module in modules if module.code == code), None)
        if found is None:
            raise NotFound
        return found

    def module_of_exercise(self, exercise: str) -> Module:
        """The module to which an exercise belongs. Raises NotFound for an exercise of another course."""
        modules = self.contents.course.modules if self.contents else ()
        found = next((module for module in modules if exercise and module.exercise == exercise), None)
        if found is None:
            raise NotFound
        return found


def get_place(person_id: int, course: str) -> Place:
    """The person's active enrolment in a course, of several the class that began last. Raises NotFound."""
    row = db.session.execute(
        _joined()
        .where(Enrolment.person_id == person_id, Enrolment.state == "active", Programme.course == course)
        .order_by(Cohort.starts_on.desc(), Enrolment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound
    return Place(row[0], row[1], row[2], find_contents(course))


def place_of(enrolment_id: int) -> Place:
    """The place of an enrolment. Raises NotFound."""
    row = db.session.execute(_joined().where(Enrolment.id == enrolment_id)).first()
    if row is None:
        raise NotFound
    return Place(row[0], row[1], row[2], find_contents(row[2].course))


def hold(enrolment_id: int) -> None:
    """Let writers of one enrolment wait for one another until the transaction ends."""
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())


def _joined() -> Select[Enrolment, Cohort, Programme]:
    return (
        select(Enrolment, Cohort, Programme)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
    )
