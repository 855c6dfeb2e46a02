"""What a specification says, and that it survives being stored."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.banks.specification import Cell, PassRule, Section, Specification, content_of, from_content

INTERNAL = Specification(
    code="internal-auditor",
    bank="gbt29490-2013",
    edition="gbt29490-2013",
    title={"zh_CN": "内审员结业考试", "en": "Final exam"},
    minutes=90,
    sections=(
        Section("single", 20, 2),
        Section("multiple", 10, 2),
        Section("judge", 10, 1),
        Section("short", 2, 5),
        Section("case", 2, 10),
    ),
    pass_rule=PassRule(Fraction("0.7"), section=Fraction(1, 2), must_pass={"case": Fraction(3, 5)}),
    margins={"group": {"4": 20, "5": 24}},
    cells=(Cell({"kind": "case", "group": "5"}, 1),),
    exposure=Fraction(2, 5),
)


def test_the_preset_adds_up() -> None:
    assert (INTERNAL.count, INTERNAL.max_marks, INTERNAL.cut) == (44, 100, 70)
    assert INTERNAL.all_margins == {
        "kind": {"single": 20, "multiple": 10, "judge": 10, "short": 2, "case": 2},
        "group": {"4": 20, "5": 24},
    }
    assert INTERNAL.marks_of("case") == 10
    with pytest.raises(KeyError):
        INTERNAL.marks_of("none")


def test_two_sections_of_one_kind_are_one_margin() -> None:
    twice = replace(INTERNAL, sections=(Section("single", 20, 1), Section("single", 10, 2)))
    assert twice.all_margins["kind"] == {"single": 30}


def test_it_survives_being_stored() -> None:
    again = from_content(content_of(INTERNAL))
    assert again == INTERNAL
    assert again.hash == INTERNAL.hash


def test_what_was_stored_before_cells_were_known_has_none() -> None:
    stored = content_of(INTERNAL)
    del stored["cells"], stored["exposure"]
    again = from_content(stored)
    assert (again.cells, again.exposure) == ((), Fraction(1, 2))


def test_every_change_is_another_version() -> None:
    changes = (
        {"minutes": 91},
        {"pass_rule": PassRule(Fraction("0.6"))},
        {"margins": {}},
        {"cells": ()},
        {"exposure": Fraction(1, 2)},
        {"sections": (Section("single", 50, 2),)},
    )
    assert len({INTERNAL.hash, *(replace(INTERNAL, **change).hash for change in changes)}) == 7
