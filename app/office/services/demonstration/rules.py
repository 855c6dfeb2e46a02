"""A class of the demonstration 演示 with study rules: live sessions, an order of modules, a practical audit, an exception."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import select

from app import clock
from app.cohorts import services as cohorts
from app.cohorts.models import Cohort, Enrolment, Programme
from app.cohorts.services import Mark
from app.cohorts.study_rules import Rules
from app.courses.exercises import answers
from app.courses.services import exercises
from app.courses.services.contents import find_contents
from app.office.services.demonstration import scenes
from app.office.services.demonstration.cast import RULED, Trainee
from app.store import db, writing

SESSIONS = (
    ("首次面授：标准与条款", "First session: the standard and its clauses", 9, 135),
    ("第二次面授：审核实务", "Second session: auditing in practice", 4, 135),
    ("第三次面授：案例讨论", "Third session: discussion of cases", -6, 90),
)
"""Title in both languages, how many days ago (negative: ahead), minutes."""

ATTENDED = {"guize": (135, 90), "guize02": (135, 135), "guize03": (0, 135)}
"""Minutes of the sessions that are over, by account; 0 for excused."""


def class_with_rules(stage: scenes.Stage, now: datetime) -> None:
    """The class, what its three people did so far, and an exam that is open to those who met the rules.

    The dice are its own: how far its people came does not hang on the papers that were drawn before.
    """
    dice = random.Random(7)  # noqa: S311 -- a play with the same plot every time
    with clock.frozen(now - timedelta(days=16)):
        cohort = scenes.mixed_class(stage, now, RULED)
        with writing():
            rules = Rules(
                order="modules", lessons=True, hours=8, live_counts=True, quiz=Fraction(4, 5), attendance=60
            )  # fmt: skip
            cohorts.set_rules(cohort, rules, by=stage.staff["base-administrator"])
    scenes.study(stage, now, RULED, dice, cohort=cohort)
    _live_sessions(stage, cohort, now)
    with clock.frozen(now - timedelta(days=2)):
        _exception(stage, cohort)
        scenes.announce(
            stage, cohort, "内审员结业考试（第 4 期）", "Final exam, class 4", now - timedelta(hours=2), hours=720
        )
    _practice(stage, cohort, RULED[0], now - timedelta(days=1))


def _live_sessions(stage: scenes.Stage, cohort: int, now: datetime) -> None:
    teacher = stage.staff["teacher"]
    enrolments = {one.account: _enrolment(stage, cohort, one) for one in RULED}
    for place, (zh, en, days, minutes) in enumerate(SESSIONS):
        begins = (now - timedelta(days=days)).replace(hour=1, minute=0)
        with clock.frozen(now - timedelta(days=15)), writing():
            session = cohorts.add_live_session(
                cohort_id=cohort, title_zh=zh, title_en=en, starts_at=begins, minutes=minutes, place="示例大厦 3 层 302",
                teacher_id=teacher, key=f"{place:032}", by=teacher,
            )  # fmt: skip
        if days < 0:
            continue
        marks = {
            enrolments[account]: Mark("present", given[place]) if given[place] else Mark("excused", note="病假")
            for account, given in ATTENDED.items()
        }
        with clock.frozen(begins + timedelta(minutes=minutes)), writing():
            cohorts.record_attendance(session, marks, {}, by=teacher)


def _exception(stage: scenes.Stage, cohort: int) -> None:
    with writing():
        cohorts.admit(
            _enrolment(stage, cohort, RULED[2]), reason="上一期已修满学时，因病未考，材料已核实。", missing=["lessons", "hours"],
            by=stage.staff["base-administrator"],
        )  # fmt: skip


def _practice(stage: scenes.Stage, cohort: int, one: Trainee, at: datetime) -> None:
    """The first task of the practical audit handed in and commented on, where the course has one that is loaded."""
    course = db.session.scalars(
        select(Programme.course).join(Cohort, Cohort.programme_id == Programme.id).where(Cohort.id == cohort)
    ).one()
    contents, person = find_contents(course), stage.people[one.account]
    codes = [module.exercise for module in contents.course.modules if module.exercise] if contents else []
    for code in codes:
        with clock.frozen(at):
            page = exercises.read_exercise(person, course, code)
            task = page.exercise.tasks[0]
            given = answers.model(task, "zh_CN")
            given = {"rows": given["rows"][: max(2, len(given["rows"]) - 2)]} if "rows" in given else given
            with writing():
                exercises.save_draft(
                    person, course, code, task.id, given, revision=0, writer="demonstration", language="zh_CN"
                )
                handed_in = exercises.hand_in(person, course, code, task.id)
                exercises.tick(person, course, code, task.id, 1, [point.id for point in task.compare[:2]])
                text = "日程清楚。末次会议之前再留出审核组内部沟通的时间。"
                exercises.comment(cohort, handed_in.id, text, by=stage.staff["teacher"])


def _enrolment(stage: scenes.Stage, cohort: int, one: Trainee) -> int:
    return db.session.scalars(
        select(Enrolment.id).where(Enrolment.cohort_id == cohort, Enrolment.person_id == stage.people[one.account])
    ).one()
