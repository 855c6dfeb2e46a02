"""Every rule of a bank names the file and the line where the fault stands; a rule without a case fails here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.banks.commands import cli
from app.banks.findings import RULES
from tests.banks.samples import BANK, PAPER, bank_folder, item_file, said

ITEM, PAPER_FILE, BANK_FILE = "5.2-part/5.2-01.yaml", "papers/trial.yaml", "bank.yaml"
SHORT = (
    "model: {zh_CN: 示例, en: Model}\nrubric:\n"
    '  - {share: "3/5", for: {zh_CN: 要点甲, en: One}}\n  - {share: "1/5", for: {zh_CN: 要点乙, en: Two}}'
)


@dataclass(frozen=True)
class Case:
    """What makes the folder break a rule, and where the fault then stands: the file, and a text of the line."""

    break_it: Callable[[Path], Path]
    at: str
    file: str = ITEM


def item(**changes: str) -> Callable[[Path], Path]:
    """The folder with one item changed."""
    return lambda root: bank_folder(root, {"5.2-01": item_file(**changes), "6.3-01": item_file("6.3-01")})


def replaced(old: str, new: str, times: int = 1) -> Callable[[Path], Path]:
    """The folder with a text of one item replaced."""

    def make(root: Path) -> Path:
        text = item_file()
        assert old in text
        return bank_folder(root, {"5.2-01": text.replace(old, new, times), "6.3-01": item_file("6.3-01")})

    return make


def paper(old: str, new: str) -> Callable[[Path], Path]:
    """The folder with its specification changed."""
    assert old in PAPER
    return lambda root: bank_folder(root, paper=PAPER.replace(old, new))


def planned(root: Path) -> Path:
    """The folder whose bank.yaml plans more than is there."""
    folder = bank_folder(root)
    plan = 'plan:\n  kinds:\n    single: "9"\n  topics: {}\n  groups: {}\n'
    (folder / "bank.yaml").write_text(BANK + plan, encoding="utf-8")
    return folder


def many(**changes: str) -> Callable[[Path], Path]:
    """A bank that is large enough to be judged as a whole, with the last item changed."""

    def make(root: Path) -> Path:
        items = {f"5.2-{n:02}": item_file(f"5.2-{n:02}", **long_right(n), **changes) for n in range(2, 22)}
        return bank_folder(root, {**items, "5.2-01": item_file(**long_right(30), **changes)})

    return make


def long_right(length: int) -> dict[str, str]:
    """Options of which the right one is so much longer than the wrong ones."""
    wrong = "".join(
        f"  - wrong: {said(f'{length}{n}', 4)}\n    because: {{zh_CN: 不对。, en: No.}}\n" for n in range(3)
    )
    return {"options": f"options:\n  - right: {said(f'{length}r', 8 + length)}\n{wrong}".rstrip("\n")}


def twins(root: Path) -> Path:
    """Two items that ask the same in the same words."""
    text = item_file()
    return bank_folder(root, {"5.2-01": text, "5.2-02": text.replace("id: 5.2-01", "id: 5.2-02")})


MULTIPLE = replaced("kind: single", "kind: multiple")
CASES: Mapping[str, Case] = {
    "file-can-be-read": Case(item(id="id: 5.2-01\nid: again"), "id: again"),
    "known-fields-only": Case(item(status="status: approved\nsecret: x"), "secret: x"),
    "required-fields-present": Case(item(source=""), "id: 5.2-01"),
    "values-from-the-list": Case(item(level="level: guess"), "level: guess"),
    "id-equals-file-name": Case(item(id="id: 5.2-77"), "id: 5.2-77"),
    "item-lies-in-its-clause-folder": Case(item(clause='clause: "6.3"'), 'clause: "6.3"'),
    "both-languages-present": Case(item(stem="stem: {zh_CN: 只有中文}"), "stem:"),
    "chinese-is-chinese": Case(item(stem='stem:\n  zh_CN: "半角,逗号"\n  en: Text'), "半角"),
    "one-right-for-single": Case(replaced("  - wrong", "  - right"), "options:"),
    "several-right-for-multiple": Case(MULTIPLE, "options:"),
    "wrong-options-are-explained": Case(replaced("    because: {zh_CN: 不对。, en: Not so.}\n", "", 2), "wrong: "),
    "right-options-of-multiple-are-explained": Case(MULTIPLE, "- right"),
    "options-differ": Case(
        item(options=long_right(1)["options"] + "\n  - wrong: {zh_CN: 甲, en: one}\n    because: {zh_CN: 否, en: No.}"
             "\n  - wrong: {zh_CN: 甲, en: two}\n    because: {zh_CN: 否, en: No.}"), "en: two"),
    "no-all-of-the-above": Case(
        item(options=long_right(1)["options"] + "\n  - wrong: {zh_CN: 以上都对, en: All of the above}"
             "\n    because: {zh_CN: 否, en: No.}"), "以上都对"),
    "longest-option-is-not-always-right": Case(many(), "- right"),
    "shares-add-up": Case(item(kind="kind: short", options=SHORT, why=""), "rubric:"),
    "clause-exists-in-edition": Case(item(clause='clause: "5.9"'), 'clause: "5.9"'),
    "rating-in-range": Case(item(rating='rating: ["0.65", "1"]'), "rating:"),
    "enemies-exist-and-are-mutual": Case(item(enemies="enemies:\n  - 6.3-01\n  - 9.9-99"), "9.9-99"),
    "law-items-carry-edition": Case(item(topic="topic: law"), "topic: law"),
    "dates-are-dates": Case(item(why='why: {zh_CN: 因此。, en: So.}\nvalid_to: "2026-02-30"'), "valid_to"),
    "approved-items-were-read": Case(
        item(readings='readings: [{by: A, on: "2026-11-23", changed: first writing}]'), "readings:"),
    "also-fits-every-edition": Case(item(source='source: x\nalso: {gbt29490-2023: "5.2"}'), "also:"),
    "blanks-match-the-stem": Case(
        item(kind="kind: blank", options="blanks:\n  - accept: {zh_CN: [甲], en: [one]}",
             stem="stem:\n  zh_CN: 空在____。\n  en: No gap."), "en: No gap."),
    "documents-can-be-read": Case(
        item(source="source: x\ndocuments:\n  - title: {zh_CN: 表, en: Sheet}\n    text: {zh_CN: 文, en: Text}\n"
             f"  - title: {{zh_CN: {'长' * 101}, en: Long}}\n    text: {{zh_CN: 文, en: Text}}"), "Long"),
    "bank-keeps-its-plan": Case(planned, "single:", BANK_FILE),
    "right-is-not-longer": Case(many(), "- right"),
    "near-duplicates": Case(twins, "stem:"),
    "half-is-applied": Case(many(level="level: recall"), "level: recall", "5.2-part/5.2-01.yaml"),
    "specification-adds-up": Case(paper('"6": "1"}', '"6": "2"}'), "group:", PAPER_FILE),
    "cells-fit-the-margins": Case(
        paper("pass:", 'cells:\n  - {kind: single, group: "5", count: "2"}\npass:'), '- {kind: single, group: "5"',
        PAPER_FILE),
    "specification-can-be-filled": Case(
        paper('  group: {"5": "1", "6": "1"}', '  group:\n    "5": "1"\n    "7": "1"'), '"7":', PAPER_FILE),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_named_with_file_and_line(tmp_path: Path, rule: str) -> None:
    case = CASES[rule]
    folder = case.break_it(tmp_path)
    lines = (folder / case.file).read_text(encoding="utf-8").splitlines()
    expected = next(number for number, text in enumerate(lines, 1) if case.at in text)
    said = CliRunner().invoke(cli, ["check", str(folder)])
    assert said.exit_code == 1
    found = [line for line in said.output.splitlines() if f": {rule}: " in line]
    assert [line for line in found if line.startswith(f"{case.file}:{expected}: {rule}: ")], (expected, found)


def test_no_rule_is_tried_that_is_none() -> None:
    assert set(CASES) == set(RULES)
