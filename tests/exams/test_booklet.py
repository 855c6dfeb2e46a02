"""Booklet, answer sheet and key come from the sitting's own form: the same questions, the same order, nothing slips out."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.banks.delivery import for_candidate
from app.banks.items import Choice, Item
from app.documents.blocks import Items, plain
from app.documents.file import Facts
from app.documents.leaflets import Grid, Leaflet, print_leaflets
from app.exams.assembly import FormItem
from app.exams.booklet import Paper, Speech, booklet, code_of, key, sheet
from tests.banks.samples import blank, case, judge, multiple, short, single
from tests.exams.rooms import NOW

ITEMS: list[Item] = [single(), multiple(), judge(), blank(), short(), case()]
BOTH = Speech(("zh_CN", "en"), lambda message, _: message, str)
ENGLISH = Speech(("en",), lambda message, _: message, str)


def paper(orders: dict[int, tuple[int, ...]] | None = None, **changes: Any) -> Paper:
    form = tuple(
        FormItem(
            slot, item.id, item.hash, item.kind, 2,
            (orders or {}).get(slot, tuple(range(len(item.options)))) if isinstance(item, Choice) else (),
        )
        for slot, item in enumerate(ITEMS, 1)
    )  # fmt: skip
    facts: dict[str, Any] = {
        "ref": "a" * 32, "base": {"zh_CN": "基地", "en": "Base"}, "title": {"zh_CN": "结业考试", "en": "Final exam"},
        "name": "张三", "number": "2026-01-0001", "room": "301", "seat": "7", "minutes": 135, "ends_at": NOW, "font": 100,
        "form": form, "items": {item.hash: item for item in ITEMS}, "saved": {}, "multiple": "all-or-nothing",
        "code": "8F3A-77C1",
    }  # fmt: skip
    return Paper(**facts | changes)


def texts(leaflet: Leaflet) -> str:
    return repr((leaflet.facts, leaflet.opening, leaflet.groups, leaflet.title))


def permutations(item: Item) -> st.SearchStrategy[tuple[int, ...]]:
    assert isinstance(item, Choice)
    return st.permutations(range(len(item.options))).map(tuple)


@given(permutations(ITEMS[0]), permutations(ITEMS[1]), st.sampled_from([BOTH, ENGLISH]))
def test_the_booklet_has_the_options_in_the_order_of_the_sitting(
    first: tuple[int, ...], second: tuple[int, ...], speech: Speech
) -> None:
    made = paper({1: first, 2: second})
    lists = [block for group in booklet(made, speech).groups for block in group if isinstance(block, Items)]
    for row, listed in zip(made.form[:2], lists, strict=True):
        for language in speech.languages:
            shown = for_candidate(made.items[row.version], language, row.options)
            place = speech.languages.index(language)
            printed = [plain(item[place].words) for item in listed.items]  # type: ignore[union-attr]
            assert list(zip(listed.marks, printed, strict=True)) == [(f"{one}.", text) for one, text in shown.options]


@given(permutations(ITEMS[0]), permutations(ITEMS[1]))
def test_the_key_has_the_letters_of_this_form(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    made = paper({1: first, 2: second})
    rows = [row for group in key(made, ENGLISH).groups for block in group for row in getattr(block, "rows", ())]
    letters = {plain(row[0]): plain(row[1]) for row in rows}
    for row in made.form[:2]:
        item = made.items[row.version]
        assert isinstance(item, Choice)
        assert {row.options["ABCDEFGH".index(one)] for one in letters[str(row.slot)]} == item.right


def test_neither_booklet_nor_sheet_holds_anything_of_the_key() -> None:
    made = paper()
    for leaflet in (booklet(made, BOTH), sheet(made, BOTH)):
        assert "SECRET" not in texts(leaflet)
    told = texts(key(made, BOTH))
    assert "张三" not in told
    assert "2026-01-0001" not in told


def test_what_is_saved_is_printed_on_the_sheet() -> None:
    saved = {1: "B", 2: ["A", "C"], 3: "incorrect", 5: "已经写好", 6: {"facts": "抽查5份", "grade": "minor"}}
    leaflet = sheet(paper(saved=saved), ENGLISH)
    grids = [block for group in leaflet.groups for block in group if isinstance(block, Grid)]
    filled = [[letter for letter, full in row.boxes if full] for grid in grids for row in grid.rows]
    assert filled[:3] == [["B"], ["A", "C"], ["F"]]
    assert ["1"] in filled
    said = texts(leaflet)
    assert "Saved: 已经写好" in said
    assert "Saved: 抽查5份" in said


def test_the_code_of_a_form_is_the_beginning_of_what_the_ledger_has() -> None:
    one = code_of([{"slot": 1, "id": "a", "version": "0", "kind": "single", "marks": 2, "options": [1, 0]}])
    other = code_of([{"slot": 1, "id": "a", "version": "0", "kind": "single", "marks": 2, "options": [0, 1]}])
    assert one != other
    assert len(one) == len("8F3A-77C1")


@pytest.mark.parametrize("scale", [100, 150])
def test_the_file_is_tagged_whole_and_one_leaflet_a_sheet_of_paper(tmp_path: Path, scale: int) -> None:
    with clock.frozen(NOW):
        leaflets = [make(paper(font=scale), BOTH) for make in (booklet, sheet, key)]
    facts = Facts("试卷", "Paper", "A", "S", NOW, "1", "zh-CN")
    path = tmp_path / "paper.pdf"
    path.write_bytes(print_leaflets(leaflets, tmp_path / "fonts", facts))
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in info
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    pages = said.split("\f")
    titles = [number for number, page in enumerate(pages) if "Question booklet" in page or "Paper answer sheet" in page]
    begins = next(number for number, page in enumerate(pages) if "Page 1 of" in page and "Paper answer sheet" in page)
    assert titles[0] == 0
    assert begins % 2 == 0
    assert path.stat().st_size < 900_000
