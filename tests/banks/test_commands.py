"""The commands: what they print, and that a broken bank ends them with an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.banks import services
from app.refusals import NotFound
from tests.banks.samples import bank_folder, item_file


@pytest.fixture
def folder(db_app: Flask, tmp_path: Path) -> Path:
    return bank_folder(tmp_path)


def test_check_prints_counts_and_no_finding(db_app: Flask, folder: Path) -> None:
    done = db_app.test_cli_runner().invoke(args=["banks", "check", str(folder.parent)])
    assert done.exit_code == 0
    assert "trial: 3 items, 3 of them approved for exams" in done.output
    assert "group 5: 1 of 2" in done.output
    assert done.output.endswith("No finding.\n")


def test_check_names_file_line_and_rule(db_app: Flask, folder: Path) -> None:
    path = folder / "5.2-part" / "5.2-01.yaml"
    path.write_text(item_file(level="level: guess"), encoding="utf-8")
    done = db_app.test_cli_runner().invoke(args=["banks", "check", str(folder)])
    assert done.exit_code == 1
    assert "5.2-part/5.2-01.yaml:5: values-from-the-list: “guess” is no level. Choose one of recall" in done.output
    assert done.output.endswith("1 findings.\n")


def test_load_takes_all_or_nothing(db_app: Flask, folder: Path) -> None:
    run = db_app.test_cli_runner().invoke
    done = run(args=["banks", "load", str(folder)])
    assert (done.exit_code, done.output) == (0, "trial: 3 items, 3 new, 0 changed, 0 retired\n")
    (folder / "5.2-part" / "5.2-01.yaml").write_text("id: [", encoding="utf-8")
    done = run(args=["banks", "load", str(folder)])
    assert done.exit_code == 1
    assert "5.2-part/5.2-01.yaml:2: file-can-be-read" in done.output
    assert "nothing was loaded" in done.output
    assert services.get_bank("trial").total == 3


def test_a_broken_bank_keeps_the_one_beside_it_out_as_well(db_app: Flask, folder: Path) -> None:
    beside = folder.parent / "zweite"
    beside.mkdir()
    (beside / "bank.yaml").write_text("code: [", encoding="utf-8")
    done = db_app.test_cli_runner().invoke(args=["banks", "load", str(folder.parent)])
    assert done.exit_code == 1
    assert "zweite: nothing was loaded" in done.output and "3 new" not in done.output
    with pytest.raises(NotFound):
        services.get_bank("trial")


def test_a_folder_without_a_bank_is_named(db_app: Flask, tmp_path: Path) -> None:
    done = db_app.test_cli_runner().invoke(args=["banks", "check", str(tmp_path)])
    assert done.exit_code == 1
    assert "There is no bank.yaml" in done.output
