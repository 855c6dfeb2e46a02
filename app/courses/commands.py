"""Commands of the courses 课程: flask courses check | load | rules, and of all content: flask content due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.banks import content as bank_files
from app.banks.findings import Finding
from app.courses import content, services
from app.courses.due import REASONS
from app.courses.exercises.content import find_exercises
from app.courses.exercises.rules import RULES as EXERCISE_RULES
from app.courses.rules import RULES
from app.courses.services import exercises
from app.store import writing

cli = AppGroup("courses", help="Courses: check the files, load them.")
content_cli = AppGroup("content", help="Content as a whole, items and lessons: what is due for review.")
groups = (cli, content_cli)

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@cli.command("check")
@click.argument("path", type=_FOLDER, default=content.COURSES)
@click.option("--banks", type=_FOLDER, default=bank_files.BANKS, help="The folder of the banks that quizzes draw on.")
def check(path: Path, banks: Path) -> None:
    """Hold the courses, modules and practical audits under PATH to the rules; exit 1 if one is broken.

    For one course name its folder; what no course takes is told only for the folder of all courses.
    """
    folders = content.find_courses(path)
    if not folders:
        raise click.ClickException(
            f"There is no course.yaml in {path} or in a folder of it. Name the folder of a course."
        )
    whole = not (path / "course.yaml").is_file()
    shelf = content.Shelf((path if whole else path.resolve().parent).resolve())
    items = bank_files.items_under(banks)
    found = {*content.check_shelf(path), *_check_exercises(path)} if whole else set()
    for folder in folders:
        report = services.check_folder(folder, shelf, items)
        _print_counts(folder.name, report)
        found.update(report.findings)
    for finding in sorted(found):
        click.echo(str(finding))
    click.echo("No finding." if not found else f"{len(found)} findings.")
    if found:
        raise SystemExit(1)


@cli.command("load")
@click.argument("path", type=_FOLDER, default=content.COURSES)
def load(path: Path) -> None:
    """Load every course and practical audit under PATH; where one breaks a rule, nothing is taken of any."""
    shelves: dict[Path, content.Shelf] = {}
    try:
        with writing():
            courses = [
                services.load_course(folder, shelves.setdefault(root, content.Shelf(root)))
                for folder in content.find_courses(path)
                for root in [folder.resolve().parent]
            ]
            audits = exercises.load_exercises(path)
    except (services.BrokenCourse, exercises.BrokenExercise) as refusal:
        for finding in refusal.findings:
            click.echo(str(finding), err=True)
        name = refusal.parameters.get("course") or "practical audits"
        raise click.ClickException(f"{name}: nothing was loaded, {len(refusal.findings)} findings.") from None
    for course in courses:
        click.echo(f"{course.course}: {course.lessons} lessons, {'a new version' if course.new else 'unchanged'}")
    for audit in audits:
        click.echo(f"{audit.exercise}: {audit.tasks} tasks, {'a new version' if audit.new else 'unchanged'}")


@cli.command("rules")
def rules() -> None:
    """Print the rules, each with its name."""
    for name, sentence in {**RULES, **EXERCISE_RULES}.items():
        click.echo(f"{name}: {sentence}")


@content_cli.command("due")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the review; today if not given.")
@click.option("--days", type=click.IntRange(0, 3650), default=90, show_default=True, help="How far to look ahead.")
@click.option("--banks", type=_FOLDER, default=bank_files.BANKS, help="The folder of the banks.")
@click.option("--courses", type=_FOLDER, default=content.COURSES, help="The folder of the courses.")
def due(on: datetime | None, days: int, banks: Path, courses: Path) -> None:
    """List the items and lessons that are due for review, the most urgent first, each with day, file and reason."""
    day = on.date() if on else clock.today()
    found = services.due_content(day, days, banks=banks, courses=courses)
    for one in found:
        click.echo(str(one))
    for reason, sentence in REASONS.items():
        count = sum(one.reason == reason for one in found)
        if count:
            click.echo(f"{reason}: {count}. {sentence}")
    click.echo(f"{len({one.file for one in found})} files are due by {day + timedelta(days=days)}.")


def _check_exercises(path: Path) -> Iterator[Finding]:
    """The findings on every practical audit beside the courses, after a line on each."""
    for folder in find_exercises(path):
        exercise, findings = exercises.check_folder(folder)
        documents, tasks = (len(exercise.documents), len(exercise.tasks)) if exercise else (0, 0)
        minutes = exercise.minutes if exercise else 0
        click.echo(f"{folder.name}: {documents} documents, {tasks} tasks, {minutes} minutes")
        yield from findings


def _print_counts(name: str, report: services.Report) -> None:
    course, lessons = report.folder.course, [entry.lesson for entry in report.folder.lessons]
    modules = len(course.modules) if course else 0
    checks, minutes = sum(len(one.checks) for one in lessons), sum(one.minutes for one in lessons)
    click.echo(f"{name}: {modules} modules, {len(lessons)} lessons, {checks} self-check questions, {minutes} minutes")
