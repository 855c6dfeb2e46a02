"""The files of a practical audit: the example of the README keeps to every rule, and each rule finds what breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.courses.commands import cli
from app.courses.exercises.content import find_exercise
from app.courses.exercises.rules import RULES
from app.courses.exercises.values import content_of, exercise_from, hash_of
from app.courses.rules import RULES as COURSE_RULES
from app.courses.services import check_folder as check_course
from app.courses.services.exercises import check_folder
from tests.courses.samples import CODE
from tests.courses.workshop import EXERCISE, courses_with_practice, exercise_folder

HEAD, PLAN, FINDINGS, REPORT = "exercise.yaml", "tasks/plan.yaml", "tasks/findings.yaml", "tasks/report.yaml"
LEDGER = "documents/02-ledger.zh_CN.md"
BROKEN = [
    (HEAD, "code: lantern-works", "code: lamp", "exercise-code-equals-folder-name"),
    (HEAD, "edition: gbt29490-2013", "edition: gbt29490-1999", "edition-is-known"),
    (HEAD, "reading: 40", "reading: long", "values-from-the-list"),
    (HEAD, "kind: policy", "kind: poem", "values-from-the-list"),
    (HEAD, "id: 02-ledger", "id: 03-ledger", "document-listed-once"),
    (HEAD, "id: 02-ledger", "id: 01-policy", "document-listed-once"),
    (HEAD, "id: 02-ledger", "id: 02_ledger", "names-are-plain"),
    (HEAD, "tasks: [plan, checklist, findings, report]", "tasks: [checklist, plan, findings, report]", "tasks-in-order"),
    (HEAD, "tasks: [plan, checklist, findings, report]", "tasks: [plan, checklist, findings]", "tasks-in-order"),
    (HEAD, "tasks: [plan, checklist, findings, report]", "tasks: [plan, plan, checklist, findings, report]", "tasks-in-order"),
    (HEAD, "assignment:", "order:", "known-fields-only"),
    (HEAD, "documents:", "documents: [", "file-can-be-read"),
    (PLAN, "id: plan", "id: plans", "task-id-equals-file-name"),
    (PLAN, "kind: plan", "kind: dance", "values-from-the-list"),
    (PLAN, 'clauses: ["7.1", "7.2"]', 'clauses: ["7.1", "7.9"]', "clauses-of-the-exercise"),
    (PLAN, "documents: [01-policy]", "documents: [09-nothing]", "documents-named-exist"),
    (PLAN, "- id: meetings", "- id: nobody-audits-himself", "names-are-plain"),
    (PLAN, "rows:", "lines:", "required-fields-present"),
    (FINDINGS, "grade: minor", "grade: small", "values-from-the-list"),
    (FINDINGS, 'also: ["4.2.4"]', 'also: ["4.2.9"]', "clauses-of-the-exercise"),
    (FINDINGS, "documents: [02-ledger]", "documents: [07-ledger]", "documents-named-exist"),
    (FINDINGS, "  - {id: traceable", "  # - {id: traceable", "points-to-compare"),
    (REPORT, "  - id: conclusion", "  - id: scope", "names-are-plain"),
    (LEDGER, "截至", "<b>截至</b>", "document-has-its-length"),
    (LEDGER, "截至", "字" * 2600, "document-has-its-length"),
]  # fmt: skip


def test_the_example_of_the_readme_breaks_no_rule(tmp_path: Path) -> None:
    exercise, findings = check_folder(exercise_folder(tmp_path))
    assert findings == []
    assert exercise is not None
    assert (len(exercise.documents), [task.kind for task in exercise.tasks], exercise.minutes) == (
        2, ["plan", "checklist", "findings", "report"], 240,
    )  # fmt: skip


def test_an_exercise_is_the_same_after_storing(tmp_path: Path) -> None:
    exercise, _findings = check_folder(exercise_folder(tmp_path))
    assert exercise is not None
    again = exercise_from(content_of(exercise))
    assert content_of(again) == content_of(exercise)
    assert hash_of(again) == hash_of(exercise)


@pytest.mark.parametrize(("file", "old", "new", "rule"), BROKEN)
def test_a_broken_file_is_named_with_its_rule(tmp_path: Path, file: str, old: str, new: str, rule: str) -> None:
    folder = exercise_folder(tmp_path)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    _exercise, findings = check_folder(folder)
    assert rule in {one.rule for one in findings}, [str(one) for one in findings]
    assert all(one.file.startswith(f"exercises/{EXERCISE}/") and one.remedy for one in findings)
    assert rule in {*RULES, *COURSE_RULES}


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    folder = exercise_folder(tmp_path)
    (folder / LEDGER).unlink()
    (folder / "documents" / "01-policy.en.md").write_bytes(b"\xff\xfe")
    (folder / REPORT).write_text("x" * 70_000, encoding="utf-8")
    (folder / "tasks" / "extra.yaml").write_text("id: extra", encoding="utf-8")
    rules = [one.rule for one in check_folder(folder)[1]]
    assert rules.count("file-can-be-read") == 3
    assert "tasks-in-order" in rules


def test_too_few_rows_and_parts_are_found(tmp_path: Path) -> None:
    folder = exercise_folder(tmp_path)
    text = (folder / PLAN).read_text(encoding="utf-8")
    start, end = text.index("rows:"), text.index("compare:")
    (folder / PLAN).write_text(text[:start] + "rows: []\n" + text[end:], encoding="utf-8")
    assert "model-answers-the-task" in {one.rule for one in check_folder(folder)[1]}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (f"exercise: {EXERCISE}", "exercise: nowhere", "exercise-is-there"),
        ("practice_minutes: 240", "practice_minutes: 200", "exercise-fits-the-practice"),
        ("count: 4", "count: 0", "quiz-can-be-passed"),
        ("count: 4", "count: 51", "quiz-can-be-passed"),
        ('pass: "0.75"', 'pass: "7"', "quiz-can-be-passed"),
        ("topics: [standard]", "topics: [weather]", "values-from-the-list"),
    ],
)
def test_a_module_is_held_to_its_quiz_and_its_exercise(tmp_path: Path, old: str, new: str, rule: str) -> None:
    root = courses_with_practice(tmp_path)
    assert check_course(root / CODE).findings == []
    path = root / CODE / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert rule in {one.rule for one in check_course(root / CODE).findings}


def test_every_rule_of_exercises_is_tried() -> None:
    elsewhere = {"model-answers-the-task", "exercise-is-there", "exercise-fits-the-practice"}
    assert {rule for *_rest, rule in BROKEN if rule in RULES} | elsewhere == set(RULES)


def test_the_command_checks_exercises_too(tmp_path: Path) -> None:
    from click.testing import CliRunner

    root = courses_with_practice(tmp_path)
    said = CliRunner().invoke(cli, ["check", str(root)])
    assert f"{EXERCISE}: 2 documents, 4 tasks, 240 minutes" in said.output
    (root / "exercises" / EXERCISE / PLAN).unlink()
    broken = CliRunner().invoke(cli, ["check", str(root)])
    assert broken.exit_code == 1 and f"exercises/{EXERCISE}/{PLAN}:1: file-can-be-read" in broken.output


def test_an_exercise_is_found_by_its_code(tmp_path: Path) -> None:
    exercise_folder(tmp_path)
    assert find_exercise(tmp_path, EXERCISE) is not None
    assert find_exercise(tmp_path, "nowhere") is None
