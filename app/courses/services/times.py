"""My study time 学习时间 by day: what counted, what did not and why, lesson by lesson; and live sessions apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.banks.items import Text
from app.cohorts import services as cohorts
from app.cohorts.models import Attendance, LiveSession
from app.courses.models import StudyVisit
from app.courses.requirements import Standing
from app.courses.services.place import Place, get_place
from app.courses.services.standing import standing_at
from app.courses.studytime import Tally, class_hours, day_of
from app.store import db


@dataclass(frozen=True)
class LessonTime:
    """A lesson on one day; a lesson that the course no longer has is shown by its id."""

    id: str
    title: Text | None
    tally: Tally


@dataclass(frozen=True)
class DayTime:
    """A day in Beijing with its lessons; a page left open over midnight belongs to the day on which it was opened."""

    day: date
    lessons: tuple[LessonTime, ...]

    @property
    def tally(self) -> Tally:
        """The sum of the day."""
        return sum((one.tally for one in self.lessons), Tally())


@dataclass(frozen=True)
class TimePage:
    """All study time of one enrolment, the latest day first, and the live sessions of the class."""

    place: Place
    standing: Standing
    days: tuple[DayTime, ...]
    live: Sequence[tuple[LiveSession, Attendance | None]]

    @property
    def tally(self) -> Tally:
        """The sum of all days."""
        return sum((one.tally for one in self.days), Tally())

    @property
    def hours(self) -> Decimal:
        """Class hours of self-study."""
        return class_hours(self.tally.counted, self.place.cohort.hour_minutes)


def my_time(person_id: int, course: str) -> TimePage:
    """The study time of a person in a course. Raises NotFound."""
    place = get_place(person_id, course)
    return TimePage(place, standing_at(place), _days(place), cohorts.my_live_sessions(place.enrolment))


def _days(place: Place) -> tuple[DayTime, ...]:
    titles = {lesson.id: lesson.title for lesson in place.contents.lessons} if place.contents else {}
    found: dict[date, dict[str, Tally]] = {}
    for visit in db.session.scalars(
        select(StudyVisit).where(StudyVisit.enrolment_id == place.enrolment.id).order_by(StudyVisit.started_at.desc())
    ):
        lessons = found.setdefault(day_of(visit.started_at), {})
        tally = Tally(visit.counted, visit.idle, visit.away, visit.silent)
        lessons[visit.lesson] = lessons.get(visit.lesson, Tally()) + tally
    return tuple(
        DayTime(day, tuple(LessonTime(id, titles.get(id), tally) for id, tally in lessons.items()))
        for day, lessons in sorted(found.items(), reverse=True)
    )
