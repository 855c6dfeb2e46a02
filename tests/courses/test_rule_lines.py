"""Every rule of courses and practical audits names file and line of the fault; a rule without a case fails here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.courses.commands import cli
from app.courses.content.files import COURSES, VIDEO_ENDINGS
from app.courses.exercises.rules import RULES as EXERCISE_RULES
from app.courses.rules import RULES as COURSE_RULES
from tests.banks.samples import BANK, item_file
from tests.courses.samples import CODE, FIRST, MODULE
from tests.courses.test_video import REAL
from tests.courses.workshop import EXERCISE, courses_with_practice

FOLDER = f"modules/{MODULE}"
LESSON, ENGLISH = f"{FOLDER}/2013-6.1.2.zh_CN.md", f"{FOLDER}/2013-6.1.2.en.md"
CHECK, MODULE_FILE, COURSE = f"{FOLDER}/2013-6.1.2.check.yaml", f"{FOLDER}/module.yaml", f"{CODE}/course.yaml"
VIDEO, CAPTIONS = f"{FOLDER}/{FIRST}.video.yaml", f"{FOLDER}/{FIRST}.en.vtt"
DIAGRAM, GLOSSARY = "diagrams/plan.en.svg", "glossary.yaml"
WORK = f"exercises/{EXERCISE}"
HEAD, PLAN, LEDGER = f"{WORK}/exercise.yaml", f"{WORK}/tasks/plan.yaml", f"{WORK}/documents/02-ledger.en.md"
TERM = "  - id: {id}\n    zh_CN: {{words: [{zh}], says: 说明。}}\n    en:\n      words:\n        - {en}\n      says: Said.\n"
BODY = (COURSES / LESSON).read_text(encoding="utf-8").split("---\n", 2)[2].splitlines()[0]
"""What breaks a lesson as a whole is told where its text begins."""
SVG = '<svg viewBox="0 0 640 80">\n<text class="ink" x="9" y="40">{}</text>\n</svg>\n'


@dataclass(frozen=True)
class Case:
    """A text of a file that is replaced, and where the fault then stands: a text of the line, in this file or another."""

    file: str
    old: str
    new: str
    at: str
    in_file: str = ""


CASES: Mapping[str, Case] = {
    "file-can-be-read": Case(COURSE, "summary:", "title: again\nsummary:", "title: again"),
    "known-fields-only": Case(LESSON, "minutes: ", "colour: red\nminutes: ", "colour"),
    "required-fields-present": Case(CHECK, "    kind: single\n", "", "id: 2013-6.1.2-a"),
    "values-from-the-list": Case(CHECK, "kind: single", "kind: riddle", "riddle"),
    "both-languages-present": Case(CHECK, "          en: ", "          fr: ", "wrong:"),
    "code-equals-folder-name": Case(COURSE, "code: internal", "code: other", "code: other"),
    "module-is-there": Case(COURSE, f"folder: {MODULE}", "folder: nowhere", "folder: nowhere"),
    "edition-is-known": Case(LESSON, "edition: gbt29490-2013", "edition: gbt29490-1999", "edition: "),
    "law-is-known": Case(LESSON, "laws: [专利法 2020]", "laws:\n  - 专利法 2020\n  - 专利法 1984", "1984"),
    "term-is-one": Case(GLOSSARY, "- second", "- first", "- first"),
    "dates-are-dates": Case(CHECK, 'on: "2026-11-23"', "on: yesterday", "yesterday"),
    "id-equals-file-name": Case(LESSON, "id: 2013-6.1.2", "id: 2013-6.1.9", "id: 2013-6.1.9"),
    "lesson-listed-once": Case(MODULE_FILE, "practice:", "  - 2013-6.1.1   # again\npractice:", "# again"),
    "lesson-is-taken": Case(COURSE, "hours: 8", "hours: 8\n    lessons: [2013-6.1.1]", "  - 2013-6.2", MODULE_FILE),
    "languages-agree": Case(LESSON, "minutes: 1", "minutes: 2", "minutes: ", ENGLISH),
    "clause-exists-in-edition": Case(LESSON, 'clauses: ["6.1.2"]', 'clauses:\n  - "6.1.2"\n  - "6.1.9"', "6.1.9"),
    "lesson-has-its-parts": Case(LESSON, "> —— 讲师提示", "> 讲师提示", BODY),
    "lesson-has-its-length": Case(LESSON, "抽样的来源很要紧", "长" * 900, BODY),
    "markdown-is-plain": Case(LESSON, "抽样的来源很要紧", "<b>抽样</b>的来源", "<b>"),
    "diagram-is-there": Case(LESSON, "\n## 怎么审", "\n![图](nowhere)\n\n## 怎么审", "(nowhere)"),
    "diagram-is-plain": Case(DIAGRAM, '<text class="ink"', '<text class="ink" style="x"', "style"),
    "diagram-text-fits": Case(DIAGRAM, 'x="9"', 'x="639"', 'x="639"'),
    "video-is-there": Case(VIDEO, "seconds: 30", "seconds: 40", "seconds: 40"),
    "captions-cover-the-video": Case(CAPTIONS, "00:30.000", "00:39.000", "00:39.000"),
    "self-check-present": Case(CHECK, "id: 2013-6.1.2-b", "id: 2013-6.1.2-a  # again", "# again"),
    "one-right-for-single": Case(CHECK, "- right:", "- wrong:", "options:"),
    "options-differ": Case(CHECK, "直接判定研发部不符合 6.1.2", "有签到就说明确实培训过，判定符合", "- wrong:"),
    "quiz-can-be-passed": Case(COURSE, "count: 4", "count: 0", "count: 0"),
    "practice-items-exist": Case(MODULE_FILE, "6.1.2-p102", "9.9-99", "9.9-99"),
    "quiz-has-enough-items": Case(COURSE, 'count: 4, pass: "0.75", topics: [standard], groups: ["6"]', 'count: 40, pass: "1"', "count: 40"),
    "minutes-fit-the-hours": Case(COURSE, "hours: 8", "hours: 80", "hours: 80"),
    "exercise-code-equals-folder-name": Case(HEAD, "code: lantern-works", "code: lamp", "code: lamp"),
    "task-id-equals-file-name": Case(PLAN, "id: plan", "id: plans", "id: plans"),
    "names-are-plain": Case(PLAN, "- id: meetings", "- id: nobody-audits-himself  # again", "# again"),
    "document-listed-once": Case(HEAD, "id: 02-ledger", "id: 01-policy  # again", "# again"),
    "document-has-its-length": Case(LEDGER, "As of 2026-10-31.", "As of 2026-10-31.\n\n<b>Bold</b>", "<b>"),
    "tasks-in-order": Case(HEAD, "[plan, checklist, findings, report]", "\n  - checklist\n  - plan\n  - findings\n  - report", "  - plan"),
    "model-answers-the-task": Case(PLAN, "rows:", "rows: []\nrest:", "rows: []"),
    "points-to-compare": Case(PLAN, "  - id: clauses\n    point: ", "  # ", "compare:"),
    "documents-named-exist": Case(PLAN, "documents: [01-policy]", "documents: [01-policy,\n  09-nothing]", "09-nothing"),
    "exercise-is-there": Case(COURSE, f"exercise: {EXERCISE}", "exercise: nowhere", "exercise: nowhere"),
    "exercise-fits-the-practice": Case(COURSE, "practice_minutes: 240", "practice_minutes: 200", "practice_minutes"),
    "clauses-of-the-exercise": Case(PLAN, 'clauses: ["7.1", "7.2"]', 'clauses: ["7.1", "7.9"]', '"7.9"'),
}  # fmt: skip


def world(root: Path) -> Path:
    """A course with all that a rule may hold: a video, a diagram, terms, a quiz, a practical audit."""
    courses_with_practice(root)
    for end in VIDEO_ENDINGS:
        if Path(f"{REAL}{end}").is_file():
            shutil.copy(f"{REAL}{end}", root / FOLDER / f"{FIRST}{end}")
    (root / "diagrams").mkdir()
    for language, words in (("zh_CN", "图"), ("en", "Plan")):
        (root / f"diagrams/plan.{language}.svg").write_text(SVG.format(words), encoding="utf-8")
        path = root / FOLDER / f"{FIRST}.{language}.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\n## ", "\n![alt](plan)\n\n## ", 1), encoding="utf-8")
    terms = TERM.format(id="one", zh="甲", en="first") + TERM.format(id="two", zh="乙", en="second")
    (root / GLOSSARY).write_text(f"terms:\n{terms}", encoding="utf-8")
    return root


def practice(root: Path, module: Path) -> Path:
    """A bank with the practice items that the module names."""
    named = module.read_text(encoding="utf-8").partition("practice:")[2]
    for name in (part.strip() for line in named.splitlines() for part in line.partition("[")[2].rstrip("]").split(",")):
        if name:
            path = root / "bank" / f"{name.rsplit('-', 1)[0]}-part" / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(item_file(name, pool="pool: practice"), encoding="utf-8")
    (root / "bank" / "bank.yaml").write_text(BANK, encoding="utf-8")
    return root / "bank"


def check(root: Path, bank: Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", str(root), "--banks", str(bank)])
    return result.exit_code, result.output


def test_the_world_of_these_tests_breaks_no_rule(tmp_path: Path) -> None:
    root = world(tmp_path)
    code, output = check(root, practice(root, root / MODULE_FILE))
    assert code == 0, output


@pytest.mark.parametrize("rule", [*COURSE_RULES, *EXERCISE_RULES])
def test_a_broken_rule_is_named_with_file_and_line(tmp_path: Path, rule: str) -> None:
    case, root = CASES[rule], world(tmp_path)
    bank = practice(root, root / MODULE_FILE)
    path = root / case.file
    text = path.read_text(encoding="utf-8")
    assert case.old in text
    path.write_text(text.replace(case.old, case.new, 1), encoding="utf-8")
    file = case.in_file or case.file
    lines = (root / file).read_text(encoding="utf-8").splitlines(keepends=True)
    expected = {number for number, line in enumerate(lines, 1) if case.at in line}
    _code, output = check(root, bank)
    found = [line for line in output.splitlines() if f": {rule}: " in line]
    told = {int(line.split(":")[1]) for line in found if line.startswith(f"{file}:")}
    assert told & expected, (expected, found)


def test_no_rule_is_tried_that_is_none() -> None:
    assert set(CASES) == {*COURSE_RULES, *EXERCISE_RULES}
