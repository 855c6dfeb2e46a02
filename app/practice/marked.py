"""An answer with what is right and why 答案与解析: what the page shows after an answer, never before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.banks.items import LETTERS, MARKED_BY_PEOPLE, Choice, Item
from app.banks.responses import is_answered
from app.marking.scoring import Field, fields_of, points_of, score

NOTHING, FULL = Fraction(0), Fraction(1)
BY_THE_SITE = frozenset({"clause", "grade"})
"""The parts of a case that the key decides; the person marks the others."""


@dataclass(frozen=True)
class Shown:
    """One option as it stood on the page, with what is said of it and whether it was chosen."""

    letter: str
    place: int
    chosen: bool


@dataclass(frozen=True)
class Part:
    """One thing that is marked in an own text: its share of the marks, and what was given of it (None: not yet)."""

    field: Field
    given: Fraction | None

    @property
    def by_the_site(self) -> bool:
        """Whether the key decides it."""
        return self.field.name in BY_THE_SITE

    @property
    def point(self) -> int:
        """The place of a short answer's point in the rubric, from 0; -1 for the parts of a case."""
        return int(self.field.name.removeprefix("point-")) - 1 if self.field.name.startswith("point-") else -1


@dataclass(frozen=True)
class Marked:
    """An answer beside its item. `share` is None while an own text waits to be marked by its writer."""

    item: Item
    response: object
    options: tuple[Shown, ...]
    parts: tuple[Part, ...]
    share: Fraction | None

    @property
    def right(self) -> bool:
        """Whether all of it was right."""
        return self.share == FULL

    @property
    def answered(self) -> bool:
        """Whether anything was answered."""
        return is_answered(self.response)


def share_of(item: Item, response: object, order: Sequence[int], multiple: str) -> Fraction | None:
    """The share of the marks, 0 to 1; None for an own text, which its writer marks. No answer earns nothing."""
    if item.kind in MARKED_BY_PEOPLE:
        return None if is_answered(response) else NOTHING
    return score(item, response, 1, order, multiple)


def marked(
    item: Item,
    response: object,
    order: Sequence[int],
    *,
    share: Fraction | None,
    given: Mapping[str, str] | None = None,
) -> Marked:
    """The answer with everything that is told of it; `given` are the shares of an own text by field."""
    letters = response if isinstance(response, list) else [response]
    options = (
        tuple(Shown(LETTERS[i], place, LETTERS[i] in letters) for i, place in enumerate(order))
        if isinstance(item, Choice)
        else ()
    )
    told = given or {}
    fields = fields_of(item, response) if item.kind in MARKED_BY_PEOPLE and is_answered(response) else ()
    parts = tuple(Part(one, Fraction(told[one.name]) if one.name in told else None) for one in fields)
    return Marked(item, response, options, parts, share)


def own_marks(item: Item, response: object, ticked: Sequence[str]) -> dict[str, Fraction]:
    """The share of each field: all of it where the person ticked it, and what the key says where the key decides."""
    return {
        one.name: (one.proposed or NOTHING) if one.name in BY_THE_SITE else FULL if one.name in ticked else NOTHING
        for one in fields_of(item, response)
    }


def own_share(item: Item, response: object, given: Mapping[str, Fraction]) -> Fraction:
    """The share of the marks that the fields add up to. Raises marking.scoring.BadMarks for other fields."""
    return points_of(fields_of(item, response), given, 1)
