"""Why a specification cannot be filled, how often items are seen, and what the dry draws say."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.banks.specification import Cell, Section, Specification
from app.exams.assembly import CannotFill, PoolItem, assemble, draw, prepare
from app.exams.assembly.exposure import held_back, recent_weights
from app.exams.assembly.proof import obstacle, short_of
from app.exams.assembly.trial import crowded, overlap, report, thin
from tests.exams.pools import SPECIFICATION, bank, made

SMALL = replace(SPECIFICATION, sections=(Section("judge", 2, 1), Section("case", 1, 2)), margins={}, cells=())


def items(*rows: tuple[str, str], **changes: object) -> list[PoolItem]:
    return [
        PoolItem(f"i{n}", "v", kind, group, "apply", "law", 6000, **changes)  # type: ignore[arg-type]
        for n, (kind, group) in enumerate(rows)
    ]


def told(pool: list[PoolItem], wanted: Specification) -> dict[str, object] | None:
    found = obstacle(prepare(pool, wanted))
    return found.parameters if found else None


def test_a_margin_alone() -> None:
    assert told(items(("judge", "4"), ("case", "4")), SMALL) == {"missing": 1, "dimension": "kind", "value": "judge"}


def test_two_margins_that_have_enough_each_and_not_together() -> None:
    wanted = replace(SMALL, margins={"group": {"4": 2, "5": 1}})
    pool = items(("judge", "4"), ("judge", "5"), ("judge", "5"), ("case", "5"), ("case", "5"), ("judge", "5"))
    pool += [replace(pool[0], id="x", kind="case")]
    assert told(pool, wanted) is None
    poor = [item for item in pool if item.id != "x"]
    assert told(poor, wanted) == {"missing": 1, "dimension": "group", "value": "4"}
    # two items of group 4, but both are cases, of which a paper has one
    twice = [replace(pool[3], id="y", group="4"), replace(pool[3], id="z", group="4"), *pool[1:4]]
    assert told(twice, wanted) == {"missing": 1, "dimension": "kind × group", "value": "judge × 4"}


def test_a_cell_takes_its_share_before_the_rest() -> None:
    wanted = replace(SMALL, margins={"group": {"4": 2, "5": 1}}, cells=(Cell({"kind": "case", "group": "5"}, 1),))
    pool = items(("judge", "4"), ("judge", "5"), ("judge", "5"), ("case", "5"), ("case", "4"))
    assert told([*pool, replace(pool[0], id="x")], wanted) is None
    assert told(pool, wanted) == {"missing": 1, "dimension": "kind", "value": "judge"}


def test_enemies_stand_in_each_others_way() -> None:
    pool = items(("judge", "4"), ("judge", "5"), ("judge", "6"), ("case", "4"))
    feud = [replace(one, enemies=tuple({"i0", "i1", "i2"} - {one.id}) if one.kind == "judge" else ()) for one in pool]
    assert told(pool, SMALL) is None
    assert told(feud, SMALL) == {"missing": 1, "dimension": "kind", "value": "judge"}
    with pytest.raises(CannotFill):
        assemble(feud, SMALL, b"x")


NAMES = ["a", "b", "c"]


@given(
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
)
@settings(max_examples=150)
def test_the_flow_finds_what_trying_everything_finds(rows: list[int], columns: list[int], stock: list[int]) -> None:
    """Against a search over all tables, and against the bound that the named rows and columns really are short."""
    edges = dict(zip(itertools.product(NAMES, NAMES), stock, strict=True))
    wanted, held = dict(zip(NAMES, rows, strict=True)), dict(zip(NAMES, columns, strict=True))
    missing, short, room = short_of(wanted, held, edges)
    assert sum(rows) - missing == most(rows, columns, stock)
    if missing:
        inside = sum(edges[row, column] for row in short for column in room)
        outside = sum(held[column] for column in NAMES if column not in room)
        assert sum(wanted[row] for row in short) - inside - outside == missing


def most(rows: list[int], columns: list[int], stock: list[int]) -> int:
    """The largest table within the sums, by cutting every set of rows and columns (max-flow min-cut by hand)."""
    best = None
    for cut in itertools.product([False, True], repeat=6):
        left, right = cut[:3], cut[3:]
        capacity = sum(rows[i] for i in range(3) if not left[i]) + sum(columns[j] for j in range(3) if right[j])
        capacity += sum(stock[3 * i + j] for i in range(3) for j in range(3) if left[i] and not right[j])
        best = capacity if best is None else min(best, capacity)
    assert best is not None
    return best


@given(world=made())
@settings(max_examples=60, deadline=None)
def test_nothing_stands_in_the_way_of_a_paper_that_is_there(world: tuple[list[PoolItem], Specification]) -> None:
    pool, wanted = world
    assert obstacle(prepare(pool, wanted)) is None


@given(world=made(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_stands_in_the_way_lets_no_paper_through(
    world: tuple[list[PoolItem], Specification], data: st.DataObject
) -> None:
    """Take items away: where an obstacle is named, no seed gives a paper."""
    pool, wanted = world
    gone = data.draw(st.sets(st.sampled_from(range(len(pool))), min_size=len(pool) // 2))
    left = [item for n, item in enumerate(pool) if n not in gone]
    if obstacle(prepare(left, wanted)) is not None:
        for seed in (b"a", b"b"):
            with pytest.raises(CannotFill):
                assemble(left, wanted, seed)


def shares(pool: list[PoolItem], wanted: Specification, draws: int = 200) -> dict[str, float]:
    prepared = prepare(pool, wanted)
    uses = Counter(item.id for n in range(draws) for item in draw(prepared, b"s%d" % n).items)
    return {name: count / draws for name, count in uses.items()}


def test_a_cap_holds_back_what_would_be_seen_too_often() -> None:
    pool, wanted = bank(180, feuds=0), replace(SPECIFICATION, exposure=Fraction(2, 5))
    before, after = shares(pool, wanted, 400), shares(held_back(pool, wanted), wanted, 400)
    assert max(before.values()) > 0.5
    above = [sum(max(0, share - 0.4) for share in each.values()) for each in (before, after)]
    assert above[1] < 0.7 * above[0]


def test_where_nothing_can_stand_in_the_weights_are_not_made_worse() -> None:
    pool, wanted = bank(120), replace(SPECIFICATION, exposure=Fraction(1, 5))
    before, after = shares(pool, wanted), shares(held_back(pool, wanted), wanted)
    above = [sum(max(0, share - 0.2) for share in each.values()) for each in (before, after)]
    assert above[1] < 1.05 * above[0]


def test_a_cap_refuses_nobody_even_where_it_cannot_be_kept() -> None:
    wanted = replace(SMALL, exposure=Fraction(1, 10))
    pool = items(("judge", "4"), ("judge", "4"), ("case", "5"))
    assert len(assemble(held_back(pool, wanted), wanted, b"x").items) == 3


def test_a_pool_without_crowding_keeps_its_weights() -> None:
    pool = bank(600)
    assert held_back(pool, SPECIFICATION) == pool
    assert recent_weights(pool, {"i00001": Fraction(1, 2)}, Fraction(1, 2)) == pool


def test_what_stood_on_many_recent_papers_comes_less_often() -> None:
    pool = bank(300)
    name = max(shares(pool, SPECIFICATION).items(), key=lambda one: one[1])[0]
    lighter = recent_weights(pool, {name: Fraction(1)}, Fraction(1, 4))
    assert [item.weight for item in lighter if item.id == name] == [4]
    assert shares(lighter, SPECIFICATION).get(name, 0) < shares(pool, SPECIFICATION)[name]


def test_the_report_says_what_the_draws_show() -> None:
    prepared = prepare(bank(180), SPECIFICATION)
    ticks = itertools.count()
    facts = report(prepared, 100, lambda: next(ticks) / 1000)
    forms = [draw(prepared, f"dry {n}".encode()) for n in range(100)]
    uses = Counter(item.id for form in forms for item in form.items)
    assert facts["outside"] == sum(not form.within_tolerance for form in forms)
    assert facts["exposure"][0]["share"] == max(uses.values()) / 100 and len(facts["exposure"]) == 10
    assert facts["over_cap"] == sum(n > 50 for n in uses.values())
    assert facts["unused"] == len(prepared.items) - len(uses)
    assert facts["ms"] == {"median": pytest.approx(1), "p99": pytest.approx(1)}
    assert facts["expected"]["least"] == min(form.expected_at_cut for form in forms) / 10_000
    assert "refusal" not in facts


def test_a_report_on_what_cannot_be_filled_names_it() -> None:
    facts = report(prepare(items(("judge", "4"), ("case", "4")), SMALL), 100, lambda: 0.0)
    assert facts["refusal"] == {"missing": 1, "dimension": "kind", "value": "judge"} and "ms" not in facts


def test_overlap_counts_shared_items_over_all_pairs() -> None:
    assert overlap([["a", "b"], ["b", "c"], ["c", "d"]]) == {"mean": pytest.approx(2 / 3), "most": 1}
    assert overlap([["a"]]) == {"mean": 0.0, "most": 0}


def test_the_most_that_two_papers_share_is_looked_for_among_all_pairs() -> None:
    papers = [[f"{n}"] for n in range(300)]
    papers[0] = papers[299] = ["x", "y"]
    assert overlap(papers)["most"] == 2


def test_crowded_combinations_are_named_though_no_margin_asks_for_them() -> None:
    pool = items(("judge", "4"), ("judge", "5"), ("judge", "5"), ("case", "5"), ("case", "5"), ("case", "5"))
    uses = {"i0": 8, "i1": 6, "i2": 6, "i3": 4, "i4": 3, "i5": 3}
    found = [one for one in crowded(prepare(pool, SMALL), uses, 10) if one["dimension"] == "kind × group"]
    assert found == [
        {"dimension": "kind × group", "value": "judge × 4", "asked": 0.8, "stock": 1, "share": 0.8},
        {"dimension": "kind × group", "value": "judge × 5", "asked": 1.2, "stock": 2, "share": 0.6},
    ]


def test_thin_margins_and_cells_are_named() -> None:
    wanted = replace(SMALL, cells=(Cell({"kind": "case", "group": "5"}, 1),))
    pool = items(("judge", "4"), ("judge", "4"), ("judge", "5"), ("judge", "5"), ("case", "5"))
    assert thin(prepare(pool, wanted)) == [
        {"dimension": "kind", "value": "case", "asked": 1, "stock": 1},
        {"dimension": "group × kind", "value": "5 × case", "asked": 1, "stock": 1},
    ]
