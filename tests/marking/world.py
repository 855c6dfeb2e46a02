"""A small exam for the service tests: five questions, 20 marks, passed from 14, and people in every role."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app.accounts.services import people
from app.banks.items import Choice, Item, content_of
from app.banks.models import BankRow, ItemRow, ItemVersion, SpecificationRow, SpecificationVersion
from app.banks.specification import PassRule, Section, Specification
from app.banks.specification import content_of as specification_content
from app.cohorts import services as cohorts
from app.exams.models import Answer
from app.marking.models import Script
from app.store import db, writing
from tests.banks.samples import case, judge, multiple, short, single, text
from tests.exams import rooms

NOW = rooms.NOW
ITEMS: list[Item] = [single(), multiple(), judge(), short(), case()]
PAPER = Specification(
    code="trial",
    bank="trial",
    edition="gbt29490-2013",
    title=text("exam"),
    minutes=60,
    sections=(
        Section("single", 1, 2),
        Section("multiple", 1, 2),
        Section("judge", 1, 1),
        Section("short", 1, 5),
        Section("case", 1, 10),
    ),
    pass_rule=PassRule(Fraction("0.7")),
)
# In the order of the paper: the single's right option is shown as B, the multiple's two right ones as A and D.
ORDERS = [[1, 0, 2, 3], [0, 2, 3, 1], [], [], []]
GOOD_CASE = {"facts": "抽查5份", "clause": "6.1.3", "requirement": "约定权属", "grade": "minor", "reason": "个别"}
ALL_RIGHT: dict[int, Any] = {1: "B", 2: ["A", "D"], 3: "correct", 4: "一二三", 5: GOOD_CASE}
FULL = {
    "short": {f"point-{n}": Fraction(1) for n in (1, 2, 3)},
    "case": {name: Fraction(1) for name in ("clause", "facts", "requirement", "grade")},
}
NONE = {kind: dict.fromkeys(fields, Fraction(0)) for kind, fields in FULL.items()}


@dataclass
class World:
    """Ids of people and of the session that they meet in."""

    base: int
    cohort: int
    session: int
    session_ref: str
    teacher: int
    marker: int
    other_marker: int
    decider: int
    officer: int


def store_bank() -> None:
    """Put the five items and the specification into the database."""
    bank = BankRow(
        code="trial", title=text("bank"), edition="gbt29490-2013", confidentiality={}, digest="", loaded_at=NOW
    )
    db.session.add(bank)
    db.session.flush()
    for item in ITEMS:
        row = ItemRow(
            bank_id=bank.id, code=item.id, kind=item.kind, clause=item.clause, group=item.group, topic=item.topic,
            level=item.level, pool="exam", status="approved", rating=["0.6", "0.7"], enemies=[], readings=[],
            hash=item.hash,
        )  # fmt: skip
        row.versions.append(ItemVersion(hash=item.hash, content=content_of(item), made_at=NOW))
        db.session.add(row)
    paper = SpecificationRow(bank_id=bank.id, code=PAPER.code, state="active", hash=PAPER.hash)
    db.session.add(paper)
    db.session.flush()
    content = specification_content(PAPER)
    db.session.add(SpecificationVersion(specification_id=paper.id, hash=PAPER.hash, content=content, made_at=NOW))


def make_world(code: str = "jsu", **programme: Any) -> World:
    """A base with a session and one person in each role; the teacher is appointed to the cohort."""
    with writing():
        if db.session.scalar(select(BankRow.id).where(BankRow.code == "trial")) is None:
            store_bank()
        base = rooms.base(code)
        cohort = rooms.cohort(rooms.programme(base.id, bank="trial", specification="trial", **programme))
        session = rooms.session(cohort, specification_hash=PAPER.hash)
        staff = {}
        for name, role in (
            ("teacher", "teacher"),
            ("marker", "marker"),
            ("other", "marker"),
            ("decider", "decision-maker"),
            ("officer", "exam-officer"),
        ):
            staff[name] = rooms.person(f"{name}-{code}").id
            people.grant(person_id=staff[name], role=role, base_id=base.id, by=None)
        cohorts.appoint_teacher(cohort_id=cohort.id, person_id=staff["teacher"], by=None)
        return World(
            base.id, cohort.id, session.id, session.ref, staff["teacher"], staff["marker"], staff["other"],
            staff["decider"], staff["officer"],
        )  # fmt: skip


@dataclass
class Sat:
    """A sitting with its person."""

    id: int
    ref: str
    person: int
    enrolment: int


def sit(
    world: World,
    answers: dict[int, Any],
    *,
    account: str = "zhang",
    person_id: int | None = None,
    deadline: datetime = NOW + timedelta(minutes=60),
) -> Sat:
    """An open sitting of a new candidate (or of a known person) with these answers by slot."""
    from app.accounts.models import Person
    from app.cohorts.models import Cohort
    from app.exams.models import ExamSession

    with writing():
        cohort, session = db.session.get(Cohort, world.cohort), db.session.get(ExamSession, world.session)
        assert cohort and session
        who = db.session.get(Person, person_id) if person_id else rooms.person(account)
        assert who is not None
        people.grant(person_id=who.id, role="trainee", base_id=world.base, by=None)
        enrolment = rooms.enrol(cohort, who, f"2026-01-{who.id:04d}")
        form = [
            {"slot": slot, "id": item.id, "version": item.hash, "kind": item.kind, "marks": PAPER.marks_of(item.kind),
             "options": ORDERS[slot - 1] if isinstance(item, Choice) else []}
            for slot, item in enumerate(ITEMS, 1)
        ]  # fmt: skip
        sitting = rooms.sitting(session, enrolment, form=form, deadline_at=deadline)
        for seq, (slot, response) in enumerate(answers.items(), 1):
            words = json.dumps(response, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            db.session.add(Answer(sitting_id=sitting.id, slot=slot, epoch=1, seq=seq, response=words, saved_at=NOW))
        db.session.flush()
        return Sat(sitting.id, sitting.ref, who.id, enrolment.id)


def scripts_of(sat: Sat) -> dict[str, str]:
    """The references of a sitting's scripts by kind."""
    rows = db.session.execute(select(Script.kind, Script.ref).where(Script.sitting_id == sat.id))
    return dict(rows.all())
