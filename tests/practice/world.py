"""A small bank with a practice pool, and trainees who practise, for the service tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count

from sqlalchemy import select

from app.accounts.services import people
from app.banks.items import Item, content_of
from app.banks.models import BankRow, ItemEdition, ItemRow, ItemVersion, SpecificationRow, SpecificationVersion
from app.banks.specification import PassRule, Section, Specification
from app.banks.specification import content_of as specification_content
from app.practice import services
from app.practice.asking import order_of
from app.store import db, writing
from tests.banks.samples import blank, case, judge, multiple, short, single, text
from tests.exams import rooms

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
_numbers = count(1)
EXAM = [single("5.2-90"), judge("5.2-91")]
PRACTICE: list[Item] = [
    blank("4.1-01"), single("5.2-01"), multiple("5.2-02"), judge("5.2-03"), short("5.2-04"), case("6.1.3-01"),
    single("6.1.2-01"), single("6.1.2-02"), multiple("6.3-01"), judge("7.1-01", topic="law"), judge("9.2-01", topic="audit"),
    single("9.2-02", topic="audit"), short("6.3-02"), case("6.1.3-02"),
]  # fmt: skip
PAPER = Specification(
    code="trial",
    bank="trial",
    edition="gbt29490-2013",
    title=text("exam"),
    minutes=60,
    sections=(
        Section("single", 2, 2), Section("multiple", 1, 2), Section("judge", 1, 1), Section("short", 1, 5),
        Section("case", 1, 10),
    ),
    pass_rule=PassRule(Fraction("0.7")),
)  # fmt: skip
TOO_LARGE = Specification(
    code="too-large", bank="trial", edition="gbt29490-2013", title=text("large exam"), minutes=90, sections=(Section("single", 40, 1),),
    pass_rule=PassRule(Fraction("0.6")),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A class of a base with two trainees."""

    base: int
    cohort: int
    person: int
    other: int

    @property
    def learner(self) -> services.Learner:
        """The first trainee as one who practises."""
        return services.get_learner(self.person)


def store_item(bank_id: int, item: Item, pool: str, status: str = "approved") -> ItemRow:
    """Put an item into the database."""
    row = ItemRow(
        bank_id=bank_id, code=item.id, kind=item.kind, clause=item.clause, group=item.group, topic=item.topic,
        level=item.level, pool=pool, status=status, rating=["0.6", "0.7"], enemies=[], readings=[], hash=item.hash,
    )  # fmt: skip
    row.versions.append(ItemVersion(hash=item.hash, content=content_of(item), made_at=NOW))
    row.editions = [ItemEdition(edition=edition, clause=clause) for edition, clause in item.clauses.items()]
    db.session.add(row)
    return row


def store_items(bank: str, edition: str, items: list[Item]) -> None:
    """A bank of another edition with these practice items."""
    row = BankRow(code=bank, title=text("bank"), edition=edition, confidentiality={}, digest="", loaded_at=NOW)
    db.session.add(row)
    db.session.flush()
    for item in items:
        store_item(row.id, item, "practice")


def store_bank(items: list[Item] | None = None) -> None:
    """The bank with its exam items, its practice items and two specifications."""
    if db.session.scalar(select(BankRow.id).where(BankRow.code == "trial")) is not None:
        return
    bank = BankRow(
        code="trial", title=text("bank"), edition="gbt29490-2013", confidentiality={}, digest="", loaded_at=NOW
    )
    db.session.add(bank)
    db.session.flush()
    for item in EXAM:
        store_item(bank.id, item, "exam")
    for item in PRACTICE if items is None else items:
        store_item(bank.id, item, "practice")
    store_item(bank.id, single("5.2-80"), "practice", "reviewed")
    store_item(bank.id, single("5.2-81"), "practice", "retired")
    for paper in (PAPER, TOO_LARGE):
        row = SpecificationRow(bank_id=bank.id, code=paper.code, state="active", hash=paper.hash)
        db.session.add(row)
        db.session.flush()
        db.session.add(
            SpecificationVersion(
                specification_id=row.id, hash=paper.hash, content=specification_content(paper), made_at=NOW
            )
        )


def make_place(code: str = "jsu", items: list[Item] | None = None) -> Place:
    """A base with a class and two trainees on the bank above."""
    with writing():
        store_bank(items)
        base = rooms.base(code)
        cohort = rooms.cohort(rooms.programme(base.id, bank="trial", specification="trial"))
        found = []
        for number in (1, 2):
            who = rooms.person(f"{code}{number}")
            rooms.enrol(cohort, who, f"2026-01-{number:04}")
            people.grant(person_id=who.id, role="trainee", base_id=base.id, by=None)
            found.append(who.id)
        return Place(base.id, cohort.id, *found)


def find(item_id: str) -> Item:
    """A practice item of this world."""
    return next(item for item in PRACTICE if item.id == item_id)


def letters(item: Item, order: tuple[int, ...], *, right: bool) -> object:
    """A right or wrong answer to an item that the site marks, with its options in this order."""
    if item.kind == "blank":
        return ["20", "filing" if right else "granting"]
    if item.kind == "judge":
        return "correct" if right else "incorrect"
    wanted = [
        "ABCDEFGH"[place]
        for place, number in enumerate(order)
        if item.options[number].right is right  # type: ignore[attr-defined]
    ]
    return (wanted if right else wanted[:1]) if item.kind == "multiple" else wanted[0]


def give(place: Place, item_id: str, *, right: bool = True, key: str = "", response: object = None) -> str:
    """Answer an item; returns the answer's reference."""
    key = key or f"{next(_numbers):032x}"
    item = find(item_id)
    order = order_of(key, item)
    answer = response if item.kind in {"short", "case"} else letters(item, order, right=right)
    with writing():
        services.answer(place.learner, item, key=key, order=order, response=answer)
    return key
