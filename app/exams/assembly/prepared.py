"""A pool made ready for one specification 备卷: everything that is the same for all papers, worked out once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.banks.specification import Specification
from app.exams.assembly.reference import Reference, reference
from app.exams.assembly.values import DIMENSIONS, CannotFill, PoolItem

Diff = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Limit:
    """One exact count of the specification, a margin or a cell: `count` items that have all of `where`."""

    where: tuple[tuple[str, str], ...]
    count: int

    def takes(self, item: PoolItem) -> bool:
        """Whether the item counts here."""
        return all(getattr(item, dimension) == value for dimension, value in self.where)

    def refusal(self, missing: int) -> CannotFill:
        """The refusal for items that are missing here."""
        names, values = zip(*self.where, strict=True)
        return CannotFill(missing=missing, dimension=" × ".join(names), value=" × ".join(values))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pool for one specification; items are named by their place in `items`, which are the usable ones by id.

    Items that count for the same limits are alike to the specification and form a class: `class_of[i]` is the class
    of an item, `classes[k]` the places of its limits, `members[k]` its items by expected score at the cut, `lanes[k]`
    the same in an order that has nothing to do with ids. `turns[k]` says when the class is filled: first those of
    cells, then kind by kind, the one with the least choice first.
    """

    items: tuple[PoolItem, ...]
    specification: Specification
    reference: Reference
    limits: tuple[Limit, ...]
    stock: tuple[int, ...]
    place: Mapping[str, int]
    enemies: tuple[tuple[int, ...], ...]
    class_of: tuple[int, ...]
    classes: tuple[tuple[int, ...], ...]
    kinds: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]
    member_scores: tuple[tuple[int, ...], ...]
    lanes: tuple[tuple[int, ...], ...]
    turns: tuple[int, ...]
    diffs: dict[tuple[int, int], Diff] = field(default_factory=dict)

    def diff(self, old: int, new: int) -> Diff:
        """The limits that an exchange of an item of class `old` for one of `new` leaves, and those that it enters."""
        found = self.diffs.get((old, new))
        if found is None:
            before, after = self.classes[old], self.classes[new]
            found = tuple(c for c in before if c not in after), tuple(c for c in after if c not in before)
            self.diffs[old, new] = found
        return found

    def check_stock(self, excluded: Iterable[int] = ()) -> None:
        """Raises CannotFill where a limit alone asks for more items than there are without the excluded."""
        stock = list(self.stock)
        for i in excluded:
            for c in self.classes[self.class_of[i]]:
                stock[c] -= 1
        for limit, there in zip(self.limits, stock, strict=True):
            if there < limit.count:
                raise limit.refusal(limit.count - there)


def prepare(pool: Iterable[PoolItem], specification: Specification) -> Prepared:
    """Make a pool ready for the papers of a specification."""
    limits = _limits(specification)
    items = tuple(item for item in sorted(pool, key=lambda item: item.id) if _is_usable(item, specification))
    known = reference(items, specification)
    counts = [tuple(c for c, limit in enumerate(limits) if limit.takes(item)) for item in items]
    classes = tuple(sorted(set(counts)))
    number = {places: k for k, places in enumerate(classes)}
    class_of = tuple(number[places] for places in counts)
    by_class: list[list[int]] = [[] for _ in classes]
    for i, k in enumerate(class_of):
        by_class[k].append(i)
    members = tuple(tuple(sorted(each, key=lambda i: (known.scores[i][0], i))) for each in by_class)
    stock = [0] * len(limits)
    for places in counts:
        for c in places:
            stock[c] += 1
    return Prepared(
        items=items,
        specification=specification,
        reference=known,
        limits=limits,
        stock=tuple(stock),
        place={item.id: i for i, item in enumerate(items)},
        enemies=_enemies(items),
        class_of=class_of,
        classes=classes,
        kinds=tuple(items[each[0]].kind for each in by_class),
        members=members,
        member_scores=tuple(tuple(known.scores[i][0] for i in each) for each in members),
        lanes=tuple(tuple(sorted(each, key=lambda i: _scrambled(items[i].id))) for each in by_class),
        turns=_turns(limits, classes, stock),
    )


def _limits(specification: Specification) -> tuple[Limit, ...]:
    """The margins by dimension and value, then the cells; the order in which a mapping was stored must not matter."""
    margins = specification.all_margins
    found = [
        Limit(((dimension, value),), count)
        for dimension in DIMENSIONS
        if dimension in margins
        for value, count in sorted(margins[dimension].items())
        if count
    ]
    return (*found, *(Limit(tuple(sorted(cell.where.items())), cell.count) for cell in specification.cells))


def _is_usable(item: PoolItem, specification: Specification) -> bool:
    """Whether a paper may hold the item at all: it has weight, and no margin or cell leaves it no room."""
    margins = specification.all_margins
    if not item.weight or not all(counts.get(getattr(item, name)) for name, counts in margins.items()):
        return False
    alike: dict[tuple[str, ...], list[tuple[Mapping[str, str], int]]] = {}
    for cell in specification.cells:
        alike.setdefault(tuple(sorted(cell.where)), []).append((cell.where, cell.count))
    for names, cells in alike.items():
        own = [count for where, count in cells if all(getattr(item, name) == where[name] for name in names)]
        if own and not own[0]:
            return False
        for name in names:
            value = getattr(item, name)
            spoken = sum(count for where, count in cells if where[name] == value)
            if not own and name in margins and spoken >= margins[name][value]:
                return False  # the cells take up all that the margin has for this value
    return True


def _enemies(items: Sequence[PoolItem]) -> tuple[tuple[int, ...], ...]:
    """For each item the places of its enemies; named on one side is enough."""
    place = {item.id: i for i, item in enumerate(items)}
    found: list[set[int]] = [set() for _ in items]
    for i, item in enumerate(items):
        for name in item.enemies:
            if (other := place.get(name)) is not None and other != i:
                found[i].add(other)
                found[other].add(i)
    return tuple(tuple(sorted(one)) for one in found)


def _turns(limits: Sequence[Limit], classes: Sequence[tuple[int, ...]], stock: Sequence[int]) -> tuple[int, ...]:
    kinds = [c for c, limit in enumerate(limits) if len(limit.where) == 1 and limit.where[0][0] == "kind"]
    scarce = sorted(kinds, key=lambda c: (stock[c] * 1000 // limits[c].count, c))
    turn = {c: number for number, c in enumerate(scarce, 1)}
    return tuple(
        0 if any(len(limits[c].where) > 1 for c in places) else next(turn[c] for c in places if c in turn)
        for places in classes
    )


def _scrambled(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
