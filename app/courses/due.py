"""What is due for review 待复核: items and lessons whose law or standard has changed, or that nobody read for a year.

Law moves on whether anybody looks or not. An item or lesson is due when its text ends soon, when the law that it rests
on has ended or has a newer edition, when its standard was replaced after it was last read, or when its last reading is
older than a year (the yearly review of every bank and course).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.standards.clauses import Edition
from app.standards.laws import Law, Laws, split

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Read:
    """What a review looks at of an item or lesson.

    `rests_on` are laws as "name edition", `ends` the last day on which its text holds, `read_on` the days of readings.
    """

    name: str
    file: str
    edition: str
    rests_on: tuple[str, ...]
    ends: date | None
    read_on: tuple[date, ...]

    @property
    def last_read(self) -> date | None:
        """The day of the last reading, or None."""
        return max(self.read_on, default=None)


@dataclass(frozen=True, order=True)
class Due:
    """One reason to look at a file again; `by` is the day from which it holds."""

    by: date
    file: str
    name: str
    reason: str
    detail: str

    def __str__(self) -> str:
        return f"{self.by} {self.file}: {self.reason}: {self.detail}"


REASONS: Mapping[str, str] = {
    "text-ends": "The last day on which its text holds is near or over.",
    "law-ends": "The edition of a law that it rests on ends or has ended.",
    "law-has-successor": "A later edition of a law that it rests on applies, or is about to.",
    "standard-replaced": "Its standard was replaced after it was last read.",
    "not-read-for-a-year": "Nobody has read it for a year.",
}


def due_for_review(
    things: Iterable[Read], laws: Laws, editions: Mapping[str, Edition], on: date, days: int
) -> list[Due]:
    """Everything that is due on a day or becomes due within `days` after it, the most urgent first.

    A law that is not known gives no reason here; the checks of banks and courses name it.
    """
    until = on + timedelta(days=days)
    found = [due for thing in things for due in _reasons(thing, laws, editions, on) if due.by <= until]
    return sorted(found)


def _reasons(thing: Read, laws: Laws, editions: Mapping[str, Edition], on: date) -> Iterator[Due]:
    def due(by: date, reason: str, detail: str) -> Due:
        return Due(by, thing.file, thing.name, reason, detail)

    if thing.ends is not None:
        yield due(thing.ends, "text-ends", f"valid to {thing.ends}")
    for words in thing.rests_on:
        law = laws.get(split(words))
        if law is not None and law.ends is not None and thing.ends != law.ends:
            yield due(law.ends, "law-ends", f"{words} applies until {law.ends}")
        for later in _later(law, laws):
            if later.effective is not None and not (thing.last_read and thing.last_read >= later.effective):
                yield due(later.effective, "law-has-successor", f"{later.name} {later.edition} from {later.effective}")
    edition = editions.get(thing.edition)
    replaced = edition.replaced_on if edition else None
    if replaced is not None and (thing.last_read is None or thing.last_read < replaced):
        yield due(replaced, "standard-replaced", f"{thing.edition} was replaced on {replaced}")
    yield due((thing.last_read or on - YEAR) + YEAR, "not-read-for-a-year", f"last read {thing.last_read or 'never'}")


def _later(law: Law | None, laws: Laws) -> list[Law]:
    if law is None:
        return []
    return [one for one in laws.values() if one.name == law.name and one.edition > law.edition]
