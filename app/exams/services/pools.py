"""The pool of a session 备选题库: what the bank holds now, with what is known of each item, frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import select

from app import clock
from app.banks import services as banks
from app.banks.items import Item
from app.banks.models import SpecificationVersion
from app.banks.specification import Specification
from app.exams.assembly import PoolItem
from app.exams.assembly.exposure import held_back, recent_weights
from app.exams.assembly.priors import Observed, priors
from app.exams.models import ExamSession, Sitting
from app.exams.paper import option_count
from app.exams.services.facilities import counts_of
from app.store import db, unscoped

_RECENT = 200
_ENOUGH = 20
"""Fewer papers than these say nothing about how often an item is seen."""


def freeze_pool(specification: Specification, at: datetime) -> tuple[PoolItem, ...]:
    """The pool that a session of the specification at this moment draws from, in the order of ids.

    Facilities hold what was observed, weights hold back what was or would be seen on too many papers. The trial draws
    for the weights take up to two seconds where nobody asked for the same pool before: call it before opening a
    transaction, and again in it. Raises assembly.CannotFill.
    """
    return _held_back(plain_pool(specification, at), specification.hash)


def plain_pool(specification: Specification, at: datetime) -> tuple[PoolItem, ...]:
    """The same before trial draws: only what was seen on too many recent papers is held back."""
    items = [item for item in banks.pool_for(specification) if is_in_force(item, at)]
    counts = counts_of(item.hash for item in items)
    observed = [_observed(item, specification.edition, counts.get(item.hash, (0, 0))) for item in items]
    means, strength = priors(observed)
    pool = [
        replace(
            pool_item(item, specification.edition), prior=mean, prior_strength=strength, answers=seen.answers,
            earned=seen.earned,
        )
        for item, mean, seen in zip(items, means, observed, strict=True)
    ]  # fmt: skip
    shares = _recent_shares(specification)
    return tuple(recent_weights(pool, shares, specification.exposure))


def pool_item(item: Item, edition: str) -> PoolItem:
    """The item as the draw sees it by its raters alone, in the clause group of the edition of the paper."""
    return PoolItem(
        id=item.id,
        version=item.hash,
        kind=item.kind,
        group=item.group_in(edition),
        level=item.level,
        topic=item.topic,
        prior=round(item.expected * 10_000),
        enemies=tuple(sorted(item.enemies)),
        options=option_count(item),
    )


def is_in_force(item: Item, at: datetime) -> bool:
    """Whether the law that the item rests on is in force on the day of the exam."""
    day = at.astimezone(clock.BEIJING).date().isoformat()
    return (item.valid_from or day) <= day <= (item.valid_to or day)


def _observed(item: Item, edition: str, counts: tuple[int, int]) -> Observed:
    features = (f"group {item.group_in(edition)}", f"level {item.level}", f"kind {item.kind}")
    return Observed(round(item.expected * 10_000), features, *counts)


@lru_cache(maxsize=16)
def _held_back(pool: tuple[PoolItem, ...], specification: str) -> tuple[PoolItem, ...]:
    return tuple(held_back(pool, banks.get_specification_version(specification)))


def _recent_shares(specification: Specification) -> dict[str, Fraction]:
    """The share of the latest papers of this specification, in any version and base, that each item stood on."""
    owner = select(SpecificationVersion.specification_id).where(SpecificationVersion.hash == specification.hash)
    versions = select(SpecificationVersion.hash).where(SpecificationVersion.specification_id == owner.scalar_subquery())
    with unscoped():
        forms: Sequence[list[dict[str, str]]] = db.session.scalars(
            select(Sitting.form)
            .join(ExamSession, ExamSession.id == Sitting.session_id)
            .where(ExamSession.specification_hash.in_(versions))
            .order_by(Sitting.id.desc())
            .limit(_RECENT)
        ).all()
    if len(forms) < _ENOUGH:
        return {}
    times = Counter(row["id"] for form in forms for row in form)
    return {name: Fraction(count, len(forms)) for name, count in times.items()}
