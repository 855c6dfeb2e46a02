"""The ratings of the samples: whole, by two readers who wrote none of it; what had a mark below 4 was mended and rated again."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.banks import content as bank_files
from app.courses import content as course_files

ROOT = Path(__file__).resolve().parents[2]
SAMPLES: list[dict[str, Any]] = yaml.safe_load((ROOT / "docs" / "content-ratings.yaml").read_text("utf-8"))["samples"]
RATINGS = [one for sample in SAMPLES for part in ("ratings", "again") for one in sample.get(part, [])]
QUALITIES = ("clear", "right", "useful", "language")


@cache
def writers(*, before_rating: bool = False) -> dict[str, set[str]]:
    """Who wrote or read an item or lesson, by its id; `before_rating` leaves out who only mended after a rating."""
    shelf = course_files.Shelf(course_files.COURSES)
    lessons = [
        entry for folder in course_files.find_courses() for entry in course_files.read_folder(folder, shelf).lessons
    ]
    items = [entry.item for folder in bank_files.find_banks() for entry in bank_files.read_folder(folder).items]
    return {
        thing: {one.by for one in readings if not (before_rating and one.changed == "mended after rating")}
        for thing, readings in [
            *((entry.lesson.id, entry.readings) for entry in lessons),
            *((item.id, item.readings) for item in items),
        ]
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["seed"])
def test_ten_lessons_and_thirty_items_were_rated_by_two_readers_each(sample: dict[str, Any]) -> None:
    rated = sample["ratings"]
    things = {one["thing"] for one in rated}
    lessons = {thing for thing in things if thing[0].isalpha() or thing.startswith("2013-")}
    assert (len(lessons), len(things - lessons)) == (10, 30)
    assert all(len({one["by"] for one in rated if one["thing"] == thing}) == 2 for thing in things)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["seed"])
def test_what_was_rated_below_4_was_mended_and_rated_again(sample: dict[str, Any]) -> None:
    again = sample.get("again", [])
    low = {one["thing"] for one in sample["ratings"] if min(one[quality] for quality in QUALITIES) < 4}
    assert {one["thing"] for one in again} == low
    assert all(one[quality] >= 4 for one in again for quality in QUALITIES)


@pytest.mark.parametrize("rating", RATINGS, ids=lambda one: f"{one['thing']}-{one['by']}")
def test_a_rating_has_a_reason_and_is_by_somebody_else(rating: dict[str, Any]) -> None:
    assert all(1 <= rating[quality] <= 5 for quality in QUALITIES)
    assert rating["why"].strip()
    assert rating["by"] not in writers(before_rating=True)[rating["thing"]]


def test_every_lesson_and_item_was_read_by_two() -> None:
    assert [thing for thing, people in writers().items() if len(people) < 2] == []
