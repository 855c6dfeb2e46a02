"""Papers of the release as candidates get them: drawn by the assembly from the real banks, looked at in numbers."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from app.banks.items import LETTERS, Choice, Item
from app.banks.specification import Specification
from app.exams.assembly import Form, PoolItem, draw, prepare
from app.exams.services.pools import pool_item
from tests.content.banks import BANKS, bank, held

#: How many papers are drawn: enough to notice, and in `make check-long` enough to be sure.
FORMS = [100, pytest.param(1000, marks=pytest.mark.long)]
#: The 99.9 % points of chi-square with 3 and 1 degrees of freedom (NIST/SEMATECH e-Handbook, table 1.3.6.7.4).
LIMIT = {4: 16.266, 2: 10.828}


CODES = [path.stem for folder in BANKS for path in sorted(folder.glob("papers/*.yaml"))]


@cache
def paper(code: str) -> tuple[Specification, list[Item]]:
    """A specification with the items that it draws from."""
    folder = next(folder for folder in BANKS if (folder / "papers" / f"{code}.yaml").exists())
    specification = next(one.specification for one in bank(folder).specifications if one.specification.code == code)
    return specification, held(folder).stock(specification)


@cache
def forms(code: str, count: int) -> tuple[list[PoolItem], list[Form]]:
    specification, stock = paper(code)
    pool = sorted((pool_item(item, specification.edition) for item in stock), key=lambda item: item.id)
    prepared = prepare(pool, specification)
    return pool, [draw(prepared, f"{code} {number}".encode()) for number in range(count)]


@pytest.mark.parametrize("code", CODES)
def test_a_mock_exam_can_be_drawn_from_practice_items(code: str) -> None:
    folder = next(folder for folder in BANKS if (folder / "papers" / f"{code}.yaml").exists())
    specification, _ = paper(code)
    stock = held(folder).stock(specification, "practice")
    prepared = prepare([pool_item(item, specification.edition) for item in stock], specification)
    for number in range(20):
        form = draw(prepared, f"{code} mock {number}".encode())
        assert len(form.items) == specification.count


@pytest.mark.parametrize("count", FORMS)
@pytest.mark.parametrize("code", CODES)
def test_the_key_stands_at_each_letter_equally_often(code: str, count: int) -> None:
    items = {item.id: item for item in paper(code)[1]}
    places: Counter[str] = Counter()
    for form in forms(code, count)[1]:
        for question in form.items:
            item = items[question.id]
            if question.kind == "single" and isinstance(item, Choice):
                places[LETTERS[question.options.index(min(item.right))]] += 1
    expected = places.total() / 4
    assert set(places) == set("ABCD")
    assert sum((count - expected) ** 2 / expected for count in places.values()) < LIMIT[4]


@pytest.mark.parametrize("count", FORMS)
@pytest.mark.parametrize("code", CODES)
def test_every_margin_is_exact_and_no_enemies_meet(code: str, count: int) -> None:
    specification, stock = paper(code)
    items = {item.id: item for item in stock}
    for form in forms(code, count)[1]:
        chosen = [items[question.id] for question in form.items]
        assert len({item.id for item in chosen}) == specification.count
        for dimension, counts in specification.all_margins.items():
            have = Counter(item.value(dimension, specification.edition) for item in chosen)
            assert have == Counter(counts), (code, dimension)
        assert not any(enemy in {item.id for item in chosen} for item in chosen for enemy in item.enemies)


@pytest.mark.parametrize("count", FORMS)
@pytest.mark.parametrize("code", CODES)
def test_nothing_of_the_practice_pool_is_drawn_and_much_of_the_exam_pool_is(code: str, count: int) -> None:
    specification, stock = paper(code)
    assert {item.pool for item in stock} == {"exam"}
    used = {question.id for form in forms(code, count)[1] for question in form.items}
    assert len(used) > 1.5 * specification.count
