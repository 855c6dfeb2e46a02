"""Filling a paper: items in the order of their keys, then exchanges until every margin and cell is exact."""

from __future__ import annotations

from collections.abc import Sequence

from app.exams.assembly.prepared import Prepared
from app.exams.assembly.values import CannotFill, NoneFound

_STEPS = 300
_REST = 9

Swap = tuple[int, int, int, int]


class Filling:
    """A paper in the making: which items are on it and what each limit still needs (below 0: has too many).

    `active` are the items that may be taken, in the order of their `keys`.
    """

    def __init__(self, prepared: Prepared, keys: Sequence[int], active: Sequence[int]) -> None:
        self.prepared, self.keys = prepared, keys
        self.need = [limit.count for limit in prepared.limits]
        self.size = prepared.specification.count
        self.chosen: set[int] = set()
        self.queues: list[list[int]] = [[] for _ in prepared.classes]
        for i in active:
            self.queues[prepared.class_of[i]].append(i)
        self.active = active

    def peaceful(self, i: int, without: Sequence[int] = ()) -> bool:
        """Whether no enemy of the item is on the paper, apart from those that would leave."""
        enemies = self.prepared.enemies[i]
        return not enemies or all(enemy not in self.chosen or enemy in without for enemy in enemies)

    def put(self, i: int) -> None:
        """Put the item on the paper."""
        self.chosen.add(i)
        for c in self.prepared.classes[self.prepared.class_of[i]]:
            self.need[c] -= 1

    def take_off(self, i: int) -> None:
        """Take the item off the paper."""
        self.chosen.remove(i)
        for c in self.prepared.classes[self.prepared.class_of[i]]:
            self.need[c] += 1

    def worst(self) -> CannotFill:
        """The refusal that names the limit with the largest shortage."""
        c = max(range(len(self.need)), key=lambda c: (self.need[c], -c))
        return NoneFound(**self.prepared.limits[c].refusal(max(self.need[c], 1)).parameters)


def fill(filling: Filling) -> bool:
    """Fill the paper; True when every margin and cell is exact."""
    _take_in_turn(filling)
    return _top_up(filling) and _repair(filling)


def _take_in_turn(filling: Filling) -> None:
    """Every item that exceeds no limit and meets no enemy, in the order of turns and keys."""
    prepared, need = filling.prepared, filling.need
    class_of, classes, turns = prepared.class_of, prepared.classes, prepared.turns
    rows: list[list[int]] = [[] for _ in range(max(turns, default=0) + 1)]
    for i in filling.active:
        rows[turns[class_of[i]]].append(i)
    for row in rows:
        for i in row:
            for c in classes[class_of[i]]:
                if need[c] <= 0:
                    break
            else:
                if filling.peaceful(i):
                    filling.put(i)


def _top_up(filling: Filling) -> bool:
    """Bring every kind to its number with the items that exceed the fewest limits; False when there are none."""
    prepared, need = filling.prepared, filling.need
    while len(filling.chosen) < filling.size:
        best: tuple[int, int, int] | None = None
        for k, places in enumerate(prepared.classes):
            if need[places[0]] <= 0:
                continue
            cost = sum(-1 if need[c] > 0 else 1 for c in places)
            if best is None or cost <= best[0]:
                free = next((i for i in filling.queues[k] if i not in filling.chosen and filling.peaceful(i)), None)
                if free is not None and (best is None or (cost, filling.keys[free]) < best[:2]):
                    best = cost, filling.keys[free], free
        if best is None:
            return False
        filling.put(best[2])
    return True


def _repair(filling: Filling) -> bool:
    """Exchange within kinds until the limits are exact: the best each time, none undone for a while (tabu search)."""
    resting: dict[int, int] = {}
    for step in range(_STEPS):
        if not any(filling.need):
            return True
        asleep = {i for i, until in resting.items() if until >= step}
        best = _best_swap(filling, asleep)
        if best is None:
            return False
        _, _, out, into = best
        filling.take_off(out)
        filling.put(into)
        resting[out] = resting[into] = step + _REST
    return not any(filling.need)


def _best_swap(filling: Filling, asleep: set[int]) -> Swap | None:
    """The exchange that brings the limits nearest, as (change, key, out, in).

    First only out of a limit with too many and into one with too few; if none of these helps, one of the two is
    enough.
    """
    need, classes = filling.need, filling.prepared.classes
    outs, ins = _awake(filling, asleep)
    over = [k for k in outs if any(need[c] < 0 for c in classes[k])]
    under = [k for k in ins if any(need[c] > 0 for c in classes[k])]
    best = _best_of(filling, outs, ins, over or list(outs), under, None)
    if best is not None and best[0] < 0:
        return best
    best = _best_of(filling, outs, ins, over, list(ins), best)
    return _best_of(filling, outs, ins, list(outs), under, best)


def _awake(filling: Filling, asleep: set[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """By class, the items that may leave (the last by key first) and those that may come (the first first)."""
    chosen, outs, ins = filling.chosen, dict[int, list[int]](), dict[int, list[int]]()
    used = {filling.prepared.class_of[i] for i in chosen}
    for k, queue in enumerate(filling.queues):
        awake = [i for i in queue if i not in asleep] if asleep else queue
        if k not in used:
            coming = awake
        else:
            coming = [i for i in awake if i not in chosen]
            if leaving := [i for i in reversed(awake) if i in chosen]:
                outs[k] = leaving
        if coming:
            ins[k] = coming
    return outs, ins


def _best_of(
    filling: Filling,
    outs: dict[int, list[int]],
    ins: dict[int, list[int]],
    leaving: Sequence[int],
    coming: Sequence[int],
    best: Swap | None,
) -> Swap | None:
    """The best exchange of items of these classes, or `best` if none is better; classes of one kind only."""
    need, kinds, diff = filling.need, filling.prepared.kinds, filling.prepared.diff
    by_kind: dict[str, list[int]] = {}
    for new in coming:
        by_kind.setdefault(kinds[new], []).append(new)
    for old in leaving:
        for new in by_kind.get(kinds[old], ()):
            if new == old:
                continue
            lost, gained = diff(old, new)
            change = 0
            for c in lost:
                change += -1 if need[c] < 0 else 1
            for c in gained:
                change += -1 if need[c] > 0 else 1
            if best is None or change < best[0] or (change == best[0] and filling.keys[ins[new][0]] < best[1]):
                pair = _peaceful_pair(filling, outs[old], ins[new])
                if pair is not None and (best is None or (change, filling.keys[pair[1]]) < best[:2]):
                    best = change, filling.keys[pair[1]], *pair
    return best


def _peaceful_pair(filling: Filling, leaving: Sequence[int], coming: Sequence[int]) -> tuple[int, int] | None:
    for out in leaving:
        for into in coming:
            if filling.peaceful(into, (out,)):
                return out, into
    return None
