"""The study rules 学习规则 of a cohort: in which order its lessons open, and what must be done before the exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from app.refusals import N_

ORDERS: Mapping[str, str] = {
    "free": N_("In any order"),
    "lessons": N_("Lesson by lesson: a lesson opens when the one before it is done"),
    "modules": N_("Module by module: a module opens when the one before it is done"),
}
"""How the lessons open, with the words for it."""

TRIES = 3


@dataclass(frozen=True)
class Rules:
    """The rules as values; the defaults ask for nothing.

    `lessons`: every lesson is done. `hours`: class hours in all, 0 for none; `live_counts`: minutes of live sessions
    attended count towards them. `quiz`: the share of right answers that each module quiz asks for, None for off;
    `tries`: tries at one quiz in a day. `attendance`: percent of the live sessions' minutes. `exercise`: the
    practical audit is handed in.
    """

    order: str = "free"
    lessons: bool = False
    hours: int = 0
    live_counts: bool = False
    quiz: Fraction | None = None
    tries: int = TRIES
    attendance: int = 0
    exercise: bool = False

    @property
    def asks(self) -> bool:
        """Whether anything is asked for before the exam."""
        return bool(self.lessons or self.hours or self.quiz is not None or self.attendance or self.exercise)

    @property
    def any(self) -> bool:
        """Whether there is any rule at all."""
        return self.asks or self.order != "free"


def to_content(rules: Rules) -> dict[str, Any]:
    """The rules as JSON; `from_content` reads them back."""
    return {**asdict(rules), "quiz": None if rules.quiz is None else str(rules.quiz)}


def from_content(content: Mapping[str, Any]) -> Rules:
    """The rules that `to_content` described."""
    quiz = content.get("quiz")
    return Rules(**{**content, "quiz": None if quiz is None else Fraction(quiz)})
