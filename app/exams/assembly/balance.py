"""Making papers equally hard: exchanges that keep every margin until the expected scores are near the targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.exams.assembly.reference import TOLERANCES, Reference
from app.exams.assembly.values import PoolItem

_STEPS = 40
_PAIRS = 20_000
_NEAR = 60  # items of a kind that an exchange of two looks at; a thin bank, which needs it, has fewer

Point = tuple[int, int, int]
Change = tuple[tuple[str, str, str], ...]


class Balance:
    """A full paper and its distance from the targets at the three points, in millionths of a mark."""

    def __init__(
        self,
        pool: Sequence[PoolItem],
        chosen: set[int],
        *,
        usable: Sequence[int],
        keys: Sequence[int],
        enemies: Sequence[frozenset[int]],
        target: Reference,
    ) -> None:
        self.pool, self.chosen, self.usable = pool, chosen, usable
        self.keys, self.enemies, self.scores = keys, enemies, target.scores
        sums = [sum(target.scores[i][point] for i in chosen) for point in range(3)]
        self.away: Point = (
            sums[0] - target.targets[0],
            sums[1] - target.targets[1],
            sums[2] - target.targets[2],
        )

    def moved(self, away: Point, out: int, into: int) -> Point:
        """The distance after an exchange."""
        old, new = self.scores[out], self.scores[into]
        return away[0] + new[0] - old[0], away[1] + new[1] - old[1], away[2] + new[2] - old[2]

    def peaceful(self, coming: Sequence[int], leaving: Sequence[int]) -> bool:
        """Whether the items that come have no enemy among those that stay, nor among themselves."""
        return all(
            enemy not in coming and (enemy not in self.chosen or enemy in leaving)
            for i in coming
            for enemy in self.enemies[i]
        )

    def exchange(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Carry exchanges (out, in) out."""
        for out, into in pairs:
            self.away = self.moved(self.away, out, into)
            self.chosen.remove(out)
            self.chosen.add(into)


def distance(away: Point) -> int:
    """How far from the band, on the scale of the tolerances: at most 1,000,000 is within."""
    return max(abs(part) * 1_000_000 // tolerance for part, tolerance in zip(away, TOLERANCES, strict=True))


def within(away: Point) -> bool:
    """Whether all three points are within ±0.10, ±0.20 and ±0.20 mark."""
    return all(abs(part) <= tolerance for part, tolerance in zip(away, TOLERANCES, strict=True))


def balance(state: Balance) -> bool:
    """Exchange until the paper is within tolerance; False leaves the nearest paper that was found.

    First within a cell, one for one; a thin bank has few such, so then two exchanges at once whose changes of
    clause group, level and topic cancel out.
    """
    for _ in range(_STEPS):
        if within(state.away):
            return True
        pair = _best_single(state)
        if pair is None:
            break
        state.exchange([pair])
    for _ in range(_STEPS // 8):
        if within(state.away):
            return True
        pairs = _best_double(state)
        if pairs is None:
            return False
        state.exchange(pairs)
    return within(state.away)


def _best_single(state: Balance) -> tuple[int, int] | None:
    """Of the exchanges that end within tolerance the one with the lowest key, else the one that comes nearest."""
    cells: dict[tuple[str, ...], list[int]] = {}
    for i in state.usable:
        if i not in state.chosen:
            cells.setdefault(state.pool[i].profile, []).append(i)
    best: tuple[int, int, int, int] | None = None
    now = distance(state.away)
    for out in sorted(state.chosen):
        for into in cells.get(state.pool[out].profile, ()):
            away = state.moved(state.away, out, into)
            far = 0 if within(away) else distance(away)
            if far < now and (best is None or (far, state.keys[into]) < best[:2]) and state.peaceful([into], [out]):
                best = (far, state.keys[into], out, into)
    return None if best is None else best[2:]


def _best_double(state: Balance) -> list[tuple[int, int]] | None:
    by_change: dict[Change, list[tuple[int, int]]] = {}
    for change, pair in _exchanges(state):
        by_change.setdefault(change, []).append(pair)
    best: tuple[int, list[tuple[int, int]]] | None = None
    now, looked = distance(state.away), 0
    for change, firsts in by_change.items():
        back = tuple((name, new, old) for name, old, new in change)
        if back < change or back not in by_change:
            continue  # the pair of changes is looked at from its other side
        for first in firsts:
            away = state.moved(state.away, *first)
            for second in by_change[back]:
                looked += 1
                if first[0] == second[0] or first[1] == second[1]:
                    continue
                far = distance(state.moved(away, *second))
                if far < (now if best is None else best[0]) and state.peaceful(
                    [first[1], second[1]], [first[0], second[0]]
                ):
                    best = (far, [first, second])
            if looked > _PAIRS or (best is not None and best[0] <= 1_000_000):
                return None if best is None else best[1]
    return None if best is None else best[1]


def _exchanges(state: Balance) -> Iterator[tuple[Change, tuple[int, int]]]:
    """Every exchange within a kind, in the order of keys, with what it changes in group, level and topic."""
    free: dict[str, list[int]] = {}
    for i in sorted(state.usable, key=lambda i: state.keys[i]):
        if i not in state.chosen:
            free.setdefault(state.pool[i].kind, []).append(i)
    for out in sorted(state.chosen, key=lambda i: state.keys[i]):
        old = state.pool[out].profile
        for into in free.get(old[0], [])[:_NEAR]:
            new = state.pool[into].profile
            change = tuple(
                (name, old[place], new[place])
                for place, name in ((1, "group"), (2, "level"), (3, "topic"))
                if old[place] != new[place]
            )
            yield change, (out, into)
