"""Filling a paper: items in the order of their keys, then exchanges until every margin is exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.exams.assembly.values import DIMENSIONS, CannotFill, PoolItem

_STEPS = 400
_REST = 9

Margins = Mapping[str, Mapping[str, int]]


def enemies_of(pool: Sequence[PoolItem]) -> list[frozenset[int]]:
    """For each item the places of its enemies; named on one side is enough."""
    place = {item.id: i for i, item in enumerate(pool)}
    found: list[set[int]] = [set() for _ in pool]
    for i, item in enumerate(pool):
        for name in item.enemies:
            if (other := place.get(name)) is not None and other != i:
                found[i].add(other)
                found[other].add(i)
    return [frozenset(one) for one in found]


def usable_items(pool: Sequence[PoolItem], margins: Margins, excluded: frozenset[str]) -> list[int]:
    """The places of items that may be drawn at all. Raises CannotFill where a margin has too few of them."""
    wanted = [(place, margins[dimension]) for place, dimension in enumerate(DIMENSIONS) if dimension in margins]
    usable = [
        i
        for i, item in enumerate(pool)
        if item.weight and item.id not in excluded and all(m.get(item.profile[place]) for place, m in wanted)
    ]
    for place, counts in wanted:
        there = Counter(pool[i].profile[place] for i in usable)
        for value, count in counts.items():
            if there[value] < count:
                raise CannotFill(missing=count - there[value], dimension=DIMENSIONS[place], value=value)
    return usable


class Filling:
    """A paper in the making: which items are on it and how far each margin is from its count."""

    def __init__(
        self, pool: Sequence[PoolItem], margins: Margins, keys: Sequence[int], enemies: Sequence[frozenset[int]]
    ) -> None:
        self.keys, self.enemies = keys, enemies
        self.dimensions = [(place, name) for place, name in enumerate(DIMENSIONS) if name in margins]
        self.profiles = [tuple(item.profile[place] for place, _ in self.dimensions) for item in pool]
        self.missing = [dict(margins[name]) for _, name in self.dimensions]
        self.size = sum(self.missing[0].values())
        self.chosen: set[int] = set()

    def fits(self, i: int) -> bool:
        """Whether the item exceeds no margin and meets no enemy."""
        values = self.profiles[i]
        return all(left[value] > 0 for left, value in zip(self.missing, values, strict=True)) and self.peaceful(i)

    def peaceful(self, i: int, without: int | None = None) -> bool:
        """Whether no enemy of the item is on the paper, `without` one that would leave."""
        return all(enemy == without or enemy not in self.chosen for enemy in self.enemies[i])

    def put(self, i: int, sign: int = 1) -> None:
        """Put the item on the paper, or take it off with sign -1."""
        (self.chosen.add if sign > 0 else self.chosen.remove)(i)
        for left, value in zip(self.missing, self.profiles[i], strict=True):
            left[value] -= sign

    def wrong(self) -> int:
        """How far the paper is from its margins, summed over all of them; 0 when every margin is exact."""
        return sum(abs(count) for left in self.missing for count in left.values())

    def worst(self) -> CannotFill:
        """The refusal that names the margin with the largest shortage."""
        rows = [
            (count, name, value)
            for (_, name), left in zip(self.dimensions, self.missing, strict=True)
            for value, count in left.items()
        ]
        count, name, value = max(rows, key=lambda row: row[0])
        return CannotFill(missing=max(count, 1), dimension=name, value=value)


def fill(filling: Filling, usable: Sequence[int]) -> bool:
    """Fill the paper; True when every margin is exact."""
    order = sorted(usable, key=lambda i: filling.keys[i])
    for i in order:
        if filling.fits(i):
            filling.put(i)
    if len(filling.chosen) == filling.size:
        return True
    _top_up(filling, order)
    return len(filling.chosen) == filling.size and _exchange(filling, order)


def _top_up(filling: Filling, order: Sequence[int]) -> None:
    """Bring the paper to its length with the items that exceed the fewest margins."""
    while len(filling.chosen) < filling.size:
        free = [i for i in order if i not in filling.chosen and filling.peaceful(i)]
        if not free:
            return
        filling.put(min(free, key=lambda i: (_cost_in(filling, filling.profiles[i]), filling.keys[i])))


def _cost_in(filling: Filling, profile: tuple[str, ...]) -> int:
    return sum(-1 if left[value] > 0 else 1 for left, value in zip(filling.missing, profile, strict=True))


def _exchange(filling: Filling, order: Sequence[int]) -> bool:
    """Exchange items until the margins are exact: the best each time, none undone for a while (tabu search)."""
    resting: dict[int, int] = {}
    for step in range(_STEPS):
        if not filling.wrong():
            return True
        awake = [i for i in order if resting.get(i, -1) < step]
        best = _best_exchange(filling, awake, narrow=True)
        if best is None or best[0] >= 0:
            wide = _best_exchange(filling, awake, narrow=False)
            best = min((one for one in (best, wide) if one), default=None)
        if best is None:
            return False
        _, _, out, into = best
        filling.put(out, -1)
        filling.put(into)
        resting[out] = resting[into] = step + _REST
    return not filling.wrong()


def _best_exchange(filling: Filling, awake: Sequence[int], *, narrow: bool) -> tuple[int, int, int, int] | None:
    """The exchange that lowers `wrong` most as (change, key, out, in).

    Items of one profile are alike, so each profile is looked at once, by its lowest keys. Narrow: only out of a
    margin with too many and into one with too few; wide: one of the two is enough.
    """
    outs = _by_profile(filling, (i for i in awake if i in filling.chosen))
    ins = _by_profile(filling, (i for i in awake if i not in filling.chosen))
    best: tuple[int, int, int, int] | None = None
    short = [
        (other, coming, any(left[value] > 0 for left, value in zip(filling.missing, other, strict=True)))
        for other, coming in ins.items()
    ]
    for profile, leaving in outs.items():
        over = any(left[value] < 0 for left, value in zip(filling.missing, profile, strict=True))
        if narrow and not over:
            continue
        for other, coming, under in short:
            if not under and (narrow or not over):
                continue
            change = _change(filling, profile, other)
            if best is None or change < best[0]:
                pair = _peaceful_pair(filling, leaving, coming)
                if pair is not None:
                    best = (change, filling.keys[pair[1]], *pair)
    return best


def _by_profile(filling: Filling, items: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for i in items:
        found.setdefault(filling.profiles[i], []).append(i)
    return found


def _change(filling: Filling, out: tuple[str, ...], into: tuple[str, ...]) -> int:
    change = 0
    for left, old, new in zip(filling.missing, out, into, strict=True):
        if old != new:
            change += (-1 if left[old] < 0 else 1) + (-1 if left[new] > 0 else 1)
    return change


def _peaceful_pair(filling: Filling, leaving: Sequence[int], coming: Sequence[int]) -> tuple[int, int] | None:
    for out in leaving:
        for into in coming:
            if filling.peaceful(into, without=out):
                return out, into
    return None
