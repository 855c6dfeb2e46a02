"""What the site knows about editions: dates, trees, and nothing that is not established."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.refusals import NotFound
from app.standards.clauses import Clause
from app.standards.content import BrokenEdition, read_edition
from app.standards.editions import clause, edition, editions


def test_the_2013_edition_was_replaced_on_the_day_the_2023_edition_took_effect() -> None:
    old, new = edition("gbt29490-2013"), edition("gbt29490-2023")
    assert (old.issued, old.effective) == (date(2013, 2, 7), date(2013, 3, 1))
    assert old.replaced_by == new.number
    assert old.replaced_on == new.effective == date(2024, 1, 1)
    assert new.replaced_on is None


@pytest.mark.parametrize(("day", "replaced"), [(date(2023, 12, 31), False), (date(2024, 1, 1), True)])
def test_an_edition_is_replaced_from_the_day_itself(day: date, replaced: bool) -> None:
    assert edition("gbt29490-2013").replaced_at(day) is replaced
    assert edition("gbt29490-2023").replaced_at(day) is False


def test_the_2013_tree_is_whole() -> None:
    old = edition("gbt29490-2013")
    assert old.whole
    assert len(old.clauses) == 61
    assert [one.no for one in old.chapters()] == list("123456789")
    assert [one.no for one in old.children("6.1")] == [f"6.1.{n}" for n in range(1, 7)]


def test_a_clause_knows_its_place() -> None:
    found = clause("gbt29490-2013", "6.1.2")
    assert (found.title("zh_CN"), found.title("en")) == ("教育与培训", "Education and training")
    assert (found.level, found.chapter, found.parent) == (3, "6", "6.1")
    assert [one.no for one in edition("gbt29490-2013").path("6.1.2")] == ["6", "6.1", "6.1.2"]


@pytest.mark.parametrize("no", ["5.3", "6.2", "7.3", "7.5", "8.1", "9.2"])
def test_clauses_of_2023_that_are_not_established_are_not_there(no: str) -> None:
    assert not edition("gbt29490-2023").whole
    with pytest.raises(NotFound):
        clause("gbt29490-2023", no)


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(NotFound):
        edition("gbt29490-1999")


@pytest.mark.parametrize("code", sorted(editions()))
def test_every_clause_has_both_titles_and_a_parent(code: str) -> None:
    one = edition(code)
    numbers = {each.no for each in one.clauses}
    assert all(each.title_zh and each.title_en for each in one.clauses)
    assert all(each.parent is None or each.parent in numbers for each in one.clauses)


def test_a_clause_number_is_text() -> None:
    assert Clause("7.10", "甲", "A").parent == "7"
    assert Clause("7.10", "甲", "A") != Clause("7.1", "甲", "A")


GOOD = """
code: x-1
number: X 1
title: {zh_CN: 甲, en: A}
issued: 2020-01-01
effective: 2020-02-01
tree: whole
clauses:
  - {no: "7", zh_CN: 七, en: Seven}
  - {no: 7.10, zh_CN: 七之十, en: Seven ten}
"""


def test_a_file_is_read_with_its_numbers_as_text(tmp_path: Path) -> None:
    (tmp_path / "x-1.yaml").write_text(GOOD, encoding="utf-8")
    assert [one.no for one in read_edition(tmp_path / "x-1.yaml").clauses] == ["7", "7.10"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("code: x-1", "code: x-2", "not the file name"),
        ('no: "7"', 'no: "8"', "no clause 7 above"),
        ("no: 7.10", 'no: "7"', "stands twice"),
        ("number: X 1\n", "", "number"),
        ("issued: 2020-01-01", "issued: soon", "soon"),
        ("clauses:", "clauses: [", "x-1.yaml"),
    ],
)
def test_a_broken_file_is_named_with_its_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = tmp_path / "x-1.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BrokenEdition, match=reason) as caught:
        read_edition(path)
    assert "x-1.yaml" in str(caught.value)
