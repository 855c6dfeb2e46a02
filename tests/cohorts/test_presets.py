"""The programmes of the release: each names a course, an edition and a specification that are there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from app.banks import content as bank_files
from app.banks.specification import Specification
from app.cohorts.content import BrokenPresets, presets
from app.cohorts.models import Programme
from app.cohorts.presets import Preset
from app.courses import content as course_files
from app.standards.editions import edition
from app.store import db
from tests.exams import rooms

ALL = list(presets().values())


@cache
def specifications() -> dict[str, Specification]:
    folders = [bank_files.read_folder(folder) for folder in bank_files.find_banks()]
    return {entry.specification.code: entry.specification for folder in folders for entry in folder.specifications}


def test_the_default_is_on_the_edition_in_force() -> None:
    assert ALL[0].code == "internal-auditor-2023"
    assert edition(ALL[0].edition).replaced_on is None


@pytest.mark.parametrize("preset", ALL, ids=lambda preset: preset.code)
def test_a_preset_names_what_is_there(preset: Preset) -> None:
    edition(preset.edition)
    course = course_files.read_folder(course_files.COURSES / preset.course).course
    assert course is not None
    assert sum(module.hours for module in course.modules) == preset.hours
    if preset.kind == "study":
        assert (preset.bank, preset.specification) == ("", "")
        return
    specification = specifications()[preset.specification]
    assert (specification.bank, specification.edition) == (preset.bank, preset.edition)


def test_a_base_offers_a_preset_and_changes_what_it_likes(db_app: Flask) -> None:
    rooms.base("C")
    db.session.commit()
    run = db_app.test_cli_runner().invoke
    answer = run(args=["cohorts", "add-programme", "C", "NSY", "--preset", "internal-auditor-2023", "--attempts", "3"])
    assert answer.exit_code == 0, answer.output
    made = db.session.query(Programme).one()
    assert (made.edition, made.hours, made.hours_required, made.attempts) == ("gbt29490-2023", 32, 32, 3)
    answer = run(args=["cohorts", "add-programme", "C", "ZF", "--preset", "government"])
    assert answer.exit_code == 0, answer.output
    assert db.session.query(Programme).filter_by(code="ZF").one().specification == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "nothing"], "There is no preset “nothing”"),
        (["--preset", ""], "There is no preset “”"),
        ([], "Give --kind, --title-zh, --title-en, --course, --hours, --bank, --specification"),
        (["--kind", "study", "--title-zh", "甲"], "Give --title-en, --course, --hours, or"),
    ],
)
def test_what_is_missing_is_named(db_app: Flask, arguments: list[str], words: str) -> None:
    rooms.base("C")
    db.session.commit()
    answer = db_app.test_cli_runner().invoke(args=["cohorts", "add-programme", "C", "NSY", *arguments])
    assert answer.exit_code == 1
    assert words in answer.output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {code: a, kind: other}", "“other” is none of"),
        ("- {code: a, kind: study}", "the field 'title' is missing"),
        ("[", "programmes.yaml"),
        ("a", "programmes.yaml"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "programmes.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenPresets) as refused:
        presets(path)
    assert words in str(refused.value)
