"""A course to break: the real files in a folder of their own, and a learner who takes it."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.accounts.services import people
from app.cohorts import services as cohorts
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses import content
from app.store import db, writing

CODE, MODULE, SHORT = "internal-auditor", "a4-resources", "internal-auditor-short"
FIRST, SECOND, LAST = "2013-6.1.1", "2013-6.1.2", "2013-6.4"


def course_folder(place: Path) -> Path:
    """One real module of the real course, copied to where it may be changed: more lessons must not move these tests."""
    shutil.copytree(content.COURSES / "modules" / MODULE, place / "modules" / MODULE)
    return _one_module(place, CODE)


def short_course(place: Path) -> Path:
    """The real short course with a part of the same module, beside the course of `course_folder`."""
    return _one_module(place, SHORT)


def _one_module(place: Path, code: str) -> Path:
    real, copy = content.COURSES / code, place / code
    copy.mkdir()
    head, *modules = re.split(r"(?m)^(?=  - folder: )", (real / "course.yaml").read_text(encoding="utf-8"))
    (kept,) = [module for module in modules if f"folder: {MODULE}\n" in module]
    (copy / "course.yaml").write_text(head + kept, encoding="utf-8")
    return copy


@cache
def courses_folder() -> Path:
    """A folder of courses with that course and the short one, for tests that change nothing in it."""
    place = Path(tempfile.mkdtemp(prefix="courses-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    course_folder(place)
    short_course(place)
    return place


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text in a file of the course or of the module it shares; the text must stand there."""
    path = folder.parent / file if (folder.parent / file).is_file() else folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@dataclass(frozen=True)
class Learner:
    """A person with an enrolment."""

    person_id: int
    enrolment_id: int


def base(number: int = 1) -> int:
    """A training base."""
    with writing():
        return people.add_base(
            code=f"B{number}", name_zh="云溪培训中心", name_en="Yunxi", credit_code=f"9132050000000000{number:02}",
            region="", signer_zh="", signer_en="", by=None,
        )  # fmt: skip


def learner(base_id: int, *, account: str = "learner", course: str = CODE, minutes: int = 45) -> Learner:
    """A person enrolled in a class of a programme with this course."""
    with writing():
        person_id = people.add_person(account=account, name="学员", password=None)
        enrolment = _enrol(person_id, base_id, account, course, minutes)
    return Learner(person_id, enrolment)


def also(person: Learner, course: str) -> int:
    """The enrolment of the same person in a class of another course, at the same base."""
    with writing():
        base_id = db.session.get_one(Enrolment, person.enrolment_id).base_id
        return _enrol(person.person_id, base_id, course, course, 45)


def _enrol(person_id: int, base_id: int, code: str, course: str, minutes: int) -> int:
    programme = Programme(
        base_id=base_id, code=code, kind="internal-auditor", title_zh="内审员", title_en="Internal auditor",
        edition="gbt29490-2013", course=course, bank="b", specification="s", hours=32,
    )  # fmt: skip
    db.session.add(programme)
    db.session.flush()
    cohort = Cohort(
        base_id=base_id, programme_id=programme.id, code=code, title_zh="一期", title_en="First",
        starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 20), hour_minutes=minutes,
    )  # fmt: skip
    db.session.add(cohort)
    db.session.flush()
    return cohorts.enrol(
        cohort_id=cohort.id, person_id=person_id, number=f"{cohort.id}-{base_id}-{person_id}", employer="", by=None
    )
