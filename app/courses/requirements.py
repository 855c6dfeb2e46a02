"""Where a trainee stands against the study rules 学习规则: what is done, what is missing, which lessons are still closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.banks.items import Text
from app.cohorts.attendance import Sum
from app.cohorts.study_rules import Rules
from app.courses.studytime import class_hours

KINDS = ("lessons", "hours", "quiz", "exercise", "attendance")


@dataclass(frozen=True)
class Part:
    """Something to be done: a lesson, the quiz or the exercise of a module."""

    kind: str
    id: str
    title: Text
    done: bool


@dataclass(frozen=True)
class ModuleFacts:
    """A module as one person has it: lessons in order, and its quiz and exercise where it has one.

    `quiz` is None without a quiz, and where the practice pool is too thin for one: then it blocks nobody.
    """

    code: str
    title: Text
    lessons: tuple[Part, ...]
    quiz: Part | None = None
    exercise: Part | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one person's study; `studied` is the self-study that goes to the class hours, in seconds.

    `hour_minutes` is the length of a class hour.
    """

    modules: tuple[ModuleFacts, ...] = ()
    studied: int = 0
    live: Sum = field(default_factory=Sum)
    hour_minutes: int = 45

    @property
    def lessons(self) -> tuple[Part, ...]:
        """All lessons in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    def find(self, module: str) -> ModuleFacts | None:
        """The module of this code, or None."""
        return next((one for one in self.modules if one.code == module), None)

    @property
    def self_hours(self) -> Decimal:
        """Class hours of self-study, with one decimal."""
        return class_hours(self.studied, self.hour_minutes)

    @property
    def live_hours(self) -> Decimal:
        """Class hours of live sessions attended, with one decimal."""
        return class_hours(self.live.attended * 60, self.hour_minutes)

    def hours(self, rules: Rules) -> Decimal:
        """Class hours towards the minimum: self-study, and live sessions where the rules count them."""
        seconds = self.studied + (self.live.attended * 60 if rules.live_counts else 0)
        return class_hours(seconds, self.hour_minutes)


@dataclass(frozen=True)
class Requirement:
    """One rule with how far it is met; `next` is what to do for it, where that is one thing."""

    kind: str
    have: Decimal
    need: Decimal
    met: bool
    next: Part | None = None

    @property
    def percent(self) -> int:
        """How far, in whole percent; 100 only when it is met."""
        if self.met:
            return 100
        return min(99, int(self.have * 100 / self.need)) if self.need else 0


@dataclass(frozen=True)
class Standing:
    """All rules with what is missing; `closed` maps each closed lesson to what opens it.

    `excepted`: the staff admitted the person although something is missing; `exception_ended` is when that was
    withdrawn, and None otherwise. `course` is the code of the course.
    """

    rules: Rules
    facts: Facts
    requirements: tuple[Requirement, ...]
    closed: Mapping[str, Part]
    excepted: bool = False
    course: str = ""
    exception_ended: datetime | None = None

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """The rules that are not met."""
        return tuple(one for one in self.requirements if not one.met)

    @property
    def admitted(self) -> bool:
        """Whether the person may sit."""
        return self.excepted or not self.missing


def judge(
    rules: Rules, facts: Facts, *, excepted: bool = False, course: str = "", exception_ended: datetime | None = None
) -> Standing:
    """Hold the facts to the rules."""
    closed, asked = closed_lessons(rules, facts.modules), tuple(_requirements(rules, facts))
    return Standing(rules, facts, asked, closed, excepted, course, exception_ended)


def closed_lessons(rules: Rules, modules: Sequence[ModuleFacts]) -> dict[str, Part]:
    """Each lesson that the order keeps closed, with the first thing not done before it.

    A lesson that is done stays open, whatever the rules became; so does the first one that is not.
    """
    found: dict[str, Part] = {}
    gate: Part | None = None
    for module in modules if rules.order != "free" else ():
        for lesson in module.lessons:
            if gate is not None and not lesson.done:
                found[lesson.id] = gate
            if rules.order == "lessons" and gate is None and not lesson.done:
                gate = lesson
        if gate is None and rules.order == "modules":
            gate = next((part for part in _steps(rules, module) if not part.done), None)
    return found


def _steps(rules: Rules, module: ModuleFacts) -> tuple[Part, ...]:
    """What a module asks for before the next one opens: its lessons, and its quiz where quizzes are to be passed."""
    quiz = (module.quiz,) if module.quiz is not None and rules.quiz is not None else ()
    return (*module.lessons, *quiz)


def _requirements(rules: Rules, facts: Facts) -> list[Requirement]:
    found = []
    if rules.lessons:
        found.append(_count("lessons", facts.lessons))
    if rules.hours:
        have, need = facts.hours(rules), Decimal(rules.hours)
        found.append(Requirement("hours", have, need, have >= need))
    if rules.quiz is not None:
        found.append(_count("quiz", [one.quiz for one in facts.modules if one.quiz is not None]))
    if rules.exercise:
        found.append(_count("exercise", [one.exercise for one in facts.modules if one.exercise is not None]))
    if rules.attendance:
        need = Decimal(rules.attendance)
        found.append(Requirement("attendance", Decimal(facts.live.percent), need, facts.live.reaches(rules.attendance)))
    return found


def _count(kind: str, parts: Sequence[Part]) -> Requirement:
    done = sum(part.done for part in parts)
    following = next((part for part in parts if not part.done), None)
    return Requirement(kind, Decimal(done), Decimal(len(parts)), done == len(parts), following)
