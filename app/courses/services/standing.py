"""Where trainees stand against the study rules 学习规则 of their class, for one person or a whole class at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from app.accounts.models import Person
from app.banks.items import Text
from app.cohorts import services as cohorts
from app.cohorts.attendance import Sum
from app.cohorts.models import Admission, Enrolment
from app.cohorts.study_rules import Rules
from app.courses import quiz
from app.courses.credit import credited, shares
from app.courses.lessons import Lesson, Module
from app.courses.models import ExerciseVersion, ExerciseWork, LessonProgress, QuizTry
from app.courses.requirements import Facts, ModuleFacts, Part, Standing, judge
from app.courses.services.place import Place, get_place, place_of
from app.courses.services.quizzes import stocks_of
from app.courses.services.study import Spent, spent_by
from app.courses.studytime import Tally
from app.refusals import N_, NotFound, Refusal
from app.store import db


class RulesNotMet(Refusal):
    """The study rules of the class are not met, so the exam stays closed; `standing` says what is missing."""

    message = N_("You cannot sit yet: %(count)s of the study rules of your class are not met.")
    kept = N_("Nothing was used up: no attempt and no paper.")
    todo = N_("Under “My learning” the card “Study rules” shows what is missing and what to do next.")
    status = 403

    def __init__(self, standing: Standing) -> None:
        super().__init__(count=len(standing.missing))
        self.standing = standing


class LessonClosed(Refusal):
    """The order of the class keeps the lesson closed; `gate` is what opens it."""

    message = N_("This lesson is still closed: the rules of your class set the order.")
    kept = N_("Nothing was changed.")
    todo = N_("The outline of the course shows what opens it.")
    status = 403

    def __init__(self, lesson: Text, gate: Part) -> None:
        super().__init__()
        self.lesson, self.gate = lesson, gate


class QuizClosed(Refusal):
    """The order of the class keeps the lessons of the module closed, and so its quiz."""

    message = N_("This quiz is still closed: the rules of your class set the order.")
    kept = N_("Nothing was changed, and no try was used.")
    todo = N_("The outline of the course shows what opens it.")
    status = 403


@dataclass(frozen=True)
class Line:
    """One person of a class in the list of study and attendance, with the exceptions made, the latest first."""

    person: Person
    enrolment: Enrolment
    standing: Standing
    tally: Tally
    admissions: Sequence[Admission] = ()

    @property
    def admission(self) -> Admission | None:
        """The exception in force."""
        return next((one for one in self.admissions if one.withdrawn_at is None), None)


@dataclass
class _Known:
    """What the database knows of the people of a class, by enrolment."""

    done: dict[int, set[str]] = field(default_factory=dict)
    passed: dict[int, set[str]] = field(default_factory=dict)
    worked: dict[int, set[str]] = field(default_factory=dict)
    spent: dict[int, Spent] = field(default_factory=dict)
    live: Mapping[int, Sum] = field(default_factory=dict)


def standing_of(enrolment_id: int) -> Standing:
    """Where one person stands. Raises NotFound."""
    place = place_of(enrolment_id)
    return standing_at(place)


def standing_at(place: Place) -> Standing:
    """Where the person of a place stands."""
    one = place.enrolment.id
    known = _known(Enrolment.id == one)
    known.live = cohorts.attendance_sums(place.cohort.id, one)
    rules = cohorts.get_rules(place.cohort.id).rules
    latest = cohorts.latest_admission(one)
    facts = _facts(place, known, one, _modules(place))
    return _judged(rules, facts, latest, place)


def credited_hours(enrolment_id: int) -> Decimal:
    """Class hours 学时 towards what programme and class ask for: self-study within the bounds of `courses.credit`, and
    live sessions where the rules count them.

    Raises NotFound.
    """
    found = standing_of(enrolment_id)
    return found.facts.hours(found.rules)


def check_admission(enrolment_id: int) -> None:
    """Let only those pass who meet the rules or were admitted by exception. Raises RulesNotMet, NotFound."""
    found = standing_of(enrolment_id)
    if not found.admitted:
        raise RulesNotMet(found)


def exception_ended(
    enrolment_id: SQLColumnExpression[int], since: SQLColumnExpression[datetime]
) -> ColumnElement[bool]:
    """For a larger query: whether `recheck_admission` has anything to look at."""
    return exists().where(Admission.enrolment_id == enrolment_id, Admission.withdrawn_at >= since)


def recheck_admission(enrolment_id: int, since: datetime) -> None:
    """The same for a paper that was made at a moment: only an exception withdrawn after it is looked at again.

    Raises RulesNotMet, NotFound.
    """
    latest = cohorts.latest_admission(enrolment_id)
    if latest is not None and latest.withdrawn_at is not None and latest.withdrawn_at >= since:
        check_admission(enrolment_id)


def check_open(enrolment_id: int, lesson: Lesson) -> None:
    """Let only those into a lesson for whom the order of the class has opened it. Raises LessonClosed."""
    place = place_of(enrolment_id)
    if cohorts.get_rules(place.cohort.id).rules.order == "free":
        return
    gate = standing_at(place).closed.get(lesson.id)
    if gate is not None:
        raise LessonClosed(lesson.title, gate)


def check_quiz_open(person_id: int, course: str, module: str) -> None:
    """Let only those begin a quiz for whom every lesson of its module is open. Raises QuizClosed, NotFound."""
    place = get_place(person_id, course)
    taken = place.get_module(module)
    if cohorts.get_rules(place.cohort.id).rules.order == "free":
        return
    closed = standing_at(place).closed
    if closed.keys() & set(taken.lessons):
        raise QuizClosed


def list_standings(cohort_id: int) -> tuple[Rules, list[Line]]:
    """Everybody of a class in the order of admission numbers, in a number of queries that does not grow with them.

    Raises NotFound.
    """
    rules = cohorts.get_rules(cohort_id).rules
    people = db.session.execute(
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.state == "active")
        .order_by(Enrolment.number)
    ).all()
    if not people:
        cohorts.get_cohort(cohort_id)
        return rules, []
    place = place_of(people[0][0].id)
    known = _known(Enrolment.cohort_id == cohort_id)
    known.live = cohorts.attendance_sums(cohort_id)
    admissions, modules = cohorts.admissions_of(cohort_id), _modules(place)
    lines = []
    for enrolment, person in people:
        facts = _facts(place, known, enrolment.id, modules)
        made = admissions.get(enrolment.id, [])
        found = _judged(rules, facts, made[0] if made else None, place)
        tally = sum(known.spent.get(enrolment.id, {}).values(), Tally())
        lines.append(Line(person, enrolment, found, tally, made))
    return rules, lines


def get_line(cohort_id: int, enrolment_id: int) -> Line:
    """One person of a class. Raises NotFound."""
    _rules, lines = list_standings(cohort_id)
    found = next((line for line in lines if line.enrolment.id == enrolment_id), None)
    if found is None:
        raise NotFound
    return found


def _judged(rules: Rules, facts: Facts, latest: Admission | None, place: Place) -> Standing:
    ended = latest.withdrawn_at if latest is not None else None
    excepted = latest is not None and ended is None
    return judge(rules, facts, excepted=excepted, course=place.programme.course, exception_ended=ended)


@dataclass(frozen=True)
class _Module:
    """A module with what it has at present: whether its quiz can be drawn, and whether its exercise is loaded."""

    module: Module
    drawable: bool
    exercise: bool


def _modules(place: Place) -> list[_Module]:
    if place.contents is None:
        return []
    modules = place.contents.course.modules
    quizzes = {one.code: one.quiz for one in modules if one.quiz is not None}
    stocks = dict(zip(quizzes, stocks_of(place.programme, list(quizzes.values())), strict=True))
    drawable = {code for code, one in quizzes.items() if quiz.can_fill(stocks[code], one.count)}
    wanted = [one.exercise for one in modules if one.exercise]
    loaded = set(
        db.session.scalars(
            select(ExerciseVersion.code).where(ExerciseVersion.code.in_(wanted), ExerciseVersion.current)
        )
        if wanted
        else ()
    )
    return [_Module(one, one.code in drawable, one.exercise in loaded) for one in modules]


def _facts(place: Place, known: _Known, one: int, modules: list[_Module]) -> Facts:
    titles = {lesson.id: lesson.title for lesson in place.contents.lessons} if place.contents else {}
    done, passed, worked = known.done.get(one, set()), known.passed.get(one, set()), known.worked.get(one, set())
    found = []
    for entry in modules:
        module = entry.module
        lessons = tuple(Part("lesson", id, titles[id], id in done) for id in module.lessons if id in titles)
        tested = module.quiz is not None and (entry.drawable or module.code in passed)
        trial = Part("quiz", module.code, module.title, module.code in passed) if tested else None
        audit = Part("exercise", module.exercise, module.title, module.exercise in worked) if entry.exercise else None
        found.append(ModuleFacts(module.code, module.title, lessons, trial, audit))
    spent = {subject: tally.counted for subject, tally in known.spent.get(one, {}).items()}
    studied = credited(shares(spent, [entry.module for entry in modules]))
    return Facts(tuple(found), studied, known.live.get(one, Sum()), place.cohort.hour_minutes)


def _known(which: ColumnElement[bool]) -> _Known:
    known = _Known()
    for target, table, column, condition in (
        (known.done, LessonProgress, LessonProgress.lesson, LessonProgress.completed_at.is_not(None)),
        (known.passed, QuizTry, QuizTry.module, QuizTry.passed.is_(True)),
        (known.worked, ExerciseWork, ExerciseWork.exercise, ExerciseWork.completed_at.is_not(None)),
    ):
        joined = select(table.enrolment_id, column).join(Enrolment, Enrolment.id == table.enrolment_id)
        for one, name in db.session.execute(joined.where(which, condition)):
            target.setdefault(one, set()).add(name)
    known.spent = spent_by(which)
    return known
