"""What an item is: its hash, its way into the database and back, and what a candidate is given of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest

from app.banks.items import Choice, Item, canonical, content_of, for_candidate
from app.banks.stored import item_of
from tests.banks.samples import case, judge, one_of_each, short, single, text


@pytest.mark.parametrize("item", one_of_each(), ids=lambda item: item.kind)
def test_content_makes_the_same_item_again(item: Item) -> None:
    again = item_of(
        content_of(item),
        pool=item.pool,
        rating=[str(chance) for chance in item.rating],
        enemies=list(item.enemies),
        status=item.status,
        readings=[{"by": "A", "on": "2026-11-23", "changed": "first writing"}],
    )
    assert again == item
    assert again.hash == item.hash


@pytest.mark.parametrize("item", one_of_each(), ids=lambda item: item.kind)
def test_every_change_of_content_is_another_version(item: Item) -> None:
    for change in ({"stem": text("another")}, {"clause": "7.1"}, {"edition": "other"}, {"source": "elsewhere"}):
        assert replace(item, **change).hash != item.hash


@pytest.mark.parametrize("item", one_of_each(), ids=lambda item: item.kind)
def test_what_is_about_the_use_is_no_other_version(item: Item) -> None:
    used = replace(item, rating=(Fraction(1, 3),), enemies=("9.1-01",), status="retired", pool="practice", readings=())
    assert used.hash == item.hash


def test_canonical_form_is_pinned_for_ever() -> None:
    item = judge("4.1-01", stem={"zh_CN": "对吗？", "en": "Is it so?"}, why={"zh_CN": "对。", "en": "It is."})
    assert canonical(item).decode() == (
        '{"answer":"correct","clause":"4.1","edition":"gbt29490-2013","id":"4.1-01","kind":"judge","level":"apply",'
        '"source":"GB/T 29490-2013","stem":{"en":"Is it so?","zh_CN":"对吗？"},"topic":"standard",'
        '"why":{"en":"It is.","zh_CN":"对。"}}'
    )
    assert item.hash == "5dbdeb0388a4f5ffd09ae824f7f40c21df1066573c9e7086bddc910b07642509"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_letters_are_given_in_the_order_of_the_paper(order: tuple[int, ...]) -> None:
    shown = for_candidate(single(), "en", order)
    assert [letter for letter, _text in shown.options] == ["A", "B", "C", "D"]
    assert [words for _letter, words in shown.options] == [f"English option {place}" for place in order]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("item", one_of_each(), ids=lambda item: item.kind)
def test_the_candidate_is_given_nothing_of_the_answer(item: Item, language: str) -> None:
    order = range(len(item.options)) if isinstance(item, Choice) else ()
    shown = for_candidate(item, language, list(order))
    assert "SECRET" not in repr(shown)
    assert not {"right", "answer", "key", "why", "because", "rubric", "model", "clause"} & set(vars(shown))
    assert shown.stem == item.stem[language]


@pytest.mark.parametrize("order", [(), (0, 1, 2), (0, 1, 2, 2), (1, 2, 3, 4), (0, 1, 2, 3, 4)])
def test_an_order_that_is_none_is_refused(order: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no order"):
        for_candidate(single(), "en", order)


def test_values_on_the_dimensions() -> None:
    item = case("6.1.3-01")
    assert [item.value(name) for name in ("group", "level", "kind", "topic")] == ["6", "apply", "case", "standard"]
    assert short().expected == Fraction(13, 20)
    with pytest.raises(ValueError, match="dimension"):
        item.value("answer")
