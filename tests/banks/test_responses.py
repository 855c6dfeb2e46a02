"""What a candidate may answer, and what no page can have sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.banks.responses import LONGEST_TEXT, BadResponse, clean, is_answered

GOOD = [
    ("single", "B", 4, "B"),
    ("single", None, 4, None),
    ("single", "", 4, None),
    ("multiple", ["C", "A"], 4, ["A", "C"]),
    ("multiple", ["A", "A"], 4, ["A"]),
    ("multiple", [], 4, None),
    ("judge", "incorrect", 0, "incorrect"),
    ("blank", [" 20 ", ""], 0, ["20", ""]),
    ("blank", ["", " "], 0, None),
    ("short", "  方针由最高管理者批准。\r\n", 0, "方针由最高管理者批准。"),
    ("short", "   ", 0, None),
    ("short", "cut off\ud83d", 0, "cut off"),
    ("short", "\ud83d", 0, None),
    ("case", {"facts": "\ude00 b"}, 0, {"facts": "b"}),
    ("case", {"clause": " 6.1.3 ", "grade": "minor", "facts": ""}, 0, {"clause": "6.1.3", "grade": "minor"}),
    ("case", {"facts": "", "clause": ""}, 0, None),
]
BAD = [
    ("single", "E", 4),
    ("single", "AB", 4),
    ("single", ["A"], 4),
    ("single", 1, 4),
    ("multiple", "A", 4),
    ("multiple", ["A", "F"], 4),
    ("multiple", ["A"] * 9, 4),
    ("multiple", [["A"]], 4),
    ("judge", "true", 0),
    ("blank", "20", 0),
    ("blank", ["x" * 201], 0),
    ("blank", ["x"] * 9, 0),
    ("blank", [1], 0),
    ("short", {"text": "x"}, 0),
    ("short", "x" * (LONGEST_TEXT + 1), 0),
    ("case", {"grade": "terrible"}, 0),
    ("case", {"mark": "10"}, 0),
    ("case", {"clause": "6" * 30}, 0),
    ("case", "6.1.3", 0),
    ("essay", "x", 0),
]


@pytest.mark.parametrize(("kind", "raw", "options", "stored"), GOOD)
def test_an_answer_gets_the_shape_of_its_kind(kind: str, raw: object, options: int, stored: object) -> None:
    assert clean(kind, raw, options) == stored
    assert clean(kind, stored, options) == stored
    assert is_answered(stored) is (stored is not None)


@pytest.mark.parametrize(("kind", "raw", "options"), BAD)
def test_what_no_page_can_send_is_refused(kind: str, raw: object, options: int) -> None:
    with pytest.raises(BadResponse):
        clean(kind, raw, options)


_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=30),
    lambda inner: some.lists(inner, max_size=5) | some.dictionaries(some.text(max_size=10), inner, max_size=5),
)


@given(some.sampled_from(["single", "multiple", "judge", "short", "case"]), _JSON)
def test_any_json_is_taken_or_refused_and_what_is_taken_stays(kind: str, raw: object) -> None:
    try:
        stored = clean(kind, raw, 4)
    except BadResponse:
        return
    assert clean(kind, stored, 4) == stored
