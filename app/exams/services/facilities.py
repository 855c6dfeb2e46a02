"""Counts of what was earned on each item; marking adds to them, and the pools of later sessions start from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from app.exams.models import ItemFacility
from app.store import db

_BATCH = 500


def count_answers(changes: Mapping[str, tuple[int, int]]) -> None:
    """Add answers and shares earned (in 1/10,000; negative to take back) to the counts, by version of the item.

    The rows are locked in the order of versions, so that two at once wait for each other and never in a ring.
    """
    statement = select(ItemFacility).where(ItemFacility.version.in_(changes)).order_by(ItemFacility.version)
    rows = {row.version: row for row in db.session.scalars(statement.with_for_update())}
    for version, (answers, earned) in sorted(changes.items()):
        row = rows.get(version)
        if row is None:
            db.session.add(ItemFacility(version=version, answers=answers, earned=earned))
        else:
            row.answers += answers
            row.earned += earned
    db.session.flush()


def counts_of(versions: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(answers, earned in 1/10,000) of those versions that were answered."""
    wanted, found = list(versions), {}
    for start in range(0, len(wanted), _BATCH):
        rows = db.session.execute(
            select(ItemFacility.version, ItemFacility.answers, ItemFacility.earned).where(
                ItemFacility.version.in_(wanted[start : start + _BATCH]), ItemFacility.answers > 0
            )
        )
        found.update({version: (answers, earned) for version, answers, earned in rows})
    return found
