"""Which items and lessons of the files are due for review 待复核."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.banks import content as bank_files
from app.courses import content as course_files
from app.courses.due import Due, Read, due_for_review
from app.standards.editions import editions, laws


def due_content(on: date, days: int, *, banks: Path, courses: Path) -> list[Due]:
    """What is due on a day or within `days` after it, of all banks and courses under two folders, in order of urgency."""
    return due_for_review([*_items(banks), *_lessons(courses)], laws(), editions(), on, days)


def _items(root: Path) -> Iterator[Read]:
    for folder in bank_files.find_banks(root):
        for entry in bank_files.read_folder(folder).items:
            item = entry.item
            if item.status == "retired":
                continue
            rests_on = (f"{item.law.name} {item.law.edition}",) if item.law else ()
            ends = date.fromisoformat(item.valid_to) if item.valid_to else None
            read_on = tuple(date.fromisoformat(one.on) for one in item.readings if one.on)
            yield Read(item.id, f"{folder.name}/{entry.file}", item.edition, rests_on, ends, read_on)


def _lessons(root: Path) -> Iterator[Read]:
    seen: set[str] = set()
    shelf = course_files.Shelf(root.resolve())
    for folder in course_files.find_courses(root):
        for entry in course_files.read_folder(folder, shelf).lessons:
            lesson = entry.lesson
            if lesson.id not in seen:
                seen.add(lesson.id)
                read_on = tuple(date.fromisoformat(one.on) for one in entry.readings)
                yield Read(lesson.id, entry.files["zh_CN"], lesson.edition, lesson.laws, None, read_on)
