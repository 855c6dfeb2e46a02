"""Drawing a mock exam, and what its answers earn, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.banks.specification import PassRule, Section, Specification
from app.exams.assembly import CannotFill, FormItem, PoolItem
from app.practice.mocks import GRACE, Turn, draw, is_over, outcome, waits
from tests.banks.samples import judge, short, text

PAPER = Specification(
    code="p", bank="b", edition="gbt29490-2013", title=text("p"), minutes=30, sections=(Section("judge", 4, 1),),
    pass_rule=PassRule(Fraction("0.6")),
)  # fmt: skip
POOL = [PoolItem(f"i{n:02}", "v", "judge", "5", "apply", "standard", 6500) for n in range(12)]
IDS = [item.id for item in POOL]


@settings(max_examples=40)
@given(st.binary(min_size=1, max_size=8), st.sets(st.sampled_from(IDS)), st.sets(st.sampled_from(IDS)))
def test_unseen_items_come_first_then_those_of_no_earlier_paper(seed: bytes, seen: set[str], sat: set[str]) -> None:
    drawn = {item.id for item in draw(POOL, PAPER, seed, seen=seen, sat=sat).items}
    assert len(drawn) == 4
    if len(set(IDS) - seen - sat) >= 4:
        assert not drawn & (seen | sat)
    elif len(set(IDS) - sat) >= 4:
        assert not drawn & sat


def test_a_pool_too_small_is_refused_and_a_seed_gives_one_paper() -> None:
    with pytest.raises(CannotFill):
        draw(POOL[:3], PAPER, b"s", seen=(), sat=())
    assert draw(POOL, PAPER, b"s", seen=(), sat=()) == draw(POOL, PAPER, b"s", seen=(), sat=())


def test_the_clock_has_a_grace() -> None:
    end = datetime(2026, 11, 23, tzinfo=UTC)
    assert not is_over(end, end + GRACE) and is_over(end, end + GRACE + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("turn", "waiting", "total"),
    [
        (None, False, 1),
        (Turn(None, None), False, 1),
        (Turn("words", None), True, 1),
        (Turn("words", {"point-1": "1", "point-2": "0", "point-3": "1"}), False, 4),
    ],
)
def test_an_own_text_waits_until_it_is_marked(turn: Turn | None, waiting: bool, total: int) -> None:
    items = {"j": judge(), "s": short()}
    form = [FormItem(1, "j", "j", "judge", 1, ()), FormItem(2, "s", "s", "short", 5, ())]
    turns = {1: Turn("correct", None), **({} if turn is None else {2: turn})}
    found = outcome(form, items, turns, PAPER)
    assert waits(form[1], turn) is waiting and found.total == total and found.marks == 6
    assert found.passed is (total >= Fraction("3.6"))
