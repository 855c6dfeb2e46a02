"""What comes next: due, then missed, then new and spread over the clauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.choosing import Candidate, Scope, choose, scope_of, waiting

TODAY = date(2026, 11, 23)
ALL = Scope("all")


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


NEW = [Candidate(f"{no}-0{n}", no, "standard") for no in ("5.2", "6.1.2", "6.1.3") for n in (1, 2)]
DUE = replace(NEW[0], due_on=day(-1), right=True, answered_on=day(-4))
LONG_DUE = replace(NEW[1], due_on=day(-9), right=True, answered_on=day(-20))
MISSED = replace(NEW[2], due_on=day(3), right=False, answered_on=day(-1))
MISSED_TODAY = replace(NEW[3], due_on=day(1), right=False, answered_on=TODAY)
KNOWN = replace(NEW[4], due_on=day(30), right=True, answered_on=day(-2))


def chosen(pool: list[Candidate], scope: Scope = ALL, **more: object) -> str:
    found = choose(pool, scope, TODAY, **more)  # type: ignore[arg-type]
    return found.id if found else ""


def test_due_items_come_first_and_the_longest_due_before_the_others() -> None:
    pool = [KNOWN, MISSED, DUE, LONG_DUE, MISSED_TODAY, NEW[5]]
    assert chosen(pool) == LONG_DUE.id
    assert chosen([KNOWN, MISSED, DUE, MISSED_TODAY, NEW[5]]) == DUE.id


def test_then_what_was_missed_on_an_earlier_day_then_what_is_new() -> None:
    assert chosen([KNOWN, MISSED, MISSED_TODAY, NEW[5]]) == MISSED.id
    assert chosen([KNOWN, MISSED_TODAY, NEW[5]]) == NEW[5].id
    assert chosen([KNOWN, MISSED_TODAY]) == ""


def test_again_repeats_what_is_known_the_longest_ago_first() -> None:
    assert chosen([KNOWN, MISSED_TODAY], again=True) == KNOWN.id
    assert chosen([KNOWN, MISSED_TODAY], Scope("missed"), again=True) == MISSED_TODAY.id
    assert chosen([KNOWN], Scope("missed"), again=True) == ""


def test_new_items_are_not_asked_for_by_due_or_missed() -> None:
    assert chosen(list(NEW), Scope("due")) == chosen(list(NEW), Scope("missed")) == ""


def test_new_items_change_the_clause() -> None:
    pool, asked = list(NEW), []
    last = ""
    for _turn in range(3):
        found = choose(pool, ALL, TODAY, last=last)
        assert found is not None
        asked.append(found.clause)
        last = found.id
        pool = [replace(one, due_on=day(2), right=True, answered_on=TODAY) if one.id == last else one for one in pool]
    assert sorted(asked) == ["5.2", "6.1.2", "6.1.3"]


def test_items_in_own_words_come_after_the_others_of_the_clause() -> None:
    written, marked = Candidate("5.2-09", "5.2", "standard", own_words=True), Candidate("5.2-08", "5.2", "standard")
    assert chosen([written, marked]) == marked.id


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("clause:6.1", Scope("clause", "6.1")),
        ("topic:law", Scope("topic", "law")),
        ("due", Scope("due")),
        ("missed", Scope("missed")),
        ("", ALL),
        ("clause:x", ALL),
        ("topic:cooking", ALL),
        ("due:1", ALL),
        ("clause:" + "1." * 40 + "1", ALL),
    ],
)
def test_an_address_names_a_scope(text: str, scope: Scope) -> None:
    assert scope_of(text) == scope and scope_of(str(scope)) == scope


def test_a_clause_takes_the_clauses_below_and_no_neighbour() -> None:
    taken = [no for no in ("6.1", "6.1.2", "6.10", "6", "16.1") if Scope("clause", "6.1").takes(Candidate("x", no, ""))]
    assert taken == ["6.1", "6.1.2"]


days = st.integers(-30, 30).map(day)
items = st.builds(
    Candidate,
    id=st.uuids().map(str),
    clause=st.sampled_from(["5.2", "6.1.2", "7.1"]),
    topic=st.sampled_from(["standard", "law"]),
    due_on=st.none() | days,
    right=st.booleans(),
    answered_on=st.none() | st.integers(-30, 0).map(day),
)
scopes = st.sampled_from([ALL, Scope("due"), Scope("missed"), Scope("topic", "law"), Scope("clause", "6")])


@given(st.lists(items, max_size=12, unique_by=lambda one: one.id), scopes, st.booleans())
def test_the_choice_is_of_the_scope_the_same_each_time_and_due_before_all(
    pool: list[Candidate], scope: Scope, again: bool
) -> None:
    found = choose(pool, scope, TODAY, again=again)
    assert found == choose(list(reversed(pool)), scope, TODAY, again=again)
    inside = [one for one in pool if scope.takes(one)]
    assert found is None or found in inside
    if waiting(inside, TODAY):
        assert found is not None and found.is_due(TODAY)
