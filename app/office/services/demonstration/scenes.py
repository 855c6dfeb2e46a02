"""Scenes of the demonstration 演示: opening a class, studying, sitting, marking, deciding."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select

from app import clock
from app.accounts.services import people
from app.banks import services as banks
from app.certificates.models import Certificate
from app.certificates.services import status
from app.cohorts import services as cohorts
from app.cohorts.content import presets
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses.lessons import Lesson, hash_of
from app.courses.models import LessonProgress, StudyVisit
from app.courses.services.contents import find_contents
from app.exams import services as exams
from app.exams.models import Sitting
from app.exams.services import arrange
from app.exams.signs import Sign
from app.jobs import services as jobs
from app.marking import services as marking
from app.marking.models import Script
from app.office.services.demonstration.answers import answer
from app.office.services.demonstration.cast import PASSWORD, Trainee
from app.store import db, writing

NOW, THEN, TRAINEES = "internal-auditor-2023", "internal-auditor-2013", "auditor-trainee-2023"
"""Presets: of the classes of today, of a class held before the edition changed, of the auditor trainees."""


LONGEST = 12
"""Days in which somebody who finished the course went through it."""


@dataclass
class Stage:
    """The base, its staff by role, its people by account, the running class and the programmes by preset."""

    base: int
    staff: dict[str, int]
    people: dict[str, int] = field(default_factory=dict)
    cohort: int = 0
    programmes: dict[str, int] = field(default_factory=dict)


def programme(stage: Stage, preset: str) -> int:
    """The programme of a preset, made at its first use."""
    if preset not in stage.programmes:
        one = presets()[preset]
        stage.programmes[preset] = cohorts.add_programme(
            base_id=stage.base,
            code=one.code,
            kind=one.kind,
            title_zh=one.title["zh_CN"],
            title_en=one.title["en"],
            edition=one.edition,
            course=one.course,
            bank=one.bank,
            specification=one.specification,
            hours=one.hours,
            hours_required=one.hours,
            validity_months=one.validity_months,
            attempts=one.attempts,
            by=stage.staff["base-administrator"],
        )
    return stage.programmes[preset]


def open_class(stage: Stage, now: datetime, cast: Sequence[Trainee]) -> None:
    """The running class with its teacher and its thirty people."""
    with writing():
        start, end = (now - timedelta(days=35)).date(), (now + timedelta(days=30)).date()
        zh, en = "2026 年第 3 期内审员班", "Internal auditors, class 3 of 2026"
        stage.cohort = _cohort(stage, "2026-03", NOW, zh, en, start, end)
        for one in cast:
            _enrol(stage, stage.cohort, one, f"2026-03-{100 + one.number:04}")


def small_class(stage: Stage, code: str, preset: str, zh: str, en: str, then: datetime, one: Trainee) -> int:
    """A former class, of which one person is told about."""
    with writing():
        cohort = _cohort(stage, code, preset, zh, en, (then - timedelta(days=20)).date(), then.date())
        _enrol(stage, cohort, one, f"{code}-0101")
    return cohort


def mixed_class(stage: Stage, now: datetime, cast: Sequence[Trainee]) -> int:
    """A class of self-study and live sessions."""
    with writing():
        start, end = (now - timedelta(days=16)).date(), (now + timedelta(days=40)).date()
        zh, en = "2026 年第 4 期内审员班（面授与自学）", "Internal auditors, class 4 of 2026 (live and self-study)"
        cohort = _cohort(stage, "2026-04", NOW, zh, en, start, end)
        for one in cast:
            _enrol(stage, cohort, one, f"2026-04-{100 + one.number:04}")
    return cohort


def _cohort(stage: Stage, code: str, preset: str, zh: str, en: str, start: date, end: date) -> int:
    by = stage.staff["base-administrator"]
    made = cohorts.open_cohort(
        programme_id=programme(stage, preset), code=code, title_zh=zh, title_en=en, starts_on=start, ends_on=end, by=by
    )
    cohorts.appoint_teacher(cohort_id=made, person_id=stage.staff["teacher"], by=by)
    return made


def _enrol(stage: Stage, cohort: int, one: Trainee, number: str) -> None:
    by = stage.staff["base-administrator"]
    stage.people[one.account] = people.add_person(
        account=one.account,
        name=one.name,
        name_latin=one.latin,
        password=PASSWORD,
        identity_kind="resident",
        identity_masked=one.identity_masked,
        by=by,
    )
    cohorts.enrol(cohort_id=cohort, person_id=stage.people[one.account], number=number, employer=one.employer, by=by)


def study(stage: Stage, now: datetime, cast: Sequence[Trainee], dice: random.Random, cohort: int | None = None) -> None:
    """Lessons opened and done, with the study time that belongs to them."""
    course = db.session.scalars(
        select(Programme.course)
        .join(Cohort, Cohort.programme_id == Programme.id)
        .where(Cohort.id == (cohort or stage.cohort))
    ).one()
    contents = find_contents(course)
    assert contents is not None, "the course is loaded before the demonstration is made"
    lessons = contents.lessons
    for one in cast:
        share = {"new": 0.0, "part": dice.uniform(0.15, 0.9)}.get(one.fate, 1.0)
        done = lessons[: round(len(lessons) * share)]
        pace = min(20.0, LONGEST * 24 / max(1, len(done)))
        last = now - timedelta(days=dice.choice((1, 2, 3, 9, 12)) if one.fate == "part" else dice.choice((11, 12, 15)))
        with writing():
            enrolment = db.session.scalars(
                select(Enrolment).where(
                    Enrolment.person_id == stage.people[one.account], Enrolment.cohort_id == (cohort or stage.cohort)
                )
            ).one()
            for place, lesson in enumerate(done):
                at = last - timedelta(hours=pace * (len(done) - place - 1))
                _lesson(enrolment, lesson, at, dice, finished=share == 1.0 or place < len(done) - 1)


def _lesson(enrolment: Enrolment, lesson: Lesson, at: datetime, dice: random.Random, *, finished: bool) -> None:
    seconds = round(lesson.minutes * 60 * dice.uniform(1.2, 1.5))
    db.session.add(
        LessonProgress(
            base_id=enrolment.base_id,
            enrolment_id=enrolment.id,
            lesson=lesson.id,
            hash=hash_of(lesson),
            checks={},
            opened_at=at,
            seen_at=at + timedelta(seconds=seconds),
            completed_at=at + timedelta(seconds=seconds) if finished else None,
        )
    )
    db.session.add(
        StudyVisit(
            base_id=enrolment.base_id,
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            kind="lesson",
            about=lesson.id,
            visit=f"demo{secrets.token_hex(8)}",
            started_at=at,
            last_at=at + timedelta(seconds=seconds),
            counted=seconds,
            idle=dice.choice((0, 0, 0, 240, 700)),
        )
    )


def announce(stage: Stage, cohort: int, zh: str, en: str, begin: datetime, *, hours: int) -> str:
    """A session of a class; returns its reference."""
    with writing():
        of = cohorts.get_programme(cohorts.get_cohort(cohort).programme_id)
        made = exams.create_session(
            key=secrets.token_hex(16),
            cohort_id=cohort,
            specification=of.specification,
            title_zh=zh,
            title_en=en,
            opens_at=begin,
            closes_at=begin + timedelta(hours=hours),
            by=stage.staff["exam-officer"],
        )
        exams.complete_list(made)
        arrange.set_invigilators(made.ref, [stage.staff["invigilator"]], by=stage.staff["exam-officer"])
        return made.ref


def sit(
    session: str, person: int, ability: float, at: datetime, dice: random.Random, *, until: int | None = None
) -> None:
    """Sit an exam at `at`; with `until` only so many questions are answered and nothing is handed in."""
    with clock.frozen(at - timedelta(minutes=5)), writing():
        ref = exams.prepare_sitting(session, person).ref
    with clock.frozen(at), writing():
        exams.open_sitting(ref, person, "zh_CN")
    with clock.frozen(at + timedelta(minutes=20)):
        sitting = db.session.scalars(select(Sitting).where(Sitting.ref == ref)).one()
        form = sitting.form[:until]
        items = banks.get_item_versions(row["version"] for row in form)
        values = {row["slot"]: answer(items[row["version"]], row["options"], ability, dice) for row in form}
        exams.record_form(ref, person, 1, values)
    if until is not None:
        _noticed(ref, person, at + timedelta(minutes=20))
    if until is None:
        with clock.frozen(at + timedelta(minutes=dice.randrange(45, 85))), writing():
            marking.hand_in(ref, "candidate", clock.now(), person_id=person)


def mark_everything(stage: Stage, at: datetime, dice: random.Random, *, leave: set[int] | None = None) -> None:
    """The marker gives what the answers deserve; the people of `leave` stay unmarked."""
    marker = stage.staff["marker"]
    scripts = db.session.execute(
        select(Script.ref, Script.person_id).where(Script.state == "waiting").order_by(Script.id)
    ).all()
    for number, (ref, person) in enumerate(scripts):
        if person in (leave or set()):
            continue
        with clock.frozen(at + timedelta(minutes=2 * number)), writing():
            shown = marking.get_script(ref, marker)
            good = len(str(shown.response)) > 120
            share = {True: (Fraction(1), Fraction(3, 4)), False: (Fraction(1, 4), Fraction(0))}[good]
            given = {
                one.name: (one.proposed if one.proposed is not None else dice.choice(share)) for one in shown.fields
            }
            marking.mark(ref, marker, given, "")


def decide(stage: Stage, candidates: set[int], at: datetime) -> None:
    """The decision maker certifies these people; the worker's jobs are done at the same moment."""
    decider = stage.staff["decision-maker"]
    with clock.frozen(at):
        for number in range(1, 10):
            rows, page = marking.list_candidacies(decider, page=number)
            for found in [row for row in rows if row.person.id in candidates]:
                ref, version = found.ref, found.result.version
                with writing():
                    marking.decide(ref, version=version, certify=True, reason="符合全部要求。", by=decider)
            if page.page >= page.pages:
                break
        jobs.run_everything_due()


def change_certificate(stage: Stage, person: int, fate: str, at: datetime) -> None:
    """Suspend or withdraw the certificate of a person."""
    with clock.frozen(at):
        row = db.session.scalars(select(Certificate).where(Certificate.person_id == person)).one()
        certificate_id, by = row.id, stage.staff["decision-maker"]
        with writing():
            if fate == "suspended":
                note = "持证人申请暂停使用，核实中。"
                status.change(certificate_id, "suspend", reason="holder-request", note=note, by=by)
            else:
                status.change(certificate_id, "withdraw", reason="issued-in-error", note="报名材料不实。", by=by)


def _noticed(ref: str, person: int, at: datetime) -> None:
    """The page of a running sitting was left three times, which a person has to look at."""
    left = [Sign(no, "left", no + 1, 8000 * no, int(at.timestamp() * 1000)) for no in (1, 2, 3)]
    with clock.frozen(at), writing():
        exams.take_pulse(ref, person, exams.Pulse("0" * 32, 4, hidden=False, seen_no=0, signs=left))
