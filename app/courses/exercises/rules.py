"""The rules 规则 that the files of an exercise keep to, each with a name and one sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.banks.findings import Finding
from app.banks.items import LANGUAGES
from app.courses.exercises.values import TASK_KINDS, Cell, Exercise, Task
from app.courses.lessons import Course
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
POINTS = (3, 12)


def check_exercise(exercise: Exercise, edition: Edition) -> Iterator[Finding]:
    """Hold a whole exercise to the rules that one file alone cannot break; files are named from its folder."""
    yield from _once("exercise.yaml", "document", [one.id for one in exercise.documents])
    for document in exercise.documents:
        for language in LANGUAGES:
            yield from check_text(f"documents/{document.id}.{language}.md", document.body[language], language)
    yield from _order(exercise.tasks)
    known = {one.id for one in exercise.documents}
    for task in exercise.tasks:
        yield from _task(task, known, edition)


def check_modules(course: Course, exercises: Mapping[str, Exercise | None]) -> Iterator[Finding]:
    """Hold the modules of a course to the exercises that they name; None is one that is not there or cannot be read."""
    file, named = f"{course.code}/course.yaml", [module for module in course.modules if module.exercise]
    for module in named:
        found = exercises.get(module.exercise)
        if found is None:
            fault = f"There is no exercise “{module.exercise}” that can be read."
            yield Finding(file, None, "exercise-is-there", fault, "Write it, or take it out of the module.")
        elif found.minutes > module.practice_minutes:
            fault = f"“{found.code}” takes {found.minutes} minutes, {module.code} has {module.practice_minutes}."
            yield Finding(file, None, "exercise-fits-the-practice", fault, "Correct practice_minutes.")
    for name, times in Counter(module.exercise for module in named).items():
        if times > 1:
            fault = f"“{name}” belongs to {times} modules."
            yield Finding(file, None, "exercise-is-there", fault, "Let one module have it.")


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
        yield Finding(file, None, rule, f"The text has {length} {unit}.", f"Write 1 to {most:,} {unit}.")


def _order(tasks: Sequence[Task]) -> Iterator[Finding]:
    places = [TASK_KINDS.index(task.kind) for task in tasks]
    if not tasks or places != sorted(places):
        fault = "There is no task." if not tasks else "The tasks do not stand in the order of an audit."
        yield Finding("exercise.yaml", None, "tasks-in-order", fault, f"The order is {', '.join(TASK_KINDS)}.")
    for name, times in Counter(task.id for task in tasks).items():
        if times > 1:
            yield Finding("exercise.yaml", None, "tasks-in-order", f"“{name}” is listed twice.", "List it once.")


def _task(task: Task, known: set[str], edition: Edition) -> Iterator[Finding]:
    file = f"tasks/{task.id}.yaml"
    low, high = MODEL[task.kind]
    size = len(task.parts if task.kind == "report" else task.rows)
    if not low <= size <= high:
        fault = f"The model answer has {size} entries."
        yield Finding(file, None, "model-answers-the-task", fault, f"Give {low} to {high}.")
    if not POINTS[0] <= len(task.compare) <= POINTS[1]:
        fault = f"There are {len(task.compare)} points."
        yield Finding(file, None, "points-to-compare", fault, f"Give {POINTS[0]} to {POINTS[1]}.")
    yield from _once(file, "point", [one.id for one in task.compare])
    yield from _once(file, "part", [one.id for one in task.parts])
    named = {*task.documents, *(name for row in task.rows for name in row.get("documents", ()))}
    for name in sorted(named - known):
        fault = f"There is no document “{name}”."
        yield Finding(file, None, "documents-named-exist", fault, "Name one that exercise.yaml lists.")
    for no in sorted({no for row in (*task.rows, *task.given) for no in clauses_of(row)}):
        if edition.find_clause(no) is None:
            fault = f"{edition.number} has no clause “{no}”."
            yield Finding(file, None, "clauses-of-the-exercise", fault, "Name a clause of the edition.")


def clauses_of(row: Mapping[str, Cell]) -> list[str]:
    """Every clause that a row names."""
    one = row.get("clause")
    several = [no for name in ("clauses", "also") for no in row.get(name, ())]
    return [*([one] if isinstance(one, str) and one else []), *several]


def _once(file: str, what: str, names: Sequence[str]) -> Iterator[Finding]:
    for name, times in Counter(names).items():
        if times > 1:
            rule = "document-listed-once" if what == "document" else "names-are-plain"
            yield Finding(file, None, rule, f"The {what} “{name}” stands {times} times.", "Give each its own name.")
