from __future__ import annotations

import math
import statistics
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.exams.assembly import CannotFill, Form, PoolItem, assemble, canonical_pool, pool_hash, pool_rows, reference
from app.exams.assembly.logistic import LIMIT, chance, logit
from tests.exams.pools import SPECIFICATION, bank

POOL = bank(180)
BY_ID = {item.id: item for item in POOL}
DRAWS = 1000


@pytest.fixture(scope="module")
def forms() -> list[Form]:
    known = reference(sorted(POOL, key=lambda item: item.id), SPECIFICATION)
    return [assemble(POOL, SPECIFICATION, b"draw %d" % n, known=known) for n in range(DRAWS)]


def drawn(form: Form) -> list[PoolItem]:
    return [BY_ID[item.id] for item in form.items]


def test_every_margin_is_exact_in_every_draw(forms: list[Form]) -> None:
    for form in forms:
        for dimension, counts in SPECIFICATION.all_margins.items():
            assert Counter(getattr(item, dimension) for item in drawn(form)) == counts


def test_enemies_never_meet(forms: list[Form]) -> None:
    feuds = {frozenset((item.id, enemy)) for item in POOL for enemy in item.enemies}
    assert len(feuds) > 8
    for form in forms:
        ids = {item.id for item in form.items}
        assert len(ids) == SPECIFICATION.count
        assert not any(feud <= ids for feud in feuds)


def expected_score(items: list[PoolItem], ability: float) -> float:
    """The expected score worked out anew in floating point, as a check on the whole-number arithmetic."""
    odds = [item.facility / (10_000 - item.facility) for item in items]
    return sum(
        SPECIFICATION.marks_of(item.kind) / (1 + math.exp(-ability) / odd)
        for item, odd in zip(items, odds, strict=True)
    )


def test_papers_are_equally_hard_at_the_cut_and_on_both_sides(forms: list[Form]) -> None:
    known = reference(sorted(POOL, key=lambda item: item.id), SPECIFICATION)
    at = known.cut_ability / 1000
    assert sum(form.within_tolerance for form in forms) >= 0.99 * DRAWS
    for form in forms:
        scores = [expected_score(drawn(form), at + side) for side in (0, -0.75, 0.75)]
        assert form.expected_at_cut / 10_000 == pytest.approx(scores[0], abs=0.01)
        far = [abs(score - target / 1e6) for score, target in zip(scores, known.targets, strict=True)]
        assert form.within_tolerance == (far[0] <= 0.10 and far[1] <= 0.20 and far[2] <= 0.20) or max(
            far[0] - 0.10, far[1] - 0.20, far[2] - 0.20
        ) == pytest.approx(0, abs=0.01)
    assert statistics.pstdev(form.expected_at_cut / 10_000 for form in forms) < 0.1


def test_without_balancing_papers_would_differ_by_far_more(forms: list[Form]) -> None:
    """The control: papers that only meet the margins spread over marks, so the tolerance is an achievement."""
    known = reference(sorted(POOL, key=lambda item: item.id), SPECIFICATION)
    from app.exams.assembly.draw import _keys
    from app.exams.assembly.fill import Filling, enemies_of, fill, usable_items

    items = sorted(POOL, key=lambda item: item.id)
    scores = []
    for n in range(60):
        filling = Filling(items, SPECIFICATION.all_margins, _keys(items, b"%d" % n, 0), enemies_of(items))
        if fill(filling, usable_items(items, SPECIFICATION.all_margins, frozenset())):
            scores.append(sum(known.scores[i][0] for i in filling.chosen) / 1e6)
    assert statistics.pstdev(scores) > 0.5


def test_the_target_is_the_cut() -> None:
    known = reference(sorted(POOL, key=lambda item: item.id), SPECIFICATION)
    assert known.targets[0] / 1e6 == pytest.approx(70, abs=0.03)
    assert known.targets[1] < known.targets[0] < known.targets[2]


def test_the_draw_uses_the_whole_pool(forms: list[Form]) -> None:
    used = Counter(item.id for form in forms for item in form.items)
    assert len(used) == len(POOL)


def test_papers_differ_between_people(forms: list[Form]) -> None:
    sets = {frozenset(item.id for item in form.items) for form in forms}
    assert len(sets) == DRAWS


