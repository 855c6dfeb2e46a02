"""Making papers equally hard: exchanges that keep every limit until the expected scores are near the targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.exams.assembly.fill import Filling
from app.exams.assembly.prepared import Diff
from app.exams.assembly.reference import TOLERANCES

_STEPS = 24
_STEEP_STEPS = 8
_PAIR_STEPS = 4
_EASE = 12
_STRIP = 2 * TOLERANCES[0]
_NO_KEY = 1 << 64
_NEAR = 60  # items of a kind that an exchange of two looks at; a thin bank, which needs it, has fewer

Point = tuple[int, int, int]
Pair = tuple[int, int]
Exchange = tuple[Point, int, int]


def distance(away: Point, ease: int = _EASE) -> int:
    """How far from the targets: the square of what is missing at the cut, and that of how much too steep the paper is.

    Steep is the difference between the two sides: a paper of very hard and very easy items is flatter than one of
    items in the middle. `ease` says how much more the cut counts.
    """
    return ease * away[0] * away[0] + (away[2] - away[1]) * (away[2] - away[1])


def within(away: Point) -> bool:
    """Whether all three points are within ±0.10, ±0.20 and ±0.20 mark."""
    at, below, above = TOLERANCES
    return -at <= away[0] <= at and -below <= away[1] <= below and -above <= away[2] <= above


class Balance:
    """A full paper and its distance from the targets at the three points, in millionths of a mark."""

    def __init__(self, filling: Filling) -> None:
        known = filling.prepared.reference
        self.filling, self.scores = filling, known.scores
        sums = [sum(known.scores[i][point] for i in filling.chosen) for point in range(3)]
        self.away: Point = (sums[0] - known.targets[0], sums[1] - known.targets[1], sums[2] - known.targets[2])

    def change(self, out: int, into: int) -> Point:
        """What an exchange adds to the distance."""
        old, new = self.scores[out], self.scores[into]
        return new[0] - old[0], new[1] - old[1], new[2] - old[2]

    def exchange(self, pairs: Sequence[Pair]) -> None:
        """Carry exchanges (out, in) out."""
        for out, into in pairs:
            change = self.change(out, into)
            self.away = self.away[0] + change[0], self.away[1] + change[1], self.away[2] + change[2]
            self.filling.take_off(out)
            self.filling.put(into)

    def peaceful(self, coming: Sequence[int], leaving: Sequence[int]) -> bool:
        """Whether the items that come have no enemy among those that stay, nor among themselves."""
        enemies = self.filling.prepared.enemies
        return all(self.filling.peaceful(i, leaving) and not set(enemies[i]) & set(coming) for i in coming)


def balance(state: Balance) -> bool:
    """Exchange until the paper is within tolerance; False leaves the nearest paper that was found.

    First within a class, one for one; then the same with an eye on steepness, which single steps towards the cut do
    not reach; a thin bank has few such exchanges, so last two at once whose changes of the limits cancel out.
    """
    for ease, steps in ((_EASE, _STEPS), (1, _STEEP_STEPS), (_EASE, _STEPS), (0, _PAIR_STEPS)):
        for _ in range(steps):
            if within(state.away):
                return True
            pairs = _best_single(state, ease) if ease else _first_double(state)
            if not pairs:
                break
            state.exchange(pairs)
    return within(state.away)


def _best_single(state: Balance, ease: int) -> list[Pair]:
    """Of the exchanges that end within tolerance the one with the lowest key, else the one that comes nearest."""
    filling, scores, (at, below, above) = state.filling, state.scores, state.away
    keys, tolerance = filling.keys, TOLERANCES[0]
    near, best = distance(state.away, ease), (-1, -1)
    key, sure = _NO_KEY, (-1, -1)
    for here, free in _alike(filling):
        for out in here:
            old = scores[out]
            a, b, c = at - old[0], below - old[1], above - old[2]
            for into in free:
                x, y, z = scores[into]
                x += a
                if -tolerance <= x <= tolerance and keys[into] < key and within((x, y + b, z + c)):
                    if state.peaceful((into,), (out,)):
                        key, sure = keys[into], (out, into)
                elif key == _NO_KEY and (far := ease * x * x) < near:
                    steep = z + c - y - b
                    if (far := far + steep * steep) < near and state.peaceful((into,), (out,)):
                        near, best = far, (out, into)
    found = sure if key < _NO_KEY else best
    return [found] if found[0] >= 0 else []


def _alike(filling: Filling) -> Iterator[tuple[list[int], list[int]]]:
    """By class, the items of the paper and the free ones."""
    chosen = filling.chosen
    for k in sorted({filling.prepared.class_of[i] for i in chosen}):
        queue = filling.queues[k]
        if len(queue) > 1:
            yield [i for i in queue if i in chosen], [i for i in queue if i not in chosen]


def _first_double(state: Balance) -> list[Pair]:
    """Two exchanges that undo each other's changes of the limits and end within tolerance, the first by keys.

    If there are none, of those that end within tolerance at the cut the two that come nearest on its sides.
    """
    waiting: dict[tuple[Diff, int], list[Exchange]] = {}
    near, best = distance(state.away), list[Pair]()
    for diff, one in _exchanges(state):
        change, out, into = one
        at, below, above = state.away[0] + change[0], state.away[1] + change[1], state.away[2] + change[2]
        first = (-at - TOLERANCES[0]) // _STRIP
        for strip in range(first, (-at + TOLERANCES[0]) // _STRIP + 1):
            for more, leaving, coming in waiting.get(((diff[1], diff[0]), strip), ()):
                point = at + more[0], below + more[1], above + more[2]
                if (far := distance(point)) >= near or leaving == out or coming == into:
                    continue
                if state.peaceful((coming, into), (leaving, out)):
                    near, best = far, [(leaving, coming), (out, into)]
                    if within(point):
                        return best
        waiting.setdefault((diff, change[0] // _STRIP), []).append(one)
    return best


def _exchanges(state: Balance) -> Iterator[tuple[Diff, Exchange]]:
    """Every exchange within a kind, in the order of keys, with the limits that it leaves and enters."""
    filling, prepared = state.filling, state.filling.prepared
    class_of, diff, chosen = prepared.class_of, prepared.diff, filling.chosen
    free: dict[str, list[int]] = {kind: [] for kind in prepared.kinds}
    for i in filling.active:
        if i not in chosen and len(free[kind := prepared.kinds[class_of[i]]]) < _NEAR:
            free[kind].append(i)
    for out in (i for i in filling.active if i in chosen):
        k = class_of[out]
        for into in free[prepared.kinds[k]]:
            yield diff(k, class_of[into]), (state.change(out, into), out, into)
