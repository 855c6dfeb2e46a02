"""The draw 抽题: seed in, paper out; standard library and whole numbers only, so that anybody can repeat it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isqrt

from app.banks.specification import Specification
from app.exams.assembly.balance import Balance, balance, distance
from app.exams.assembly.fill import Filling, fill
from app.exams.assembly.prepared import Prepared, prepare
from app.exams.assembly.proof import obstacle
from app.exams.assembly.values import CannotFill, Form, FormItem, PoolItem

ALGORITHM = "loft-3"
ACTIVE = 1_000
"""So many items of a larger pool take part in one paper, chosen by its seed."""

_ROUNDS = 8
_LEAST = 3
_TO_STORED = 100  # millionths of a mark to 1/10,000


@dataclass(frozen=True)
class _Try:
    """A paper that meets every limit, how far it is from the targets, and the keys it was made with."""

    chosen: frozenset[int]
    keys: Sequence[int]
    far: int
    balanced: bool


def assemble(pool: Iterable[PoolItem], specification: Specification, seed: bytes, excluded: Iterable[str] = ()) -> Form:
    """The paper of a seed from a pool that is used once; see `draw`."""
    return draw(prepare(pool, specification), seed, excluded)


def draw(prepared: Prepared, seed: bytes, excluded: Iterable[str] = ()) -> Form:
    """Draw the paper of a seed, without the `excluded` ids.

    Every margin and cell of the specification is met exactly and enemies never meet. The expected score lies within
    0.10 mark of the target at the cut and 0.20 mark at ±0.75 logit; where the pool does not allow that, the nearest
    paper is given with `within_tolerance` False. Raises CannotFill, which names what stands in the way (`proof`),
    or its subclass NoneFound where that is not proved.
    """
    out = frozenset(prepared.place[name] for name in excluded if name in prepared.place)
    prepared.check_stock(out)
    best: _Try | None = None
    refusal: CannotFill | None = None
    for turn in range(_ROUNDS):
        found = _try(prepared, seed, turn, out)
        if isinstance(found, CannotFill):
            refusal = found
        elif best is None or found.far < best.far:
            best = found
        if best is not None and (best.balanced or turn >= _ROUNDS // 2):
            break
    if best is None:
        assert refusal is not None
        raise obstacle(prepared, out) or refusal
    scores = prepared.reference.scores
    return Form(
        items=_slots(prepared, best, seed),
        expected_at_cut=_stored(sum(scores[i][0] for i in best.chosen)),
        target_at_cut=_stored(prepared.reference.targets[0]),
        se=_standard_error(prepared, best.chosen),
        within_tolerance=best.balanced,
        algorithm=ALGORITHM,
    )


def _try(prepared: Prepared, seed: bytes, turn: int, out: frozenset[int]) -> _Try | CannotFill:
    active, keys = keyed(prepared, seed, turn, out)
    filling = Filling(prepared, keys, sorted(active, key=keys.__getitem__))
    if not fill(filling):
        return filling.worst()
    state = Balance(filling)
    balanced = balance(state)
    return _Try(frozenset(filling.chosen), keys, distance(state.away), balanced)


def keyed(
    prepared: Prepared, seed: bytes, turn: int, out: frozenset[int] = frozenset()
) -> tuple[Sequence[int], Sequence[int]]:
    """The items that take part in a turn of the draw, and the keys by which they are taken."""
    active = [i for i in _active(prepared, seed, turn) if i not in out]
    return active, _keys(prepared, seed, turn, active)


def _stream(seed: bytes, purpose: str, length: int) -> bytes:
    return hashlib.shake_256(len(seed).to_bytes(2, "big") + seed + purpose.encode()).digest(length)


def _active(prepared: Prepared, seed: bytes, turn: int) -> Sequence[int]:
    """The items that take part: all of a small pool; of a large one a window of each class, wider with every turn."""
    count = len(prepared.items)
    if count <= ACTIVE << turn:
        return range(count)
    starts = struct.unpack(f">{len(prepared.lanes)}Q", _stream(seed, f"windows {turn}", 8 * len(prepared.lanes)))
    found: list[int] = []
    for lane, start in zip(prepared.lanes, starts, strict=True):
        width = min(len(lane), max(_LEAST, -(-len(lane) * (ACTIVE << turn) // count)))
        first = start % len(lane)
        found += lane[first : first + width] + lane[: max(0, first + width - len(lane))]
    return sorted(found)


def _keys(prepared: Prepared, seed: bytes, turn: int, active: Sequence[int]) -> Sequence[int]:
    """For each active item a key of 8 bytes over its weight: of weight 2 it comes early twice as often as of 1."""
    stream = struct.unpack(f">{len(active)}Q", _stream(seed, f"keys {turn}", 8 * len(active)))
    keys = [0] * len(prepared.items)
    for i, key in zip(active, stream, strict=True):
        keys[i] = key // prepared.items[i].weight
    return keys


def _stored(millionths: int) -> int:
    return (millionths + _TO_STORED // 2) // _TO_STORED


def _slots(prepared: Prepared, found: _Try, seed: bytes) -> tuple[FormItem, ...]:
    """The questions in the order of the sections, within a section in the order of keys."""
    order = [prepared.items[i] for i in sorted(found.chosen, key=lambda i: (found.keys[i], i))]
    sections = prepared.specification.sections
    waiting = {section.kind: iter([item for item in order if item.kind == section.kind]) for section in sections}
    slots: list[FormItem] = []
    for section in sections:
        for _ in range(section.count):
            item = next(waiting[section.kind])
            shown = _shuffled(seed, item)
            slots.append(FormItem(len(slots) + 1, item.id, item.version, item.kind, section.marks, shown))
    return tuple(slots)


def _shuffled(seed: bytes, item: PoolItem) -> tuple[int, ...]:
    if not item.options:
        return ()
    stream = _stream(seed, f"options {item.id}", 8 * item.options)
    return tuple(sorted(range(item.options), key=lambda i: stream[8 * i : 8 * i + 8]))


def _standard_error(prepared: Prepared, chosen: Iterable[int]) -> int:
    """sqrt(sum of marks² · p(1-p) / (strength + 1)) in 1/10,000 mark: how far the true expected score may be off."""
    variance = 0
    for i in chosen:
        item = prepared.items[i]
        marks = prepared.specification.marks_of(item.kind)
        variance += marks * marks * item.facility * (10_000 - item.facility) // (item.strength + 1)
    return isqrt(variance)
