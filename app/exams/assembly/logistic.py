"""The logistic curve in whole numbers, so that every machine draws the same paper.

Abilities are thousandths of a logit, chances millionths.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

LIMIT = 10_000
ONE = 1_000_000
_BITS = 96


@cache
def _table() -> tuple[int, ...]:
    """Chances for -LIMIT … LIMIT: 1 / (1 + exp(-x)) by repeated multiplication with exp(1/1000) in fixed point."""
    unit = 1 << _BITS
    step, term = unit, unit
    for n in range(1, 30):
        term = term // (1000 * n)
        step += term
    power, upper = unit, []
    for _ in range(LIMIT + 1):
        upper.append((2 * ONE * power // (power + unit) + 1) // 2)
        power = power * step >> _BITS
    return tuple([ONE - value for value in reversed(upper[1:])] + upper)


def chance(ability: int) -> int:
    """logistic(ability / 1000) in millionths; beyond ±10 logits the end of the table."""
    return _table()[max(-LIMIT, min(LIMIT, ability)) + LIMIT]


@cache
def logit(facility: int) -> int:
    """The ability in thousandths of a logit at which the chance is `facility` / 10,000."""
    wanted = facility * (ONE // 10_000)
    table = _table()
    place = bisect_left(table, wanted)
    if place and (place == len(table) or wanted - table[place - 1] <= table[place] - wanted):
        place -= 1
    return place - LIMIT
