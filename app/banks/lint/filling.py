"""Whether a bank can fill a specification: a paper is drawn as proof, and every margin is compared with the stock.

This is a proof of feasibility for whoever keeps the bank; the papers that are sat are drawn by `exams.assembly`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.banks.items import Item
from app.banks.specification import Cell, Specification

_STEPS = 4000
_STARTS = 12


@dataclass(frozen=True)
class Margin:
    """One line of the feasibility report: how many items a margin asks for, and how many the bank has."""

    dimension: str
    value: str
    asked: int
    stock: int

    @property
    def short(self) -> bool:
        """Whether the bank has too few."""
        return self.stock < self.asked


def margins_of(specification: Specification, items: Sequence[Item]) -> list[Margin]:
    """Each margin and cell with the number of items of the paper's kinds that have its value."""
    kinds = {section.kind for section in specification.sections}
    usable = [item for item in items if item.kind in kinds]
    return [
        Margin(dimension, value, asked, sum(item.value(dimension, specification.edition) == value for item in usable))
        for dimension, counts in specification.all_margins.items()
        for value, asked in counts.items()
    ] + [
        Margin(
            " × ".join(sorted(cell.where)), " × ".join(cell.where[name] for name in sorted(cell.where)), cell.count,
            sum(_lies_in(item, cell, specification.edition) for item in usable),
        )
        for cell in specification.cells
    ]  # fmt: skip


def draw(specification: Specification, items: Sequence[Item], random: Random) -> list[Item] | None:
    """A paper that meets every margin and holds no enemies, or None if none was found.

    Starts with the right number of each kind and exchanges items of one kind as long as the sum of the
    distances from the margins does not grow.
    """
    for _ in range(_STARTS):
        paper = _start(specification, items, random)
        if paper is None:
            return None
        if _repair(specification, items, paper, random):
            return paper
    return None


def _start(specification: Specification, items: Sequence[Item], random: Random) -> list[Item] | None:
    paper: list[Item] = []
    for kind, count in specification.all_margins["kind"].items():
        stock = [item for item in items if item.kind == kind]
        if len(stock) < count:
            return None
        paper.extend(random.sample(stock, count))
    return paper


def _repair(specification: Specification, items: Sequence[Item], paper: list[Item], random: Random) -> bool:
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    distance = _distance(specification, paper)
    for _ in range(_STEPS):
        if distance == 0:
            return True
        place = random.randrange(len(paper))
        old = paper[place]
        new = random.choice(by_kind[old.kind])
        if any(new.id == item.id for item in paper):
            continue
        paper[place] = new
        changed = _distance(specification, paper)
        if changed > distance:
            paper[place] = old
        else:
            distance = changed
    return distance == 0


def _distance(specification: Specification, paper: Sequence[Item]) -> int:
    """How far the paper is from its margins, enemies counted as well; 0 for a good paper."""
    ids = {item.id for item in paper}
    found = sum(enemy in ids for item in paper for enemy in item.enemies)
    for dimension, counts in specification.margins.items():
        have = Counter(item.value(dimension, specification.edition) for item in paper)
        found += sum(abs(have[value] - counts.get(value, 0)) for value in have.keys() | counts.keys())
    for cell in specification.cells:
        found += abs(sum(_lies_in(item, cell, specification.edition) for item in paper) - cell.count)
    return found


def _lies_in(item: Item, cell: Cell, edition: str) -> bool:
    return all(item.value(dimension, edition) == value for dimension, value in cell.where.items())
