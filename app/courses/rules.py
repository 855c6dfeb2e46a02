"""The rules 规则 that the files of a course keep to, each with a name and one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, Item
from app.banks.nodes import Node, line_at
from app.courses import diagrams, video
from app.courses.lessons import Check, Course, Lesson, Reading
from app.courses.quiz import KINDS as MARKED_AT_ONCE
from app.courses.video import VideoFiles
from app.standards.clauses import Edition
from app.standards.laws import Law

RULES: Mapping[str, str] = {
    "file-can-be-read": "A file is UTF-8 text of moderate size whose YAML can be read and names no field twice.",
    "known-fields-only": "A file has the fields of its kind and no others.",
    "required-fields-present": "A file has every field that its kind needs.",
    "values-from-the-list": "Kinds are single or multiple, minutes and hours are whole numbers.",
    "both-languages-present": "Every text stands in Chinese and in English, each lesson in a file of each language.",
    "code-equals-folder-name": "The code of a course equals the name of its folder.",
    "module-is-there": "Every module that a course takes is a folder of modules/ with a module.yaml.",
    "edition-is-known": "The edition of a lesson is one that is installed; a lesson without clauses may name none.",
    "law-is-known": "A law is named with an edition that is installed, such as 专利法 2020.",
    "term-is-one": "A term of the glossary has an id of its own, and no word stands for two terms.",
    "dates-are-dates": "A date is written 2026-11-23.",
    "id-equals-file-name": "The id of a lesson equals the name of its file: small letters, digits, dots, hyphens.",
    "lesson-listed-once": "Every lesson of a module's folder is listed in its module.yaml once, and a course takes it once.",
    "lesson-is-taken": "Every lesson of a module is taken by a course.",
    "languages-agree": "Both languages of a lesson have the same edition, clauses, laws, minutes, sections and diagrams.",
    "clause-exists-in-edition": "Every clause named is a clause of the lesson's edition.",
    "lesson-has-its-parts": "A lesson has a situation, five sections or more, an audit table and a lecturer's tip.",
    "lesson-has-its-length": "A lesson has 900 to 1,500 Chinese characters and 550 to 1,200 English words.",
    "markdown-is-plain": "A lesson's text has no HTML, no heading of the first level and no picture but diagrams.",
    "diagram-is-there": "A diagram that a lesson shows is there in both languages, and each diagram is shown by a lesson.",
    "diagram-is-plain": "A diagram is SVG with viewBox 0 0 640 H, of the elements, attributes and classes that are allowed.",
    "diagram-text-fits": "The text of a diagram is set in 13 or more and stays within the view box.",
    "video-is-there": "A lesson with a video.yaml has a WebM or MP4 of moderate size and of that length, and one poster.",
    "captions-cover-the-video": "A video has captions in both languages, in order, from its beginning to its end.",
    "self-check-present": "A lesson has two to five self-check questions, and no two have the same id.",
    "one-right-for-single": "A single-choice question has one right option, a multiple-choice one two or more.",
    "options-differ": "A question has three to six options, and no two say the same.",
    "quiz-can-be-passed": "The quiz of a module asks 1 to 50 questions and is passed with a share above 0 and up to 1.",
    "practice-items-exist": "A practice item that a module names is approved for practice, is marked at once, and stands there once.",
    "quiz-has-enough-items": "The lessons of a quiz name at least twice as many practice items as it asks.",
    "minutes-fit-the-hours": "The minutes of a module's lessons and its practice add up to its hours of 45, within a fifth.",
}

HAN = re.compile(r"[一-鿿]")
LESSON_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LENGTHS = {"zh_CN": (900, 1500), "en": (550, 1200)}
UNITS = {"zh_CN": "characters", "en": "words"}
FEWEST, MOST = 2, 5  # self-check questions of a lesson
SECTIONS = 5
CLASS_HOUR = 45


@dataclass(frozen=True)
class LessonFiles:
    """A lesson with the names of its files and the line on which each text begins (by language)."""

    lesson: Lesson
    files: Mapping[str, str]
    begins: Mapping[str, int]
    check_file: str
    readings: tuple[Reading, ...] = ()
    video: VideoFiles | None = None
    fronts: Mapping[str, Node] = field(default_factory=dict)
    asked: Node | None = None

    def line(self, language: str, *path: str | int) -> int:
        """The line of a field before the text of a language, or of a part of one."""
        return line_at(self.fronts.get(language), *path)

    def check_line(self, *path: str | int) -> int:
        """The line of a part of the self-check questions, from “checks” on."""
        return line_at(self.asked, "checks", *path)


def check_course(
    course: Course,
    lessons: Sequence[LessonFiles],
    find_edition: Callable[[str], Edition | None],
    find_law: Callable[[str], Law | None],
    root: Node | None = None,
) -> Iterator[Finding]:
    """Hold a whole course to the rules; `find_edition` gives the edition of a code, `find_law` that of a law, or None.

    `root` gives the lines of course.yaml.
    """
    for entry in lessons:
        yield from check_lesson(entry, find_edition, find_law)
    minutes = {entry.lesson.id: entry.lesson.minutes for entry in lessons}
    file = f"{course.code}/course.yaml"
    for module in course.modules:
        given = sum(minutes.get(one, 0) for one in module.lessons) + module.practice_minutes
        planned = module.hours * CLASS_HOUR
        if not planned * 0.8 <= given <= planned * 1.2:
            fault = (
                f"Lessons and practice of {module.code} take {given} minutes, its {module.hours} hours are {planned}."
            )
            line = module_line(root, module.folder, "hours")
            yield Finding(file, line, "minutes-fit-the-hours", fault, "Correct the hours or the minutes.")


def module_line(root: Node | None, folder: str, name: str) -> int:
    """The line of a field of the module in course.yaml that takes this folder."""
    parts = root.fields["modules"].value if root and "modules" in root.fields else []
    for part in parts if isinstance(parts, list) else []:
        if "folder" in part.fields and part.fields["folder"].value == folder:
            return line_at(part, name)
    return line_at(root, "modules")


def check_practice(file: str, named: Mapping[str, int], items: Mapping[str, Item]) -> Iterator[Finding]:
    """Hold the practice items that a module names, each on its line, to the items of all banks."""
    for name, line in named.items():
        item = items.get(name)
        if item is None:
            fault = f"There is no item “{name}”."
        elif item.kind not in MARKED_AT_ONCE:
            fault = f"“{name}” is of the kind {item.kind}, which a quiz cannot mark."
        elif item.pool != "practice" or item.status != "approved":
            fault = f"“{name}” is {item.status}, in the pool “{item.pool}”."
        else:
            continue
        remedy = "Name an approved single, multiple or judge item of the pool “practice”."
        yield Finding(file, line, "practice-items-exist", fault, remedy)


def check_lesson(
    entry: LessonFiles, find_edition: Callable[[str], Edition | None], find_law: Callable[[str], Law | None]
) -> Iterator[Finding]:
    """Hold one lesson to its rules."""
    lesson = entry.lesson
    for language in LANGUAGES:
        for rule, line, fault, remedy in _text(lesson.body[language], language):
            yield Finding(entry.files[language], entry.begins[language] + line - 1, rule, fault, remedy)
    yield from _sources(entry, find_edition(lesson.edition) if lesson.edition else None, find_law)
    yield from _same_sections(entry)
    yield from _checks(entry)
    for name, texts in lesson.diagrams.items():
        for language, svg in texts.items():
            for rule, place, fault, remedy in diagrams.faults(svg):
                yield Finding(f"diagrams/{name}.{language}.svg", place, rule, fault, remedy)

    for file, (rule, place, fault, remedy) in video.faults(entry.video) if entry.video else ():
        yield Finding(file, place, rule, fault, remedy)


def _same_sections(entry: LessonFiles) -> Iterator[Finding]:
    first, second = ([n for n, line in enumerate(entry.lesson.body[one].splitlines()) if line.startswith("## ")]
                     for one in ("zh_CN", "en"))  # fmt: skip
    if len(first) != len(second):
        fault = f"There are {len(first)} sections in Chinese and {len(second)} in English."
        # The first heading too many, or the last one after which something is missing.
        odd = second[len(first)] if len(second) > len(first) else (second or [0])[-1]
        line = entry.begins["en"] + odd
        yield Finding(entry.files["en"], line, "languages-agree", fault, "Give both languages the same sections.")


def _sources(entry: LessonFiles, edition: Edition | None, find_law: Callable[[str], Law | None]) -> Iterator[Finding]:
    lesson, file = entry.lesson, entry.files["zh_CN"]
    if edition is None and (lesson.edition or lesson.clauses):
        fault = f"There is no edition “{lesson.edition}”." if lesson.edition else "Clauses of no edition are named."
        line = entry.line("zh_CN", "edition" if lesson.edition else "clauses")
        yield Finding(file, line, "edition-is-known", fault, "Name an edition that is installed.")
    for place, no in enumerate(lesson.clauses if edition else ()):
        if edition is not None and edition.find_clause(no) is None:
            fault, line = f"{edition.number} has no clause “{no}”.", entry.line("zh_CN", "clauses", place)
            yield Finding(file, line, "clause-exists-in-edition", fault, "Name a clause of the edition.")
    for place, law in enumerate(lesson.laws):
        if find_law(law) is None:
            fault, line = f"There is no law and edition “{law}”.", entry.line("zh_CN", "laws", place)
            yield Finding(file, line, "law-is-known", fault, "Name one of the list of laws.")


def _text(body: str, language: str) -> Iterator[tuple[str, int, str, str]]:
    lines = body.splitlines()
    for number, line in enumerate(lines, 1):
        alone = diagrams.FIGURE.match(line) and not "".join(
            lines[max(0, number - 2) : number - 1] + lines[number : number + 1]
        )
        if re.search(r"<[a-zA-Z/!]", line) or re.match(r"# ", line) or ("![" in line and not alone):
            fault = "HTML, a first-level heading or a picture inside a paragraph stands here."
            yield "markdown-is-plain", number, fault, "Write plain Markdown, and a diagram in a paragraph of its own."
    parts = {
        "a situation before the first heading": bool(("\n" + body).split("\n## ", 1)[0].strip()),
        f"{SECTIONS} sections": _sections(body) >= SECTIONS,
        "a table of the audit": any(line.startswith("|") for line in lines),
        "a lecturer's tip (a quotation that ends with a line “> — …”)": any(
            re.match(r"> *—+ ", line) for line in lines
        ),
    }
    for part, there in parts.items():
        if not there:
            yield "lesson-has-its-parts", 1, f"This is missing: {part}.", "Add it."
    length = len(HAN.findall(body)) if language == "zh_CN" else len(body.split())
    low, high = LENGTHS[language]
    if not low <= length <= high:
        fault = f"The text has {length} {UNITS[language]}."
        yield "lesson-has-its-length", 1, fault, f"Write {low:,} to {high:,} {UNITS[language]}."


def _sections(body: str) -> int:
    return len(re.findall(r"^## ", body, re.M))


def _checks(entry: LessonFiles) -> Iterator[Finding]:
    checks, file = entry.lesson.checks, entry.check_file
    if not FEWEST <= len(checks) <= MOST:
        fault = f"The number of questions is {len(checks)}."
        yield Finding(file, entry.check_line(), "self-check-present", fault, f"Write {FEWEST} to {MOST}.")
    for place, check in enumerate(checks):
        if check.id in {one.id for one in checks[:place]}:
            fault, line = f"The id “{check.id}” stands twice.", entry.check_line(place, "id")
            yield Finding(file, line, "self-check-present", fault, "Give each question an id of its own.")
        right = sum(option.right for option in check.options)
        wrong = len(check.options) - right
        if (check.kind == "single" and right != 1) or (check.kind == "multiple" and (right < 2 or wrong < 1)):
            fault = f"“{check.id}” is {check.kind} and has {right} right and {wrong} wrong options."
            line = entry.check_line(place, "options")
            yield Finding(file, line, "one-right-for-single", fault, "Correct the kind or the options.")
        if not 3 <= len(check.options) <= 6:
            fault, line = f"“{check.id}” has {len(check.options)} options.", entry.check_line(place, "options")
            yield Finding(file, line, "options-differ", fault, "Give it three to six options.")
        for number in _repeated(check):
            fault, line = (
                f"An option of “{check.id}” says what another says.",
                entry.check_line(place, "options", number),
            )
            yield Finding(file, line, "options-differ", fault, "Word it differently.")


def _repeated(check: Check) -> Iterator[int]:
    """The places of options that say, in a language, what an option before them says."""
    for place, option in enumerate(check.options):
        before = check.options[:place]
        if any(option.text[one].strip() == other.text[one].strip() for other in before for one in LANGUAGES):
            yield place
