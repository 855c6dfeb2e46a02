"""Loading a course: as a version, once, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.courses import services
from app.courses.models import CourseVersion, LessonRow
from app.ledger.models import Entry
from app.store import db, writing
from tests.courses.samples import CODE, SHORT, base, change, course_folder, learner, short_course

LESSON = "modules/a4-resources/2013-6.1.2.zh_CN.md"


@pytest.fixture
def folder(db_app: Flask, tmp_path: Path) -> Path:
    return course_folder(tmp_path)


def load(folder: Path) -> services.Loaded:
    with writing():
        return services.load_course(folder)


def current() -> list[str]:
    return list(db.session.scalars(select(CourseVersion.digest).where(CourseVersion.current)))


def test_the_same_files_are_loaded_once(folder: Path) -> None:
    assert load(folder) == services.Loaded(CODE, 7, new=True)
    assert load(folder) == services.Loaded(CODE, 7, new=False)
    assert db.session.scalar(select(func.count()).select_from(LessonRow)) == 7
    assert [entry.subject for entry in db.session.scalars(select(Entry))] == [f"course:{CODE}"]


def test_a_change_makes_a_version_and_keeps_the_older_one(folder: Path) -> None:
    load(folder)
    before = current()
    change(folder, LESSON, "title: 教育与培训", "title: 培训与教育")
    assert load(folder).new
    assert len(current()) == 1
    assert current() != before
    assert db.session.scalar(select(func.count()).select_from(CourseVersion)) == 2
    titles = db.session.scalars(select(LessonRow).where(LessonRow.code == "2013-6.1.2").order_by(LessonRow.id))
    assert [row.content["title"]["zh_CN"] for row in titles] == ["教育与培训", "培训与教育"]


def test_going_back_to_older_files_makes_the_older_version_current(folder: Path) -> None:
    load(folder)
    before = current()
    change(folder, LESSON, "title: 教育与培训", "title: 培训与教育")
    load(folder)
    change(folder, LESSON, "title: 培训与教育", "title: 教育与培训")
    load(folder)
    assert current() == before
    assert db.session.scalar(select(func.count()).select_from(CourseVersion)) == 2


def test_nothing_of_a_broken_course_takes_effect(folder: Path) -> None:
    load(folder)
    before = current()
    change(folder, LESSON, "minutes: 14", "minutes: 60")
    with pytest.raises(services.BrokenCourse) as caught:
        load(folder)
    assert {finding.rule for finding in caught.value.findings} == {"languages-agree", "minutes-fit-the-hours"}
    assert current() == before
    assert db.session.scalar(select(func.count()).select_from(CourseVersion)) == 1


def test_a_course_takes_over_the_programmes_of_its_former_code(folder: Path) -> None:
    person = learner(base(), course="internal-auditor-2013")
    with writing():
        db.session.add(CourseVersion(code="internal-auditor-2013", digest="d", content={}, loaded_at=clock.now()))
    assert load(folder).new
    (taken,) = services.my_courses(person.person_id)
    assert (taken.code, taken.outline.total) == (CODE, 7)
    assert services.get_course(person.person_id, "internal-auditor-2013").code == CODE
    assert len(current()) == 1


def test_courses_share_their_lessons(folder: Path) -> None:
    short_course(folder.parent)
    with writing():
        loaded = services.load_courses(folder.parent)
    assert [(one.course, one.lessons) for one in loaded] == [(CODE, 7), (SHORT, 4)]
    hashes = db.session.scalars(select(LessonRow.hash).where(LessonRow.code == "2013-6.1.2")).all()
    assert len(hashes) == 2 and len(set(hashes)) == 1
    with writing():
        assert not any(one.new for one in services.load_courses(folder.parent))


def test_the_commands_check_and_load(folder: Path, db_app: Flask) -> None:
    run = db_app.test_cli_runner()
    good = run.invoke(args=["courses", "check", str(folder)])
    assert good.exit_code == 0, good.output
    assert "7 lessons, 14 self-check questions" in good.output
    assert "a new version" in run.invoke(args=["courses", "load", str(folder)]).output
    assert "unchanged" in run.invoke(args=["courses", "load", str(folder)]).output
    change(folder, LESSON, "id: 2013-6.1.2", "id: 2013-6.1.3")
    bad = run.invoke(args=["courses", "check", str(folder)])
    assert bad.exit_code == 1
    assert "a4-resources/2013-6.1.2.zh_CN.md:2: id-equals-file-name: " in bad.output
    refused = run.invoke(args=["courses", "load", str(folder)])
    assert refused.exit_code == 1
    assert "nothing was loaded" in refused.output
    assert run.invoke(args=["courses", "check", str(folder.parent / "modules")]).exit_code == 1
