"""Rows of an exam room for the service tests: a base, people, a cohort, a session, a sitting."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person, TrainingBase
from app.banks.models import BankRow, ItemEdition, ItemRow, ItemVersion, SpecificationRow, SpecificationVersion
from app.banks.specification import content_of
from app.banks.stored import item_of
from app.cohorts.models import Cohort, Enrolment, Programme
from app.exams.assembly import PoolItem, pool_hash, pool_rows
from app.exams.models import ExamPool, ExamSession, Sitting
from app.store import db, writing
from tests.exams.pools import SPECIFICATION, bank

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FORM = [
    {"slot": 1, "id": "a", "version": "0" * 64, "kind": "single", "marks": 2, "options": [2, 0, 1, 3]},
    {"slot": 2, "id": "b", "version": "1" * 64, "kind": "multiple", "marks": 2, "options": [0, 1, 2, 3]},
    {"slot": 3, "id": "c", "version": "2" * 64, "kind": "judge", "marks": 1, "options": []},
    {"slot": 4, "id": "d", "version": "3" * 64, "kind": "short", "marks": 5, "options": []},
    {"slot": 5, "id": "e", "version": "4" * 64, "kind": "case", "marks": 10, "options": []},
]


def person(account: str) -> Person:
    row = Person(account=account, name=f"考生{account}", created_at=NOW)
    db.session.add(row)
    db.session.flush()
    return row


def base(code: str = "jsu") -> TrainingBase:
    row = TrainingBase(code=code, name_zh=f"基地{code}", name_en=f"Base {code}", credit_code=f"91320000{code}")
    db.session.add(row)
    db.session.flush()
    return row


def programme(base_id: int, **changes: Any) -> Programme:
    facts = {
        "code": "ia", "kind": "internal-auditor", "title_zh": "内审员", "title_en": "Internal auditor",
        "edition": "gbt29490-2013", "course": "c", "bank": SPECIFICATION.bank, "specification": SPECIFICATION.code,
        "hours": 16,
    } | changes  # fmt: skip
    row = Programme(base_id=base_id, **facts)
    db.session.add(row)
    db.session.flush()
    return row


def cohort(of: Programme, code: str = "2026-01") -> Cohort:
    row = Cohort(
        base_id=of.base_id, programme_id=of.id, code=code, title_zh="一班", title_en="Class one",
        starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def enrol(into: Cohort, who: Person, number: str) -> Enrolment:
    row = Enrolment(
        base_id=into.base_id, cohort_id=into.id, person_id=who.id, number=number, employer="某公司", enrolled_at=NOW
    )
    db.session.add(row)
    db.session.flush()
    return row


def specification() -> None:
    owner = BankRow(
        code=SPECIFICATION.bank, title={}, edition="gbt29490-2013", confidentiality={}, digest="0" * 64, loaded_at=NOW
    )
    db.session.add(owner)
    db.session.flush()
    row = SpecificationRow(bank_id=owner.id, code=SPECIFICATION.code, state="active", hash=SPECIFICATION.hash)
    db.session.add(row)
    db.session.flush()
    db.session.add(
        SpecificationVersion(
            specification_id=row.id, hash=SPECIFICATION.hash, content=content_of(SPECIFICATION), made_at=NOW
        )
    )


def _content(item: PoolItem, number: int) -> dict[str, Any]:
    """An item's stored content; the right option says so, so that a test can see whether a key slips out."""
    text = {"zh_CN": f"题干{item.id}", "en": f"Stem {item.id}"}
    secret = {"zh_CN": f"机密{item.id}", "en": f"SECRET {item.id}"}
    content: dict[str, Any] = {
        "kind": item.kind, "id": item.id, "edition": "gbt29490-2013", "clause": f"{item.group}.1", "topic": item.topic,
        "level": item.level, "stem": text, "why": secret, "source": f"SECRET source {number}",
    }  # fmt: skip
    if item.kind in {"single", "multiple"}:
        rights = {0} if item.kind == "single" else {0, 2}
        content["options"] = [
            {"text": {"zh_CN": f"选项{n}", "en": f"Option {n}"}, "right": n in rights}
            | ({} if rights == {n} else {"because": secret})
            for n in range(4)
        ]
    elif item.kind == "judge":
        content["answer"] = "correct"
    elif item.kind == "short":
        content |= {"model": secret, "rubric": [{"share": "1", "text": secret}]}
    else:
        key = {"clauses": [{"no": "5.2", "share": "1"}], "grade": "minor"}
        content |= {"scene": {"zh_CN": "现场", "en": "Scene"}, "distractors": ["7.6"]}
        content["key"] = key | {"facts": secret, "requirement": secret, "reason": secret}
    return content


