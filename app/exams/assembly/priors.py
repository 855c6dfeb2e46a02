"""How hard an item is before enough people answered it 难度先验: the raters' mean, corrected by what was observed.

The prior mean m of an item is the mean of its raters, moved by effects of clause group, level and kind that are
estimated by weighted least squares over all items with answers, each effect held towards 0 (ridge), so that a few
answers move little. The strength s of the prior is m(1-m)/v - 1 with v the variance between items that m does not
explain, without the sampling variance (method of moments for a beta-binomial). Floating point is good enough here:
what comes out is rounded, frozen with the pool and committed to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STRENGTH = 8
"""The strength of a prior while too little was observed: the lower end of what was measured (8 to 20)."""

_LEAST, _MOST = 4, 60
_ENOUGH_ITEMS, _ENOUGH_ANSWERS = 20, 10
_HALF = 10.0  # an item with so many answers counts half as much as one with very many
_RIDGE = 6.0


@dataclass(frozen=True)
class Observed:
    """What is known of an item: the raters' mean and the sum of the shares earned in 1/10,000, and its features."""

    rated: int
    features: tuple[str, ...]
    answers: int = 0
    earned: int = 0

    @property
    def share(self) -> float:
        """The mean share earned."""
        return self.earned / 10_000 / self.answers


def priors(items: Sequence[Observed]) -> tuple[list[int], int]:
    """The prior mean of each item in 1/10,000, and the strength of them all in answers.

    Without answers the means are the raters' and the strength is STRENGTH.
    """
    seen = [item for item in items if item.answers]
    columns = {name: place for place, name in enumerate(sorted({name for item in seen for name in item.features}), 1)}
    effects = _effects(seen, columns) if seen else [0.0] * (len(columns) + 1)
    means = [_mean(item, columns, effects) for item in items]
    return [round(mean * 10_000) for mean in means], _strength(items, means)


def _effects(seen: Sequence[Observed], columns: dict[str, int]) -> list[float]:
    """Ridge regression of observed minus rated on an intercept and the features."""
    size = len(columns) + 1
    left = [[_RIDGE if row == column else 0.0 for column in range(size)] for row in range(size)]
    right = [0.0] * size
    for item in seen:
        places = [0, *(columns[name] for name in item.features)]
        weight = item.answers / (item.answers + _HALF)
        for row in places:
            right[row] += weight * (item.share - item.rated / 10_000)
            for column in places:
                left[row][column] += weight
    return _solved(left, right)


def _solved(left: list[list[float]], right: list[float]) -> list[float]:
    """Gauss elimination; the matrix is symmetric and positive definite, so no pivoting is needed."""
    size = len(right)
    for place in range(size):
        for row in range(place + 1, size):
            factor = left[row][place] / left[place][place]
            if factor:
                for column in range(place, size):
                    left[row][column] -= factor * left[place][column]
                right[row] -= factor * right[place]
    found = [0.0] * size
    for row in reversed(range(size)):
        rest = sum(left[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (right[row] - rest) / left[row][row]
    return found


def _mean(item: Observed, columns: dict[str, int], effects: Sequence[float]) -> float:
    moved = item.rated / 10_000 + effects[0] + sum(effects[columns[name]] for name in item.features if name in columns)
    return min(0.98, max(0.02, moved))


def _strength(items: Sequence[Observed], means: Sequence[float]) -> int:
    rows = [(item, mean) for item, mean in zip(items, means, strict=True) if item.answers >= _ENOUGH_ANSWERS]
    if len(rows) < _ENOUGH_ITEMS:
        return STRENGTH
    total = sum((item.share - mean) ** 2 for item, mean in rows) / len(rows)
    sampling = sum(item.share * (1 - item.share) / item.answers for item, _ in rows) / len(rows)
    between = total - sampling
    if between <= 0:
        return _MOST
    spread = sum(mean * (1 - mean) for _, mean in rows) / len(rows)
    return min(_MOST, max(_LEAST, round(spread / between - 1)))
