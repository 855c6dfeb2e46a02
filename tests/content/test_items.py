"""Every item file of the release, held to every rule; and every bank as a whole."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from app.banks import content
from app.banks.lint import Known, check_item, draw, is_drawn
from app.banks.nodes import Reader
from app.banks.reading import read_item
from app.standards.editions import editions, laws
from tests.content.banks import BANKS, bank, held

FILES = [(folder, path) for folder in BANKS for path in sorted(folder.glob("*-*/*.yaml"))]


def test_there_are_banks_with_items() -> None:
    assert {folder.name for folder in BANKS} >= {"gbt29490-2013"}
    assert len(FILES) >= 100


@pytest.mark.parametrize(("folder", "path"), FILES, ids=lambda path: path.stem)
def test_an_item_keeps_every_rule(folder: Path, path: Path) -> None:
    reader = Reader(path.relative_to(folder).as_posix())
    root = content.parse(path.read_bytes())
    code = bank(folder).bank.edition
    item = read_item(root, code, reader)
    assert reader.findings == []
    assert item is not None
    assert check_item(item, Known(editions(), laws()), reader.file, root) == []


@pytest.mark.parametrize("folder", BANKS, ids=lambda folder: folder.name)
def test_a_bank_keeps_every_rule_as_a_whole(folder: Path) -> None:
    read = bank(folder)
    assert read.findings == ()
    assert held(folder).findings == []


@pytest.mark.parametrize("times", [20, pytest.param(500, marks=pytest.mark.long)])
@pytest.mark.parametrize("folder", BANKS, ids=lambda folder: folder.name)
def test_every_paper_can_be_drawn_many_times_over(folder: Path, times: int) -> None:
    report = held(folder)
    for paper in bank(folder).specifications:
        pool = report.stock(paper.specification)
        drawn = [draw(paper.specification, pool, Random(seed)) for seed in range(times)]
        assert None not in drawn
        used = {item.id for items in drawn if items for item in items}
        assert len(used) > 2 * paper.specification.count


def test_the_bank_of_the_release_has_what_was_promised() -> None:
    folder = next(folder for folder in BANKS if folder.name == "gbt29490-2013")
    drawn = [entry.item for entry in bank(folder).items if is_drawn(entry.item)]
    assert len(drawn) >= 100
    assert sum(item.kind == "case" for item in drawn) >= 6
