"""What a draw works on and what it gives: pool items 备选试题 and the form 试卷, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.refusals import N_, Refusal

DIMENSIONS = ("kind", "group", "level", "topic")
FULL_WEIGHT = 16
"""The exposure weight of an item that is not held back."""


class CannotFill(Refusal):
    """The pool cannot meet the specification; `dimension` and `value` name what stands most in the way.

    Several dimensions or values are joined by " × " and ", ": what is missing then is missing in that combination.
    """

    message = N_("The bank cannot fill this specification: %(missing)s items are missing for %(dimension)s %(value)s.")
    todo = N_("Approve more items for it, or change the specification.")


class NoneFound(CannotFill):
    """No paper was found, though nothing proves that there is none."""

    message = N_(
        "No paper was found that meets the whole specification; most often %(missing)s items were missing for"
        " %(dimension)s %(value)s."
    )


@dataclass(frozen=True, slots=True)
class PoolItem:
    """One item as the draw sees it.

    `prior` is the share of its marks, in 1/10,000, that is expected of a borderline candidate before anybody
    answered, worth `prior_strength` answers; of `answers` counted ones the shares add up to `earned` / 10,000.
    `options` is the number of options to shuffle; `weight` the exposure weight (0 keeps it out, 2 makes it about
    twice as likely as 1).
    """

    id: str
    version: str
    kind: str
    group: str
    level: str
    topic: str
    prior: int
    enemies: tuple[str, ...] = ()
    options: int = 0
    weight: int = FULL_WEIGHT
    prior_strength: int = 8
    answers: int = 0
    earned: int = 0

    @property
    def profile(self) -> tuple[str, str, str, str]:
        """The item's values in the order of DIMENSIONS."""
        return self.kind, self.group, self.level, self.topic

    @property
    def strength(self) -> int:
        """How many answers the facility is worth, prior and observed together."""
        return self.answers + self.prior_strength

    @property
    def facility(self) -> int:
        """The shrunken facility (x + s·m) / (n + s) in 1/10,000, rounded half up."""
        total = max(self.strength, 1)
        return (self.earned + self.prior_strength * self.prior + total // 2) // total


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question of a paper. `options[i]` is the place in the bank of the option that is shown i-th."""

    slot: int
    id: str
    version: str
    kind: str
    marks: int
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A paper with what is known of its difficulty; scores and errors are in 1/10,000 mark.

    `expected_at_cut` and `se` are the expected score of a borderline candidate on this paper and its standard
    error, `target_at_cut` what it should be, `within_tolerance` whether all three checked points are near enough.
    """

    items: tuple[FormItem, ...]
    expected_at_cut: int
    target_at_cut: int
    se: int
    within_tolerance: bool
    algorithm: str


def form_rows(items: Iterable[FormItem]) -> list[dict[str, Any]]:
    """A form as it is stored with a sitting."""
    return [asdict(item) | {"options": list(item.options)} for item in items]


def pool_rows(pool: Iterable[PoolItem]) -> list[dict[str, Any]]:
    """The pool as plain rows in the order of ids, for storing."""
    return [asdict(item) | {"enemies": sorted(item.enemies)} for item in sorted(pool, key=lambda item: item.id)]


def canonical_pool(rows: Sequence[Mapping[str, Any]]) -> tuple[PoolItem, ...]:
    """The pool of stored rows, in the order of ids."""
    items = [PoolItem(**{**row, "enemies": tuple(row["enemies"])}) for row in rows]
    return tuple(sorted(items, key=lambda item: item.id))


def pool_hash(pool: Iterable[PoolItem]) -> str:
    """SHA-256 over the canonical rows, in hex: what a session commits to."""
    return rows_hash(pool_rows(pool))


def rows_hash(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over plain rows as canonical JSON, in hex."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
