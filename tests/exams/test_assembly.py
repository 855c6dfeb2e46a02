from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.banks.specification import Cell, Specification
from app.exams.assembly import (
    CannotFill,
    Form,
    PoolItem,
    Prepared,
    assemble,
    canonical_pool,
    draw,
    pool_hash,
    pool_rows,
    prepare,
)
from app.exams.assembly.drawing import _active, _keys
from app.exams.assembly.fill import Filling, fill
from app.exams.assembly.logistic import LIMIT, chance, logit
from app.settings import ROOT
from tests.exams.pools import SPECIFICATION, bank, cells_of, made

POOL = bank(180)
BY_ID = {item.id: item for item in POOL}
PREPARED = prepare(POOL, SPECIFICATION)
DRAWS = 1000


@pytest.fixture(scope="module")
def forms() -> list[Form]:
    return [draw(PREPARED, b"draw %d" % n) for n in range(DRAWS)]


def drawn(form: Form, by_id: dict[str, PoolItem] = BY_ID) -> list[PoolItem]:
    return [by_id[item.id] for item in form.items]


def feuds_of(pool: list[PoolItem]) -> set[frozenset[str]]:
    return {frozenset((item.id, enemy)) for item in pool for enemy in item.enemies}


def test_every_margin_is_exact_in_every_draw(forms: list[Form]) -> None:
    for form in forms:
        for dimension, counts in SPECIFICATION.all_margins.items():
            assert Counter(getattr(item, dimension) for item in drawn(form)) == counts


def test_enemies_never_meet(forms: list[Form]) -> None:
    feuds = feuds_of(POOL)
    assert len(feuds) > 8
    for form in forms:
        ids = {item.id for item in form.items}
        assert len(ids) == SPECIFICATION.count
        assert not any(feud <= ids for feud in feuds)


@given(world=made(), seed=st.binary(max_size=40), data=st.data())
@settings(max_examples=150, deadline=None)
def test_margins_cells_enemies_and_exclusions_hold_in_any_bank(
    world: tuple[list[PoolItem], Specification], seed: bytes, data: st.DataObject
) -> None:
    """Pools and specifications of every shape, some with cells; what must hold holds or the paper is refused."""
    pool, specification = world
    out = set(data.draw(st.lists(st.sampled_from([item.id for item in pool]), max_size=12)))
    try:
        form = assemble(pool, specification, seed, out)
    except CannotFill:
        return
    items = drawn(form, {item.id: item for item in pool})
    ids = {item.id for item in items}
    assert len(ids) == specification.count and not ids & out
    for dimension, counts in specification.all_margins.items():
        assert Counter(getattr(item, dimension) for item in items) == Counter(counts)
    assert cells_of(items, specification) == [cell.count for cell in specification.cells]
    assert not any(feud <= ids for feud in feuds_of(pool))