def stock(pool: list[PoolItem]) -> list[PoolItem]:
    """Put items for a made-up pool into the bank; returns the pool with the hashes they are stored under."""
    owner = db.session.scalar(select(BankRow))
    assert owner is not None, "call specification() first"
    stored = []
    for number, item in enumerate(pool):
        content = _content(item, number)
        digest = item_of(content).hash
        row = ItemRow(
            bank_id=owner.id, code=item.id, kind=item.kind, clause=content["clause"], group=item.group,
            topic=item.topic, level=item.level, pool="exam", status="approved",
            rating=[str(item.prior / 10_000)] * 2, enemies=list(item.enemies), readings=[], hash=digest,
        )  # fmt: skip
        row.editions.append(ItemEdition(edition="gbt29490-2013", clause=content["clause"]))
        row.versions.append(ItemVersion(hash=digest, content=content, made_at=NOW))
        db.session.add(row)
        stored.append(replace(item, version=digest))
    db.session.flush()
    return stored


def session(of: Cohort, pool: list[PoolItem] | None = None, **changes: Any) -> ExamSession:
    items = pool or bank(120)
    digest = pool_hash(items)
    if db.session.get(ExamPool, digest) is None:
        db.session.add(ExamPool(hash=digest, items=pool_rows(items)))
        db.session.flush()
    facts: dict[str, Any] = {
        "ref": secrets.token_hex(16), "specification_hash": SPECIFICATION.hash, "pool_hash": digest,
        "title_zh": "结业考试", "title_en": "Final exam", "opens_at": NOW - timedelta(hours=1),
        "closes_at": NOW + timedelta(hours=8), "minutes": 90, "secret": b"s" * 32, "commitment": "c" * 64,
        "created_at": NOW,
    } | changes  # fmt: skip
    row = ExamSession(base_id=of.base_id, cohort_id=of.id, **facts)
    db.session.add(row)
    db.session.flush()
    return row


def sitting(of: ExamSession, by: Enrolment, **changes: Any) -> Sitting:
    facts: dict[str, Any] = {
        "ref": secrets.token_hex(16), "attempt_no": 1, "state": "open", "form": FORM, "nonce": "0" * 32,
        "excluded": [], "expected_at_cut": 700000, "target_at_cut": 700000, "se": 30000, "within_tolerance": True,
        "algorithm": "loft-3", "created_at": NOW, "language": "zh_CN", "statement_at": NOW, "started_at": NOW,
        "deadline_at": NOW + timedelta(minutes=90), "writer": "w" * 32,
    } | changes  # fmt: skip
    row = Sitting(base_id=of.base_id, session_id=of.id, person_id=by.person_id, enrolment_id=by.id, **facts)
    db.session.add(row)
    db.session.flush()
    return row


@dataclass
class Room:
    """Ids of a whole room: one base, one cohort with three candidates, and a session with a real bank behind it."""

    base: int
    cohort: int
    people: list[int]
    session: str
    ref: str = ""


def whole_room(people: int = 3, **changes: Any) -> Room:
    """A room in which everything works."""
    with writing():
        owner = base()
        place = cohort(programme(owner.id, **changes.pop("programme", {})))
        specification()
        made = session(place, stock(bank(120)), **changes)
        ids = []
        for number in range(people):
            who = person(f"p{number}")
            enrol(place, who, f"2026-01-{number:04d}")
            ids.append(who.id)
        return Room(owner.id, place.id, ids, made.ref)


def one_sitting(**changes: Any) -> tuple[str, int, int]:
    """A whole room with one open sitting: its ref, person's id and own id."""
    with writing():
        room = cohort(programme(base().id))
        by = enrol(room, person("zhang"), "2026-01-0001")
        made = sitting(session(room), by, **changes)
        return made.ref, by.person_id, made.id


def one_more_sitting(minutes: timedelta) -> tuple[str, int, int]:
    """One more open sitting in the room of `one_sitting`, of a new person: its ref, person's id and own id."""
    with writing():
        found = db.session.scalars(select(ExamSession)).first()
        place = found or session(cohort(programme(base().id)))
        home = db.session.get_one(Cohort, place.cohort_id)
        who = person(secrets.token_hex(6))
        made = sitting(place, enrol(home, who, secrets.token_hex(5)), deadline_at=NOW + minutes)
        return made.ref, who.id, made.id
