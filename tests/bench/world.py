"""The installation that is measured: the demonstration, more trainees in its running class, and what staff do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock, create_app
from app.accounts.services import people
from app.banks import services as banks
from app.certificates.models import Certificate
from app.cohorts import services as cohorts
from app.exams.models import Sitting
from app.files import services as files
from app.marking import services as marking
from app.marking.models import Script
from app.office.services.demonstration import CODE, PASSWORD, scenes
from app.office.services.demonstration.answers import answer
from app.office.services.demonstration.cast import Trainee
from app.store import db, scope_to, writing
from app.web import setup


@dataclass
class World:
    """An installation, with the accounts of the people who were added to the running class."""

    app: Flask
    accounts: list[str] = field(default_factory=list)


def make(instance: Path, port: int, database_url: str | None, count: int) -> World:
    """Set up an installation with the demonstration and `count` more trainees who have studied everything."""
    url = {"database_url": database_url} if database_url else {}
    app = create_app(instance_path=instance, origin=f"http://127.0.0.1:{port}", **url)
    setup.prepare(app, lambda _words: None, demo=True)
    with app.app_context():
        scope_to(None)
        base = people.find_base_by_code(CODE)
        assert base is not None
        running = max(cohorts.list_cohorts(), key=lambda row: row.people).cohort.id
        by = _staff("guanli")
        stage, cast = scenes.Stage(base.id, {}, cohort=running), [_trainee(number) for number in range(1, count + 1)]
        with writing():
            for one in cast:
                made = people.add_person(
                    account=one.account, name=one.name, name_latin=one.latin, password=PASSWORD,
                    identity_kind="resident", identity_masked=one.identity_masked, by=by,
                )  # fmt: skip
                stage.people[one.account] = made
                number = f"2026-03-{900 + one.number:04}"
                cohorts.enrol(cohort_id=running, person_id=made, number=number, employer=one.employer, by=by)
        scenes.study(stage, clock.now(), cast, random.Random(1))
        setup.finish()
    return World(app, [one.account for one in cast])


def _trainee(number: int) -> Trainee:
    masked = f"000000********{number:03}X"
    return Trainee(number, f"ceshi{number:03}", "柏试例", "BAI Shili", "示例测试有限公司", masked, "done")


def _staff(account: str) -> int:
    found = people.find_person_id(account)
    assert found is not None, account
    return found


def right_answers(world: World, refs: Sequence[str]) -> dict[str, dict[int, Any]]:
    """For each sitting the right answers by slot, which only somebody with the database can know."""
    dice, answers = random.Random(2), {}
    with world.app.app_context():
        scope_to(None)
        for ref in refs:
            form = db.session.scalars(select(Sitting.form).where(Sitting.ref == ref)).one()
            items = banks.get_item_versions(row["version"] for row in form)
            answers[ref] = {
                row["slot"]: answer(items[row["version"]], row["options"], 1.0, dice) for row in form
            }  # fmt: skip
    return answers


def mark_and_decide(world: World, refs: Sequence[str]) -> None:
    """The marker gives full marks for these sittings, and the decision maker certifies them."""
    with world.app.app_context():
        scope_to(None)
        marker, decider = _staff("yuejuan"), _staff("fazheng")
        scripts = select(Script.ref).join(Sitting, Sitting.id == Script.sitting_id).where(Sitting.ref.in_(refs))
        for ref in db.session.scalars(scripts).all():
            with writing():
                fields = marking.get_script(ref, marker).fields
                marking.mark(ref, marker, {one.name: Fraction(1) for one in fields}, "")
        for ref in refs:
            with writing():
                version = marking.get_candidacy(ref, decider).result.version
                marking.decide(ref, version=version, certify=True, reason="符合全部要求。", by=decider)


@dataclass(frozen=True)
class Issued:
    """A certificate as its holder has it."""

    number: str
    name: str
    pdf: bytes


def issued(world: World) -> list[Issued]:
    """The certificates granted in the last hour."""
    with world.app.app_context():
        scope_to(None)
        rows = db.session.scalars(
            select(Certificate)
            .where(Certificate.state == "granted", Certificate.granted_at > clock.now() - timedelta(hours=1))
            .order_by(Certificate.id)
        )
        return [Issued(row.number or "", row.claims["holder_zh"], files.get(row.file or "")) for row in rows]
