"""Scoring 评分: exact points for an answer. Everything is a fraction; nothing is rounded before it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from app.banks.items import (
    LETTERS,
    MARKED_BY_PEOPLE,
    Blank,
    Case,
    CaseKey,
    Choice,
    Item,
    Judge,
    Multiple,
    Short,
    Single,
)

NOTHING = Fraction(0)
HALF = Fraction(1, 2)
FULL = Fraction(1)


class NotForMachines(TypeError):
    """The item is answered in words and marked by a person."""


def score(item: Item, response: object, marks: int, order: Sequence[int], multiple: str) -> Fraction:
    """The points of an answer to an item that a machine may score, from 0 to `marks`.

    `response` has the shape of `banks.responses`, `order` is the option order of the paper (place shown → place in
    the file) and `multiple` the rule for multiple choice. A blank filled with what the key lists is right; whether
    other words are right as well is for a person to say (see `needs_person`). Raises NotForMachines for short answers
    and cases.
    """
    if isinstance(item, Judge):
        return FULL * marks if response == item.answer else NOTHING
    if isinstance(item, Single):
        return FULL * marks if chosen(item, [response], order) == item.right else NOTHING
    if isinstance(item, Blank):
        return sum((field.share * (field.proposed or NOTHING) for field in fields_of(item, response)), NOTHING) * marks
    if isinstance(item, Multiple):
        letters = response if isinstance(response, list) else []
        return RULES[multiple](item.right, chosen(item, letters, order)) * marks
    raise NotForMachines(item.kind)


def needs_person(item: Item, response: object) -> bool:
    """Whether a person must look at an answer that was given: words always, a blank filled otherwise than the key."""
    if isinstance(item, Blank):
        given = _filled(item, response)
        return any(text and not gap.takes(text) for gap, text in zip(item.gaps, given, strict=True))
    return item.kind in MARKED_BY_PEOPLE


def _filled(item: Blank, response: object) -> list[str]:
    given = [str(text) for text in response] if isinstance(response, list) else []
    return [*given, *[""] * len(item.gaps)][: len(item.gaps)]


def chosen(item: Choice, letters: Sequence[object], order: Sequence[int]) -> frozenset[int]:
    """The places in the file of the options whose letters were chosen; a letter that was not shown counts as -1."""
    shown = {LETTERS[i]: place for i, place in enumerate(order)}
    return frozenset(shown.get(str(letter), -1) for letter in letters if letter)


def all_or_nothing(right: frozenset[int], picked: frozenset[int]) -> Fraction:
    """Full marks for exactly the right options, else nothing."""
    return FULL if picked == right else NOTHING


def partial(right: frozenset[int], picked: frozenset[int]) -> Fraction:
    """少选得部分分，错选不得分: the share of the right options picked, and nothing if a wrong one is among them."""
    return Fraction(len(picked), len(right)) if picked <= right else NOTHING


def apk(right: frozenset[int], picked: frozenset[int]) -> Fraction:
    """The P question of the iSAQB rule: 1/n for each of the n right options, -1/n for each wrong one, never below 0.

    Its A question is single choice, and its K question with one statement is a judgement; for these the rule
    gives the same as all-or-nothing.
    """
    return max(NOTHING, Fraction(len(picked & right) - len(picked - right), len(right)))


RULES = {"all-or-nothing": all_or_nothing, "partial": partial, "apk": apk}


def clause_share(key: CaseKey, answer: str) -> Fraction:
    """The share of the clause marks: what the key says of the clause, half for the clause above, else nothing.

    The clause above earns half only where it is itself a clause with a text (6.1 for 6.1.3): a chapter is too coarse.
    """
    for accepted in key.clauses:
        if accepted.no == answer:
            return accepted.share
    above = {accepted.no.rpartition(".")[0] for accepted in key.clauses if accepted.share == 1}
    return HALF if answer in above and "." in answer else NOTHING


@dataclass(frozen=True)
class Field:
    """One thing a marker judges: its share of the item's marks, and what is proposed for it (None: nothing).

    `name` is 'clause', 'facts', 'requirement' or 'grade' for a case, 'point-1', … for a short answer and 'gap-1', …
    for the blanks of a fill-in item.
    """

    name: str
    share: Fraction
    proposed: Fraction | None = None

    @property
    def choices(self) -> tuple[Fraction, ...]:
        """What can be given of the field: nothing, half, all, and the proposal if it is none of these."""
        extra = {self.proposed} if self.proposed is not None else set()
        return tuple(sorted({NOTHING, HALF, FULL} | extra))


def fields_of(item: Item, response: object) -> tuple[Field, ...]:
    """What a marker judges in an answer. A case is worth 2/6 clause, 2/6 facts, 1/6 requirement, 1/6 grade with reason.

    Clause and grade are proposed from the key; a person confirms or changes them. A grade that is right earns its
    point only with a reason, so it is proposed only if a reason was given. Raises TypeError for other kinds.
    """
    if isinstance(item, Blank):
        filled = enumerate(zip(item.gaps, _filled(item, response), strict=True), 1)
        share = Fraction(1, len(item.gaps))
        return tuple(
            Field(f"gap-{place}", share, FULL if gap.takes(text) else NOTHING) for place, (gap, text) in filled
        )
    if isinstance(item, Short):
        return tuple(Field(f"point-{place}", point.share) for place, point in enumerate(item.rubric, 1))
    if isinstance(item, Case):
        given = response if isinstance(response, Mapping) else {}
        clause = clause_share(item.key, str(given.get("clause", "")))
        grade = FULL if given.get("grade") == item.key.grade and given.get("reason") else NOTHING
        return (
            Field("clause", Fraction(2, 6), clause),
            Field("facts", Fraction(2, 6)),
            Field("requirement", Fraction(1, 6)),
            Field("grade", Fraction(1, 6), grade),
        )
    raise TypeError(item.kind)


class BadMarks(ValueError):
    """The marks given do not fit the fields of the item."""


def points_of(fields: Sequence[Field], given: Mapping[str, Fraction], marks: int) -> Fraction:
    """The points of marks given by field (each from 0 to 1 of the field), scaled to the marks of the item.

    Raises BadMarks if a field is missing, unknown or out of range.
    """
    if {field.name for field in fields} != set(given):
        raise BadMarks("the fields differ from those of the item")
    if not all(NOTHING <= share <= FULL for share in given.values()):
        raise BadMarks("a field is out of range")
    return sum((field.share * given[field.name] for field in fields), NOTHING) * marks


def shown(points: Fraction) -> str:
    """Points for the eye: at most two decimals, cut off and never rounded up, so that 69.999 is not shown as 70."""
    cents = Decimal(points.numerator * 100 // points.denominator)
    return format((cents / 100).quantize(Decimal("0.01"), ROUND_FLOOR).normalize(), "f")