@given(seed=st.binary(min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_gives_the_same_paper_whatever_the_order_of_the_pool(seed: bytes) -> None:
    assert assemble(POOL, SPECIFICATION, seed) == assemble(list(reversed(POOL)), SPECIFICATION, seed)


def test_options_are_a_permutation_and_vary(forms: list[Form]) -> None:
    orders = Counter(item.options for form in forms for item in form.items if item.kind == "single")
    assert len(orders) == math.factorial(4)
    assert max(orders.values()) < 1.25 * min(orders.values())
    assert all(item.options == () for form in forms for item in form.items if item.kind == "judge")


def test_sections_stand_in_the_order_of_the_specification(forms: list[Form]) -> None:
    kinds = [item.kind for item in forms[0].items]
    assert kinds == ["single"] * 20 + ["multiple"] * 10 + ["judge"] * 10 + ["short"] * 2 + ["case"] * 2
    assert [item.slot for item in forms[0].items] == list(range(1, 45))


def test_excluded_items_are_not_drawn(forms: list[Form]) -> None:
    gone = {item.id for item in forms[0].items if item.kind in {"single", "judge"}}
    form = assemble(POOL, SPECIFICATION, b"again", gone)
    assert not gone & {item.id for item in form.items}


def test_weight_nothing_keeps_an_item_out_and_weight_two_draws_it_more_often() -> None:
    singles = [item for item in POOL if item.kind == "single"]
    heavy, out = singles[0], singles[1]
    pool = [
        replace(item, weight=4) if item is heavy else replace(item, weight=0) if item is out else item for item in POOL
    ]
    known = reference(sorted(pool, key=lambda item: item.id), SPECIFICATION)
    plain = reference(sorted(POOL, key=lambda item: item.id), SPECIFICATION)
    times = Counter[str]()
    for n in range(200):
        ids = {item.id for item in assemble(pool, SPECIFICATION, b"w%d" % n, known=known).items}
        even = {item.id for item in assemble(POOL, SPECIFICATION, b"w%d" % n, known=plain).items}
        times.update(heavy=heavy.id in ids, out=out.id in ids, even=heavy.id in even)
    assert times["out"] == 0
    assert times["heavy"] > times["even"]


def test_a_pool_without_enough_items_is_refused_by_name() -> None:
    pool = [item for item in POOL if item.kind != "case"]
    with pytest.raises(CannotFill) as refusal:
        assemble(pool, SPECIFICATION, b"x")
    assert refusal.value.parameters == {"missing": 2, "dimension": "kind", "value": "case"}


def test_a_paper_that_cannot_be_balanced_is_given_and_marked() -> None:
    singles = [item for item in POOL if item.kind == "single"][:21]
    narrow = replace(SPECIFICATION, sections=(SPECIFICATION.sections[0],), margins={})
    pool = [replace(item, facility=9500 if n % 2 else 2000, enemies=()) for n, item in enumerate(singles)]
    form = assemble(pool, narrow, b"x")
    assert len(form.items) == 20
    assert not form.within_tolerance


def test_the_stored_pool_gives_the_same_pool_and_hash() -> None:
    rows = pool_rows(POOL)
    assert canonical_pool(rows) == tuple(sorted(POOL, key=lambda item: item.id))
    assert pool_hash(canonical_pool(rows)) == pool_hash(reversed(POOL))
    assert pool_hash(POOL) != pool_hash([replace(POOL[0], facility=POOL[0].facility + 1), *POOL[1:]])


def test_the_standard_error_is_that_of_the_formula() -> None:
    form = assemble(POOL, SPECIFICATION, b"se")
    variance = sum(
        SPECIFICATION.marks_of(item.kind) ** 2 * item.facility / 1e4 * (1 - item.facility / 1e4) / 9
        for item in drawn(form)
    )
    assert form.se / 10_000 == pytest.approx(math.sqrt(variance), rel=1e-4)


@given(st.integers(-LIMIT, LIMIT))
def test_the_logistic_table_is_right_to_a_millionth(ability: int) -> None:
    assert abs(chance(ability) - 1e6 / (1 + math.exp(-ability / 1000))) <= 0.51


@given(st.integers(100, 9900))
@example(225)
def test_the_logit_undoes_it(facility: int) -> None:
    """Half a step of rounding, and half a unit of the table (1e-6) seen through the slope of the curve."""
    p = facility / 10_000
    slope = 1e6 * p * (1 - p) / 1000  # units of the table for one step of the logit
    assert logit(facility) == pytest.approx(1000 * math.log(p / (1 - p)), abs=0.5 + 0.51 / slope)
