"""Loading a course 课程导入: its files become a version, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from app import clock
from app.banks.findings import Finding
from app.banks.items import Item
from app.cohorts.models import Programme
from app.courses import content
from app.courses.exercises.content import find_exercise
from app.courses.exercises.rules import check_modules
from app.courses.lessons import Course, content_of, hash_of
from app.courses.models import CourseVersion, LessonRow
from app.courses.rules import check_course, check_practice
from app.files.services import put
from app.ledger.services import record
from app.refusals import N_, Refusal
from app.standards.editions import find_edition, find_law
from app.store import db


class BrokenCourse(Refusal):
    """The files break rules; nothing of them was taken."""

    message = N_("The course %(course)s was not loaded: its files break %(count)s rules. %(first)s")
    kept = N_("The course stays as it was before.")
    todo = N_("Run “flask courses check”, correct the files named there and load again.")

    def __init__(self, course: str, findings: list[Finding]) -> None:
        super().__init__(course=course, count=len(findings), first=str(findings[0]))
        self.findings = findings


@dataclass(frozen=True)
class Report:
    """What a course's folder holds, and every finding on it."""

    folder: content.CourseFolder
    findings: list[Finding]


@dataclass(frozen=True)
class Loaded:
    """What a load did: `new` is False where the current version has the same files."""

    course: str
    lessons: int
    new: bool


def check_folder(folder: Path, shelf: content.Shelf | None = None, items: Mapping[str, Item] | None = None) -> Report:
    """Read a course with the modules it takes and hold it to every rule. A shelf reads shared files once.

    `items` are those of all banks, by id; without them the practice items that modules name are not looked up, as
    when a course is loaded: a quiz whose items are not in the database yet is not asked for.
    """
    shelf = shelf or content.Shelf(folder.resolve().parent)
    read = content.read_folder(folder, shelf)
    findings = set(read.findings)
    if read.course is not None:
        findings.update(check_course(read.course, read.lessons, find_edition, find_law, read.root))
        named = {module.exercise for module in read.course.modules if module.exercise}
        findings.update(_check_items(read.course, shelf, items) if items is not None else ())
        exercises = {one: find_exercise(folder.resolve().parent, one) for one in named}
        findings.update(check_modules(read.course, exercises, read.root))
    return Report(read, sorted(findings))


def _check_items(course: Course, shelf: content.Shelf, items: Mapping[str, Item]) -> Iterator[Finding]:
    for folder in dict.fromkeys(module.folder for module in course.modules):
        module, _findings = shelf.module(folder)
        named = {one.id: one.line for listed in module.practice.values() for one in listed} if module else {}
        yield from check_practice(f"{content.MODULES}/{folder}/module.yaml", named, items)


def load_courses(root: Path = content.COURSES, *, actor_id: int | None = None) -> list[Loaded]:
    """Load every course under the root. Raises BrokenCourse, and then nothing of that load took effect."""
    shelf = content.Shelf(root.resolve())
    return [load_course(folder, shelf, actor_id=actor_id) for folder in content.find_courses(root)]


def load_course(folder: Path, shelf: content.Shelf | None = None, *, actor_id: int | None = None) -> Loaded:
    """Make the files of a folder the current version of their course; the same files again change nothing.

    Versions are never changed: what somebody once studied can be read again. Programmes of a former code of the course
    take it from now on. Raises BrokenCourse.
    """
    folder = folder.resolve()
    shelf = shelf or content.Shelf(folder.parent)
    digest = content.digest_of(folder, shelf)
    current = db.session.scalar(select(CourseVersion).where(CourseVersion.code == folder.name, CourseVersion.current))
    if current is not None and current.digest == digest:
        return Loaded(current.code, sum(len(one["lessons"]) for one in current.content["modules"]), new=False)
    report = check_folder(folder, shelf)
    if report.findings or report.folder.course is None:
        raise BrokenCourse(folder.name, report.findings)
    code = report.folder.course.code
    known = db.session.scalar(select(CourseVersion).where(CourseVersion.code == code, CourseVersion.digest == digest))
    db.session.execute(update(CourseVersion).where(CourseVersion.code == code).values(current=False))
    if known is not None:
        known.current = True
    else:
        _store(report.folder)
    for former in report.folder.course.former:
        db.session.execute(update(Programme).where(Programme.course == former).values(course=code))
        db.session.execute(update(CourseVersion).where(CourseVersion.code == former).values(current=False))
    facts = {"digest": digest, "lessons": len(report.folder.lessons)}
    record(kind="course.loaded", base_id=None, actor_id=actor_id, subject=f"course:{code}", facts=facts)
    return Loaded(code, len(report.folder.lessons), new=True)


def _store(folder: content.CourseFolder) -> None:
    course = folder.course
    assert course is not None
    version = CourseVersion(
        code=course.code,
        digest=folder.digest,
        content=content_of(course),
        loaded_at=clock.now(),
    )
    db.session.add(version)
    db.session.flush()
    for entry in folder.lessons:
        lesson = entry.lesson
        for data in entry.video.media.values() if entry.video else ():
            put(data)
        db.session.add(
            LessonRow(version_id=version.id, code=lesson.id, hash=hash_of(lesson), content=content_of(lesson))
        )
    db.session.flush()
