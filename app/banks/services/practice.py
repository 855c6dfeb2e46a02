"""The practice pool 练习题池: what may be practised, and never an item that an exam could draw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from sqlalchemy import Select, or_, select, true

from app.banks.items import Item
from app.banks.models import BankRow, ItemEdition, ItemRow
from app.banks.services.stock import get_item_versions
from app.store import db

_STATEMENT = select(ItemRow.code, ItemRow.hash, ItemRow.rating, ItemRow.enemies)


def practice_pool(bank: str | None, edition: str) -> list[Item]:
    """The approved practice items for an edition in their present versions, in the order of their ids.

    They are those of the bank, and items of banks of other editions that are valid for this one as they stand;
    without a bank, of every bank.
    """
    return _practised(
        _STATEMENT.join(BankRow, BankRow.id == ItemRow.bank_id)
        .join(ItemEdition, ItemEdition.item_id == ItemRow.id)
        .where(
            ItemEdition.edition == edition,
            true() if bank is None else or_(BankRow.code == bank, BankRow.edition != edition),
        )
    )


def practice_items(ids: Collection[str]) -> list[Item]:
    """Those of these items that are approved for practice at present, in the order of their ids; of every bank."""
    return _practised(_STATEMENT.where(ItemRow.code.in_(ids))) if ids else []


def _practised(statement: Select[str, str, list[str], list[str]]) -> list[Item]:
    chosen = statement.where(ItemRow.pool == "practice", ItemRow.status == "approved").order_by(ItemRow.code)
    rows = db.session.execute(chosen).all()
    items = get_item_versions(row.hash for row in rows)
    return [
        replace(
            items[row.hash],
            pool="practice",
            status="approved",
            rating=tuple(Fraction(chance) for chance in row.rating),
            enemies=tuple(row.enemies),
        )
        for row in rows
    ]
