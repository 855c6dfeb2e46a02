"""What an item is: its hash, its way into the database and back, and what a candidate is given of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest

from app.banks.delivery import for_candidate, numbered
from app.banks.items import Choice, Gap, Item, canonical, content_of
from app.banks.stored import item_of
from tests.banks.samples import blank, case, judge, one_of_each, short, single, text


@pytest.mark.parametrize("item", one_of_each(), ids=lambda item: item.kind)
def test_content_makes_the_same_item_again(item: Item) -> None:
    again = item_of(
        content_of(item),
        pool=item.pool,
        rating=[str(chance) for chance in item.rating],
        enemies=list(item.enemies),
        status=item.status,
        readings=[{"by": one.by, "on": one.on, "changed": one.changed} for one in item.readings],
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
    stem = item.stem[language]
    assert shown.stem == (numbered(stem, language) if item.kind == "blank" else stem)


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


@pytest.mark.parametrize("answer", ["20", " 2 0", "\uff12\uff10", "二十", "twenty", "Twenty.", "TWENTY"])
def test_a_blank_takes_what_is_listed_in_either_language(answer: str) -> None:
    assert blank().gaps[0].takes(answer)


@pytest.mark.parametrize("answer", ["", " ", ".", "200", "20年", "廿"])
def test_a_blank_takes_nothing_else(answer: str) -> None:
    assert not blank().gaps[0].takes(answer)


def test_a_blank_that_lists_nothing_readable_takes_no_empty_answer() -> None:
    assert not Gap({"zh_CN": ("。",), "en": (".",)}).takes("")


def test_the_blanks_of_a_stem_are_numbered() -> None:
    assert numbered("甲____乙____。", "zh_CN") == "甲（1）____乙（2）____。"
    assert numbered("____ and ____.", "en") == "(1) ____ and (2) ____."
    assert for_candidate(blank(), "en").gaps == 2


def test_an_item_belongs_to_a_clause_of_each_edition_for_which_it_is_valid() -> None:
    item = judge("9.2-01", topic="audit", also={"gbt29490-2023": "10.2"})
    assert item.clauses == {"gbt29490-2013": "9.2", "gbt29490-2023": "10.2"}
    assert [item.group_in(edition) for edition in item.clauses] == ["9", "10"]
    assert item.value("group", "gbt29490-2023") == "10"
    assert item.value("group") == item.group == "9"
    with pytest.raises(KeyError):
        item.group_in("gbt29490-1999")


def test_further_editions_are_content_and_none_leaves_the_hash_alone() -> None:
    assert "also" not in content_of(judge())
    assert judge(also={"gbt29490-2023": "9"}).hash != judge().hash
