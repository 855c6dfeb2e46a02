"""What every paper of a specification should be like: the expected score at the cut and on both sides of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.banks.specification import Specification
from app.exams.assembly.logistic import LIMIT, chance, logit
from app.exams.assembly.values import DIMENSIONS, PoolItem

SIDE = 750
TOLERANCES = (100_000, 200_000, 200_000)
_UNIT = 1_000_000
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Reference:
    """The cut on the ability scale (thousandths of a logit) and the targets there and at ±0.75 logit.

    `targets` and `scores` are in millionths of a mark; `scores[i]` are the expected marks of pool item i at the
    three points, in the order of the pool.
    """

    cut_ability: int
    targets: tuple[int, int, int]
    scores: tuple[tuple[int, int, int], ...]


def reference(pool: Sequence[PoolItem], specification: Specification) -> Reference:
    """Work out the targets from a pool whose order does not matter for them; at the cut it is the cut in marks itself.

    The pool is weighted to the margins and cells first (raking, Deming & Stephan 1940, in whole numbers), because a
    specification may ask for a harder mixture than the pool has; the cut's ability is where the weighted pool's
    expected score equals the cut in marks.
    """
    marks = [_marks(specification, item) for item in pool]
    weights = _raked(pool, specification)
    places = [logit(min(9_800, max(200, item.facility))) for item in pool]

    def expected(ability: int) -> int:
        rows = zip(weights, marks, places, strict=True)
        return sum(w * m * chance(ability + place) for w, m, place in rows if m) // _UNIT

    wanted = specification.cut * _UNIT
    low, high = -LIMIT // 2, LIMIT // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if expected(middle) >= wanted else (middle + 1, high)
    points = (low, low - SIDE, low + SIDE)
    scores = tuple(
        (m * chance(points[0] + place), m * chance(points[1] + place), m * chance(points[2] + place))
        for m, place in zip(marks, places, strict=True)
    )
    return Reference(low, (round(wanted), expected(points[1]), expected(points[2])), scores)


def _marks(specification: Specification, item: PoolItem) -> int:
    try:
        return specification.marks_of(item.kind)
    except KeyError:
        return 0


def _raked(pool: Sequence[PoolItem], specification: Specification) -> list[int]:
    """Weights in millionths of an item whose sums meet every margin and cell as nearly as the pool allows."""
    weights = [_UNIT if item.weight else 0 for item in pool]
    cells = [
        ([i for i, item in enumerate(pool) if _lies_in(item, cell.where)], cell.count) for cell in specification.cells
    ]
    margins = [(DIMENSIONS.index(dimension), counts) for dimension, counts in specification.all_margins.items()]
    for _ in range(_ROUNDS):
        for places, count in cells:
            if total := sum(weights[i] for i in places):
                for i in places:
                    weights[i] = weights[i] * count * _UNIT // total
        for place, counts in sorted(margins):
            sums: dict[str, int] = {}
            values = [item.profile[place] for item in pool]
            for value, weight in zip(values, weights, strict=True):
                sums[value] = sums.get(value, 0) + weight
            factors = {value: counts.get(value, 0) * _UNIT for value in sums}
            weights = [
                weight * factors[value] // sums[value] if sums[value] else 0
                for value, weight in zip(values, weights, strict=True)
            ]
    return weights


def _lies_in(item: PoolItem, where: Mapping[str, str]) -> bool:
    return all(getattr(item, dimension) == value for dimension, value in where.items())
