"""The laws that items and lessons rest on, the mapping between editions, and an edition that a base completes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.standards.content import DATA, BrokenEdition, read_editions, read_laws, read_mappings
from app.standards.editions import edition, editions, find_law, find_mapping, laws, look_in

FULLER = """\
code: gbt29490-2023
number: GB/T 29490-2023
title: {zh_CN: 企业知识产权合规管理体系 要求, en: Requirements}
issued: 2023-08-06
effective: 2024-01-01
tree: whole
clauses:
  - {no: "8", zh_CN: 运行, en: Operation}
  - {no: "8.1", zh_CN: 甲, en: First}
"""


@pytest.mark.parametrize(
    ("words", "day", "applies"),
    [
        ("商标法 2019", date(2026, 12, 31), True),
        ("商标法 2019", date(2027, 1, 1), False),
        ("商标法 2026", date(2026, 12, 31), False),
        ("商标法 2026", date(2027, 1, 1), True),
        ("反不正当竞争法 2019", date(2025, 10, 15), False),
        ("反不正当竞争法 2025", date(2025, 10, 15), True),
        ("专利法 2020", date(2026, 11, 27), True),
    ],
)
def test_a_text_applies_between_its_dates(words: str, day: date, applies: bool) -> None:
    law = find_law(words)
    assert law is not None
    assert law.in_force(day) is applies


def test_a_law_is_named_with_its_edition() -> None:
    law = find_law("专利法 2020")
    assert law is not None
    assert (law.title("zh_CN"), law.title("en")) == ("专利法（2020）", "Patent Law (2020)")
    assert find_law("专利法") is None
    assert find_law("专利法 1984") is None


@pytest.mark.parametrize("law", laws().values(), ids=lambda law: " ".join(law.key))
def test_the_dates_of_a_law_are_in_order(law) -> None:  # type: ignore[no-untyped-def]
    days = [day for day in (law.adopted, law.effective, law.ends) if day is not None]
    assert days == sorted(days)
    assert law.name_en.isascii()


def test_each_mapping_names_clauses_that_are_there() -> None:
    for mapping in read_mappings():
        old, new = edition(mapping.old), edition(mapping.new)
        assert all(old.find_clause(no) for pair in mapping.pairs for no in pair.old)
        assert all(new.find_clause(no) for pair in mapping.pairs for no in pair.new)
        assert all(new.find_clause(no) for no in mapping.added)


@pytest.mark.parametrize(
    ("no", "to"),
    [("4.1", ("4.4",)), ("5.3.3", ("4.5",)), ("5.4.2", ("5", "7.4")), ("7.3.1", ("8",)), ("9.3", ("10",)), ("1", ())],
)
def test_a_clause_is_followed_by_itself_or_by_the_clause_above(no: str, to: tuple[str, ...]) -> None:
    mapping = find_mapping("gbt29490-2013", "gbt29490-2023")
    assert mapping is not None
    assert mapping.forward(no) == to


def test_every_leaf_of_chapters_4_to_9_of_2013_goes_somewhere() -> None:
    mapping = find_mapping("gbt29490-2013", "gbt29490-2023")
    old = edition("gbt29490-2013")
    assert mapping is not None
    lost = [one.no for one in old.clauses if one.chapter in "456789" and not old.children(one.no)]
    assert [no for no in lost if not mapping.forward(no)] == []


@pytest.fixture
def standards(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    look_in(Path("nowhere"))


def test_a_base_completes_an_edition_with_one_file(standards: Path) -> None:
    assert edition("gbt29490-2023").find_clause("8.1") is None
    (standards / "gbt29490-2023.yaml").write_text(FULLER, encoding="utf-8")
    look_in(standards)
    assert edition("gbt29490-2023").whole
    assert edition("gbt29490-2023").clause("8.1").title("en") == "First"
    assert edition("gbt29490-2013").whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FULLER.replace("number: GB/T 29490-2023", ""), "the field 'number' is missing"),
        (FULLER.replace("issued: 2023-08-06", "issued: soon"), "soon"),
        (FULLER.replace('no: "8",', 'no: "7",'), "8.1 has no clause 8 above it"),
        (FULLER.replace("code: gbt29490-2023", "code: other"), "is not the file name"),
        (FULLER + "replaced_by: GB/T 29490-2099\n", "GB/T 29490-2099 is no edition"),
        ("[", "gbt29490-2023.yaml"),
        ("x: " + "y" * 300_000, "larger than 256 kB"),
    ],
)
def test_a_broken_file_is_named_with_its_reason(standards: Path, text: str, words: str) -> None:
    (standards / "gbt29490-2023.yaml").write_text(text, encoding="utf-8")
    look_in(standards)
    with pytest.raises(BrokenEdition, match="gbt29490-2023") as refused:
        editions()
    assert words in str(refused.value)


def test_an_edition_is_in_force_between_its_dates() -> None:
    old = read_editions(DATA / "editions")["gbt29490-2013"]
    assert [old.in_force(date(*day)) for day in ((2013, 2, 28), (2013, 3, 1), (2023, 12, 31), (2024, 1, 1))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_law_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "laws.yaml"
    path.write_text("laws:\n" + "  - {name: 甲法, en: Law, editions: [{edition: '1'}]}\n" * 2, encoding="utf-8")
    with pytest.raises(BrokenEdition, match="甲法 1 stands twice"):
        read_laws(path)
