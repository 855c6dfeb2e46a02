"""Pools and a specification made for the tests of the draw."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from app.banks.specification import Cell, PassRule, Section, Specification
from app.exams.assembly import PoolItem

SPECIFICATION = Specification(
    code="internal-auditor",
    bank="gbt29490-2013",
    edition="gbt29490-2013",
    title={"zh_CN": "企业知识产权内审员", "en": "Internal auditor"},
    minutes=90,
    sections=(
        Section("single", 20, 2),
        Section("multiple", 10, 2),
        Section("judge", 10, 1),
        Section("short", 2, 5),
        Section("case", 2, 10),
    ),
    pass_rule=PassRule(Fraction(7, 10)),
    margins={
        "group": {"4": 5, "5": 8, "6": 7, "7": 11, "8": 9, "9": 4},
        "level": {"recall": 4, "understand": 14, "apply": 20, "analyse": 6},
        "topic": {"standard": 24, "audit": 12, "law": 8},
    },
)
_KINDS = ("single",) * 45 + ("multiple",) * 22 + ("judge",) * 22 + ("short",) * 5 + ("case",) * 6


def bank(size: int, seed: int = 1, feuds: int = 12) -> list[PoolItem]:
    """A made-up bank, mixed roughly like the specification, with `feuds` pairs of enemies."""
    dice = random.Random(seed)
    items = [
        PoolItem(
            id=f"i{number:05d}",
            version=f"{number:064x}",
            kind=(kind := _KINDS[number * len(_KINDS) // size]),
            group=dice.choices("456789", [12, 18, 15, 25, 20, 10])[0],
            level=dice.choices(["recall", "understand", "apply", "analyse"], [12, 30, 44, 14])[0],
            topic=dice.choices(["standard", "audit", "law"], [5, 3, 2])[0],
            prior=dice.randint(3500, 8800),
            options=4 if kind in {"single", "multiple"} else 0,
        )
        for number in range(size)
    ]
    for _ in range(feuds):
        one, other = dice.sample(range(size), 2)
        items[one] = replace(items[one], enemies=(*items[one].enemies, items[other].id))
    return items


def cells_of(items: list[PoolItem], specification: Specification) -> list[int]:
    """How many items lie in each cell of a specification."""
    return [
        sum(all(getattr(item, name) == value for name, value in cell.where.items()) for item in items)
        for cell in specification.cells
    ]


@st.composite
def made(draw: st.DrawFn, least: int = 30) -> tuple[list[PoolItem], Specification]:
    """A pool of any shape, and a specification that describes a paper of peaceful items in it."""
    pool = bank(draw(st.integers(least, 260)), seed=draw(st.integers(0, 10_000)), feuds=draw(st.integers(0, 20)))
    dice = random.Random(draw(st.integers(0, 10_000)))
    paper: list[PoolItem] = []
    for item in dice.sample(pool, len(pool)):
        peaceful = all(item.id not in one.enemies and one.id not in item.enemies for one in paper)
        if peaceful and len(paper) < draw(st.shared(st.integers(4, 24), key="size")):
            paper.append(item)
    dimensions = draw(st.sets(st.sampled_from(["group", "level", "topic"])))
    pairs = draw(st.lists(st.sampled_from([("kind", "group"), ("kind", "level"), ("level", "topic")]), max_size=3))
    cells: dict[tuple[tuple[str, str], ...], int] = {}
    for names in pairs:
        one = dice.choice(paper)
        where = tuple((name, getattr(one, name)) for name in names)
        cells[where] = sum(all(getattr(item, name) == value for name, value in where) for item in paper)
    kinds = Counter(item.kind for item in paper)
    return pool, replace(
        SPECIFICATION,
        sections=tuple(Section(kind, count, 1 + dice.randrange(5)) for kind, count in sorted(kinds.items())),
        margins={name: dict(Counter(getattr(item, name) for item in paper)) for name in sorted(dimensions)},
        cells=tuple(Cell(dict(where), count) for where, count in cells.items()),
    )
