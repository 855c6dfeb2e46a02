"""Reading files: every fault is named with its file, line and rule, and none of them is a crash."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.banks import content
from app.banks.findings import RULES, Finding
from app.banks.items import Single
from app.banks.specification import Cell
from tests.banks.samples import PAPER, bank_folder, item_file


def findings(root: Path, text: str) -> list[Finding]:
    return list(content.read_folder(bank_folder(root, {"5.2-01": text})).findings)


def test_a_good_folder_is_read_without_a_finding(tmp_path: Path) -> None:
    read = content.read_folder(bank_folder(tmp_path))
    assert read.findings == ()
    assert [entry.item.id for entry in read.items] == ["5.2-01", "5.2-02", "6.3-01"]
    item = read.items[0].item
    assert isinstance(item, Single)
    assert (item.clause, item.edition, item.right) == ("5.2", "gbt29490-2013", frozenset({0}))
    assert [paper.specification.max_marks for paper in read.specifications] == [4]


def test_a_right_option_may_say_why_it_is_right(tmp_path: Path) -> None:
    silent = item_file()
    told = silent.replace("\n  - wrong", "\n    because: {zh_CN: 因为对。, en: So it is.}\n  - wrong", 1)
    first, second = (content.read_folder(bank_folder(tmp_path, {"5.2-01": text})) for text in (silent, told))
    assert second.findings == ()
    item = second.items[0].item
    assert isinstance(item, Single)
    assert item.options[0].because == {"zh_CN": "因为对。", "en": "So it is."}
    assert item.hash != first.items[0].item.hash, "an explanation is part of the version"


def test_a_clause_stays_as_it_is_written(tmp_path: Path) -> None:
    text = item_file("7.10-01")
    read = content.read_folder(bank_folder(tmp_path, {"7.10-01": text.replace('"7.10"', "7.10")}))
    assert read.items[0].item.clause == "7.10"


FAULTS = [
    ({"kind": "kind: essay"}, 2, "values-from-the-list"),
    ({"topic": "topic: sport"}, 4, "values-from-the-list"),
    ({"level": "level: guess"}, 5, "values-from-the-list"),
    ({"rating": 'rating: ["1.5", "0.7"]'}, 7, "rating-in-range"),
    ({"rating": "rating: [high, low]"}, 7, "rating-in-range"),
    ({"rating": "rating: 0.7"}, 7, "required-fields-present"),
    ({"source": ""}, 1, "required-fields-present"),
    ({"why": ""}, 1, "required-fields-present"),
    ({"stem": "stem: {zh_CN: 只有中文}"}, 11, "both-languages-present"),
    ({"stem": 'stem: {zh_CN: 中文, en: "  "}'}, 11, "both-languages-present"),
    ({"stem": "stem: just a text"}, 11, "both-languages-present"),
    ({"stem": "stem: {zh_CN: 中文, en: English, fr: Français}"}, 11, "known-fields-only"),
    ({"status": "status: approved\nsecret: 1"}, 10, "known-fields-only"),
    ({"options": "options:\n  - wrong: {zh_CN: 甲, en: first}"}, 13, "wrong-options-are-explained"),
    ({"options": "options: none"}, 12, "required-fields-present"),
    ({"readings": 'readings: [{by: A, on: "yesterday", changed: x}]'}, 10, "dates-are-dates"),
    ({"source": 'source: x\nvalid_from: "2026-13-01"'}, 22, "dates-are-dates"),
    ({"enemies": "enemies: [[5.2-02]]"}, 8, "required-fields-present"),
    ({"id": "id: 5.2-01\nid: 5.2-02"}, 2, "file-can-be-read"),
    ({"stem": "stem: &x {zh_CN: 中文, en: English}\nwhy2: *x"}, 11, "file-can-be-read"),
    ({"stem": "stem: {zh_CN: 中文, en: English"}, None, "file-can-be-read"),
]


@pytest.mark.parametrize(("change", "line", "rule"), FAULTS, ids=lambda value: str(value)[:50])
def test_a_fault_is_named_with_its_line_and_rule(
    tmp_path: Path, change: dict[str, str], line: int | None, rule: str
) -> None:
    found = findings(tmp_path, item_file(**change))
    assert rule in {finding.rule for finding in found}
    hit = next(finding for finding in found if finding.rule == rule)
    assert hit.file == "5.2-part/5.2-01.yaml"
    assert line is None or hit.line == line
    assert hit.fault.endswith(".") and hit.remedy.endswith((".", "}"))
    assert {finding.rule for finding in found} <= set(RULES)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "does not hold fields"),
        (b"- a\n- b", "does not hold fields"),
        (b"\xff\xfeid", "not UTF-8"),
        (b"x: " + b"y" * content.LARGEST_FILE, "larger than"),
        (b"x: " + b"[" * 50 + b"]" * 50, "too deeply"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "refers to another part"),
        (b"x: &x\n  y: *x", "refers to another part"),
        (b"a: b: c", "YAML is broken"),
        (b"\x00", "YAML is broken"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(data: bytes, fault: str) -> None:
    with pytest.raises(content.Unreadable, match=fault):
        content.parse(data)


@given(some.binary(max_size=200) | some.text(max_size=200).map(str.encode))
@settings(max_examples=300)
def test_no_bytes_crash_the_door(data: bytes) -> None:
    try:
        content.parse(data)
    except content.Unreadable as refusal:
        assert str(refusal)


def test_a_broken_paper_and_a_missing_bank_file_are_named(tmp_path: Path) -> None:
    folder = bank_folder(tmp_path, paper=PAPER.replace("kind: single", "kind: sing").replace('"30"', "half an hour"))
    (folder / "bank.yaml").unlink()
    found = {(finding.file, finding.rule) for finding in content.read_folder(folder).findings}
    assert found == {("papers/trial.yaml", "values-from-the-list"), ("bank.yaml", "file-can-be-read")}


def test_cells_and_exposure_of_a_paper_are_read_and_faults_named_with_their_line(tmp_path: Path) -> None:
    text = PAPER + 'exposure: "0.4"\ncells:\n  - {kind: single, group: "5", count: "1"}\n'
    (good,) = content.read_folder(bank_folder(tmp_path / "a", paper=text)).specifications
    assert good.specification.cells == (Cell({"kind": "single", "group": "5"}, 1),)
    assert (good.specification.exposure, good.line("cells", 0)) == (Fraction(2, 5), 11)
    text = PAPER + 'exposure: "0"\ncells:\n  - {group: "5", count: "1"}\n  - {kind: single, group: "5", color: red}\n'
    found = content.read_folder(bank_folder(tmp_path / "b", paper=text)).findings
    assert [(finding.rule, finding.line) for finding in found if finding.file == "papers/trial.yaml"] == [
        ("cells-fit-the-margins", 11),
        ("known-fields-only", 12),
        ("required-fields-present", 12),
        ("values-from-the-list", 9),
    ]


def test_the_digest_follows_every_byte_and_name(tmp_path: Path) -> None:
    folder = bank_folder(tmp_path)
    first = content.digest_of(folder)
    assert content.digest_of(folder) == first
    file = folder / "5.2-part" / "5.2-01.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "#", encoding="utf-8")
    second = content.digest_of(folder)
    file.rename(file.with_name("5.2-09.yaml"))
    assert len({first, second, content.digest_of(folder)}) == 3
