"""Which study time goes to the class hours 学时: lessons in full, practical audits and practice up to a bound.

A course plans `practice_minutes` for its exercises and mock exams as part of the hours of its modules. Their time goes to
the class hours like that of lessons, but whoever practises for a hundred hours has not therefore read the course:

- a practical audit counts up to twice the practice_minutes of its module. Some read slowly and many try a task again;
  beyond that an open page tells little. The bound is the module's and not the exercise's own minutes, which the rule
  `exercise-fits-the-practice` keeps below it, because a person may work on an older version of the exercise;
- practice and mock exams together count up to the practice_minutes of all modules;
- a practical audit that the course no longer has shares the bound of practice, so that its time is not lost at once.

What is above a bound stays counted and is shown; it only adds nothing to the class hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.banks.items import Text
from app.courses.lessons import Module

KINDS = ("lesson", "exercise", "mock", "practice")
EXERCISE_FACTOR = 2


@dataclass(frozen=True)
class Subject:
    """What time was spent on: `about` is the id of a lesson or the code of an exercise, else empty."""

    kind: str
    about: str = ""


@dataclass(frozen=True)
class Share:
    """Time of one part of a course in seconds; `most` is what of it can go to the class hours, None for all.

    `kind` is lesson, exercise or practice (which has the mock exams); `title` is that of an exercise's module.
    """

    kind: str
    counted: int
    most: int | None = None
    title: Text | None = None

    @property
    def credited(self) -> int:
        """What goes to the class hours."""
        return self.counted if self.most is None else min(self.counted, self.most)


def shares(spent: Mapping[Subject, int], modules: Sequence[Module]) -> tuple[Share, ...]:
    """Lessons, each exercise of the course in order, and practice, from the seconds spent on each subject."""
    own = {module.exercise: module for module in modules if module.exercise}
    audits = [
        Share(
            "exercise", spent.get(Subject("exercise", code), 0), EXERCISE_FACTOR * module.practice_minutes * 60,
            module.title,
        )
        for code, module in own.items()
    ]  # fmt: skip
    lessons = sum(seconds for subject, seconds in spent.items() if subject.kind == "lesson")
    rest = sum(spent.values()) - lessons - sum(audit.counted for audit in audits)
    planned = sum(module.practice_minutes for module in modules) * 60
    return (Share("lesson", lessons), *audits, Share("practice", rest, planned))


def credited(parts: Iterable[Share]) -> int:
    """The seconds of all parts that go to the class hours."""
    return sum(part.credited for part in parts)
