"""The demonstration 演示: a training base with a class of thirty in different states, made by the same use cases as real life.

Nothing is written past the services except study time, which would otherwise need hours of heartbeats.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.accounts.services import people
from app.office.services.demonstration import exercise, resit, rules, scenes
from app.office.services.demonstration.cast import ACCOUNTS, PASSWORD, STAFF, Trainee, credit_code, trainees
from app.store import writing

__all__ = ["ACCOUNTS", "CODE", "PASSWORD", "exists", "make"]

CODE = "DEMO"
Say = Callable[[str], Any]


def exists() -> bool:
    """Whether the demonstration was made before."""
    return people.find_base_by_code(CODE) is not None


def make(say: Say, *, seed: int = 29490) -> None:
    """Make the base, its people and their past. Jobs that are asked for are run at the moment they were asked for."""
    now = clock.now().replace(second=0, microsecond=0)
    dice = random.Random(seed)  # noqa: S311 -- a play with the same plot every time
    with clock.frozen(now - timedelta(days=1500)):
        stage = _base_and_staff()
    _former_classes(stage, now, dice)
    say("  a class of 30: enrolment and study")
    cast = trainees()
    with clock.frozen(now - timedelta(days=35)):
        scenes.open_class(stage, now, cast)
    scenes.study(stage, now, cast, dice)
    say("  a past exam: papers, marks, decisions, signed certificates")
    _past_exam(stage, now, cast, dice)
    say("  practice and a mock exam")
    _practice(stage, now, cast, dice)
    say("  a class with study rules, live sessions and an exception")
    rules.class_with_rules(stage, now)
    say("  an exam in a week, in rooms, and one that is open now")
    resit.coming_exam(stage, now)
    _present_exam(stage, now, cast, dice)


def _base_and_staff() -> scenes.Stage:
    with writing():
        base = people.add_base(
            code=CODE,
            name_zh="示例知识产权培训基地（演示）",
            name_en="Example IP Training Base (demonstration)",
            credit_code=credit_code(),
            region="示例省示例市",
            signer_zh="法八例",
            signer_en="FA Bali",
            by=None,
        )
        staff = {}
        for account, role, name, latin in STAFF:
            staff[role] = people.add_person(account=account, name=name, name_latin=latin, password=PASSWORD)
            scope = None if role == "platform-administrator" else base
            people.grant(person_id=staff[role], role=role, base_id=scope, by=None)
    return scenes.Stage(base, staff)


def _former_classes(stage: scenes.Stage, now: datetime, dice: random.Random) -> None:
    """A class of four years ago, whose one certificate has expired, and a class of auditor trainees."""
    old = Trainee(1, "xueyuan-2022", "戚旧例", "QI Jiuli", "示例化纤有限公司", "000000********991X", "certified")
    shixi = Trainee(1, "shixi", "谢实例", "XIE Shili", "示例认证有限公司", "000000********992X", "certified")
    for person, code, preset, days, zh, en in (
        (old, "2022-01", scenes.THEN, 1400, "2022 年第 1 期内审员班", "Internal auditors, class 1 of 2022"),
        (shixi, "2026-S1", scenes.TRAINEES, 90, "2026 年第 1 期审核员学员班", "Auditor trainees, class 1 of 2026"),
    ):
        then = now - timedelta(days=days)
        with clock.frozen(then - timedelta(days=20)):
            cohort = scenes.small_class(stage, code, preset, zh, en, then, person)
        scenes.study(stage, then, [person], dice, cohort=cohort)
        with clock.frozen(then - timedelta(days=1)):
            session = scenes.announce(stage, cohort, zh, en, then, hours=4)
        scenes.sit(session, stage.people[person.account], 0.95, then + timedelta(minutes=10), dice)
        scenes.mark_everything(stage, then + timedelta(days=1), dice)
        scenes.decide(stage, {stage.people[person.account]}, then + timedelta(days=2))


def _past_exam(stage: scenes.Stage, now: datetime, cast: list[Trainee], dice: random.Random) -> None:
    begin = (now - timedelta(days=10)).replace(hour=1, minute=30)
    with clock.frozen(now - timedelta(days=14)):
        session = scenes.announce(
            stage, stage.cohort, "内审员结业考试", "Final exam for internal auditors", begin, hours=3
        )
    chosen = {"certified", "suspended", "withdrawn", "decide", "failed", "mark"}
    sitters = [one for one in cast if one.fate in chosen]
    for place, one in enumerate(sitters):
        ability = 0.3 if one.fate == "failed" else 0.88 + dice.random() * 0.1
        scenes.sit(session, stage.people[one.account], ability, begin + timedelta(minutes=2 + place), dice)
    unmarked = {stage.people[one.account] for one in sitters if one.fate == "mark"}
    scenes.mark_everything(stage, now - timedelta(days=8), dice, leave=unmarked)
    waiting = {stage.people[one.account] for one in sitters if one.fate in {"decide", "mark", "failed"}}
    certified = {stage.people[one.account] for one in sitters} - waiting
    scenes.decide(stage, certified, now - timedelta(days=7))
    for one in sitters:
        if one.fate in {"suspended", "withdrawn"}:
            scenes.change_certificate(stage, stage.people[one.account], one.fate, now - timedelta(days=2))


def _practice(stage: scenes.Stage, now: datetime, cast: list[Trainee], dice: random.Random) -> None:
    ready, *others = [one for one in cast if one.fate in {"ready", "done"}]
    exercise.exercise(stage.people[ready.account], now, dice, ability=0.7, each=12)
    exercise.mock_exam(stage.people[ready.account], now, dice, ability=0.8)
    for one in others:
        exercise.exercise(stage.people[one.account], now, dice, ability=dice.uniform(0.5, 0.9), each=4)


def _present_exam(stage: scenes.Stage, now: datetime, cast: list[Trainee], dice: random.Random) -> None:
    begin = now - timedelta(hours=1)
    with clock.frozen(now - timedelta(days=3)):
        session = scenes.announce(
            stage,
            stage.cohort,
            "内审员结业考试（第二场）",
            "Final exam for internal auditors (second session)",
            begin,
            hours=24 * 30,
        )
    for one in cast:
        if one.fate == "sitting":
            scenes.sit(session, stage.people[one.account], 0.8, now - timedelta(minutes=25), dice, until=18)
