"""The pass rule, at the hurdle and one point to each side of it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.banks.specification import PassRule
from app.marking.passing import Part, SlotScore, judge, weakest

SEVENTY = PassRule(Fraction("0.7"))


def paper(*scores: tuple[str, str, int, int]) -> list[SlotScore]:
    return [SlotScore(slot, kind, group, Fraction(p), m) for slot, (kind, group, p, m) in enumerate(scores, 1)]


@pytest.mark.parametrize(("points", "passed"), [("69", False), ("69.999", False), ("70", True), ("70.5", True)])
def test_the_total_passes_at_the_cut(points: str, passed: bool) -> None:
    outcome = judge(SEVENTY, [SlotScore(1, "single", "5", Fraction(points), 100)])
    assert outcome.passed is passed
    assert (outcome.total, outcome.marks, outcome.cut) == (Fraction(points), 100, 70)
    assert [hurdle.rule for hurdle in outcome.missed] == ([] if passed else ["total"])


def test_thirds_that_add_up_to_the_cut_pass() -> None:
    scores = [SlotScore(slot, "case", "6", Fraction(10, 3), 5) for slot in range(1, 4)]
    assert judge(PassRule(Fraction(2, 3)), scores).passed


# CQI/IRCA: at least half of each section and 70 % in total
IRCA = PassRule(Fraction("0.7"), section=Fraction(1, 2))


@pytest.mark.parametrize(
    ("single", "case", "missed"),
    [
        (50, 25, []),
        (50, 24, [("section", "case")]),
        (45, 25, []),
        (44, 25, [("total", "")]),
        (50, 20, [("section", "case")]),
        (24, 25, [("total", ""), ("section", "single")]),
        (0, 0, [("total", ""), ("section", "single"), ("section", "case")]),
    ],
)
def test_every_section_has_its_hurdle(single: int, case: int, missed: list[tuple[str, str]]) -> None:
    outcome = judge(IRCA, paper(("single", "5", single, 50), ("case", "6", case, 50)))
    assert [(hurdle.rule, hurdle.part) for hurdle in outcome.missed] == missed
    assert outcome.passed is (not missed)


@pytest.mark.parametrize(("case", "passed"), [(11, False), (12, True), (20, True)])
def test_a_section_can_have_a_higher_hurdle(case: int, passed: bool) -> None:
    rule = PassRule(Fraction("0.7"), must_pass={"case": Fraction(3, 5)})
    outcome = judge(rule, paper(("single", "5", 80, 80), ("case", "6", case, 20)))
    assert outcome.passed is passed
    if not passed:
        assert outcome.missed[0].needed == 12


def test_sections_keep_the_order_of_the_paper_and_groups_that_of_the_standard() -> None:
    outcome = judge(
        SEVENTY, paper(("single", "9", 1, 2), ("case", "10", 4, 10), ("single", "4", 2, 2), ("case", "9", 3, 10))
    )
    assert [(part.name, part.points, part.marks) for part in outcome.sections] == [("single", 3, 4), ("case", 7, 20)]
    assert [(part.name, part.points, part.marks) for part in outcome.groups] == [
        ("4", 2, 2),
        ("9", 4, 12),
        ("10", 4, 10),
    ]


def test_what_to_study_next_is_the_weakest_below_the_cut() -> None:
    groups = [
        Part("4", Fraction(7), 10),
        Part("5", Fraction(3), 10),
        Part("6", Fraction(0), 10),
        Part("7", Fraction(6), 10),
    ]
    assert [part.name for part in weakest(groups, Fraction("0.7"))] == ["6", "5", "7"]
    assert [part.name for part in weakest(groups, Fraction("0.7"), most=1)] == ["6"]
    assert weakest(groups[:1], Fraction("0.7")) == ()


SCORES = some.lists(
    some.tuples(
        some.sampled_from(["single", "multiple", "case"]),
        some.sampled_from("456789"),
        some.integers(0, 6),
        some.just(6),
    ),
    min_size=1,
    max_size=40,
)


@given(SCORES, some.fractions(0, 1, max_denominator=10), some.none() | some.fractions(0, 1, max_denominator=10))
def test_parts_add_up_and_more_points_never_fail(
    scores: list[tuple[str, str, int, int]], total: Fraction, section: Fraction | None
) -> None:
    rule = PassRule(total, section=section)
    outcome = judge(rule, paper(*scores))
    assert sum(part.points for part in outcome.sections) == outcome.total == sum(part.points for part in outcome.groups)
    better = judge(
        rule, paper(*[(kind, group, min(points + 1, marks), marks) for kind, group, points, marks in scores])
    )
    assert better.passed or not outcome.passed
    assert judge(rule, paper(*[(kind, group, marks, marks) for kind, group, _points, marks in scores])).passed
