"""What the files of a course mean: from nodes with lines to course, lesson and self-check question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app.banks.items import TOPICS, Text
from app.banks.nodes import Node, Reader, line_at
from app.courses.diagrams import names_in
from app.courses.lessons import Check, Course, Module, Option, Reading
from app.courses.quiz import Quiz
from app.courses.rules import LESSON_ID

KINDS = ("single", "multiple")
MOST_QUESTIONS = 50
DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Page:
    """One language of a lesson: its front matter, with its lines, and its Markdown, which begins on line `begins`."""

    id: str
    edition: str
    clauses: tuple[str, ...]
    laws: tuple[str, ...]
    minutes: int
    title: str
    source: str
    body: str
    begins: int
    front: Node

    def shown(self) -> tuple[str, ...]:
        """The names of the diagrams."""
        return names_in(self.body)


@dataclass(frozen=True)
class ModuleFile:
    """What module.yaml says: a module that courses share, with all its lessons in order.

    `practice` names practice items that ask what a lesson teaches, by lesson.
    """

    code: str
    mark: str
    title: Text
    lessons: tuple[str, ...]
    practice: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)
    root: Node | None = None

    def line(self, lesson: str = "") -> int:
        """The line on which a lesson is listed, or that of the list."""
        place = self.lessons.index(lesson) if lesson in self.lessons else -1
        return line_at(self.root, "lessons", place) if place >= 0 else line_at(self.root, "lessons")

    def items_of(self, lessons: Iterable[str]) -> tuple[str, ...]:
        """The ids of the practice items of these lessons."""
        return tuple(one.id for lesson in lessons for one in self.practice.get(lesson, ()))


@dataclass(frozen=True)
class Named:
    """A practice item that module.yaml names on this line."""

    id: str
    line: int


def read_module(root: Node, reader: Reader) -> ModuleFile | None:
    """The module that module.yaml describes; without a mark its code stands before its title."""
    if not reader.keep_to(root, ("code", "title", "lessons"), ("mark", "practice")):
        return None
    code, lessons = reader.word(root, "code"), reader.words(root, "lessons")
    for place, one in enumerate(lessons):
        if one in lessons[:place]:
            fault = f"“{one}” is listed twice."
            reader.fault(line_at(root, "lessons", place), "lesson-listed-once", fault, "List it once.")
    practice = _practice(root.fields["practice"], lessons, reader) if "practice" in root.fields else {}
    return ModuleFile(code, reader.word(root, "mark", code), reader.text(root, "title"), lessons, practice, root)


def _practice(part: Node, lessons: tuple[str, ...], reader: Reader) -> Mapping[str, tuple[Named, ...]]:
    reader.keep_to(part, (), lessons)
    found = {
        lesson: tuple(Named(one.value, one.line) for one in reader.parts(part, lesson) if isinstance(one.value, str))
        for lesson in part.fields
    }
    times: Counter[str] = Counter()
    for one in (one for named in found.values() for one in named):
        times[one.id] += 1
        if times[one.id] > 1:
            remedy = "Name it for the one lesson that teaches what it asks."
            reader.fault(one.line, "practice-items-exist", f"“{one.id}” is named twice.", remedy)
    return found


def read_course(
    root: Node, folder: str, find_module: Callable[[str], ModuleFile | None], reader: Reader
) -> Course | None:
    """The course that course.yaml describes, or None after findings that leave nothing to work with."""
    if not reader.keep_to(root, ("code", "title", "summary", "modules"), ("former",)):
        return None
    code = reader.word(root, "code")
    if code != folder:
        fault = f"The code is “{code}”, the folder “{folder}”."
        reader.fault(root.fields["code"].line, "code-equals-folder-name", fault, "Give both the same name.")
    parts = reader.parts(root, "modules")
    modules = [_module(part, find_module, reader) for part in parts]
    title, summary = reader.text(root, "title"), reader.text(root, "summary")
    course = Course(code, title, summary, tuple(one for one in modules if one), reader.words(root, "former"))
    taken: set[str] = set()
    for part, module in zip(parts, modules, strict=True):
        for place, one in enumerate(module.lessons if module else ()):
            if one in taken:
                line = line_at(part, "lessons", place) if "lessons" in part.fields else line_at(part, "folder")
                reader.fault(line, "lesson-listed-once", f"“{one}” is taken twice.", "Take it once.")
            taken.add(one)
    return course


def _module(part: Node, find_module: Callable[[str], ModuleFile | None], reader: Reader) -> Module | None:
    if not reader.keep_to(part, ("folder", "hours"), ("lessons", "practice_minutes", "quiz", "exercise")):
        return None
    folder = reader.word(part, "folder")
    found = find_module(folder)
    if found is None:
        fault = f"There is no modules/{folder}/module.yaml that can be read."
        reader.fault(part.fields["folder"].line, "module-is-there", fault, "Write it, or take the module out.")
        return None
    lessons = reader.words(part, "lessons") if "lessons" in part.fields else found.lessons
    for place, one in enumerate(lessons):
        if one not in found.lessons:
            fault = f"“{one}” is no lesson of {folder}."
            reader.fault(line_at(part, "lessons", place), "lesson-listed-once", fault, "List it in module.yaml first.")
    lessons = tuple(one for one in lessons if one in found.lessons)
    return Module(
        code=found.code,
        mark=found.mark,
        folder=folder,
        hours=reader.whole(part, "hours"),
        title=found.title,
        lessons=lessons,
        practice_minutes=reader.whole(part, "practice_minutes"),
        quiz=_quiz(part.fields["quiz"], found.items_of(lessons), reader) if "quiz" in part.fields else None,
        exercise=reader.word(part, "exercise"),
    )


def _quiz(part: Node, named: tuple[str, ...], reader: Reader) -> Quiz | None:
    if not reader.keep_to(part, ("count", "pass"), ("topics", "groups", "edition")):
        return None
    count, share = reader.whole(part, "count"), reader.fraction(part, "pass", "quiz-can-be-passed")
    if not 1 <= count <= MOST_QUESTIONS or not share:
        fault, remedy = "The quiz asks for nothing, or for too much.", f"Ask 1 to {MOST_QUESTIONS}, pass above 0."
        reader.fault(part.line, "quiz-can-be-passed", fault, remedy)
    for place, topic in enumerate(reader.words(part, "topics")):
        if topic not in TOPICS:
            remedy = f"Choose of {', '.join(TOPICS)}."
            reader.fault(line_at(part, "topics", place), "values-from-the-list", f"“{topic}” is no topic.", remedy)
    topics, groups = reader.words(part, "topics"), reader.words(part, "groups")
    if topics or groups or "edition" in part.fields:
        return Quiz(count, str(share), topics, groups, reader.word(part, "edition"))
    if len(named) < 2 * count:
        fault = f"The quiz asks {count}, and module.yaml names {len(named)} practice items for these lessons."
        remedy = "Ask fewer, or name more practice items, so that a second try can be another one."
        reader.fault(part.line, "quiz-has-enough-items", fault, remedy)
    return Quiz(count, str(share), items=named)


def read_page(front: Node, body: str, begins: int, name: str, reader: Reader) -> Page | None:
    """One language of a lesson; `name` is the file name without language and ending."""
    if not reader.keep_to(front, ("id", "clauses", "minutes", "title", "source"), ("edition", "laws")):
        return None
    found = reader.word(front, "id")
    if found != name or not LESSON_ID.fullmatch(found):
        fault = f"The id is “{found}”, the file “{name}”."
        remedy = "Give both the same name, of small letters, digits, dots and hyphens."
        reader.fault(front.fields["id"].line, "id-equals-file-name", fault, remedy)
    return Page(
        id=found,
        edition=reader.word(front, "edition"),
        clauses=reader.words(front, "clauses"),
        laws=reader.words(front, "laws"),
        minutes=reader.whole(front, "minutes"),
        title=reader.word(front, "title"),
        source=reader.word(front, "source"),
        body=body,
        begins=begins,
        front=front,
    )


def agree(first: Page, second: Page, reader: Reader) -> None:
    """Note where the second language of a lesson differs from the first in what must be the same."""
    remedy = "Give both languages the same."
    for name in ("edition", "clauses", "laws", "minutes"):
        if getattr(first, name) != getattr(second, name):
            fault = f"“{name}” is not what the other language has."
            reader.fault(line_at(second.front, name), "languages-agree", fault, remedy)
    if first.shown() != second.shown():
        fault = "The diagrams are not those of the other language."
        line = _figure_line(second, first.shown())
        reader.fault(line, "languages-agree", fault, remedy)


def _figure_line(page: Page, other: tuple[str, ...]) -> int:
    """The line of the first diagram that the other language does not show at this place, or where the text begins."""
    lines = page.body.splitlines()
    for place, name in enumerate(page.shown()):
        if other[place : place + 1] != (name,):
            return page.begins + next(n for n, line in enumerate(lines) if name in names_in(line))
    return page.begins


def read_checks(root: Node, reader: Reader) -> tuple[tuple[Check, ...], tuple[Reading, ...]]:
    """The self-check questions of a lesson, and who read the lesson."""
    if not reader.keep_to(root, ("checks",), ("readings",)):
        return (), ()
    readings = tuple(_reading(part, reader) for part in reader.parts(root, "readings"))
    return tuple(_check(part, reader) for part in reader.parts(root, "checks")), readings


def _reading(part: Node, reader: Reader) -> Reading:
    reader.keep_to(part, ("by", "on", "changed"))
    found = Reading(*(reader.word(part, name) for name in ("by", "on", "changed")))
    if found.on and not DATE.fullmatch(found.on):
        reader.fault(line_at(part, "on"), "dates-are-dates", f"“{found.on}” is no date.", "Write it like 2026-11-23.")
    return found


def _check(part: Node, reader: Reader) -> Check:
    reader.keep_to(part, ("id", "kind", "stem", "options"))
    return Check(
        id=reader.word(part, "id"),
        kind=reader.one_of(part, "kind", KINDS, "single"),
        stem=reader.text(part, "stem"),
        options=tuple(_option(one, reader) for one in reader.parts(part, "options")),
    )


def _option(part: Node, reader: Reader) -> Option:
    right = "right" in part.fields
    name = "right" if right else "wrong"
    reader.keep_to(part, (name, "because"))
    return Option(reader.text(part, name), right, reader.text(part, "because"))
