"""The draw 抽题: seed in, paper out; standard library and whole numbers only, so that anybody can repeat it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from math import isqrt

from app.banks.specification import Specification
from app.exams.assembly.balance import Balance, balance
from app.exams.assembly.fill import Filling, enemies_of, fill, usable_items
from app.exams.assembly.reference import Reference, reference
from app.exams.assembly.values import CannotFill, Form, FormItem, PoolItem

ALGORITHM = "loft-1"
_ROUNDS = 8
_TO_STORED = 100  # millionths of a mark to 1/10,000


def assemble(
    pool: Iterable[PoolItem],
    specification: Specification,
    seed: bytes,
    excluded: Iterable[str] = (),
    *,
    known: Reference | None = None,
) -> Form:
    """Draw the paper of a seed from a pool, without the `excluded` ids.

    Every margin of the specification is met exactly and enemies never meet. The expected score lies within 0.10
    mark of the target at the cut and 0.20 mark at ±0.75 logit; where the pool does not allow that, the nearest
    paper is given with `within_tolerance` False. `known` saves working out the reference of the same pool and
    specification again. Raises CannotFill.
    """
    items = sorted(pool, key=lambda item: item.id)
    target = known or reference(items, specification)
    margins, enemies = specification.all_margins, enemies_of(items)
    usable = usable_items(items, margins, frozenset(excluded))
    refusal: CannotFill | None = None
    for turn in range(_ROUNDS):
        keys = _keys(items, seed, turn)
        filling = Filling(items, margins, keys, enemies)
        if fill(filling, usable):
            state = Balance(items, filling.chosen, usable=usable, keys=keys, enemies=enemies, target=target)
            balanced = balance(state)
            return Form(
                items=_slots(state, specification, seed),
                expected_at_cut=_stored(sum(target.scores[i][0] for i in filling.chosen)),
                target_at_cut=_stored(target.targets[0]),
                se=_standard_error(state, specification),
                within_tolerance=balanced,
                algorithm=ALGORITHM,
            )
        refusal = filling.worst()
    assert refusal is not None
    raise refusal


def _stream(seed: bytes, purpose: str, length: int) -> bytes:
    return hashlib.shake_256(len(seed).to_bytes(2, "big") + seed + purpose.encode()).digest(length)


def _keys(items: Sequence[PoolItem], seed: bytes, turn: int) -> list[int]:
    """A key of 8 bytes for each item; of weight w the least of w keys, so that it comes early more often."""
    stream = _stream(seed, f"keys {turn}", 8 * sum(max(item.weight, 1) for item in items))
    keys, at = [], 0
    for item in items:
        draws = range(at, at + 8 * max(item.weight, 1), 8)
        keys.append(min(int.from_bytes(stream[place : place + 8], "big") for place in draws))
        at = draws.stop
    return keys


def _stored(millionths: int) -> int:
    return (millionths + _TO_STORED // 2) // _TO_STORED


def _slots(state: Balance, specification: Specification, seed: bytes) -> tuple[FormItem, ...]:
    """The questions in the order of the sections, within a section in the order of keys."""
    order = sorted(state.chosen, key=lambda i: state.keys[i])
    waiting = {
        kind: iter([i for i in order if state.pool[i].kind == kind]) for kind in specification.all_margins["kind"]
    }
    slots: list[FormItem] = []
    for section in specification.sections:
        for _ in range(section.count):
            item = state.pool[next(waiting[section.kind])]
            shown = _shuffled(seed, item)
            slots.append(FormItem(len(slots) + 1, item.id, item.version, item.kind, section.marks, shown))
    return tuple(slots)


def _shuffled(seed: bytes, item: PoolItem) -> tuple[int, ...]:
    stream = _stream(seed, f"options {item.id}", 8 * item.options)
    return tuple(sorted(range(item.options), key=lambda i: stream[8 * i : 8 * i + 8]))


def _standard_error(state: Balance, specification: Specification) -> int:
    """sqrt(sum of marks² · p(1-p) / (strength + 1)) in 1/10,000 mark: how far the true expected score may be off."""
    variance = 0
    for i in state.chosen:
        item = state.pool[i]
        marks = specification.marks_of(item.kind)
        variance += marks * marks * item.facility * (10_000 - item.facility) // (item.strength + 1)
    return isqrt(variance)
