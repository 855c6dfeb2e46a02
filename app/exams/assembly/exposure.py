"""How often an item may be seen 曝光: weights that hold back what would stand on too many papers.

A cap never refuses a paper. It lowers the weight of an item, so that it comes later in the draw; where a cell has no
other item, it is drawn all the same, and the report of the dry draws says so. The weights are frozen with the pool
before anybody's seed is known, so every draw stays independent of every other and can be repeated by anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from app.banks.specification import Specification
from app.exams.assembly.drawing import draw
from app.exams.assembly.prepared import prepare
from app.exams.assembly.values import FULL_WEIGHT, PoolItem

_ROUNDS = 8
_DRAWS = 60
_SLACK = Fraction(11, 10)


def recent_weights(pool: Iterable[PoolItem], shares: Mapping[str, Fraction], cap: Fraction) -> list[PoolItem]:
    """The pool with lower weights for items that stood on a larger share of the recent papers than the cap."""
    return [
        replace(item, weight=_held(item.weight, shares[item.id], cap)) if shares.get(item.id, cap) > cap else item
        for item in pool
    ]


def held_back(pool: Iterable[PoolItem], specification: Specification) -> list[PoolItem]:
    """The pool with weights that bring the share of papers an item stands on under the specification's cap.

    Trial draws show the shares, as Sympson and Hetter (1985) tune exposure, and the best weights of a few rounds are
    kept: items that nothing can stand in for stay above. The same pool gives the same weights. Raises CannotFill.
    """
    items = best = sorted(pool, key=lambda item: item.id)
    least: Fraction | None = None
    for turn in range(_ROUNDS):
        shares = _shares(items, specification, turn)
        above = sum((max(Fraction(0), share - specification.exposure) for share in shares.values()), Fraction(0))
        if least is None or above < least:
            least, best = above, items
        if max(shares.values()) <= specification.exposure * _SLACK:
            break
        items = recent_weights(items, shares, specification.exposure)
    return best


def _shares(items: Iterable[PoolItem], specification: Specification, turn: int) -> dict[str, Fraction]:
    prepared = prepare(items, specification)
    times: Counter[str] = Counter()
    for number in range(_DRAWS):
        times.update(item.id for item in draw(prepared, f"exposure {turn} {number}".encode()).items)
    return {name: Fraction(count, _DRAWS) for name, count in times.items()}


def _held(weight: int, share: Fraction, cap: Fraction) -> int:
    return min(FULL_WEIGHT, max(1, int(weight * cap / share)))
