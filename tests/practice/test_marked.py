"""What an answer earns and what is told of it, without a database."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.banks.items import Item
from app.marking.scoring import fields_of
from app.practice.asking import asked, order_of
from app.practice.marked import marked, own_marks, own_share, share_of
from tests.banks.samples import blank, case, judge, multiple, one_of_each, short, single

keys = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")
CASE = {"facts": "f", "clause": "6.1.3", "requirement": "r", "grade": "minor", "reason": "w"}


@given(keys)
def test_the_order_of_a_key_is_a_permutation_and_always_the_same(key: str) -> None:
    for item in one_of_each():
        assert sorted(order_of(key, item)) == list(range(len(getattr(item, "options", ()))))
        assert order_of(key, item) == order_of(key, item)


@given(keys, st.sampled_from(["zh_CN", "en"]))
def test_a_question_tells_nothing_of_its_answer(key: str, language: str) -> None:
    for item in one_of_each():
        assert "SECRET" not in repr(asked(item, key, language))


@given(keys)
def test_the_right_letters_earn_everything_in_every_order(key: str) -> None:
    for item in (single(), multiple()):
        order = order_of(key, item)
        letters = sorted("ABCDEFGH"[i] for i, place in enumerate(order) if place in item.right)
        response: object = letters if item.kind == "multiple" else letters[0]
        assert share_of(item, response, order, "all-or-nothing") == 1
        told = marked(item, response, order, share=Fraction(1))
        assert {shown.letter for shown in told.options if shown.chosen} == set(letters)
        assert {shown.place for shown in told.options if shown.chosen} == item.right


@pytest.mark.parametrize(
    ("item", "response", "share"),
    [
        (judge(), "correct", Fraction(1)),
        (judge(), "incorrect", Fraction(0)),
        (blank(), ["20", "granting"], Fraction(1, 2)),
        (blank(), ["twenty", "filing"], Fraction(1)),
        (short(), "words", None),
        (short(), None, Fraction(0)),
        (case(), CASE, None),
        (case(), None, Fraction(0)),
    ],
)
def test_what_an_answer_earns(item: Item, response: object, share: Fraction | None) -> None:
    assert share_of(item, response, (), "all-or-nothing") == share


@given(st.sets(st.sampled_from(["point-1", "point-2", "point-3", "facts", "requirement", "clause", "grade", "other"])))
def test_ticks_give_their_shares_and_never_what_the_key_decides(ticked: set[str]) -> None:
    item = short()
    given_marks = own_marks(item, "words", sorted(ticked))
    shares = {field.name: field.share for field in fields_of(item, "words")}
    assert own_share(item, "words", given_marks) == sum(
        (shares[name] for name in shares if name in ticked), Fraction(0)
    )
    wrong = {**CASE, "clause": "9.1", "grade": "major"}
    most = own_share(case(), wrong, own_marks(case(), wrong, sorted(ticked)))
    assert most == Fraction(2, 6) * ("facts" in ticked) + Fraction(1, 6) * ("requirement" in ticked)
