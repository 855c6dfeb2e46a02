"""Whether a bank can fill a specification: a paper is drawn as proof, and every margin is compared with the stock.

This is a proof of feasibility for whoever keeps the bank; the papers that are sat are drawn by `exams.assembly`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from app.banks.items import Item
from app.banks.specification import Cell, Specification

_STEPS = 4000
_STARTS = 12


@dataclass(frozen=True)
class Margin:
    """One line of the feasibility report: how many items a margin asks for, and how many the bank has.

    `place` is where the specification asks for them, as fields and places.
    """

    dimension: str
    value: str
    asked: int
    stock: int
    place: tuple[str | int, ...] = ()

    @property
    def short(self) -> bool:
        """Whether the bank has too few."""
        return self.stock < self.asked


def margins_of(specification: Specification, items: Sequence[Item]) -> list[Margin]:
    """Each margin and cell with the number of items of the paper's kinds that have its value."""
    kinds = {section.kind for section in specification.sections}
    usable = [item for item in items if item.kind in kinds]
    places = {section.kind: place for place, section in enumerate(specification.sections)}
    return [
        Margin(
            dimension, value, asked, sum(item.value(dimension, specification.edition) == value for item in usable),
            ("sections", places[value]) if dimension == "kind" else ("margins", dimension, value),
        )
        for dimension, counts in specification.all_margins.items()
        for value, asked in counts.items()
    ] + [
        Margin(
            " × ".join(sorted(cell.where)), " × ".join(cell.where[name] for name in sorted(cell.where)), cell.count,
            sum(_lies_in(item, cell, specification.edition) for item in usable), ("cells", place),
        )
        for place, cell in enumerate(specification.cells)
    ]  # fmt: skip


def draw(specification: Specification, items: Sequence[Item], random: Random) -> list[Item] | None:
    """A paper that meets every margin and holds no enemies, or None if none was found.

    Starts with the right number of each kind and exchanges items of one kind as long as the sum of the
    distances from the margins does not grow.
    """
    stock: dict[str, list[Item]] = {}
    for item in items:
        stock.setdefault(item.kind, []).append(item)
    kinds = specification.all_margins["kind"]
    if any(len(stock.get(kind, ())) < count for kind, count in kinds.items()):
        return None
    bounds = _Bounds(specification, [item for kind in kinds for item in stock[kind]])
    for _ in range(_STARTS):
        paper = _Paper(bounds, [item for kind, count in kinds.items() for item in random.sample(stock[kind], count)])
        if _repair(paper, stock, random):
            return paper.items
    return None


class _Bounds:
    """What a specification asks of the items in stock: the margins and cells that each falls under, and its enemies."""

    def __init__(self, specification: Specification, items: Sequence[Item]) -> None:
        margins, edition = specification.margins, specification.edition
        self.asked = {(name, value): n for name, counts in margins.items() for value, n in counts.items()}
        self.asked |= {("cell", cell.name): cell.count for cell in specification.cells}
        self.cells = {
            item.id: [(name, item.value(name, edition)) for name in margins]
            + [("cell", cell.name) for cell in specification.cells if _lies_in(item, cell, edition)]
            for item in items
        }
        self.enemies: dict[str, set[str]] = {item.id: set() for item in items}
        for item in items:
            for enemy in item.enemies:
                if enemy in self.enemies:
                    self.enemies[item.id].add(enemy)
                    self.enemies[enemy].add(item.id)


class _Paper:
    """A paper with its distance from the margins, 0 for a good one.

    A pair of enemies counts as much as an exchange that leaves a margin, so that one can be had for the other.
    """

    def __init__(self, bounds: _Bounds, items: list[Item]) -> None:
        self.bounds, self.items, self.ids = bounds, items, {item.id for item in items}
        self.over = Counter({cell: -count for cell, count in bounds.asked.items()})
        self.over.update(cell for item in items for cell in bounds.cells[item.id])
        pairs = sum(len(bounds.enemies[item.id] & self.ids) for item in items)
        self.distance = sum(map(abs, self.over.values())) + pairs

    def exchange(self, place: int, new: Item) -> None:
        """Put an item in the place of another."""
        old = self.items[place]
        self._count(old, -1)
        self.ids.remove(old.id)
        self.items[place] = new
        self._count(new, 1)
        self.ids.add(new.id)

    def _count(self, item: Item, step: int) -> None:
        for cell in self.bounds.cells[item.id]:
            have = self.over[cell]
            self.over[cell] = have + step
            self.distance += abs(have + step) - abs(have)
        self.distance += 2 * step * len(self.bounds.enemies[item.id] & (self.ids - {item.id}))


def _repair(paper: _Paper, stock: Mapping[str, Sequence[Item]], random: Random) -> bool:
    for _ in range(_STEPS):
        before = paper.distance
        if before == 0:
            return True
        place = random.randrange(len(paper.items))
        old = paper.items[place]
        new = random.choice(stock[old.kind])
        if new.id in paper.ids:
            continue
        paper.exchange(place, new)
        if paper.distance > before:
            paper.exchange(place, old)
    return paper.distance == 0


def _lies_in(item: Item, cell: Cell, edition: str) -> bool:
    return all(item.value(dimension, edition) == value for dimension, value in cell.where.items())
