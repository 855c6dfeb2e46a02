"""The rules 规则 that the files of an exercise keep to, each with a name and one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from app.banks.findings import Finding
from app.banks.items import LANGUAGES
from app.banks.nodes import Node, line_at, line_of
from app.courses.exercises.values import TASK_KINDS, Cell, Exercise, Task
from app.courses.lessons import Course
from app.courses.rules import module_line
from app.standards.clauses import Edition

RULES: Mapping[str, str] = {
    "exercise-code-equals-folder-name": "The code of an exercise equals the name of its folder.",
    "task-id-equals-file-name": "The id of a task equals the name of its file.",
    "names-are-plain": "Names of documents, tasks, points and parts are small letters, digits and hyphens, each used once.",
    "document-listed-once": "Every document of an exercise is listed once, and there in both languages.",
    "document-has-its-length": "A document has at most 2,500 Chinese characters and 2,000 English words, and is plain Markdown.",
    "tasks-in-order": "An exercise has one task or more, each listed once, in the order plan, checklist, findings, report.",
    "model-answers-the-task": "A plan or checklist has 1 to 40 model rows, findings 1 to 12, a report 2 to 12 parts.",
    "points-to-compare": "A task has 3 to 12 points to compare.",
    "documents-named-exist": "A task or finding names documents of its exercise.",
    "exercise-is-there": "The exercise of a module is a folder of exercises/, and belongs to one module of a course.",
    "exercise-fits-the-practice": "The minutes of an exercise are not more than the practice_minutes of its module.",
    "clauses-of-the-exercise": "Every clause named is a clause of the exercise's edition.",
}

HAN = re.compile(r"[一-鿿]")
LENGTHS = {"zh_CN": (2500, "Chinese characters"), "en": (2000, "English words")}
MODEL = {"plan": (1, 40), "checklist": (1, 40), "findings": (1, 12), "report": (2, 12)}
MODEL_FIELD = {"plan": "rows", "checklist": "rows", "findings": "findings", "report": "parts"}
POINTS = (3, 12)


Roots = Mapping[str, Node]
"""The lines of the files of an exercise, by name."""


def check_exercise(exercise: Exercise, edition: Edition, roots: Roots) -> Iterator[Finding]:
    """Hold a whole exercise to the rules that one file alone cannot break; files are named from its folder."""
    head = roots.get("exercise.yaml")
    yield from _once("exercise.yaml", head, "document", "documents", [one.id for one in exercise.documents])
    for document in exercise.documents:
        for language in LANGUAGES:
            yield from check_text(f"documents/{document.id}.{language}.md", document.body[language], language)
    yield from _order(exercise.tasks, head)
    known = {one.id for one in exercise.documents}
    for task in exercise.tasks:
        yield from _task(task, known, edition, roots.get(f"tasks/{task.id}.yaml"))


def check_modules(
    course: Course, exercises: Mapping[str, Exercise | None], root: Node | None = None
) -> Iterator[Finding]:
    """Hold the modules of a course to the exercises that they name; None is one that is not there or cannot be read.

    `root` gives the lines of course.yaml.
    """
    file, seen = f"{course.code}/course.yaml", set[str]()
    for module in (module for module in course.modules if module.exercise):
        found, line = exercises.get(module.exercise), module_line(root, module.folder, "exercise")
        if found is None:
            fault = f"There is no exercise “{module.exercise}” that can be read."
            yield Finding(file, line, "exercise-is-there", fault, "Write it, or take it out of the module.")
        elif found.minutes > module.practice_minutes:
            fault = f"“{found.code}” takes {found.minutes} minutes, {module.code} has {module.practice_minutes}."
            line = module_line(root, module.folder, "practice_minutes")
            yield Finding(file, line, "exercise-fits-the-practice", fault, "Correct practice_minutes.")
        if module.exercise in seen:
            fault = f"“{module.exercise}” belongs to another module, too."
            yield Finding(file, line, "exercise-is-there", fault, "Let one module have it.")
        seen.add(module.exercise)


def check_text(file: str, body: str, language: str) -> Iterator[Finding]:
    """Hold the text of a document to its rule."""
    rule = "document-has-its-length"
    for number, line in enumerate(body.splitlines(), 1):
        if re.search(r"<[a-zA-Z/!]|!\[", line) or re.match(r"# ", line):
            fault = "HTML, a picture or a first-level heading stands here."
            yield Finding(file, number, rule, fault, "Write plain Markdown.")
    most, unit = LENGTHS[language]
    length = len(HAN.findall(body)) if language == "zh_CN" else len(body.split())
    if not 1 <= length <= most:
        yield Finding(file, 1, rule, f"The text has {length} {unit}.", f"Write 1 to {most:,} {unit}.")


def _order(tasks: Sequence[Task], head: Node | None) -> Iterator[Finding]:
    places, rule = [TASK_KINDS.index(task.kind) for task in tasks], "tasks-in-order"
    remedy = f"The order is {', '.join(TASK_KINDS)}."
    if not tasks:
        yield Finding("exercise.yaml", line_at(head, "tasks"), rule, "There is no task.", remedy)
    for place, (before, after) in enumerate(pairwise(places), 1):
        if after < before:
            fault, line = "The tasks do not stand in the order of an audit.", line_at(head, "tasks", place)
            yield Finding("exercise.yaml", line, rule, fault, remedy)
    for place, task in enumerate(tasks):
        if task.id in {one.id for one in tasks[:place]}:
            line = line_at(head, "tasks", place)
            yield Finding("exercise.yaml", line, rule, f"“{task.id}” is listed twice.", "List it once.")


def _task(task: Task, known: set[str], edition: Edition, root: Node | None) -> Iterator[Finding]:
    file = f"tasks/{task.id}.yaml"
    low, high = MODEL[task.kind]
    size = len(task.parts if task.kind == "report" else task.rows)
    if not low <= size <= high:
        fault, line = f"The model answer has {size} entries.", line_at(root, MODEL_FIELD[task.kind])
        yield Finding(file, line, "model-answers-the-task", fault, f"Give {low} to {high}.")
    if not POINTS[0] <= len(task.compare) <= POINTS[1]:
        fault, line = f"There are {len(task.compare)} points.", line_at(root, "compare")
        yield Finding(file, line, "points-to-compare", fault, f"Give {POINTS[0]} to {POINTS[1]}.")
    yield from _once(file, root, "point", "compare", [one.id for one in task.compare])
    yield from _once(file, root, "part", "parts", [one.id for one in task.parts])
    named = {*task.documents, *(name for row in task.rows for name in row.get("documents", ()))}
    for name in sorted(named - known):
        fault, line = f"There is no document “{name}”.", line_of(root, ("documents",), name)
        yield Finding(file, line, "documents-named-exist", fault, "Name one that exercise.yaml lists.")
    for no in sorted({no for row in (*task.rows, *task.given) for no in clauses_of(row)}):
        if edition.find_clause(no) is None:
            fault, line = f"{edition.number} has no clause “{no}”.", line_of(root, ("clause", "clauses", "also"), no)
            yield Finding(file, line, "clauses-of-the-exercise", fault, "Name a clause of the edition.")


def clauses_of(row: Mapping[str, Cell]) -> list[str]:
    """Every clause that a row names."""
    one = row.get("clause")
    several = [no for name in ("clauses", "also") for no in row.get(name, ())]
    return [*([one] if isinstance(one, str) and one else []), *several]


def _once(file: str, root: Node | None, what: str, under: str, names: Sequence[str]) -> Iterator[Finding]:
    rule = "document-listed-once" if what == "document" else "names-are-plain"
    for place, name in enumerate(names):
        if name in names[:place]:
            line = line_at(root, under, place, "id")
            yield Finding(file, line, rule, f"The {what} “{name}” stands twice.", "Give each its own name.")
