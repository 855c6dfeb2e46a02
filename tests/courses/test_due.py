"""What is due for review, rule by rule, and the command over files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from app.courses.due import REASONS, Read, due_for_review
from app.standards.editions import editions, laws

TODAY = date(2026, 11, 27)
LAWS = sorted(" ".join(key) for key in laws())


def read(**changes: object) -> Read:
    facts = {"name": "x", "file": "x.yaml", "edition": "gbt29490-2023", "rests_on": (), "ends": None}
    return Read(**{**facts, "read_on": (date(2026, 11, 1),), **changes})  # type: ignore[arg-type]


def reasons(thing: Read, days: int = 90) -> list[str]:
    return [due.reason for due in due_for_review([thing], laws(), editions(), TODAY, days)]


@pytest.mark.parametrize(
    ("thing", "days", "expected"),
    [
        (read(), 90, []),
        (read(), 339, ["not-read-for-a-year"]),
        (read(read_on=()), 0, ["not-read-for-a-year"]),
        (read(read_on=(date(2025, 11, 27), date(2020, 1, 1))), 0, ["not-read-for-a-year"]),
        (read(read_on=(date(2025, 11, 28),)), 0, []),
        (read(ends=date(2026, 12, 31)), 33, []),
        (read(ends=date(2026, 12, 31)), 34, ["text-ends"]),
        (read(rests_on=("商标法 2019",)), 34, ["law-ends"]),
        (read(rests_on=("商标法 2019",)), 35, ["law-ends", "law-has-successor"]),
        (read(rests_on=("商标法 2019",), ends=date(2026, 12, 31)), 34, ["text-ends"]),
        (read(rests_on=("商标法 2026",)), 90, []),
        (read(rests_on=("专利法 2020",)), 90, []),
        (read(rests_on=("反不正当竞争法 2019",)), 0, ["law-ends"]),
        (read(rests_on=("不知道的法 2019",)), 0, []),
        (read(edition="gbt29490-2013"), 90, []),
        (read(edition="unknown"), 90, []),
    ],
)
def test_a_thing_is_due_for_its_reasons(thing: Read, days: int, expected: list[str]) -> None:
    assert reasons(thing, days) == expected


def test_a_standard_that_was_replaced_since_the_last_reading_makes_it_due() -> None:
    assert "standard-replaced" in reasons(read(edition="gbt29490-2013", read_on=(date(2023, 12, 31),)))
    assert "standard-replaced" not in reasons(read(edition="gbt29490-2013", read_on=(date(2024, 1, 1),)))


@given(
    some.lists(
        some.builds(
            read,
            rests_on=some.lists(some.sampled_from(LAWS), max_size=3).map(tuple),
            ends=some.none() | some.dates(date(2020, 1, 1), date(2030, 1, 1)),
            read_on=some.lists(some.dates(date(2020, 1, 1), date(2027, 1, 1)), max_size=3).map(tuple),
        ),
        max_size=6,
    ),
    some.integers(0, 2000),
)
def test_looking_further_ahead_never_loses_a_reason(things: list[Read], days: int) -> None:
    near = due_for_review(things, laws(), editions(), TODAY, days)
    far = due_for_review(things, laws(), editions(), TODAY, days + 30)
    assert near == [due for due in far if due.by <= TODAY + timedelta(days=days)]
    assert far == sorted(far)
    assert {due.reason for due in far} <= set(REASONS)


def test_the_command_lists_the_trademark_items_before_the_new_law_applies(db_app: Flask) -> None:
    answer = db_app.test_cli_runner().invoke(args=["content", "due", "--on", "2026-12-01", "--days", "31"])
    assert answer.exit_code == 0, answer.output
    assert "text-ends: valid to 2026-12-31" in answer.output
    assert "files are due by 2027-01-01." in answer.output


def test_the_command_says_so_when_nothing_is_due(db_app: Flask, tmp_path: Path) -> None:
    answer = db_app.test_cli_runner().invoke(
        args=["content", "due", "--banks", str(tmp_path), "--courses", str(tmp_path)]
    )
    assert answer.output.startswith("0 files are due by ")