@given(world=made(least=120), seed=st.binary(max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_a_bank_of_some_size_can_fill_is_filled(world: tuple[list[PoolItem], Specification], seed: bytes) -> None:
    """The specification is that of a paper which is there, so none may be refused."""
    pool, specification = world
    assert assemble(pool, specification, seed).items


def test_cells_are_exact_and_the_rest_is_free() -> None:
    pool = bank(400)
    cells = (Cell({"kind": "case", "group": "7"}, 2), Cell({"kind": "single", "level": "analyse", "topic": "law"}, 1))
    wanted = replace(SPECIFICATION, cells=cells)
    prepared, by_id = prepare(pool, wanted), {item.id: item for item in pool}
    for n in range(100):
        assert cells_of(drawn(draw(prepared, b"%d" % n), by_id), wanted) == [2, 1]
    assert {item.group for item in prepared.items if item.kind == "case"} == {"7"}


def test_a_cell_without_items_is_refused_by_name() -> None:
    pool = [item for item in bank(400) if (item.kind, item.group) != ("case", "7")]
    with pytest.raises(CannotFill) as refusal:
        assemble(pool, replace(SPECIFICATION, cells=(Cell({"kind": "case", "group": "7"}, 2),)), b"x")
    assert refusal.value.parameters["dimension"] in {"kind", "group × kind"}


def expected_score(items: list[PoolItem], ability: float) -> float:
    """The expected score worked out anew in floating point, as a check on the whole-number arithmetic."""
    odds = [item.facility / (10_000 - item.facility) for item in items]
    return sum(
        SPECIFICATION.marks_of(item.kind) / (1 + math.exp(-ability) / odd)
        for item, odd in zip(items, odds, strict=True)
    )


def test_papers_are_equally_hard_at_the_cut_and_on_both_sides(forms: list[Form]) -> None:
    known = PREPARED.reference
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


def test_whoever_knows_only_the_cut_finds_every_marked_paper_within_a_tenth_of_it(forms: list[Form]) -> None:
    good = [form for form in forms if form.within_tolerance]
    assert good and all(abs(form.expected_at_cut - 700_000) <= 1_000 for form in good)


def test_without_balancing_papers_would_differ_by_far_more() -> None:
    """The control: papers that only meet the margins spread over marks, so the tolerance is an achievement."""
    scores = []
    for n in range(60):
        active = _active(PREPARED, b"%d" % n, 0)
        keys = _keys(PREPARED, b"%d" % n, 0, active)
        filling = Filling(PREPARED, keys, sorted(active, key=keys.__getitem__))
        if fill(filling):
            scores.append(sum(PREPARED.reference.scores[i][0] for i in filling.chosen) / 1e6)
    assert len(scores) > 50 and statistics.pstdev(scores) > 0.5


def test_the_target_is_the_cut() -> None:
    known = PREPARED.reference
    assert known.targets[0] == 70 * 1_000_000
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
    assert draw(PREPARED, seed) == assemble(list(reversed(POOL)), SPECIFICATION, seed)


def test_the_order_in_which_margins_were_stored_changes_nothing() -> None:
    """PostgreSQL gives the keys of a JSON object in an order of its own, and the hash of a specification has none."""
    turned = {name: dict(reversed(counts.items())) for name, counts in reversed(SPECIFICATION.margins.items())}
    other = replace(SPECIFICATION, margins=turned)
    assert other.hash == SPECIFICATION.hash
    assert all(draw(prepare(POOL, other), b"%d" % n) == draw(PREPARED, b"%d" % n) for n in range(40))


def test_a_draw_leaves_nothing_behind_that_changes_the_next() -> None:
    first = draw(PREPARED, b"a")
    draw(PREPARED, b"b", [item.id for item in first.items[:5]])
    assert draw(PREPARED, b"a") == first


SCRIPT = """
from app.exams.assembly import draw, form_rows, prepare, rows_hash
from tests.exams.pools import SPECIFICATION, bank
for size in (300, 2400):
    prepared = prepare(bank(size), SPECIFICATION)
    print(*[rows_hash(form_rows(draw(prepared, b"%d" % n).items)) for n in range(12)])
"""


def test_every_process_draws_the_same_papers_whatever_its_hash_seed() -> None:
    said = set()
    for seed in ("0", "1", "random"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        said.add(done.stdout)
    assert len(said) == 1 and len(set(said.pop().split())) == 24


def test_of_a_large_bank_a_part_takes_part_and_in_the_long_run_all_of_it() -> None:
    prepared = prepare(bank(5000), SPECIFICATION)
    seeds = [b"%d" % n for n in range(60)]
    parts = [set(_active(prepared, seed, 0)) for seed in seeds]
    assert all(900 < len(part) < 1600 for part in parts)
    assert len(set().union(*parts)) > 0.98 * len(prepared.items)
    assert len(_active(prepared, b"x", 3)) == len(prepared.items)
    for seed in seeds[:20]:
        form = draw(prepared, seed)
        assert form.within_tolerance
        for dimension, counts in SPECIFICATION.all_margins.items():
            have = Counter(getattr(prepared.items[prepared.place[item.id]], dimension) for item in form.items)
            assert have == counts


def test_ten_thousand_items_give_exact_papers_within_the_tolerance_that_share_little() -> None:
    prepared = prepare(bank(10_000), SPECIFICATION)
    forms = [draw(prepared, b"%d" % n) for n in range(25)]
    for form in forms:
        items = [prepared.items[prepared.place[item.id]] for item in form.items]
        for dimension, counts in SPECIFICATION.all_margins.items():
            assert Counter(getattr(item, dimension) for item in items) == counts
        assert form.within_tolerance and abs(form.expected_at_cut - 700_000) <= 1_000
    sets = [{item.id for item in form.items} for form in forms]
    assert max(len(a & b) for i, a in enumerate(sets) for b in sets[:i]) <= 4


def test_a_large_bank_is_drawn_on_evenly() -> None:
    """Of items alike to the specification each takes part equally often: chi-square over the largest class."""
    prepared = prepare(bank(3000), SPECIFICATION)
    lane = max(prepared.lanes, key=len)
    times = Counter(i for n in range(600) for i in _active(prepared, b"%d" % n, 0) if i in set(lane))
    mean = times.total() / len(lane)
    assert len(lane) > 20 and sum((times[i] - mean) ** 2 / mean for i in lane) < 3 * len(lane)


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
    form = draw(PREPARED, b"again", gone)
    assert not gone & {item.id for item in form.items}


def test_weight_nothing_keeps_an_item_out_and_a_low_weight_draws_it_less_often() -> None:
    singles = [item for item in POOL if item.kind == "single"]
    light, out = singles[0], singles[1]
    pool = [
        replace(item, weight=2) if item is light else replace(item, weight=0) if item is out else item for item in POOL
    ]
    prepared = prepare(pool, SPECIFICATION)
    times = Counter[str]()
    for n in range(300):
        ids = {item.id for item in draw(prepared, b"w%d" % n).items}
        even = {item.id for item in draw(PREPARED, b"w%d" % n).items}
        times.update(light=light.id in ids, out=out.id in ids, even=light.id in even)
    assert times["out"] == 0
    assert times["light"] < 0.6 * times["even"]


def test_a_pool_without_enough_items_is_refused_by_name() -> None:
    pool = [item for item in POOL if item.kind != "case"]
    with pytest.raises(CannotFill) as refusal:
        assemble(pool, SPECIFICATION, b"x")
    assert refusal.value.parameters == {"missing": 2, "dimension": "kind", "value": "case"}


def test_a_paper_that_cannot_be_balanced_is_given_and_marked() -> None:
    singles = [item for item in POOL if item.kind == "single"][:21]
    narrow = replace(SPECIFICATION, sections=(SPECIFICATION.sections[0],), margins={})
    pool = [replace(item, prior=9500 if n % 2 else 2000, enemies=()) for n, item in enumerate(singles)]
    form = assemble(pool, narrow, b"x")
    assert len(form.items) == 20
    assert not form.within_tolerance


def test_a_specification_of_kinds_alone_takes_items_of_any_group() -> None:
    plain = replace(SPECIFICATION, margins={})
    prepared = prepare(POOL, plain)
    assert len(prepared.classes) == 5
    form = draw(prepared, b"x")
    assert form.within_tolerance and Counter(item.kind for item in form.items) == plain.all_margins["kind"]


def test_the_stored_pool_gives_the_same_pool_and_hash() -> None:
    rows = pool_rows(POOL)
    assert canonical_pool(rows) == tuple(sorted(POOL, key=lambda item: item.id))
    assert pool_hash(canonical_pool(rows)) == pool_hash(reversed(POOL))
    for change in ({"prior": POOL[0].prior + 1}, {"weight": 3}, {"answers": 1}, {"earned": 1}):
        assert pool_hash(POOL) != pool_hash([replace(POOL[0], **change), *POOL[1:]])


@given(prior=st.integers(0, 10_000), strength=st.integers(1, 40), answers=st.integers(0, 5000), share=st.floats(0, 1))
def test_the_facility_is_shrunken_towards_the_prior(prior: int, strength: int, answers: int, share: float) -> None:
    earned = round(answers * 10_000 * share)
    item = replace(POOL[0], prior=prior, prior_strength=strength, answers=answers, earned=earned)
    assert item.facility == pytest.approx((earned + strength * prior) / (answers + strength), abs=0.5001)
    seen = earned / answers if answers else prior
    assert min(prior, seen) - 1 <= item.facility <= max(prior, seen) + 1


def test_the_standard_error_is_that_of_the_formula() -> None:
    form = draw(PREPARED, b"se")
    variance = sum(
        SPECIFICATION.marks_of(item.kind) ** 2 * item.facility / 1e4 * (1 - item.facility / 1e4) / 9
        for item in drawn(form)
    )
    assert form.se / 10_000 == pytest.approx(math.sqrt(variance), rel=1e-4)


@given(world=made())
@settings(max_examples=40, deadline=None)
def test_the_cut_is_where_the_weighted_pool_is_expected_to_score_the_cut(
    world: tuple[list[PoolItem], Specification],
) -> None:
    """The whole-number reference against a bisection in floating point over the same weighted pool."""
    pool, specification = world
    prepared = prepare(pool, specification)
    assert _by_floats(prepared) == pytest.approx(prepared.reference.cut_ability / 1000, abs=0.03)


def _by_floats(prepared: Prepared) -> float:
    wanted = prepared.specification
    weights = [1.0] * len(prepared.items)
    for _ in range(12):
        for limits in (prepared.limits[len(prepared.limits) - len(wanted.cells) :], prepared.limits):
            for limit in limits:
                if len(limit.where) > 1 and limits is prepared.limits:
                    continue
                inside = [limit.takes(item) for item in prepared.items]
                total = sum(weight for weight, yes in zip(weights, inside, strict=True) if yes)
                factor = limit.count / total if total else 0
                weights = [w * factor if yes else w for w, yes in zip(weights, inside, strict=True)]
    marks = [wanted.marks_of(item.kind) for item in prepared.items]
    places = [math.log(p / (1 - p)) for p in (min(0.98, max(0.02, i.facility / 1e4)) for i in prepared.items)]
    low, high = -5.0, 5.0
    for _ in range(60):
        middle = (low + high) / 2
        score = sum(w * m / (1 + math.exp(-middle - d)) for w, m, d in zip(weights, marks, places, strict=True))
        low, high = (low, middle) if score >= wanted.cut else (middle, high)
    return low


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
