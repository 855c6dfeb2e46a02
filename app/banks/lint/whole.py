"""The rules for a bank as a whole: items side by side, and whether its papers can be drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from statistics import mean
from typing import Protocol

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, Choice, Item, Single
from app.banks.lint.filling import draw, margins_of
from app.banks.lint.likeness import alike
from app.banks.lint.single import text_of
from app.banks.specification import Specification

ALIKE = {"zh_CN": 0.45, "en": 0.45}
LEAST_APPLIED = 0.45
ENOUGH_TO_JUDGE = 20


class Placed(Protocol):
    """An item with the file it stands in."""

    @property
    def file(self) -> str:
        """The file, relative to the bank's folder."""

    @property
    def item(self) -> Item:
        """The item."""

    def line(self, name: str) -> int | None:
        """The line of a field."""


class PlacedPaper(Protocol):
    """A specification with the file it stands in."""

    @property
    def file(self) -> str:
        """The file, relative to the bank's folder."""

    @property
    def specification(self) -> Specification:
        """The specification."""


def is_drawn(item: Item) -> bool:
    """Whether the item may be drawn for an exam: approved and in the exam pool."""
    return item.status == "approved" and item.pool == "exam"


def check_bank(placed: Sequence[Placed], papers: Sequence[PlacedPaper], random: Random) -> list[Finding]:
    """All findings that need more than one item; `random` is for the proof that papers can be drawn."""
    items = [entry.item for entry in placed]
    drawn = [item for item in items if is_drawn(item)]
    return [
        *_ids(placed),
        *_enemies(placed),
        *_near_duplicates(placed),
        *_longest(items),
        *_applied(drawn),
        *(finding for paper in papers for finding in _paper(paper, drawn, random)),
    ]


def _ids(placed: Sequence[Placed]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for entry in placed:
        other = first.setdefault(entry.item.id, entry.file)
        if other != entry.file:
            fault = f"The id “{entry.item.id}” is used by {other} too."
            yield Finding(entry.file, entry.line("id"), "id-equals-file-name", fault, "Give one of them another id.")


def _enemies(placed: Sequence[Placed]) -> Iterator[Finding]:
    rule = "enemies-exist-and-are-mutual"
    by_id = {entry.item.id: entry.item for entry in placed}
    for entry in placed:
        for enemy in entry.item.enemies:
            if enemy not in by_id or enemy == entry.item.id:
                fault = f"“{enemy}” is no other item of this bank."
                yield Finding(entry.file, entry.line("enemies"), rule, fault, "Correct the id or remove it.")
            elif entry.item.id not in by_id[enemy].enemies:
                fault = f"“{enemy}” does not name “{entry.item.id}” in return."
                yield Finding(entry.file, entry.line("enemies"), rule, fault, f"Add it to the enemies of “{enemy}”.")


def _near_duplicates(placed: Sequence[Placed]) -> Iterator[Finding]:
    by_id = {entry.item.id: entry for entry in placed}
    for language in LANGUAGES:
        texts = {name: text_of(entry.item, language) for name, entry in by_id.items()}
        for name, other, likeness in alike(texts, language, ALIKE[language]):
            fault = f"In {language} it is {likeness:.0%} like “{other}”."
            remedy = "Ask for another point in one of them, or drop one."
            yield Finding(by_id[name].file, by_id[name].line("stem"), "near-duplicates", fault, remedy)


def longest_share(items: Sequence[Item], language: str) -> tuple[int, int, float]:
    """How often the right option is the longest: (number, of single-choice items, right over wrong mean length)."""
    singles = [item for item in items if isinstance(item, Single) and len(item.right) == 1]
    longest, ratios = 0, []
    for item in singles:
        right = _lengths(item, language, right=True)[0]
        wrong = _lengths(item, language, right=False)
        longest += right > max(wrong, default=0)
        ratios.append(right / (mean(wrong) if wrong else 1))
    return longest, len(singles), mean(ratios) if ratios else 1.0


def _lengths(item: Choice, language: str, *, right: bool) -> list[int]:
    return [len(option.text[language]) for option in item.options if option.right is right]


def _longest(items: Sequence[Item]) -> Iterator[Finding]:
    for language in LANGUAGES:
        longest, count, _ratio = longest_share(items, language)
        if count >= ENOUGH_TO_JUDGE and longest * 2 > count:
            fault = f"In {language} the right option is the longest in {longest} of {count} single-choice items."
            remedy = "Lengthen wrong options or cut right ones."
            yield Finding(".", None, "longest-option-is-not-always-right", fault, remedy)


def _applied(drawn: Sequence[Item]) -> Iterator[Finding]:
    levels = Counter(item.level for item in drawn)
    applied = levels["apply"] + levels["analyse"]
    if len(drawn) >= ENOUGH_TO_JUDGE and applied < LEAST_APPLIED * len(drawn):
        fault = f"Only {applied} of {len(drawn)} items ask to apply or analyse."
        yield Finding(".", None, "half-is-applied", fault, "Turn some into a small situation in a company.")


def _paper(paper: PlacedPaper, drawn: Sequence[Item], random: Random) -> Iterator[Finding]:
    specification = paper.specification
    for dimension, counts in specification.margins.items():
        if sum(counts.values()) != specification.count:
            total = sum(counts.values())
            fault = f"The margin “{dimension}” adds up to {total}, the paper has {specification.count} items."
            yield Finding(paper.file, None, "specification-adds-up", fault, "Correct the counts.")
            return
    rule = "specification-can-be-filled"
    short = [margin for margin in margins_of(specification, drawn) if margin.short]
    for margin in short:
        fault = f"{margin.dimension} {margin.value}: {margin.asked} asked, {margin.stock} in the bank."
        yield Finding(paper.file, None, rule, fault, "Write more items or ask for fewer.")
    if not short and draw(specification, drawn, random) is None:
        fault = "No paper was found that meets all margins at once."
        yield Finding(paper.file, None, rule, fault, "Loosen the margin with the least stock, or write items for it.")
