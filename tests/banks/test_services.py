"""A bank in the database: loaded whole or not at all, never changed in place, retired and never deleted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.banks import services
from app.banks.items import Single
from app.banks.models import ItemRow, ItemVersion
from app.ledger.models import Entry
from app.pages import Page
from app.refusals import NotFound
from app.store import db, writing
from tests.banks.samples import PAPER, bank_folder, item_file


@pytest.fixture
def folder(db_app: Flask, tmp_path: Path) -> Iterator[Path]:
    yield bank_folder(tmp_path)


def load(folder: Path) -> services.Loaded:
    with writing():
        return services.load_bank(folder)


def rewrite(folder: Path, number: str, text: str) -> None:
    (folder / f"{number.split('-', maxsplit=1)[0]}-part" / f"{number}.yaml").write_text(text, encoding="utf-8")


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_loading_twice_changes_nothing(folder: Path) -> None:
    assert load(folder) == services.Loaded("trial", 3, new=3, changed=0, retired=0)
    assert load(folder) == services.Loaded("trial", 3, new=0, changed=0, retired=0)
    assert (count(ItemRow), count(ItemVersion)) == (3, 3)
    entries = db.session.scalars(select(Entry).where(Entry.kind == "bank.loaded")).all()
    assert [entry.subject for entry in entries] == ["bank:trial"]


def test_a_changed_item_keeps_its_older_version(folder: Path) -> None:
    load(folder)
    before = services.pool_for(services.get_specification("trial"))[0]
    rewrite(folder, "5.2-01", item_file(stem="stem: {zh_CN: 新的题干, en: A new stem}"))
    assert load(folder).changed == 1
    after = services.pool_for(services.get_specification("trial"))[0]
    assert after.stem["en"] == "A new stem"
    kept = services.get_item_version(before.hash)
    assert isinstance(kept, Single)
    assert kept.stem == before.stem
    assert kept.hash == before.hash
    versions = services.get_item("trial", "5.2-01").versions
    assert [item.stem["en"] for item, _hash, _at in versions] == ["A new stem", before.stem["en"]]


def test_going_back_to_an_older_wording_takes_the_older_version(folder: Path) -> None:
    load(folder)
    rewrite(folder, "5.2-01", item_file(stem="stem: {zh_CN: 新的题干, en: A new stem}"))
    load(folder)
    rewrite(folder, "5.2-01", item_file() + "# again\n")
    assert load(folder).changed == 1
    assert count(ItemVersion) == 4


def test_a_new_rating_is_no_new_version(folder: Path) -> None:
    load(folder)
    rewrite(folder, "5.2-01", item_file(rating='rating: ["0.30", "0.40"]'))
    assert load(folder) == services.Loaded("trial", 3, new=0, changed=0, retired=0)
    assert float(services.get_item("trial", "5.2-01").item.expected) == 0.35
    assert count(ItemVersion) == 3


def test_an_item_that_is_gone_is_retired_and_can_still_be_shown(folder: Path) -> None:
    load(folder)
    gone = services.get_item("trial", "5.2-02").item
    (folder / "5.2-part" / "5.2-02.yaml").unlink()
    assert load(folder).retired == 1
    assert [item.id for item in services.pool_for(services.get_specification("trial"))] == ["5.2-01", "6.3-01"]
    assert services.get_item_version(gone.hash).stem == gone.stem
    assert services.get_item("trial", "5.2-02").item.status == "retired"
    assert services.list_items("trial", {})[1].total == 2
    assert services.list_items("trial", {"status": "retired"})[1].total == 1


def test_nothing_of_a_broken_bank_is_taken(folder: Path) -> None:
    load(folder)
    before = services.get_item("trial", "5.2-01").item.stem["en"]
    rewrite(folder, "5.2-01", item_file(stem="stem: {zh_CN: 新的题干, en: A new stem}"))
    rewrite(folder, "6.3-01", item_file("6.3-01", options="options: none"))
    with pytest.raises(services.BrokenBank) as refused:
        load(folder)
    assert str(refused.value.findings[0]).startswith("6.3-part/6.3-01.yaml:12: ")
    db.session.expire_all()
    assert services.get_item("trial", "5.2-01").item.stem["en"] == before
    assert count(ItemVersion) == 3


def test_an_edition_that_is_not_installed_is_named(folder: Path) -> None:
    text = (folder / "bank.yaml").read_text(encoding="utf-8")
    (folder / "bank.yaml").write_text(text.replace("gbt29490-2013", "gbt1-1900"), encoding="utf-8")
    with pytest.raises(services.BrokenBank, match="gbt1-1900"):
        load(folder)
    assert services.list_banks() == []


def test_a_specification_has_versions_and_can_be_retired(folder: Path) -> None:
    load(folder)
    first = services.get_specification("trial")
    (folder / "papers" / "trial.yaml").write_text(PAPER.replace('"0.7"', '"0.6"'), encoding="utf-8")
    load(folder)
    second = services.get_specification("trial")
    assert (first.cut, second.cut) == (Fraction("2.8"), Fraction("2.4"))
    assert services.get_specification_version(first.hash) == first
    (folder / "papers" / "trial.yaml").unlink()
    load(folder)
    assert services.list_specifications() == []
    assert services.get_specification_version(second.hash) == second
    with pytest.raises(NotFound):
        services.get_specification("trial")


def test_drafts_and_practice_items_are_never_drawn(folder: Path) -> None:
    rewrite(folder, "5.2-08", item_file("5.2-08", status="status: draft", readings="readings: []"))
    rewrite(folder, "5.2-09", item_file("5.2-09", pool="pool: practice"))
    load(folder)
    drawn = [item.id for item in services.pool_for(services.get_specification("trial"))]
    assert drawn == ["5.2-01", "5.2-02", "6.3-01"]


def test_what_is_unknown_is_not_found(folder: Path) -> None:
    load(folder)
    for ask in (
        lambda: services.get_bank("other"),
        lambda: services.get_item("trial", "5.2-77"),
        lambda: services.get_item_version("0" * 64),
        lambda: services.get_item_versions(["0" * 64]),
        lambda: services.get_specification("other"),
        lambda: services.get_specification_version("0" * 64),
        lambda: services.list_items("other", {}),
    ):
        with pytest.raises(NotFound):
            ask()


def test_the_list_filters_and_turns_pages(db_app: Flask, tmp_path: Path) -> None:
    numbers = [f"5.2-{n:02}" for n in range(1, 29)] + ["6.3-01"]
    load(bank_folder(tmp_path, {number: item_file(number) for number in numbers}))
    rows, first = services.list_items("trial", {"group": "5"})
    assert (first.total, first.pages, first.first, first.last, len(rows)) == (28, 2, 1, 25, 25)
    rows, second = services.list_items("trial", {"group": "5"}, page=99)
    assert ([row.id for row in rows], second.page) == (["5.2-26", "5.2-27", "5.2-28"], 2)
    assert services.list_items("trial", {}, page=-1)[1].page == 1
    assert services.list_items("trial", {"kind": "judge"}) == ([], Page(1, 25, 0))
    assert [row.id for row in services.list_items("trial", {}, words="6.3")[0]] == ["6.3-01"]
    assert services.list_items("trial", {}, words="%")[1].total == 0
    view = services.get_bank("trial")
    assert view.total == 29
    assert view.cells["5.2", "apply"] == 28
    assert {margin.stock for _paper, margins in view.specifications for margin in margins} == {29, 28, 1}
