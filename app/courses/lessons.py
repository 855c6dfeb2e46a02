"""A course 课程 of modules, and a lesson 课 with its text in both languages and its self-check questions 自测题."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.banks.items import LANGUAGES, Text
from app.courses.quiz import Quiz, quiz_from
from app.courses.video import Video, video_from

_HEADING = re.compile(r"^## +(.+?) *$", re.M)


@dataclass(frozen=True)
class Option:
    """One option of a self-check question; each says why it is right or wrong."""

    text: Text
    right: bool
    because: Text


@dataclass(frozen=True)
class Check:
    """A self-check question 自测题; `kind` is single or multiple."""

    id: str
    kind: str
    stem: Text
    options: tuple[Option, ...]

    def is_right(self, chosen: Sequence[int]) -> bool:
        """Whether exactly the right options were chosen, given by their places from 0."""
        return set(chosen) == {place for place, option in enumerate(self.options) if option.right}


@dataclass(frozen=True)
class Lesson:
    """A lesson; `body` is Markdown whose text before the first heading is the situation that makes it matter.

    `clauses` are those of `edition`; a lesson on laws alone has neither. `laws` are names with their edition, such as
    专利法 2020. `diagrams` holds the SVG of each diagram shown, by name and language, so that a stored version is whole.
    """

    id: str
    clauses: tuple[str, ...]
    minutes: int
    title: Text
    source: Text
    body: Text
    checks: tuple[Check, ...]
    edition: str = ""
    laws: tuple[str, ...] = ()
    diagrams: Mapping[str, Text] = field(default_factory=dict)
    video: Video | None = None

    @property
    def number(self) -> str:
        """The clauses as they stand over the lesson: "6.1.2", or "6.1.4–6.1.5" for several."""
        return "–".join(dict.fromkeys((self.clauses[0], self.clauses[-1]))) if self.clauses else ""

    def headings(self) -> tuple[Text, ...]:
        """The titles of the sections, in order."""
        found = {language: _HEADING.findall(self.body[language]) for language in LANGUAGES}
        return tuple({"zh_CN": zh, "en": en} for zh, en in zip(found["zh_CN"], found["en"], strict=False))

    def minutes_left(self, section: int) -> int:
        """About how many minutes are left for somebody who has reached a section (0: the beginning); at least 1."""
        parts = len(self.headings()) + 1
        return max(1, math.ceil(self.minutes * (parts - min(section, parts)) / parts))

    def find_check(self, check_id: str) -> Check | None:
        """The self-check question of this id, or None."""
        return next((check for check in self.checks if check.id == check_id), None)


@dataclass(frozen=True)
class Module:
    """A part of a course; `mark` is what stands before its title: chapters of the standard, or the module's code.

    `lessons` are the ones that the course takes, in order; `practice_minutes` is time of exercises and mock exams that
    belongs to its hours. `exercise` is the code of a practical audit that belongs to it, empty for none.
    """

    code: str
    mark: str
    folder: str
    hours: int
    title: Text
    lessons: tuple[str, ...]
    practice_minutes: int = 0
    quiz: Quiz | None = None
    exercise: str = ""

    def number_of(self, lesson: Lesson) -> str:
        """What stands before a lesson: its clauses in a module that follows chapters, else the module's code."""
        return lesson.number if lesson.number and self.mark != self.code else self.code


@dataclass(frozen=True)
class Course:
    """A course: modules that it shares with others; `former` are codes that it once had."""

    code: str
    title: Text
    summary: Text
    modules: tuple[Module, ...]
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Who read a lesson through, when (2026-11-23), and what was changed after it."""

    by: str
    on: str
    changed: str


def content_of(value: Course | Lesson) -> dict[str, Any]:
    """The value as JSON; `course_from` and `lesson_from` read it back."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(value), ensure_ascii=False))
    if found.get("video", "") is None:
        del found["video"]  # so that lessons without one keep the hash that they had before there were videos
    return found


def hash_of(value: Course | Lesson) -> str:
    """SHA-256 of the canonical JSON of the value, in hex."""
    text = json.dumps(content_of(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def course_from(content: Mapping[str, Any]) -> Course:
    """The course that `content_of` described, now or in an earlier release, when a course named its edition."""
    known = {name: value for name, value in content.items() if name != "edition"}
    modules = tuple(
        Module(**{**one, "lessons": tuple(one["lessons"]), "quiz": quiz_from(one.get("quiz"))})
        for one in content["modules"]
    )
    return Course(**{**known, "modules": modules, "former": tuple(content.get("former", ()))})


def lesson_from(content: Mapping[str, Any], edition: str = "") -> Lesson:
    """The lesson that `content_of` described; `edition` is that of lessons stored when only their course named one."""
    checks = tuple(
        Check(**{**one, "options": tuple(Option(**option) for option in one["options"])}) for one in content["checks"]
    )
    given = {"edition": edition, **content, "checks": checks}
    given |= {"clauses": tuple(content["clauses"]), "laws": tuple(content.get("laws", ()))}
    return Lesson(**{**given, "video": video_from(content.get("video"))})
