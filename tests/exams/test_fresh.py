"""Papers without what was seen: nothing repeats while the pool allows it, and little where it does not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.banks.specification import Section, Specification
from app.exams.assembly import CannotFill, Form, PoolItem, draw, draw_fresh, prepare
from tests.exams.pools import SPECIFICATION, bank, made

PREPARED = prepare(bank(600), SPECIFICATION)


def ids(form: Form) -> set[str]:
    return {item.id for item in form.items}


def pairs(count: int) -> tuple[list[PoolItem], Specification]:
    """So many items of two kinds, half of each, and a paper of four and two."""
    items = [
        PoolItem(f"i{n:02d}", "v", "judge" if n % 2 else "single", "4", "apply", "law", 5000 + 100 * n)
        for n in range(count)
    ]
    return items, replace(SPECIFICATION, sections=(Section("single", 4, 1), Section("judge", 2, 1)), margins={})


def test_nothing_comes_again_while_there_is_enough_and_the_paper_is_that_of_the_plain_draw() -> None:
    seen: list[str] = []
    for turn in range(3):
        form, out = draw_fresh(PREPARED, b"%d" % turn, seen)
        assert out == sorted(seen) and not ids(form) & set(seen)
        assert form == draw(PREPARED, b"%d" % turn, out) and form.within_tolerance
        seen += [item.id for item in form.items]


def test_without_an_earlier_paper_it_is_the_plain_draw() -> None:
    assert draw_fresh(PREPARED, b"x", []) == (draw(PREPARED, b"x"), [])


def test_no_more_comes_back_than_is_missing() -> None:
    pool, wanted = pairs(12)  # six of each kind; a second paper lacks two of the first kind and none of the other
    prepared = prepare(pool, wanted)
    for n in range(40):
        first, _ = draw_fresh(prepared, b"first %d" % n, [])
        second, out = draw_fresh(prepared, b"second %d" % n, [item.id for item in first.items])
        again = ids(first) & ids(second)
        assert (
            len(again) == 2 and len(out) == 4 and {item.kind for item in second.items if item.id in again} == {"single"}
        )


def test_what_was_seen_longest_ago_comes_back_first() -> None:
    pool, wanted = pairs(12)
    prepared, seen = prepare(pool, wanted), ["i08", "i00", "i02", "i04"]
    form, out = draw_fresh(prepared, b"x", seen)
    assert out == ["i02", "i04"] and {"i00", "i08", "i06", "i10"} <= ids(form)


def test_where_everything_was_seen_everything_may_come_again() -> None:
    pool, wanted = pairs(8)
    prepared = prepare(pool, wanted)
    form, out = draw_fresh(prepared, b"x", [item.id for item in pool])
    assert len(form.items) == 6 and len(out) == 2


def test_names_that_the_pool_does_not_know_stay_on_the_list() -> None:
    form, out = draw_fresh(PREPARED, b"x", ["zzz", "aaa"])
    assert out == ["aaa", "zzz"] and form == draw(PREPARED, b"x")


@given(world=made(least=60), seed=st.binary(max_size=8), data=st.data())
@settings(max_examples=60, deadline=None)
def test_everybody_gets_a_paper_that_keeps_to_the_list_of_what_was_left_out(
    world: tuple[list[PoolItem], Specification], seed: bytes, data: st.DataObject
) -> None:
    pool, wanted = world
    seen = data.draw(st.lists(st.sampled_from([item.id for item in pool]), unique=True))
    prepared = prepare(pool, wanted)
    try:
        draw(prepared, seed)
    except CannotFill:  # a bank so thin that the search finds none
        return
    form, out = draw_fresh(prepared, seed, seen)
    assert set(out) <= set(seen) and not ids(form) & set(out)
    assert form == draw(prepared, seed, out)
