"""A course whose module has a quiz and a practical audit: the exercise of the README, a bank with practice items."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select, update

from app.banks import services as banks
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses import content, services
from app.courses.services import exercises
from app.store import db, writing
from tests.banks.samples import bank_folder, item_file, said
from tests.courses.samples import CODE, FIRST, MODULE, Learner, base, course_folder, learner

EXERCISE, BANK, A4 = "lantern-works", "trial", "A4"
TASKS = ("plan", "checklist", "findings", "report")
QUIZ = '    quiz: {count: 4, pass: "0.75", topics: [standard], groups: ["6"]}\n'
RIGHT = "{zh_CN: 正是如此。, en: Just so.}"
README = content.COURSES / "exercises" / "README.md"
_POLICY = {"zh_CN": "知识产权方针：创新、保护、运用。", "en": "IP policy: create, protect, use."}
_LEDGER = {
    "zh_CN": "截至 2026-10-31。\n\n| 编号 | 缴费至 |\n|---|---|\n| P-02 | 2025-06-18 |\n",
    "en": "As of 2026-10-31.\n\n| No. | Paid until |\n|---|---|\n| P-02 | 2025-06-18 |\n",
}


def exercise_folder(root: Path) -> Path:
    """The example of the README as files, in the folder of exercises under the root."""
    folder = root / "exercises" / EXERCISE
    (folder / "documents").mkdir(parents=True)
    (folder / "tasks").mkdir()
    head, *tasks = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    (folder / "exercise.yaml").write_text(head, encoding="utf-8")
    for name, text in zip(TASKS, tasks, strict=True):
        (folder / "tasks" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, texts in (("01-policy", _POLICY), ("02-ledger", _LEDGER)):
        for language, text in texts.items():
            (folder / "documents" / f"{name}.{language}.md").write_text(text, encoding="utf-8")
    return folder


def courses_with_practice(root: Path, named: str = "") -> Path:
    """A folder of courses: one module of the real course, with a quiz and the exercise.

    `named` are practice items that the module names for its first lesson; then the quiz asks two of them.
    """
    folder = course_folder(root)
    exercise_folder(root)
    path = folder / "course.yaml"
    text = path.read_text(encoding="utf-8")
    quiz = '    quiz: {count: 2, pass: "0.5"}\n' if named else QUIZ
    more = f"hours: 8\n    practice_minutes: 240\n    exercise: {EXERCISE}\n{quiz}"
    changed, count = re.subn(r"hours: 2\n    quiz: .*\n", more, text, count=1)
    assert count == 1
    path.write_text(changed, encoding="utf-8")
    if named:
        module = root / "modules" / MODULE / "module.yaml"
        head = module.read_text(encoding="utf-8").partition("practice:\n")[0]
        module.write_text(f"{head}practice:\n  {FIRST}: [{named}]\n", encoding="utf-8")
    return root


def practice_bank(root: Path, count: int = 6) -> Path:
    """A bank with so many practice items on chapter 6 that a quiz may draw, and others that it may not."""
    items = {f"6.1.1-{n:02}": _told(item_file(f"6.1.1-{n:02}", pool="pool: practice")) for n in range(1, count + 1)}
    items["6.1.1-90"] = item_file("6.1.1-90")  # the exam's
    items["6.1.1-91"] = item_file("6.1.1-91", pool="pool: practice", status="status: draft")
    items["7.2-01"] = item_file("7.2-01", pool="pool: practice")  # another chapter
    items["5.2-01"], items["5.2-02"] = item_file("5.2-01"), item_file("5.2-02")
    items["6.1.2-01"] = item_file(
        "6.1.2-01", pool="pool: practice", kind="kind: judge", options="answer: correct", stem=f"stem: {said('j', 14)}"
    )
    return bank_folder(root, items)


def _told(text: str) -> str:
    """An item whose right option says why it is right."""
    return text.replace("\n  - wrong", f"\n    because: {RIGHT}\n  - wrong", 1)


def workshop(root: Path, *, items: int = 6, account: str = "learner", named: str = "") -> Learner:
    """Everything loaded, and a person enrolled in a class of it."""
    (root / "courses").mkdir()
    with writing():
        services.load_courses(courses_with_practice(root / "courses", named))
        exercises.load_exercises(root / "courses")
        banks.load_bank(practice_bank(root, items))
    return join(base(), account)


def join(base_id: int, account: str) -> Learner:
    """A further person, in a class of its own whose programme draws on the bank."""
    person = learner(base_id, account=account)
    with writing():
        db.session.execute(update(Programme).where(Programme.code == account).values(bank=BANK, course=CODE))
    return person


def cohort_of(person: Learner) -> int:
    """The class of a person."""
    found = db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == person.enrolment_id))
    assert found is not None
    return found


def base_of(person: Learner) -> int:
    """The training base of a person's class."""
    found = db.session.scalar(select(Cohort.base_id).where(Cohort.id == cohort_of(person)))
    assert found is not None
    return found
