"""The rules for a bank as a whole: items side by side, and whether its papers can be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Protocol

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, Item
from app.banks.lint.balance import Placed, PlacedBank, check_balance, is_drawn
from app.banks.lint.cells import check_counts
from app.banks.lint.filling import draw, margins_of
from app.banks.lint.likeness import alike
from app.banks.lint.single import text_of
from app.banks.specification import Specification

ALIKE = {"zh_CN": 0.45, "en": 0.45}


class PlacedPaper(Protocol):
    """A specification with the file it stands in."""

    @property
    def file(self) -> str:
        """The file, relative to the bank's folder."""

    @property
    def specification(self) -> Specification:
        """The specification."""

    def line(self, *path: str | int) -> int:
        """The line of a field or a part of one."""


def check_bank(
    placed: Sequence[Placed],
    papers: Sequence[PlacedPaper],
    random: Random,
    *,
    beside: Sequence[Placed] = (),
    bank: PlacedBank | None = None,
) -> list[Finding]:
    """All findings that need more than one item; `random` is for the proof that papers can be drawn.

    `beside` are the items of the other banks, `bank` is what bank.yaml says, with what it is to add up to.
    """
    return [
        *_ids(placed, beside),
        *_enemies(placed, beside),
        *_near_duplicates(placed, beside),
        *check_balance(placed, bank),
        *(
            finding
            for paper in papers
            for finding in _paper(paper, stock_for(paper.specification, placed, beside), random)
        ),
    ]


def stock_for(
    specification: Specification, placed: Sequence[Placed], beside: Sequence[Placed], pool: str = "exam"
) -> list[Item]:
    """The items that papers of a specification may hold: the bank's own, and others valid for its edition."""
    own = [entry.item for entry in placed]
    others = [entry.item for entry in beside if specification.edition in (entry.item.also or {})]
    return [item for item in [*own, *others] if is_drawn(item, pool)]


def _ids(placed: Sequence[Placed], beside: Sequence[Placed]) -> Iterator[Finding]:
    first = {entry.item.id: entry.file for entry in beside}
    for entry in placed:
        other = first.setdefault(entry.item.id, entry.file)
        if other != entry.file:
            fault = f"The id “{entry.item.id}” is used by {other} too."
            yield Finding(entry.file, entry.line("id"), "id-equals-file-name", fault, "Give one of them another id.")


def _enemies(placed: Sequence[Placed], beside: Sequence[Placed]) -> Iterator[Finding]:
    rule = "enemies-exist-and-are-mutual"
    by_id = {entry.item.id: entry.item for entry in [*beside, *placed]}
    for entry in placed:
        for place, enemy in enumerate(entry.item.enemies):
            line = entry.line("enemies", place)
            if enemy not in by_id or enemy == entry.item.id:
                fault = f"“{enemy}” is no other item."
                yield Finding(entry.file, line, rule, fault, "Correct the id or remove it.")
            elif entry.item.id not in by_id[enemy].enemies:
                fault = f"“{enemy}” does not name “{entry.item.id}” in return."
                yield Finding(entry.file, line, rule, fault, f"Add it to the enemies of “{enemy}”.")


def _near_duplicates(placed: Sequence[Placed], beside: Sequence[Placed]) -> Iterator[Finding]:
    own = {entry.item.id: entry for entry in placed}
    by_id = {**{entry.item.id: entry for entry in beside}, **own}
    for language in LANGUAGES:
        texts = {name: text_of(entry.item, language) for name, entry in by_id.items()}
        for one, two, likeness in alike(texts, language, ALIKE[language]):
            if one not in own and two not in own:
                continue
            name, other = (one, two) if one in own else (two, one)
            fault = f"In {language} it is {likeness:.0%} like “{other}”."
            remedy = "Ask for another point in one of them, or drop one."
            yield Finding(own[name].file, own[name].line("stem", language), "near-duplicates", fault, remedy)


def _paper(paper: PlacedPaper, drawn: Sequence[Item], random: Random) -> Iterator[Finding]:
    specification = paper.specification
    faults = list(check_counts(specification))
    for rule, place, fault, remedy in faults:
        yield Finding(paper.file, paper.line(*place), rule, fault, remedy)
    if faults:
        return
    rule = "specification-can-be-filled"
    short = [margin for margin in margins_of(specification, drawn) if margin.short]
    for margin in short:
        fault = f"{margin.dimension} {margin.value}: {margin.asked} asked, {margin.stock} in the bank."
        yield Finding(paper.file, paper.line(*margin.place), rule, fault, "Write more items or ask for fewer.")
    if not short and draw(specification, drawn, random) is None:
        fault = "No paper was found that meets all margins at once."
        remedy = "Loosen the margin with the least stock, or write items for it."
        yield Finding(paper.file, paper.line("margins"), rule, fault, remedy)
