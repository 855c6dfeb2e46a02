"""The draw of a quiz: of the stock, without enemies together, least seen first, the same for the same seed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.banks.items import Item
from app.courses import quiz
from app.courses.quiz import Quiz
from tests.banks.samples import judge, multiple, short, single


def stocked(number: int, enemies: Sequence[int] = (), group: str = "6", topic: str = "standard") -> Item:
    return single(f"i{number:02}", clause=f"{group}.1", topic=topic, enemies=tuple(f"i{one:02}" for one in enemies))


@st.composite
def stocks(draw: st.DrawFn) -> list[Item]:
    size = draw(st.integers(0, 14))
    feuds = draw(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=10))
    return [stocked(n, [b for a, b in feuds if a == n]) for n in range(size)]


@given(stocks(), st.integers(1, 8), st.text(max_size=8), st.dictionaries(st.integers(0, 14), st.integers(0, 3)))
def test_a_choice_is_of_the_stock_without_enemies_and_can_be_repeated(
    stock: list[Item], count: int, seed: str, times: dict[int, int]
) -> None:
    seen = {f"i{number:02}": often for number, often in times.items()}
    chosen = quiz.choose(stock, count, seed, seen)
    assert chosen == quiz.choose(list(reversed(stock)), count, seed, seen)
    if quiz.can_fill(stock, count):
        assert chosen is not None
    if chosen is not None:
        ids = [one.id for one in chosen]
        assert len(ids) == len(set(ids)) == count
        assert set(ids) <= {one.id for one in stock}
        assert not any(enemy in ids for one in chosen for enemy in one.enemies if enemy != one.id)


@given(st.integers(1, 5), st.integers(0, 3), st.text(max_size=8))
def test_what_was_seen_least_comes_first(count: int, more: int, seed: str) -> None:
    stock = [stocked(n) for n in range(count * 2 + more)]
    first = quiz.choose(stock, count, seed, {})
    assert first is not None
    second = quiz.choose(stock, count, f"{seed}x", {one.id: 1 for one in first})
    assert second is not None
    assert not {one.id for one in first} & {one.id for one in second}


def test_enemies_thin_the_stock() -> None:
    assert quiz.can_fill([stocked(1), stocked(2)], 2)
    assert not quiz.can_fill([stocked(1, [2]), stocked(2)], 2)
    assert quiz.can_fill([stocked(1, [2]), stocked(2), stocked(3)], 2)
    assert not quiz.can_fill([], 1) and not quiz.can_fill([stocked(1)], 0)
    assert quiz.choose([stocked(1, [2]), stocked(2)], 2, "s", {}) is None


def test_topics_and_groups_limit_the_stock() -> None:
    stock = [stocked(1), stocked(2, group="7"), stocked(3, topic="law"), stocked(4, group="7", topic="law")]
    ids = [[one.id for one in Quiz(1, "0.8", topics, groups).stock(stock, "gbt29490-2013")] for topics, groups in (
        ((), ()), (("standard",), ()), ((), ("7",)), (("law",), ("7",)),
    )]  # fmt: skip
    assert ids == [["i01", "i02", "i03", "i04"], ["i01", "i02"], ["i02", "i04"], ["i04"]]


def test_a_quiz_with_named_items_draws_these_and_no_others() -> None:
    stock = [stocked(1), stocked(2, group="7"), stocked(3, topic="law"), short("i04"), stocked(5)]
    of = Quiz(1, "0.8", items=("i02", "i03", "i04", "i09"))
    assert [one.id for one in of.stock(stock, "another-edition")] == ["i02", "i03"], (
        "a short answer is not marked at once"
    )


@given(st.integers(1, 50), st.fractions(Fraction(1, 100), 1), st.integers(0, 50))
def test_the_least_is_what_passes(count: int, needed: Fraction, right: int) -> None:
    assert quiz.is_passed(right, count, needed) == (right >= quiz.least(count, needed))


def test_options_are_shuffled_and_letters_are_those_shown() -> None:
    items = [single(), multiple(), judge()]
    form = quiz.lay_out(items, "seed")
    assert form == quiz.lay_out(items, "seed")
    one, several, truth = form
    letter = "ABCD"[one.options.index(0)]
    assert quiz.is_right(items[0], one.options, letter)
    assert not any(quiz.is_right(items[0], one.options, other) for other in set("ABCD") - {letter})
    right = sorted("ABCD"[several.options.index(place)] for place in (0, 1))
    assert quiz.is_right(items[1], several.options, right)
    assert not quiz.is_right(items[1], several.options, right[:1])
    assert quiz.is_right(items[2], truth.options, "correct") and not quiz.is_right(items[2], truth.options, None)


def test_what_no_page_sends_is_no_answer() -> None:
    (drawn,) = quiz.lay_out([single()], "s")
    assert [quiz.cleaned(drawn, raw) for raw in ("A", "Z", ["A"], {"a": 1}, "", None)] == [
        "A",
        None,
        None,
        None,
        None,
        None,
    ]


def test_a_quiz_is_the_same_after_storing() -> None:
    one = Quiz(4, "3/4", ("law",), ("6",))
    stored = {"count": 4, "share": "3/4", "topics": ["law"], "groups": ["6"]}
    assert quiz.quiz_from(stored) == one and quiz.quiz_from(None) is None
    named = Quiz(4, "3/4", items=("a-01", "a-02"))
    assert quiz.quiz_from(json.loads(json.dumps(asdict(named)))) == named
    assert one.needed == Fraction(3, 4) and replace(one, share="0.8").needed == Fraction(4, 5)


def test_groups_are_chapters_of_the_edition_that_the_quiz_names() -> None:
    lent = judge("9.2-01", topic="audit", also={"gbt29490-2023": "10.2"})
    of = Quiz(1, "0.8", groups=("10",), edition="gbt29490-2023")
    assert of.stock([lent], "gbt29490-2023") == [lent]
    assert of.stock([lent], "gbt29490-2013") == []
