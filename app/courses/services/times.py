"""My study time 学习时间 by day: what counted, what did not and why, for each subject; and live sessions apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.banks.items import Text
from app.cohorts import services as cohorts
from app.cohorts.models import Attendance, LiveSession
from app.courses.credit import Share, Subject, shares
from app.courses.lessons import Module
from app.courses.models import ExerciseVersion, StudyVisit
from app.courses.requirements import Requirement, Standing
from app.courses.services.place import Place, get_place
from app.courses.services.standing import standing_at
from app.courses.studytime import Tally, day_of
from app.store import db


@dataclass(frozen=True)
class SubjectTime:
    """What was studied on one day; a lesson or an exercise that the course no longer has is shown by its id.

    The title of an exercise is its own, and that of its module while it is not loaded; practice and mock exams have none.
    """

    subject: Subject
    title: Text | None
    tally: Tally


@dataclass(frozen=True)
class DayTime:
    """A day in Beijing with what was studied; a page left open over midnight belongs to the day on which it was opened."""

    day: date
    subjects: tuple[SubjectTime, ...]

    @property
    def tally(self) -> Tally:
        """The sum of the day."""
        return sum((one.tally for one in self.subjects), Tally())


@dataclass(frozen=True)
class TimePage:
    """All study time of one enrolment, the latest day first, and the live sessions of the class.

    `modules` are those of the course, a module with an exercise under the exercise's own title.
    """

    place: Place
    standing: Standing
    days: tuple[DayTime, ...]
    live: Sequence[tuple[LiveSession, Attendance | None]]
    modules: tuple[Module, ...]

    @property
    def asked(self) -> Requirement | None:
        """What the class asks for in class hours, and how far one is."""
        return next((one for one in self.standing.requirements if one.kind == "hours"), None)

    @property
    def tally(self) -> Tally:
        """The sum of all days."""
        return sum((one.tally for one in self.days), Tally())

    @property
    def shares(self) -> tuple[Share, ...]:
        """Lessons, and the other parts of self-study that the course has or that took a minute."""
        spent: dict[Subject, int] = {}
        for day in self.days:
            for one in day.subjects:
                spent[one.subject] = spent.get(one.subject, 0) + one.tally.counted
        found = shares(spent, self.modules)
        return tuple(one for one in found if one.kind == "lesson" or one.most or one.counted >= 60)


def my_time(person_id: int, course: str) -> TimePage:
    """The study time of a person in a course. Raises NotFound."""
    place = get_place(person_id, course)
    modules = _modules(place)
    live = cohorts.my_live_sessions(place.enrolment)
    return TimePage(place, standing_at(place), _days(place, modules), live, modules)


def _modules(place: Place) -> tuple[Module, ...]:
    modules = place.contents.course.modules if place.contents else ()
    codes = [one.exercise for one in modules if one.exercise]
    named = select(ExerciseVersion.code, ExerciseVersion.content).where(
        ExerciseVersion.code.in_(codes), ExerciseVersion.current
    )
    titles = {code: content["title"] for code, content in db.session.execute(named)} if codes else {}
    return tuple(replace(one, title=titles.get(one.exercise, one.title)) for one in modules)


def _days(place: Place, modules: Sequence[Module]) -> tuple[DayTime, ...]:
    titles = _titles(place, modules)
    found: dict[date, dict[Subject, Tally]] = {}
    for visit in db.session.scalars(
        select(StudyVisit).where(StudyVisit.enrolment_id == place.enrolment.id).order_by(StudyVisit.started_at.desc())
    ):
        subjects, subject = found.setdefault(day_of(visit.started_at), {}), Subject(visit.kind, visit.about)
        tally = Tally(visit.counted, visit.idle, visit.away, visit.silent)
        subjects[subject] = subjects.get(subject, Tally()) + tally
    return tuple(
        DayTime(day, tuple(SubjectTime(one, titles.get(one), tally) for one, tally in subjects.items()))
        for day, subjects in sorted(found.items(), reverse=True)
    )


def _titles(place: Place, modules: Sequence[Module]) -> dict[Subject, Text]:
    if place.contents is None:
        return {}
    lessons = {Subject("lesson", lesson.id): lesson.title for lesson in place.contents.lessons}
    return lessons | {Subject("exercise", module.exercise): module.title for module in modules if module.exercise}
