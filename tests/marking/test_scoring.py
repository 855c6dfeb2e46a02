"""Scoring, against every answer that there is for small items, and against worked figures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.banks.items import LETTERS, CaseKey, ClauseShare
from app.marking import scoring
from tests.banks.samples import blank, case, judge, multiple, short, single, text

ORDERS = list(permutations(range(4)))
SUBSETS = [frozenset(found) for size in range(5) for found in combinations(range(4), size)]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("right", range(4))
def test_single_choice_follows_the_order_of_the_paper(order: tuple[int, ...], right: int) -> None:
    item = single(rights="".join("+" if place == right else "-" for place in range(4)))
    for shown, place in enumerate(order):
        points = scoring.score(item, LETTERS[shown], 2, order, "all-or-nothing")
        assert points == (2 if place == right else 0)


@pytest.mark.parametrize("response", [None, "", "E", "H", "AB", ["A"], 1, {}])
def test_no_single_answer_is_no_points(response: object) -> None:
    assert scoring.score(single(), response, 2, (0, 1, 2, 3), "all-or-nothing") == 0


@pytest.mark.parametrize(
    ("answer", "response", "points"),
    [
        ("correct", "correct", 1),
        ("correct", "incorrect", 0),
        ("incorrect", "incorrect", 1),
        ("incorrect", "correct", 0),
        ("correct", None, 0),
        ("incorrect", "", 0),
    ],
)
def test_judgements(answer: str, response: object, points: int) -> None:
    assert scoring.score(judge(answer=answer), response, 1, (), "apk") == points


RIGHTS = [found for found in SUBSETS if 2 <= len(found) <= 3]


@pytest.mark.parametrize("order", ORDERS[::5])
@pytest.mark.parametrize("picked", SUBSETS, ids=lambda found: "".join(map(str, sorted(found))) or "none")
@pytest.mark.parametrize("right", RIGHTS, ids=lambda found: "".join(map(str, sorted(found))))
def test_multiple_choice_by_each_rule(right: frozenset[int], picked: frozenset[int], order: tuple[int, ...]) -> None:
    item = multiple(rights="".join("+" if place in right else "-" for place in range(4)))
    letters = sorted(LETTERS[order.index(place)] for place in picked)
    hits, misses = len(picked & right), len(picked - right)
    expected = {
        "all-or-nothing": 2 if picked == right else 0,
        "partial": 0 if misses else Fraction(2 * hits, len(right)),
        "apk": max(Fraction(0), Fraction(2 * (hits - misses), len(right))),
    }
    for rule, points in expected.items():
        assert scoring.score(item, letters, 2, order, rule) == points


@pytest.mark.parametrize("rule", scoring.RULES)
@pytest.mark.parametrize("response", [None, [], "AB", {"A": 1}, ["E"], ["H", "A"]])
def test_a_multiple_answer_that_is_none_earns_nothing(rule: str, response: object) -> None:
    assert scoring.score(multiple(), response, 2, (0, 1, 2, 3), rule) == 0


@given(
    some.sampled_from(sorted(scoring.RULES)),
    some.sets(some.integers(0, 5), min_size=2, max_size=5),
    some.sets(some.integers(0, 5)),
)
def test_every_rule_stays_between_nothing_and_full(rule: str, right: set[int], picked: set[int]) -> None:
    points = scoring.RULES[rule](frozenset(right), frozenset(picked))
    assert 0 <= points <= 1
    assert (points == 1) == (right == picked)
    # the switch is ordered: whoever gets marks under the strict rule gets no fewer under the others
    assert scoring.all_or_nothing(frozenset(right), frozenset(picked)) <= points


@pytest.mark.parametrize("item", [short(), case()], ids=lambda item: item.kind)
def test_words_are_not_scored_by_machines(item: object) -> None:
    with pytest.raises(scoring.NotForMachines):
        scoring.score(item, "text", 5, (), "apk")  # type: ignore[arg-type]


def key(*clauses: tuple[str, str]) -> CaseKey:
    shares = tuple(ClauseShare(no, Fraction(share)) for no, share in clauses)
    return CaseKey(shares, "minor", text("f"), text("r"), text("w"))


@pytest.mark.parametrize(
    ("accepted", "answer", "share"),
    [
        ((("6.1.3", "1"),), "6.1.3", "1"),
        ((("6.1.3", "1"),), "6.1", "1/2"),
        ((("6.1.3", "1"), ("6.1", "1/4")), "6.1", "1/4"),
        ((("6.1.3", "1"), ("7.5", "1/3")), "7.5", "1/3"),
        ((("6.1.3", "1"), ("7.4.1", "1/3")), "7.4", "0"),
        ((("6.1.3", "1"),), "6", "0"),
        ((("7.2", "1"),), "7", "0"),
        ((("7.2", "1"),), "7.2", "1"),
        ((("6.1.3", "1"),), "6.1.4", "0"),
        ((("6.1.3", "1"),), "6.1.30", "0"),
        ((("6.1.3", "1"),), "", "0"),
    ],
)
def test_the_clause_of_a_case(accepted: tuple[tuple[str, str], ...], answer: str, share: str) -> None:
    assert scoring.clause_share(key(*accepted), answer) == Fraction(share)


@pytest.mark.parametrize(
    ("response", "clause", "grade"),
    [
        ({"clause": "6.1.3", "grade": "minor", "reason": "只有三份"}, "1", "1"),
        ({"clause": "6.1", "grade": "minor"}, "1/2", "0"),
        ({"clause": "6.1.4", "grade": "major", "reason": "why"}, "0", "0"),
        ({}, "0", "0"),
        (None, "0", "0"),
        ("text", "0", "0"),
    ],
)
def test_clause_and_grade_are_proposed(response: object, clause: str, grade: str) -> None:
    fields = {field.name: field for field in scoring.fields_of(case(), response)}
    assert (fields["clause"].proposed, fields["grade"].proposed) == (Fraction(clause), Fraction(grade))
    assert (fields["facts"].proposed, fields["requirement"].proposed) == (None, None)
    assert [field.share for field in fields.values()] == [Fraction(n, 6) for n in (2, 2, 1, 1)]


def test_the_default_rubric_of_six_marks_gives_whole_marks() -> None:
    fields = scoring.fields_of(case(), None)
    full = {field.name: Fraction(1) for field in fields}
    for name, marks in (("clause", 2), ("facts", 2), ("requirement", 1), ("grade", 1)):
        assert scoring.points_of(fields, {**dict.fromkeys(full, Fraction(0)), name: Fraction(1)}, 6) == marks
    assert scoring.points_of(fields, full, 6) == 6
    assert scoring.points_of(fields, {**full, "clause": Fraction(1, 2)}, 6) == 5
    assert scoring.points_of(fields, {**full, "clause": Fraction(1, 2)}, 10) == Fraction(25, 3)


def test_short_answers_are_marked_point_by_point() -> None:
    fields = scoring.fields_of(short(shares=("2/5", "2/5", "1/5")), "text")
    assert [field.name for field in fields] == ["point-1", "point-2", "point-3"]
    given_marks = {"point-1": Fraction(1), "point-2": Fraction(1, 2), "point-3": Fraction(0)}
    assert scoring.points_of(fields, given_marks, 5) == 3


@pytest.mark.parametrize(
    "given_marks",
    [
        {},
        {"point-1": Fraction(1)},
        {"point-1": Fraction(1), "point-2": Fraction(1), "point-3": Fraction(1), "point-4": Fraction(1)},
        {"point-1": Fraction(1), "point-2": Fraction(1), "point-3": Fraction(11, 10)},
        {"point-1": Fraction(1), "point-2": Fraction(1), "point-3": Fraction(-1, 10)},
    ],
)
def test_marks_that_do_not_fit_are_refused(given_marks: dict[str, Fraction]) -> None:
    with pytest.raises(scoring.BadMarks):
        scoring.points_of(scoring.fields_of(short(), None), given_marks, 5)


@given(some.lists(some.fractions(0, 1, max_denominator=12), min_size=4, max_size=4), some.integers(1, 40))
def test_points_of_a_case_stay_within_its_marks(shares: list[Fraction], marks: int) -> None:
    fields = scoring.fields_of(case(), None)
    points = scoring.points_of(fields, dict(zip([f.name for f in fields], shares, strict=True)), marks)
    assert 0 <= points <= marks
    assert (points == marks) == all(share == 1 for share in shares)


def test_an_unusual_proposal_can_be_confirmed() -> None:
    item = replace(case(), key=key(("6.1.3", "1"), ("7.5", "1/3")))
    clause = scoring.fields_of(item, {"clause": "7.5"})[0]
    assert clause.choices == (0, Fraction(1, 3), Fraction(1, 2), 1)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("70", "70"),
        ("69.999", "69.99"),
        ("209/3", "69.66"),
        ("0", "0"),
        ("5/2", "2.5"),
        ("1/3", "0.33"),
        ("100", "100"),
    ],
)
def test_points_are_never_shown_higher_than_they_are(points: str, words: str) -> None:
    assert scoring.shown(Fraction(points)) == words


@given(some.fractions(0, 200, max_denominator=60))
def test_what_is_shown_is_at_most_a_cent_below(points: Fraction) -> None:
    assert 0 <= points - Fraction(scoring.shown(points)) < Fraction(1, 100)


@pytest.mark.parametrize(
    ("response", "points", "person"),
    [
        (["20", "filing"], 2, False),
        (["二十", "申请"], 2, False),
        (["20", ""], 1, False),
        (["", ""], 0, False),
        (None, 0, False),
        (["20"], 1, False),
        (["20", "priority"], 1, True),
        (["x", "y"], 0, True),
        (["20", "filing", "more"], 2, False),
    ],
)
def test_a_blank_is_right_by_the_key_and_other_words_go_to_a_person(
    response: object, points: int, person: bool
) -> None:
    assert scoring.score(blank(), response, 2, (), "all-or-nothing") == points
    assert scoring.needs_person(blank(), response) is person


def test_the_blanks_are_proposed_from_the_key_one_by_one() -> None:
    fields = scoring.fields_of(blank(), ["20", "priority"])
    assert [(field.name, field.share, field.proposed) for field in fields] == [
        ("gap-1", Fraction(1, 2), 1),
        ("gap-2", Fraction(1, 2), 0),
    ]
    assert scoring.points_of(fields, {"gap-1": Fraction(1), "gap-2": Fraction(1)}, 2) == 2


def test_words_always_go_to_a_person_and_choices_never() -> None:
    asked = {item.kind: scoring.needs_person(item, "x") for item in (single(), multiple(), judge(), short(), case())}
    assert asked == {"single": False, "multiple": False, "judge": False, "short": True, "case": True}
