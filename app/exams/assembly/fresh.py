"""Papers without what the person has seen 不重复: as much of it is left out as the pool allows."""

from __future__ import annotations

from collections.abc import Sequence

from app.exams.assembly.drawing import draw, keyed
from app.exams.assembly.fill import Filling, fill
from app.exams.assembly.prepared import Prepared
from app.exams.assembly.values import CannotFill, Form

_LOOKS, _LATE_LOOKS = 2, 4
_LATE = 1 << 64


def draw_fresh(prepared: Prepared, seed: bytes, seen: Sequence[str]) -> tuple[Form, list[str]]:
    """The paper of a seed without the items that were `seen`, and the ids that were left out, sorted.

    Where the pool is too small for that, a few come back in: those that a paper needs which takes them last, the ones
    seen longest ago (the first of `seen`) before the others. Where that gives no paper either, all come back.
    Raises CannotFill where there is none even so.
    """
    known = [prepared.place[name] for name in seen if name in prepared.place]
    back = {prepared.items[i].id for i in _needed(prepared, seed, known)}
    out = sorted(name for name in seen if name not in back)
    try:
        return draw(prepared, seed, out), out
    except CannotFill:
        if not out:
            raise
        return draw(prepared, seed), []


def _needed(prepared: Prepared, seed: bytes, seen: Sequence[int]) -> frozenset[int]:
    """The seen items that have to come back: none if a paper can be filled without them, else the fewest of some looks."""
    if not seen or any(_filled(prepared, seed, turn, (), frozenset(seen)) for turn in range(_LOOKS)):
        return frozenset()
    looks = [_filled(prepared, seed, turn, seen, frozenset()) for turn in range(_LATE_LOOKS)]
    found = [look & frozenset(seen) for look in looks if look]
    return min(found, key=lambda items: (len(items), sorted(items)), default=frozenset(seen))


def _filled(
    prepared: Prepared, seed: bytes, turn: int, late: Sequence[int], out: frozenset[int]
) -> frozenset[int] | None:
    """The items of a paper that takes those of `late` last, in their order, and none of `out`; None if none is found."""
    try:
        prepared.check_stock(out)
    except CannotFill:
        return None
    active, plain = keyed(prepared, seed, turn, out)
    keys = list(plain)
    for place, i in enumerate(late):
        keys[i] = _LATE + place
    filling = Filling(prepared, keys, sorted(active, key=keys.__getitem__))
    return frozenset(filling.chosen) if fill(filling) else None
