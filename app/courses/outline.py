"""The outline 课程目录 of a course as one learner sees it: what is done, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.banks.items import Text
from app.courses.lessons import Course, Lesson


@dataclass(frozen=True)
class Progress:
    """How far a person has come in one lesson; `section` is the section last read, 0 for the beginning."""

    opened_at: datetime
    seen_at: datetime
    completed_at: datetime | None = None
    section: int = 0
    checks_right: int = 0


@dataclass(frozen=True)
class Line:
    """A lesson in the outline; `number` is what stands before its title (`lessons.Module.number_of`)."""

    lesson: Lesson
    progress: Progress | None
    number: str

    @property
    def id(self) -> str:
        """The id of the lesson."""
        return self.lesson.id

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return self.lesson.title

    @property
    def minutes(self) -> int:
        """About how many minutes the lesson takes."""
        return self.lesson.minutes

    @property
    def checks(self) -> int:
        """How many self-check questions the lesson has."""
        return len(self.lesson.checks)

    @property
    def section(self) -> Text | None:
        """The title of the section last read; None at the beginning of the lesson."""
        reached = self.progress.section if self.progress else 0
        titles = self.lesson.headings()
        return titles[reached - 1] if 0 < reached <= len(titles) else None

    @property
    def minutes_left(self) -> int:
        """About how many minutes are left from the section last read."""
        return self.lesson.minutes_left(self.progress.section if self.progress else 0)

    @property
    def done(self) -> bool:
        """Whether the learner marked it as done."""
        return self.progress is not None and self.progress.completed_at is not None

    @property
    def opened(self) -> bool:
        """Whether the learner ever opened it."""
        return self.progress is not None


@dataclass(frozen=True)
class Group:
    """A module in the outline."""

    code: str
    mark: str
    title: Text
    hours: int
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(line.done for line in self.lines)


@dataclass(frozen=True)
class Outline:
    """All modules with their lessons in order."""

    groups: tuple[Group, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lessons in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(line.done for line in self.lines)

    @property
    def total(self) -> int:
        """How many lessons there are."""
        return len(self.lines)

    @property
    def hours(self) -> int:
        """The class hours 学时 that the modules are planned for."""
        return sum(group.hours for group in self.groups)

    @property
    def finished(self) -> bool:
        """Whether every lesson is done."""
        return self.total > 0 and self.done == self.total

    def next_line(self) -> Line | None:
        """Where to go on: the lesson read last if it is not done, else the first that is not; None when all are."""
        open_ones = [line for line in self.lines if not line.done]
        started = [(line.progress.seen_at, line) for line in open_ones if line.progress is not None]
        if started:
            return max(started, key=lambda pair: pair[0])[1]
        return open_ones[0] if open_ones else None

    def beside(self, lesson_id: str) -> tuple[Line | None, Line | None]:
        """The lessons before and after this one; (None, None) for a lesson that is not here."""
        lines = self.lines
        for place, line in enumerate(lines):
            if line.id == lesson_id:
                return lines[place - 1] if place else None, lines[place + 1] if place + 1 < len(lines) else None
        return None, None


def percent(done: int, total: int) -> int:
    """Whole percent, 0 where there is nothing to do; 100 only when all is done."""
    return done * 100 // total if total else 0


def lay_out(course: Course, lessons: Sequence[Lesson], progress: Mapping[str, Progress]) -> Outline:
    """Put course, lessons and the learner's progress (by lesson id) together."""
    known = {lesson.id: lesson for lesson in lessons}
    groups = [
        Group(
            module.code, module.mark, module.title, module.hours,
            tuple(
                Line(known[one], progress.get(one), module.number_of(known[one]))
                for one in module.lessons if one in known
            ),
        )
        for module in course.modules
    ]  # fmt: skip
    return Outline(tuple(groups))
